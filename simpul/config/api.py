"""The API under /api/v1, made of each step's router."""

from ninja import NinjaAPI

api = NinjaAPI(title="Simpul", version="1.0.0", urls_namespace="api")
