"""Addresses of the distribution page."""

from django.urls import URLPattern, path

from simpul.planning.gap import distribution_views as views

urlpatterns: list[URLPattern] = [
    path("perencanaan/sebaran", views.sebaran, name="sebaran"),
]
