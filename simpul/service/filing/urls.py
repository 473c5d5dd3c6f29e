"""Addresses of the record room: scan and trace, lists, figures, a patient's journal, the rules."""

from django.urls import URLPattern, path

from simpul.service.filing import (
    access_views,
    figure_views,
    paper_views,
    rule_views,
    scan_views,
    views,
)

urlpatterns: list[URLPattern] = [
    path("rm", views.room, name="rm"),
    path("rm/pindai", scan_views.scan, name="rm-pindai"),
    path("rm/lacak", scan_views.trace, name="rm-lacak"),
    path("rm/berkas/<uuid:patient>", views.folder, name="rm-berkas"),
    path("rm/berkas/<uuid:patient>/rak", views.shelf, name="rm-rak"),
    path("rm/rekam/<uuid:encounter>", views.record, name="rm-rekam"),
    path("rm/rekam/<uuid:encounter>/kembalikan", views.give_back, name="rm-kembalikan"),
    path("rm/rekam/<uuid:encounter>/simpan", views.store_record, name="rm-simpan"),
    path("rm/rekam/<uuid:encounter>/periksa", views.check_again, name="rm-periksa"),
    path("rm/kurang/<uuid:deficiency>/ada", views.paper_there, name="rm-kertas-ada"),
    path("rm/tracer/<uuid:patient>", views.tracer, name="tracer"),
    path("rm/tracer/<uuid:patient>.pdf", paper_views.tracer_pdf, name="tracer-pdf"),
    path("rm/tracer/<uuid:patient>/cetak", paper_views.tracer_print, name="tracer-cetak"),
    path("rm/label", paper_views.labels, name="label-lembar"),
    path("rm/label/<uuid:patient>.pdf", paper_views.label_pdf, name="label-pdf"),
    path("rm/label/<uuid:patient>/cetak", paper_views.label_print, name="label-cetak"),
    path("rm/klpcm", figure_views.klpcm, name="klpcm"),
    path("rm/klpcm.csv", figure_views.klpcm_csv, name="klpcm-csv"),
    path("jurnal/cari", access_views.find, name="jurnal-cari"),
    path("jurnal/pasien/<uuid:patient>", access_views.patient_journal, name="jurnal-pasien"),
    path("jurnal/pasien/<uuid:patient>/laporan", access_views.report, name="jurnal-laporan"),
    path("pengaturan/kelengkapan", rule_views.rules, name="aturan-kelengkapan"),
    path("pengaturan/kelengkapan/<slug:code>", rule_views.rule, name="aturan-ubah"),
]
