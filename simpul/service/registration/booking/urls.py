"""Addresses of the bookings and of the open hours."""

from django.urls import URLPattern, path

from simpul.service.registration.booking import opening_views, views

urlpatterns: list[URLPattern] = [
    path("janji", views.bookings, name="janji"),
    path("janji/baru", views.new, name="janji-baru"),
    path("janji/<uuid:booking>/hadir", views.arrive, name="janji-hadir"),
    path("janji/<uuid:booking>/batal", views.cancel, name="janji-batal"),
    path("janji/<uuid:booking>/kembalikan", views.restore, name="janji-kembalikan"),
    path("pengaturan/jam", opening_views.opening, name="jam-buka"),
    path("pengaturan/jam/tutup", opening_views.close, name="jam-tutup"),
    path("pengaturan/jam/tutup/<uuid:closed>/buka", opening_views.lift, name="jam-tutup-batal"),
    path("pengaturan/jam/<slug:unit>", opening_views.week, name="jam-unit"),
]
