"""Addresses of this room: what computers ask and bring, and the pages of people."""

from django.urls import URLPattern, path

from simpul.service.distribution.offline import contact_views, page_views, state_views

urlpatterns: list[URLPattern] = [
    path("luring/kunci", contact_views.key, name="luring-kunci"),
    path("luring/paket", contact_views.packet, name="luring-paket"),
    path("luring/kirim", contact_views.send, name="luring-kirim"),
    path("luring/keadaan", contact_views.state, name="luring-keadaan"),
    path("keadaan", state_views.state, name="keadaan"),
    path("luring/draf/<uuid:encounter>", contact_views.drafts, name="luring-draf"),
    path("luring/lupakan", page_views.wipe, name="luring-lupakan"),
    path("luring/lupakan/selesai", contact_views.wiped, name="luring-lupakan-selesai"),
    path("luring/periksa", page_views.to_check, name="luring-periksa"),
    path("luring/periksa/<uuid:item>/daftarkan", page_views.register, name="luring-daftarkan"),
    path("luring/periksa/<uuid:item>/buang", page_views.discard, name="luring-buang"),
    path("pengaturan/komputer", page_views.computers, name="pengaturan-komputer"),
]
