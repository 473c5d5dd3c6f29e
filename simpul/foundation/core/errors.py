"""One family of errors; each says what happened, what is safe and what to do.

Messages are for people and never hold a patient's data; `code` is for programs and stays stable.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field of an input: its name, a stable code, a sentence."""

    where: str
    code: str
    message: str


class SimpulError(Exception):
    """Root of every refusal that Simpul itself decides."""

    status = 400

    def __init__(
        self,
        message: str,
        code: str,
        *,
        errors: tuple[Problem, ...] = (),
        extra: dict[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = str(message)
        self.code = code
        self.errors = errors
        self.extra = extra or {}


class NotHere(SimpulError):
    """The thing does not exist, or not for this person: both look the same from outside."""

    status = 404


class NotAllowed(SimpulError):
    """The person may not do this; the message says who may."""

    status = 403


class NotSignedIn(SimpulError):
    """Nobody is signed in, or the token is unknown."""

    status = 401


class Conflict(SimpulError):
    """The act does not fit the present state (already opened, number taken, …)."""

    status = 409


class Stale(SimpulError):
    """Somebody else changed the row since it was read; `extra` carries both versions."""

    status = 412


class Refused(SimpulError):
    """The input is understood but cannot be accepted; `errors` says where and why."""

    status = 422
