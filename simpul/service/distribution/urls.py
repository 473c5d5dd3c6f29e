"""Addresses of this step's pages: the counter's save, and the queues."""

from django.urls import include, path

urlpatterns = [
    path("", include("simpul.service.distribution.counter_urls")),
    path("", include("simpul.service.distribution.queue_urls")),
    path("", include("simpul.service.distribution.paper_urls")),
]
