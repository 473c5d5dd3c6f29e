"""Addresses of what a browser keeps; at the root, because a worker serves what lies below it."""

from django.urls import path

from simpul.service.distribution.offline import shell_views

urlpatterns = [
    path("sw.js", shell_views.service_worker, name="service-worker"),
    path("manifest.webmanifest", shell_views.manifest, name="manifest"),
    path("luring", shell_views.shell, name="luring"),
    path("luring/bahan", shell_views.tables, name="luring-bahan"),
]
