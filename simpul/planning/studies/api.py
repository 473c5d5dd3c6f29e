"""API calls of `studies` under /planning."""

from ninja import Router

router = Router(tags=["Perencanaan"])
