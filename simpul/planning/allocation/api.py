"""API calls of `allocation` under /planning."""

from ninja import Router

router = Router(tags=["Perencanaan"])
