"""What an allocation is asked: sites with their staff, their need, and who may not be moved.

A need is a set of posts. A post names the professions that may fill it; most name one, an
either/or post several ("Kepala Puskesmas: dokter atau SKM", Kepmenkes 81/2004). Counts are whole
people. Building a `Problem` refuses what has no meaning and names the place.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from simpul.domain.findings import Meaningless
from simpul.domain.professions import profession_name

#: Nobody has more staff of one profession in one place; beyond it a count is a slip of typing.
MOST_STAFF = 100_000
MOST_WEIGHT = Decimal(1000)


@dataclass(frozen=True)
class Post:
    """Some places of work at a site that any of these professions may fill."""

    professions: tuple[str, ...]
    count: int

    @property
    def label(self) -> str:
        """The profession, or the professions joined with "atau"."""
        return either_name(self.professions)


@dataclass(frozen=True)
class Site:
    """One facility: staff present, staff who may not be moved, posts, place, and its circle.

    Staff move only within one `circle` (a district, for example). `locked` counts those whose
    contract or length of service forbids a move; it may not be more than are present.
    """

    name: str
    have: Mapping[str, int]
    posts: tuple[Post, ...]
    locked: Mapping[str, int] = field(default_factory=dict)
    circle: str = ""
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True)
class Problem:
    """The sites, what a shortage weighs, how many may be hired, how far one may be moved.

    `weights` is by profession; an unnamed one weighs 1, an either/or post as much as its heaviest
    profession. `hires` is a number of people, `None` when nobody asked. `farthest_km` is measured
    along the straight line.
    """

    sites: tuple[Site, ...]
    weights: Mapping[str, Decimal] = field(default_factory=dict)
    hires: int | None = None
    farthest_km: float | None = None

    def __post_init__(self) -> None:
        _check(self)

    def weight(self, post: Post) -> Decimal:
        """What one unfilled place of this post weighs."""
        return max(self.weights.get(name, Decimal(1)) for name in post.professions)


def count_ways(problem: Problem) -> int:
    """How many ways from a site to another there may be at most: what a solution costs.

    For each circle and profession, sites that can give times sites that can take. Where posts
    share professions, or with a limit of distance, people may step from site to site, so every
    site that has the profession counts, and every one that has a post for it.
    """
    shared = {name for s in problem.sites for p in s.posts if len(p.professions) > 1
              for name in p.professions}  # fmt: skip
    giving: Counter[tuple[str, str]] = Counter()
    taking: Counter[tuple[str, str]] = Counter()
    for site in problem.sites:
        need: Counter[str] = Counter()
        for post in site.posts:
            need.update(dict.fromkeys(post.professions, post.count))
        for name in {*site.have, *need}:
            have, steps = site.have.get(name, 0), name in shared or problem.farthest_km is not None
            giving[site.circle, name] += have > 0 if steps else have > need[name]
            taking[site.circle, name] += need[name] > (0 if steps else have)
    return sum(count * taking[key] for key, count in giving.items())


def either_name(professions: Sequence[str]) -> str:
    """The names of professions as they stand in a sentence: "dokter atau tenaga gizi"."""
    return " atau ".join(_in_sentence(code) for code in professions)


def _in_sentence(code: str) -> str:
    name = profession_name(code)
    return name if name == code else name[:1].lower() + name[1:]


def posts_of(need: Mapping[str, int], either: Sequence[Post] = ()) -> tuple[Post, ...]:
    """The posts of a plain need (profession: count) and of either/or posts; empty ones left out."""
    plain = [Post((profession,), count) for profession, count in need.items()]
    return tuple(post for post in [*plain, *either] if post.count)


def _check(problem: Problem) -> None:
    seen: set[tuple[str, str]] = set()
    for site in problem.sites:
        if (site.circle, site.name) in seen:
            raise Meaningless(
                "facility_twice",
                site.name,
                "Fasilitas ini tertulis dua kali; gabungkan barisnya.",
            )
        seen.add((site.circle, site.name))
        _check_site(site)
    for profession, weight in problem.weights.items():
        if not weight.is_finite() or not 0 < weight <= MOST_WEIGHT:
            raise Meaningless(
                "weight_out_of_range",
                f"bobot {profession}",
                f"Bobot harus lebih dari 0 dan paling banyak {MOST_WEIGHT}.",
            )
    if problem.hires is not None and not 0 <= problem.hires <= MOST_STAFF * 10:
        raise Meaningless(
            "hires_out_of_range", "jatah pengangkatan", "Jatah pengangkatan harus 0 atau lebih."
        )
    if problem.farthest_km is not None and not 0 <= problem.farthest_km <= 40_000:
        raise Meaningless(
            "distance_out_of_range", "jarak terjauh", "Jarak terjauh harus 0 sampai 40.000 km."
        )


def _check_site(site: Site) -> None:
    for profession, count in site.have.items():
        _count(count, f"{site.name} › {profession}")
    for post in site.posts:
        _count(post.count, f"{site.name} › kebutuhan {post.label}")
        if not post.professions or len(set(post.professions)) < len(post.professions):
            raise Meaningless(
                "post_without_profession",
                site.name,
                "Setiap jabatan menyebut paling sedikit satu profesi, masing-masing sekali.",
            )
    for profession, count in site.locked.items():
        _count(count, f"{site.name} › {profession} terkunci")
        if count > site.have.get(profession, 0):
            raise Meaningless(
                "more_locked_than_present",
                f"{site.name} › {profession}",
                f"Yang tidak dapat dipindahkan ({count}) lebih banyak daripada yang ada "
                f"({site.have.get(profession, 0)}).",
            )
    for value, limit, name in ((site.lat, 90, "lintang"), (site.lon, 180, "bujur")):
        if value is not None and not -limit <= value <= limit:
            raise Meaningless(
                "place_out_of_range",
                f"{site.name} › {name}",
                f"Nilai {name} harus antara −{limit} dan {limit}.",
            )


def _count(count: int, where: str) -> None:
    if not 0 <= count <= MOST_STAFF:
        raise Meaningless(
            "count_out_of_range", where, f"Jumlah orang harus 0 sampai {MOST_STAFF:,}."
        )
