"""Addresses of the pages of `gap`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
