"""Addresses of the map and of the overview of planning."""

from django.urls import URLPattern, path

from simpul.planning.maps import facility_views, import_views, overview, views

urlpatterns: list[URLPattern] = [
    path("perencanaan", overview.perencanaan, name="perencanaan"),
    path("perencanaan/peta", views.peta, name="peta"),
    path("perencanaan/peta.svg", views.peta_gambar, name="peta-gambar"),
    path("perencanaan/peta/wilayah/<slug:level>", views.peta_wilayah, name="peta-wilayah"),
    path("perencanaan/peta/cocokkan/<int:population>", views.peta_cocokkan, name="peta-cocokkan"),
    path("perencanaan/peta/berkas", import_views.peta_berkas, name="peta-berkas"),
    path("perencanaan/peta/<uuid:facility>", facility_views.peta_fasilitas, name="peta-fasilitas"),
]
