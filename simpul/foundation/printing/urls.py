"""Addresses of the printers, of this computer's printer, and of a piece of paper under way."""

from django.urls import URLPattern, path

from simpul.foundation.printing import views

urlpatterns: list[URLPattern] = [
    path("pengaturan/printer", views.printers, name="printer"),
    path("pengaturan/printer/<uuid:printer>", views.printer, name="printer-ubah"),
    path("pengaturan/printer/<uuid:printer>/uji", views.test, name="printer-uji"),
    path("printer", views.choose, name="printer-pilih"),
    path("cetakan/<uuid:job>", views.job, name="cetakan"),
    path("cetakan/<uuid:job>/lagi", views.again, name="cetakan-lagi"),
]
