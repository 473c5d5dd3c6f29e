"""The addresses of this room: what servers of facilities call."""

from django.urls import URLPattern, path

from simpul.exchange.hub import endpoints

urlpatterns: list[URLPattern] = [
    path("sync/v1/push", endpoints.push, name="sync-push"),
    path("sync/v1/feed", endpoints.feed, name="sync-feed"),
    path("sync/v1/mine", endpoints.mine, name="sync-mine"),
    path("sync/v1/copy", endpoints.copy, name="sync-copy"),
    path("sync/v1/enrol", endpoints.enrol, name="sync-enrol"),
    path("sync/v1/hello", endpoints.hello, name="sync-hello"),
]
