"""Addresses of the pages of `studies`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
