"""Addresses of the counter pages of this step."""

from django.urls import URLPattern, path

from simpul.service.distribution import counter_views as views

urlpatterns: list[URLPattern] = [
    path("loket", views.counter, name="loket"),
    path("loket/terakhir", views.recent, name="loket-terakhir"),
    path("loket/tersimpan/<uuid:encounter>", views.saved, name="loket-tersimpan"),
    path("loket/pasien/<uuid:patient>", views.open_patient, name="loket-pasien"),
    path("daftar", views.register, name="daftar"),
]
