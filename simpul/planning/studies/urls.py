"""Addresses of the pages of `studies`."""

from django.urls import path

from simpul.planning.studies import (
    comparison_views,
    report_views,
    sheet_views,
    start_views,
    views,
)

urlpatterns = [
    path("perencanaan/studi", views.studies, name="studi"),
    path("perencanaan/studi/baru", start_views.new_study, name="studi-baru"),
    path("perencanaan/studi/dari-layanan", start_views.from_service, name="studi-layanan"),
    path("perencanaan/studi/unggah", start_views.upload, name="studi-unggah"),
    path("perencanaan/studi/templat.xlsx", report_views.template, name="studi-templat"),
    path("perencanaan/studi/hitung", sheet_views.count, name="studi-hitung"),
    path("perencanaan/studi/banding", comparison_views.comparison, name="studi-banding"),
    path("perencanaan/studi/<uuid:study>", views.study, name="studi-baca"),
    path("perencanaan/studi/<uuid:study>/ubah", sheet_views.edit, name="studi-ubah"),
    path("perencanaan/studi/<uuid:study>/keterangan", views.describe, name="studi-keterangan"),
    path("perencanaan/studi/<uuid:study>/arsip", views.archive, name="studi-arsip"),
    path("perencanaan/studi/<uuid:study>/kembalikan", views.restore, name="studi-kembalikan"),
    path("perencanaan/studi/<uuid:study>/cetak", report_views.printed, name="studi-cetak"),
    path("perencanaan/studi/<uuid:study>/laporan.xlsx", report_views.xlsx, name="studi-xlsx"),
    path("perencanaan/studi/<uuid:study>/laporan.pdf", report_views.pdf, name="studi-pdf"),
    path("perencanaan/studi/<uuid:study>/abk.xlsx", report_views.abk, name="studi-abk"),
]
