"""Addresses of this room's pages."""

from django.urls import URLPattern, path

from simpul.service.patients.merging import review_views, views

urlpatterns: list[URLPattern] = [
    path("duplikat", views.pairs, name="duplikat"),
    path("duplikat/pilih", views.choose, name="duplikat-pilih"),
    path("duplikat/berbeda", views.apart, name="duplikat-berbeda"),
    path("duplikat/<uuid:first>/<uuid:second>/buka-lagi", views.reopen, name="buka-lagi"),
    path("duplikat/<uuid:first>/<uuid:second>", views.compare, name="banding"),
    path("duplikat/<uuid:first>/<uuid:second>/gabungkan", views.merge, name="gabungkan"),
    path("duplikat/<uuid:first>/<uuid:second>/beda", views.different, name="bukan-sama"),
    path("penggabungan", views.merges, name="penggabungan"),
    path("penggabungan/<uuid:merge>/urungkan", views.undo, name="gabung-urungkan"),
    path("perlu-diperiksa", review_views.review, name="perlu-diperiksa"),
    path("perlu-diperiksa/<uuid:task>", review_views.nik_conflict, name="perlu-nik"),
    path("perlu-diperiksa/<uuid:task>/selesai", review_views.close, name="perlu-selesai"),
]
