"""Addresses of the pages of `norms`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
