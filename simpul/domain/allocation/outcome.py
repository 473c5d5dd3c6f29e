"""What an allocation answers: moves, hires, what stays empty, before and after."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Move:
    """So many of a profession from one site to another, how far, and why."""

    source: str
    target: str
    profession: str
    count: int
    km: float | None
    reason: str
    circle: str = ""


@dataclass(frozen=True)
class Hire:
    """Places that moving cannot fill; any of the professions will do."""

    facility: str
    professions: tuple[str, ...]
    count: int
    circle: str = ""


@dataclass(frozen=True)
class PostOutcome:
    """One post of a site: needed, empty before anybody moved and after."""

    professions: tuple[str, ...]
    need: int
    short_before: int
    short_after: int


@dataclass(frozen=True)
class StaffOutcome:
    """One profession at a site: people before and after, and how many may not be moved."""

    profession: str
    before: int
    after: int
    locked: int


@dataclass(frozen=True)
class SiteOutcome:
    """One facility before and after."""

    facility: str
    posts: tuple[PostOutcome, ...]
    staff: tuple[StaffOutcome, ...]
    circle: str = ""

    @property
    def short_before(self) -> int:
        """Places empty before anybody moved."""
        return sum(post.short_before for post in self.posts)

    @property
    def short_after(self) -> int:
        """Places empty after the moves."""
        return sum(post.short_after for post in self.posts)


@dataclass(frozen=True)
class ProfessionOutcome:
    """What moving can do about one post: short, spare, held back, moved in, still short; why.

    `spare` counts people beyond every post that could use them at their own site; `held` those of
    them who may not be moved.
    """

    professions: tuple[str, ...]
    short: int
    spare: int
    held: int
    filled: int
    unfilled: int
    why: str


@dataclass(frozen=True)
class Allocation:
    """The whole proposal. `hires` keeps to the number allowed, `unfilled` is what then remains.

    With no number asked, every place that moving cannot fill is proposed as a hire.
    """

    moves: tuple[Move, ...]
    hires: tuple[Hire, ...]
    unfilled: tuple[Hire, ...]
    sites: tuple[SiteOutcome, ...]
    professions: tuple[ProfessionOutcome, ...]

    @property
    def short_before(self) -> int:
        """Places empty before anything is done."""
        return sum(site.short_before for site in self.sites)

    @property
    def short_after(self) -> int:
        """Places empty after the moves: what needs hiring."""
        return sum(site.short_after for site in self.sites)

    @property
    def filled(self) -> int:
        """Places that moving fills."""
        return self.short_before - self.short_after

    @property
    def moved(self) -> int:
        """People who move."""
        return sum(move.count for move in self.moves)

    @property
    def hired(self) -> int:
        """People proposed to be hired."""
        return sum(hire.count for hire in self.hires)

    @property
    def km(self) -> float:
        """Kilometres of all moves whose distance is known, each person counted."""
        return sum((move.km or 0.0) * move.count for move in self.moves)
