"""Addresses of the journal and settings pages."""

from django.urls import URLPattern, path

from simpul.foundation.administration import journal_views, room_views, views

urlpatterns: list[URLPattern] = [
    path("jurnal", journal_views.journal, name="jurnal"),
    path("jurnal/periksa", journal_views.verify, name="jurnal-periksa"),
    path("pin", views.own_password, name="own-password"),
    path("pengaturan", views.facility, name="pengaturan"),
    path("pengaturan/unit", views.units, name="pengaturan-unit"),
    path("pengaturan/unit/<slug:code>", views.unit, name="unit-ubah"),
    path("pengaturan/ruang", room_views.rooms, name="pengaturan-ruang"),
    path("pengaturan/ruang/<uuid:room>", room_views.change_room, name="ruang-ubah"),
    path("pengaturan/unit/<slug:code>/ruang", room_views.new_room, name="ruang-baru"),
    path("pengaturan/unit/<slug:code>/lantai", room_views.unit_floor, name="unit-lantai"),
    path("pengaturan/urutan", room_views.queue_rule, name="urutan-antrean"),
    path("pengaturan/akun", views.accounts, name="pengaturan-akun"),
    path("pengaturan/akun/baru", views.new_account, name="akun-baru"),
    path("pengaturan/akun/<uuid:account>", views.account, name="akun"),
    path("pengaturan/akun/<uuid:account>/peran", views.account_roles, name="akun-peran"),
    path("pengaturan/akun/<uuid:account>/pin", views.account_password, name="akun-pin"),
    path("pengaturan/akun/<uuid:account>/tutup", views.account_close, name="akun-tutup"),
    path("pengaturan/akun/<uuid:account>/buka", views.account_reopen, name="akun-buka"),
]
