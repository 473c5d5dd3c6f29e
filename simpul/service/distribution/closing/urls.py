"""Addresses of the end of the day."""

from django.urls import URLPattern, path

from simpul.service.distribution.closing import views

urlpatterns: list[URLPattern] = [
    path("tutup-hari", views.day_end, name="tutup-hari"),
    path("tutup-hari/<uuid:closing>/buka", views.reopen, name="tutup-hari-buka"),
]
