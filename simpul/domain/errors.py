"""What a rule answers when something typed cannot be used, or should be looked at again.

A `DomainError` stops; a `Finding` is collected with others so that a form can show them all at
once. Both carry a stable code for programs and one Indonesian sentence for people.
"""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["refuse", "warn"]


class DomainError(ValueError):
    """Something that cannot be read or used, said so that the person knows what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark of a rule: `refuse` may not be saved, `warn` may be saved after a look.

    `suggested` is the value the person most likely meant, ready to be taken over with one key.
    """

    code: str
    severity: Severity
    message: str
    where: str
    suggested: str | None = None
