"""Addresses of the journal and settings pages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
