"""Addresses of this room's pages."""

from django.urls import URLPattern, path

from simpul.service.patients.importing import views

urlpatterns: list[URLPattern] = [
    path("impor", views.start, name="impor"),
    path("impor/<uuid:run>", views.show, name="impor-lihat"),
    path("impor/<uuid:run>/maju", views.progress, name="impor-maju"),
    path("impor/<uuid:run>/periksa", views.check, name="impor-periksa"),
    path("impor/<uuid:run>/mulai", views.begin, name="impor-mulai"),
    path("impor/<uuid:run>/henti", views.halt, name="impor-henti"),
    path("impor/<uuid:run>/lanjut", views.resume, name="impor-lanjut"),
    path("impor/<uuid:run>/tutup", views.end, name="impor-tutup"),
    path("impor/<uuid:run>/baris/<int:line>", views.decide_row, name="impor-putuskan"),
    path("impor/<uuid:run>/ditolak", views.refused, name="impor-ditolak"),
]
