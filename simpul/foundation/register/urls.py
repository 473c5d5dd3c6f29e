"""Addresses of the staff register."""

from django.urls import URLPattern, path

from simpul.foundation.register import import_views, views

urlpatterns: list[URLPattern] = [
    path("tenaga", views.staff_list, name="tenaga"),
    path("tenaga/baru", views.new, name="tenaga-baru"),
    path("tenaga/unduh", views.download, name="tenaga-unduh"),
    path("tenaga/perpindahan", views.all_moves, name="tenaga-perpindahan"),
    path("tenaga/impor", import_views.import_staff, name="tenaga-impor"),
    path("tenaga/impor/terapkan", import_views.apply_import, name="tenaga-impor-terapkan"),
    path("tenaga/fasilitas/baru", import_views.new_facility, name="tenaga-fasilitas-baru"),
    path("tenaga/fasilitas/<uuid:facility>", import_views.profile, name="tenaga-fasilitas"),
    path("tenaga/<uuid:member>", views.history, name="tenaga-riwayat"),
    path("tenaga/<uuid:member>/ubah", views.change, name="tenaga-ubah"),
    path("tenaga/<uuid:member>/pindah", views.move, name="tenaga-pindah"),
]
