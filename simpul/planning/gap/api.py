"""API calls of `gap` under /planning."""

from ninja import Router

router = Router(tags=["Perencanaan"])
