"""Addresses of the slips as PDF and on a printer."""

from django.urls import URLPattern, path

from simpul.service.distribution import paper_views as views

urlpatterns: list[URLPattern] = [
    path("kunjungan/<uuid:encounter>/slip.pdf", views.slip_pdf, name="slip-pdf"),
    path("kunjungan/<uuid:encounter>/slip/cetak", views.slip_print, name="slip-cetak"),
    path("kunjungan/<uuid:encounter>/slip-antar.pdf", views.hand_over_pdf, name="slip-antar-pdf"),
    path(
        "kunjungan/<uuid:encounter>/slip-antar/cetak",
        views.hand_over_print,
        name="slip-antar-cetak",
    ),
]
