"""Addresses of the pages of `gap`."""

from django.urls import URLPattern, URLResolver, include, path

from simpul.planning.gap import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("perencanaan/kesenjangan", views.district, name="kesenjangan"),
    path("perencanaan/kesenjangan/unduh", views.download, name="kesenjangan-unduh"),
    path("perencanaan/kesenjangan/<uuid:facility>", views.facility, name="kesenjangan-fasilitas"),
    path("", include("simpul.planning.gap.distribution_urls")),
]
