"""Addresses of the numberings, and of a patient's numbers and card."""

from django.urls import URLPattern, path

from simpul.service.patients.numbers import card_views, scheme_views

urlpatterns: list[URLPattern] = [
    path("pengaturan/nomor-rm", scheme_views.numbering, name="nomor-rm"),
    path("pengaturan/nomor-rm/contoh", scheme_views.example, name="nomor-rm-contoh"),
    path("pasien/<uuid:patient>/kartu", card_views.card, name="pasien-kartu"),
    path("pasien/<uuid:patient>/kartu.pdf", card_views.card_pdf, name="kartu-pdf"),
    path("pasien/<uuid:patient>/kartu/terbit", card_views.issue, name="kartu-terbit"),
    path("pasien/<uuid:patient>/kartu/cetak", card_views.card_print, name="kartu-cetak"),
    path("pasien/<uuid:patient>/kartu/<uuid:card>/cabut", card_views.revoke, name="kartu-cabut"),
    path("pasien/<uuid:patient>/nomor-keluarga", card_views.family, name="nomor-keluarga"),
]
