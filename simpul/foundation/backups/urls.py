"""The addresses of this room."""

from django.urls import URLPattern, path

from simpul.foundation.backups import views

urlpatterns: list[URLPattern] = [
    path("cadangan", views.copies, name="cadangan"),
    path("cadangan/sekarang", views.make_now, name="cadangan-sekarang"),
    path("cadangan/uji", views.prove_now, name="cadangan-uji"),
    path("cadangan/pengaturan", views.settings, name="cadangan-pengaturan"),
    path("cadangan/<str:name>/unduh", views.take, name="cadangan-unduh"),
    path("cadangan/<str:name>/pulih", views.bring_back, name="cadangan-pulih"),
]
