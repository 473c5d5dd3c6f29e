"""Addresses of the queue pages of this step."""

from django.urls import URLPattern, path

from simpul.service.distribution import board_views as board
from simpul.service.distribution import queue_views as queue

urlpatterns: list[URLPattern] = [
    path("kunjungan", board.visits, name="kunjungan"),
    path("kunjungan/<uuid:encounter>/baris", board.visit_row, name="kunjungan-baris"),
    path("kunjungan/<uuid:encounter>/menu", board.visit_menu, name="kunjungan-menu"),
    path("kunjungan/<uuid:encounter>/urungkan", board.undo, name="kunjungan-urungkan"),
    path("kunjungan/<uuid:encounter>/alihkan", board.redirect_to, name="kunjungan-alihkan"),
    path("kunjungan/<uuid:encounter>/batalkan", board.cancel, name="kunjungan-batalkan"),
    path("kunjungan/<uuid:encounter>/kirim-ulang", board.resend, name="kunjungan-kirim-ulang"),
    path("kunjungan/<uuid:encounter>/slip", board.slip, name="slip"),
    path("kunjungan/<uuid:encounter>/slip-antar", board.hand_over_slip, name="slip-antar"),
    path("antrean/<slug:unit>", queue.unit_queue, name="antrean"),
    path("antrean/<slug:unit>/tampil", queue.acknowledge, name="antrean-tampil"),
    path("antrean/<slug:unit>/panggil", queue.call, name="panggil"),
    path("antrean/<slug:unit>/ruang", queue.choose_room, name="antrean-ruang"),
    path("nomor/<uuid:ticket>/panggil-lagi", queue.call_again, name="panggil-lagi"),
    path("nomor/<uuid:ticket>/lewati", queue.skip, name="lewati"),
    path("nomor/<uuid:ticket>/mulai", queue.start, name="mulai"),
    path("nomor/<uuid:ticket>/kembali-antre", queue.back_to_queue, name="kembali-antre"),
]
