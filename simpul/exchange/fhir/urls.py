"""Addresses of what comes from elsewhere."""

from django.urls import URLPattern, path

from simpul.exchange.fhir import views

urlpatterns: list[URLPattern] = [
    path("impor/fhir", views.bundles, name="impor-fhir"),
    path("impor/fhir/<uuid:record>/putuskan", views.decide, name="impor-fhir-putuskan"),
    path("pasien/<uuid:patient>/riwayat-luar", views.told, name="riwayat-luar"),
]
