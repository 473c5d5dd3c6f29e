"""Addresses of the poli's pages and of the record pane."""

from django.urls import path

from simpul.service.completeness import poli_views as poli
from simpul.service.completeness import record_views as record

urlpatterns = [
    path("poli", poli.choose_unit, name="poli"),
    path("poli/<slug:unit>", poli.show_unit, name="poli-unit"),
    path("kembalian/<slug:unit>", poli.show_tasks, name="kembalian"),
    path("pasien/<uuid:patient>/alergi", poli.note_allergies, name="alergi"),
    path("rekam/<uuid:encounter>", record.show_record, name="rekam"),
    path("rekam/<uuid:encounter>/simpan", record.save_record, name="rekam-simpan"),
    path("rekam/<uuid:encounter>/selesai", record.close_record, name="rekam-selesai"),
    path("rekam/<uuid:encounter>/kurang", record.show_missing, name="rekam-kurang"),
    path("rekam/<uuid:encounter>/baru", record.show_news, name="rekam-baru"),
    path(
        "rekam/<uuid:encounter>/catatan/<uuid:entry>/keliru",
        record.strike_entry_in_error,
        name="rekam-keliru",
    ),
    path(
        "rekam/<uuid:encounter>/kertas/<uuid:deficiency>",
        record.tick_paper,
        name="rekam-kertas",
    ),
]
