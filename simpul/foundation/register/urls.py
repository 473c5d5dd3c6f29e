"""Addresses of the staff register."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
