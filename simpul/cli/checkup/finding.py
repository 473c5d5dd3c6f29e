"""One thing looked at: how it is, what that means for patients, and the one act that helps."""

from dataclasses import dataclass
from typing import Any, Literal

Level = Literal["ok", "note", "bad"]


@dataclass(frozen=True)
class Act:
    """What the page offers: a link, or a button that does it. `place` is the name of an address."""

    label: str
    place: str
    argument: str = ""
    is_done_there: bool = False  # a button: the address does it at once


@dataclass(frozen=True)
class Finding:
    """A sentence, and for what is not well: what it does to patients, what helps, the one act."""

    name: str
    level: Level
    sentence: str
    remedy: str = ""
    consequence: str = ""
    act: Act | None = None

    def as_data(self) -> dict[str, Any]:
        """Return it for programs."""
        return {
            "name": self.name,
            "level": self.level,
            "sentence": self.sentence,
            "consequence": self.consequence,
            "remedy": self.remedy,
        }
