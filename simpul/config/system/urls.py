"""Addresses of the page `sistem`."""

from django.urls import URLPattern, path

from simpul.config.system import views

urlpatterns: list[URLPattern] = [
    path("sistem", views.system, name="sistem"),
    path("sistem/ruang", views.give_room, name="sistem-ruang"),
    path("sistem/paket", views.help_package, name="sistem-paket"),
    path("sistem/darurat/<slug:page>", views.runbook_page, name="sistem-darurat"),
]
