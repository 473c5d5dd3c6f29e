"""Addresses of the pages of `maps`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
