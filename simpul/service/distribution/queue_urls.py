"""Addresses of the queue pages of this step."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
