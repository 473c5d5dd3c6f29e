"""The rooms a unit calls into."""

import uuid

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel

from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.api import answer, at_home
from simpul.foundation.staff.api_description import describe
from simpul.foundation.staff.rights import require

router = Router(tags=["Antrean"])

ROOM_ID = "0193b5a0-6d10-7a3f-8f0e-6b1c2d3e4f60"


class RoomOut(BaseModel):
    """One room of a unit: numbers are called into it, and heard on its floor."""

    id: uuid.UUID
    name: str
    floor: int


class RoomsOut(BaseModel):
    """The rooms of a unit that are in use."""

    items: list[RoomOut]
    next: None


@router.get(
    "/queues/{unit}/rooms",
    **describe(
        "list_rooms",
        "Ruang satu unit",
        description="Ruang yang dibuka, menurut urutannya; kosong bila unit tidak berbagi ruang.",
        returns=RoomsOut,
        example={"items": [{"id": ROOM_ID, "name": "Ruang 2", "floor": 1}], "next": None},
        fails={404: "unit_unknown"},
    ),
)
def rooms(request: HttpRequest, unit: str) -> HttpResponse:
    """Return the rooms of a unit."""
    by = at_home(request)
    require(by, "view", "queue")
    return answer({"items": [vars(room) for room in get_here().unit(unit).rooms], "next": None})
