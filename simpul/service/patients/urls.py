"""Addresses of this step's pages."""

from django.urls import URLPattern, path

from simpul.service.patients import views

urlpatterns: list[URLPattern] = [
    path("pasien/baru", views.new, name="pasien-baru"),
    path("pasien/baru/mirip", views.candidates, name="pasien-baru-mirip"),
    path("pasien/baca", views.read_field, name="pasien-baca"),
    path("pasien/desa", views.villages, name="pasien-desa"),
    path("pasien/<uuid:patient>/ubah", views.edit, name="pasien-ubah"),
    path("lengkapi", views.incomplete, name="lengkapi"),
]
