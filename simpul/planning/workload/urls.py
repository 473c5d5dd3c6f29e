"""Addresses of the pages of `workload`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
