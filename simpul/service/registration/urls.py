"""Addresses of this step's fragments; the page they stand on is the distribution step's."""

from django.urls import URLPattern, path

from simpul.service.registration import views

urlpatterns: list[URLPattern] = [
    path("loket/cari", views.find, name="loket-cari"),
    path("loket/saran", views.suggest, name="loket-saran"),
]
