"""Addresses of the pages of `allocation`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
