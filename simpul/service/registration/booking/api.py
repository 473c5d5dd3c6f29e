"""This room's calls."""

from ninja import Router

router = Router()
