"""Addresses of this step: terms to pick from, templates, earlier visits, checks while typing."""

from django.urls import path

from simpul.service.care import views

urlpatterns = [
    path("istilah/diagnosa", views.search_diagnoses, name="icd"),
    path("istilah/tindakan", views.search_procedures, name="tindakan"),
    path("istilah/templat", views.find_templates, name="templat"),
    path("pasien/<uuid:patient>/riwayat", views.show_history, name="riwayat"),
    path("rekam/<uuid:encounter>/periksa", views.review_typed_vitals, name="rekam-periksa"),
    path("rekam/<uuid:encounter>/diagnosa", views.list_typed_conditions, name="rekam-diagnosa"),
    path("rekam/<uuid:encounter>/tindakan", views.list_typed_procedures, name="rekam-tindakan"),
]
