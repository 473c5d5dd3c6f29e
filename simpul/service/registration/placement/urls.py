"""Addresses of the rules of placement and of a patient's programmes."""

from django.urls import URLPattern, path

from simpul.service.registration.placement import programme_views, views

urlpatterns: list[URLPattern] = [
    path("aturan-tujuan", views.rules, name="aturan-tujuan"),
    path("aturan-tujuan/baru", views.new, name="aturan-tujuan-baru"),
    path("aturan-tujuan/aturan/<slug:code>", views.change, name="aturan-tujuan-ubah"),
    path("aturan-tujuan/aturan/<slug:code>/atur", views.arrange, name="aturan-tujuan-atur"),
    path("aturan-tujuan/coba", views.try_complaint, name="aturan-tujuan-coba"),
    path("aturan-tujuan/berlaku", views.put_in_force, name="aturan-tujuan-berlaku"),
    path("aturan-tujuan/buang", views.discard, name="aturan-tujuan-buang"),
    path("aturan-tujuan/kembali", views.restore, name="aturan-tujuan-kembali"),
    path("aturan-tujuan/versi/<int:number>", views.version, name="aturan-tujuan-versi"),
    path("aturan-tujuan/unduh", views.download, name="aturan-tujuan-unduh"),
    path("pasien/<uuid:patient>/program", programme_views.programmes, name="pasien-program"),
    path(
        "pasien/<uuid:patient>/program/<uuid:enrolment>/akhiri",
        programme_views.end,
        name="pasien-program-akhiri",
    ),
]
