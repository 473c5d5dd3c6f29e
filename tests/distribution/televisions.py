"""Televisions of the tests: they take calls and say that they were heard, without any sound."""

from simpul.service.distribution.calling.playing import note_heard, take_turn


def hear_one(floor: int = 1, *, how: str = "voice") -> str | None:
    """Let a television of this floor announce one call; returns its number."""
    taken = take_turn(floor, has_sound=True)
    if taken is None:
        return None
    call, lease = taken
    note_heard(call.id, lease, how)
    return f"{call.prefix}{call.number:02d}"


def hear_all(floor: int = 1) -> list[str]:
    """Let a television of this floor announce whatever waits; returns the numbers in order."""
    heard = []
    while (number := hear_one(floor)) is not None:
        heard.append(number)
    return heard
