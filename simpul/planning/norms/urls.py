"""Addresses of the pages of `norms`."""

from django.urls import URLPattern, path

from simpul.planning.norms import views

urlpatterns: list[URLPattern] = [
    path("perencanaan/standar", views.norm_list, name="norma"),
    path("perencanaan/standar/baru", views.new, name="norma-baru"),
    path("perencanaan/standar/<slug:code>", views.norm_page, name="norma-lihat"),
    path("perencanaan/standar/<slug:code>/ubah", views.change, name="norma-ubah"),
    path("perencanaan/standar/<slug:code>/berhenti", views.retire, name="norma-berhenti"),
]
