"""Addresses of the waiting room's television."""

from django.urls import URLPattern, path

from simpul.service.distribution.calling import views

urlpatterns: list[URLPattern] = [
    path("tv", views.tv, name="tv"),
    path("tv/papan", views.tv_board, name="tv-papan"),
    path("tv/giliran", views.turn, name="tv-giliran"),
    path("tv/terdengar", views.heard, name="tv-terdengar"),
    path("tv/pekerja.js", views.worker, name="tv-pekerja"),
    path("tv/suara/<str:name>", views.sound, name="tv-suara"),
]
