"""Reallocation: the Jember study, promises for any input, and every plan of tiny ones tried."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import product
from math import isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simpul.domain.allocation import (
    Allocation,
    LockRules,
    Post,
    Problem,
    Site,
    StaffMember,
    allocate,
    count_locks,
    count_ways,
    posts_of,
    sites_of,
    summary,
    why_held,
)
from simpul.domain.findings import Meaningless
from simpul.domain.gap import FacilityStaff, gap_study
from simpul.domain.geography import straight_line_km
from simpul.domain.norms_shipped import DSP_2004

# Dewanto et al. (Jember, 2013), Table IV: staff of 12 Puskesmas; Tables I and II: the standard.
PROFESSIONS = ("dokter", "kesmas", "dokter_gigi", "perawat", "bidan", "gizi", "atlm", "farmasi",
               "kesling")  # fmt: skip
URBAN = (3, 1, 1, 12, 4, 1, 1, 1, 2)
RURAL = (2, 1, 1, 7, 4, 1, 1, 1, 2)
JEMBER = {
    "Kaliwates": (3, 0, 1, 18, 12, 0, 0, 1, 1),
    "Mangli": (1, 0, 1, 11, 9, 1, 0, 2, 0),
    "Sumbersari": (4, 0, 1, 20, 13, 0, 0, 1, 1),
    "Gladak Pakem": (1, 0, 1, 11, 10, 1, 0, 0, 0),
    "Tembokrejo": (1, 0, 2, 6, 11, 0, 0, 0, 0),
    "Jombang": (1, 0, 0, 10, 13, 0, 0, 0, 1),
    "Cakru": (0, 0, 0, 14, 11, 0, 0, 0, 0),
    "Ambulu": (3, 1, 1, 25, 21, 0, 0, 1, 1),
    "Sabrang": (1, 0, 0, 13, 12, 0, 0, 0, 0),
    "Curahnongko": (1, 0, 0, 10, 10, 0, 0, 0, 0),
    "Jenggawah": (1, 0, 1, 12, 13, 1, 0, 1, 0),
    "Paleran": (1, 0, 0, 9, 13, 0, 0, 0, 0),
}
CITY = ("Kaliwates", "Mangli", "Sumbersari", "Gladak Pakem")


def jember(**locked: dict[str, int]) -> tuple[Site, ...]:
    return tuple(
        Site(
            name,
            dict(zip(PROFESSIONS, have, strict=True)),
            posts_of(dict(zip(PROFESSIONS, URBAN if name in CITY else RURAL, strict=True))),
            locked=locked.get(name.replace(" ", "_"), {}),
        )
        for name, have in JEMBER.items()
    )


def filled_by_profession(found: Allocation) -> dict[str, int]:
    return {line.professions[0]: line.filled for line in found.professions if line.filled}


def test_the_jember_study_fills_7_of_79_by_moving_and_must_hire_72() -> None:
    found = allocate(Problem(jember()))

    assert (found.short_before, found.filled, found.short_after) == (79, 7, 72)
    assert found.moved == 7
    assert filled_by_profession(found) == {
        "dokter": 2, "dokter_gigi": 1, "perawat": 3, "farmasi": 1,
    }  # fmt: skip
    assert summary(found).startswith(
        "7 dari 79 kekurangan terisi dengan pemindahan; 72 perlu pengangkatan."
    )
    hired = Counter[str]()
    for hire in found.hires:
        hired[hire.professions[0]] += hire.count
    assert hired == Counter(
        dokter=10, kesmas=11, dokter_gigi=4, gizi=9, atlm=12, farmasi=6, kesling=20
    )
    assert found.unfilled == ()


def test_without_distances_the_emptiest_posts_are_helped_first() -> None:
    moves = [move for move in allocate(Problem(jember())).moves if move.profession == "dokter"]
    # Cakru has no doctor at all; the other rural sites have one of two.
    assert {move.target for move in moves} == {"Cakru"}
    assert "Cakru kurang 2 dokter" in moves[0].reason


def test_the_jember_rows_with_the_shipped_norm_give_the_same_79_and_7() -> None:
    rows = [
        FacilityStaff(
            name=name,
            category="perkotaan" if name in CITY else "pedesaan",
            have=dict(zip(PROFESSIONS, have, strict=True)),
            pustu=1,
            villages=1,
        )
        for name, have in JEMBER.items()
    ]
    sites, refused = sites_of(rows, DSP_2004)
    found = allocate(Problem(tuple(sites)))

    assert refused == []
    assert found.short_before == gap_study(rows, DSP_2004).sums.shortage
    assert (found.short_before, found.filled) == (79, 7)


def test_a_facility_without_a_table_is_refused_by_name_and_the_others_go_on() -> None:
    rows = [
        FacilityStaff("Pulau", "kepulauan", {"dokter": 1}, where="baris 2"),
        FacilityStaff("Kota", "perkotaan", {"dokter": 1}, where="baris 3"),
        FacilityStaff("Kota", "perkotaan", {"dokter": 5}, where="baris 4"),
    ]
    sites, refused = sites_of(rows, DSP_2004)

    assert [(r.where, r.name) for r in refused] == [("baris 2", "Pulau")]
    assert [site.name for site in sites] == ["Kota", "Kota (2)"]
    assert all(post.professions == ("dokter",) for site in sites for post in site.posts)


def test_locked_staff_stay_and_the_reason_is_said() -> None:
    found = allocate(Problem(jember(Ambulu={"dokter": 3}, Sumbersari={"dokter": 4})))
    line = next(each for each in found.professions if each.professions == ("dokter",))

    assert (line.spare, line.held, line.filled) == (2, 2, 0)
    assert line.why == "kelebihan 2 orang tidak dapat dipindahkan"
    assert found.filled == 5


def test_a_lock_on_those_who_are_needed_anyway_holds_nobody_back() -> None:
    found = allocate(Problem(jember(Ambulu={"dokter": 2}, Sumbersari={"dokter": 3})))
    assert found.filled == 7


def test_hires_are_spent_on_what_weighs_most_and_never_instead_of_a_move() -> None:
    heavy = {"dokter": Decimal(3)}
    found = allocate(Problem(jember(), weights=heavy, hires=12))

    assert found.moved == 7
    assert found.hired == 12
    assert sum(h.count for h in found.hires if h.professions == ("dokter",)) == 10
    assert sum(place.count for place in found.unfilled) == 60
    assert summary(found).endswith("Jatah pengangkatan mengisi 12; 60 tetap kosong.")


def test_no_hires_allowed_leaves_everything_else_open() -> None:
    found = allocate(Problem(jember(), hires=0))
    assert found.hires == ()
    assert sum(place.count for place in found.unfilled) == 72


def test_the_nearest_surplus_goes() -> None:
    need = posts_of({"bidan": 1})
    sites = (
        Site("Jauh", {"bidan": 2}, need, lat=-8.9, lon=113.0),
        Site("Dekat", {"bidan": 2}, need, lat=-8.1, lon=113.0),
        Site("Kosong", {"bidan": 0}, need, lat=-8.0, lon=113.0),
    )
    (move,) = allocate(Problem(sites)).moves
    assert (move.source, move.target) == ("Dekat", "Kosong")
    assert move.km is not None
    assert isclose(move.km, straight_line_km(-8.1, 113.0, -8.0, 113.0))
    assert 11.0 < move.km < 11.2


def test_beyond_the_farthest_km_or_without_a_point_nobody_is_sent() -> None:
    need = posts_of({"bidan": 1})
    giver = Site("Beri", {"bidan": 2}, need, lat=-8.0, lon=113.0)
    taker = Site("Terima", {"bidan": 0}, need, lat=-8.0, lon=113.5)
    assert allocate(Problem((giver, taker), farthest_km=60)).moved == 1
    assert allocate(Problem((giver, taker), farthest_km=50)).moved == 0
    nowhere = replace(taker, lat=None)
    assert allocate(Problem((giver, nowhere), farthest_km=60)).moved == 0
    assert allocate(Problem((giver, nowhere))).moves[0].km is None


def test_a_limit_of_distance_lets_people_step_from_place_to_place() -> None:
    """A gives to B and B to C, because nobody of A may go as far as C."""
    need = posts_of({"bidan": 1})
    sites = tuple(
        Site(name, {"bidan": count}, need, lat=-8.0, lon=113.0 + 0.3 * n)
        for n, (name, count) in enumerate({"A": 2, "B": 1, "C": 0}.items())
    )
    found = allocate(Problem(sites, farthest_km=40))
    assert {(m.source, m.target) for m in found.moves} == {("A", "B"), ("B", "C")}
    assert "menggantikan" in next(m.reason for m in found.moves if m.target == "B")


def test_staff_stay_within_their_circle() -> None:
    need = posts_of({"gizi": 1})
    apart = (
        Site("A", {"gizi": 2}, need, circle="Jember"),
        Site("B", {"gizi": 0}, need, circle="Bondowoso"),
    )
    assert allocate(Problem(apart)).moved == 0
    assert allocate(Problem(tuple(replace(site, circle="") for site in apart))).moved == 1


def test_an_either_or_post_is_filled_by_whoever_is_to_spare() -> None:
    head = Post(("dokter", "kesmas"), 1)
    sites = (
        Site("Beri", {"kesmas": 2}, posts_of({"kesmas": 1})),
        Site("Terima", {"dokter": 2, "kesmas": 0}, posts_of({"dokter": 2}, [head])),
    )
    (move,) = allocate(Problem(sites)).moves
    assert (move.profession, move.target) == ("kesmas", "Terima")


def test_an_either_or_post_may_free_a_person_for_another_place() -> None:
    """The doctor who heads X may go to Y, because a public-health officer can take over there."""
    head = Post(("dokter", "kesmas"), 1)
    sites = (
        Site("X", {"dokter": 1}, (head,)),
        Site("Y", {}, posts_of({"dokter": 1})),
        Site("Z", {"kesmas": 1}, ()),
    )
    found = allocate(Problem(sites))
    assert {(m.profession, m.source, m.target) for m in found.moves} == {
        ("dokter", "X", "Y"), ("kesmas", "Z", "X"),
    }  # fmt: skip
    assert found.short_after == 0


def test_nothing_to_do_is_said() -> None:
    found = allocate(Problem((Site("A", {"gizi": 1}, posts_of({"gizi": 1})),)))
    assert found.moves == ()
    assert summary(found) == "Tidak ada kekurangan; tidak ada yang perlu dipindahkan."


def test_nobody_at_all_is_no_trouble() -> None:
    assert allocate(Problem(())).short_before == 0


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        ({"sites": (Site("A", {"x": -1}, ()),)}, "count_out_of_range"),
        ({"sites": (Site("A", {}, (Post(("x",), 10**9),)),)}, "count_out_of_range"),
        ({"sites": (Site("A", {"x": 1}, (), locked={"x": 2}),)}, "more_locked_than_present"),
        ({"sites": (Site("A", {}, ()), Site("A", {}, ()))}, "facility_twice"),
        ({"sites": (Site("A", {}, (Post((), 1),)),)}, "post_without_profession"),
        ({"sites": (Site("A", {}, (Post(("x", "x"), 1),)),)}, "post_without_profession"),
        ({"sites": (Site("A", {}, (), lat=91.0),)}, "place_out_of_range"),
        ({"sites": (Site("A", {}, (), lon=float("nan")),)}, "place_out_of_range"),
        ({"sites": (), "weights": {"x": Decimal(0)}}, "weight_out_of_range"),
        ({"sites": (), "weights": {"x": Decimal("NaN")}}, "weight_out_of_range"),
        ({"sites": (), "hires": -1}, "hires_out_of_range"),
        ({"sites": (), "farthest_km": float("inf")}, "distance_out_of_range"),
    ],
)
def test_what_has_no_meaning_is_refused_with_its_place(problem: dict[str, object], code: str):
    with pytest.raises(Meaningless) as refused:
        Problem(**problem)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert refused.value.where


# Who may be moved.

RULES = LockRules(frozenset({"nusantara_sehat"}), Decimal(2), Decimal(25))


@pytest.mark.parametrize(
    ("person", "why"),
    [
        (StaffMember("A", "bidan", "pns", Decimal(5)), None),
        (StaffMember("A", "bidan", "pns", Decimal(5), held=True), "person"),
        (StaffMember("A", "bidan", "nusantara_sehat", Decimal(5)), "contract"),
        (StaffMember("A", "bidan", "pns", Decimal("1.9")), "new"),
        (StaffMember("A", "bidan", "pns", Decimal(2)), None),
        (StaffMember("A", "bidan", "pns", Decimal(26)), "long"),
        (StaffMember("A", "bidan", "pns", None), "unknown"),
    ],
)
def test_who_is_held_and_why(person: StaffMember, why: str | None) -> None:
    assert why_held(person, RULES) == why


def test_without_rules_on_tenure_an_unknown_tenure_holds_nobody() -> None:
    assert why_held(StaffMember("A", "bidan"), LockRules()) is None


def test_the_held_are_counted_by_place_and_by_reason() -> None:
    staff = [
        StaffMember("A", "bidan", "pns", Decimal(1)),
        StaffMember("A", "bidan", "pns", Decimal(3)),
        StaffMember("B", "dokter", "nusantara_sehat", Decimal(1)),
    ]
    locks = count_locks(staff, RULES)
    assert locks.held == {"A": {"bidan": 1}, "B": {"dokter": 1}}
    assert locks.reasons == {"new": 1, "contract": 1}


# What holds for any input.

NAMES = ("dokter", "kesmas", "bidan")
counts = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 4), max_size=3)
either = st.lists(
    st.builds(
        Post, st.sampled_from([("dokter", "kesmas"), ("kesmas", "bidan")]), st.integers(0, 2)
    ),
    max_size=2,
)


@st.composite
def problems(draw: st.DrawFn, most_sites: int = 6) -> Problem:
    sites = []
    for n in range(draw(st.integers(1, most_sites))):
        have = draw(counts)
        locked = {name: draw(st.integers(0, most)) for name, most in have.items()}
        point = draw(st.none() | st.tuples(st.floats(-8.5, -8), st.floats(113, 114)))
        lat, lon = point or (None, None)
        posts = posts_of(draw(counts), draw(either))
        circle = draw(st.sampled_from(["", "k"]))
        sites.append(Site(f"F{n}", have, posts, locked, circle, lat, lon))
    weights = {name: Decimal(draw(st.sampled_from(["0.5", "1", "3"]))) for name in NAMES}
    return Problem(
        tuple(sites),
        weights,
        draw(st.none() | st.integers(0, 5)),
        draw(st.none() | st.floats(0, 200)),
    )


@settings(max_examples=150, deadline=None)
@given(problems())
def test_nobody_is_worse_off_and_no_move_is_forbidden(problem: Problem) -> None:
    found = allocate(problem)
    places = {(site.circle, site.name): site for site in problem.sites}

    for site in found.sites:
        for post in site.posts:
            assert 0 <= post.short_after <= post.short_before <= post.need
        given_site = places[site.circle, site.facility]
        for line in site.staff:
            assert line.after >= min(line.before, line.locked)
            if line.profession not in shared(given_site):
                need = sum(p.count for p in given_site.posts if line.profession in p.professions)
                # A donor keeps its own need.
                assert line.after >= min(line.before, need)
        assert enough_for(site)
    for move in found.moves:
        assert move.count > 0
        assert move.source != move.target
        if problem.farthest_km is not None:
            assert move.km is not None
            assert move.km <= problem.farthest_km + 1e-6
    placed = sum(h.count for h in (*found.hires, *found.unfilled))
    assert placed == found.short_after
    if problem.hires is not None:
        assert found.hired == min(problem.hires, found.short_after)


@settings(max_examples=100, deadline=None)
@given(problems())
def test_nobody_appears_or_vanishes(problem: Problem) -> None:
    found = allocate(problem)
    for circle in {site.circle for site in problem.sites}:
        before, after = Counter[str](), Counter[str]()
        for site in found.sites:
            if site.circle == circle:
                before.update({line.profession: line.before for line in site.staff})
                after.update({line.profession: line.after for line in site.staff})
        assert before == after


def shared(site: Site) -> set[str]:
    return {name for p in site.posts if len(p.professions) > 1 for name in p.professions}


def enough_for(site: object) -> bool:
    """Can the people there after the moves really fill what is said to be filled? (Hall)"""
    filled = [(set(p.professions), p.need - p.short_after) for p in site.posts]  # type: ignore[attr-defined]
    there = {line.profession: line.after for line in site.staff}  # type: ignore[attr-defined]
    for chosen in product((False, True), repeat=len(there)):
        allowed = {name for name, yes in zip(there, chosen, strict=True) if yes}
        wanted = sum(count for names, count in filled if names <= allowed)
        if wanted > sum(there[name] for name in allowed):
            return False
    return True


@settings(max_examples=60, deadline=None)
@given(problems(), st.randoms())
def test_the_order_of_rows_changes_no_total(problem: Problem, draw: object) -> None:
    sites = list(problem.sites)
    draw.shuffle(sites)  # type: ignore[attr-defined]
    one, other = allocate(problem), allocate(replace(problem, sites=tuple(sites)))
    assert weight_left(problem, one) == weight_left(problem, other)
    assert one.moved == other.moved
    assert isclose(one.km, other.km, abs_tol=1e-6)


def weight_left(problem: Problem, found: Allocation) -> Decimal:
    return sum(
        (
            problem.weight(Post(post.professions, 1)) * post.short_after
            for site in found.sites
            for post in site.posts
        ),
        Decimal(0),
    )


# Against every possible plan, where there are few enough.


@st.composite
def tiny(draw: st.DrawFn) -> Problem:
    problem = draw(problems(most_sites=3))
    names = NAMES[:2]

    def small(counts: dict[str, int]) -> dict[str, int]:
        return {name: min(2, counts.get(name, 0)) for name in names}

    sites = []
    for site in problem.sites:
        plain = {p.professions[0]: p.count for p in site.posts if len(p.professions) == 1}
        both = [Post(("dokter", "kesmas"), 1)] if shared(site) else []
        held = {n: min(c, small(dict(site.have)).get(n, 0)) for n, c in site.locked.items()}
        posts = posts_of(small(plain), both)
        # Known points for all: an unknown distance is compared by its own rule.
        lat, lon = site.lat or -8.0, site.lon or 113.0 + len(sites) / 10
        held = {n: c for n, c in held.items() if n in names}
        sites.append(Site(site.name, small(dict(site.have)), posts, held, "", lat, lon))
    return replace(problem, sites=tuple(sites), hires=None)


def every_plan(problem: Problem) -> Iterator[dict[tuple[str, int, int], int]]:
    arcs = [
        (name, i, j)
        for name in NAMES[:2]
        for i, a in enumerate(problem.sites)
        for j, b in enumerate(problem.sites)
        if i != j
        and (problem.farthest_km is None or distance(a, b) <= problem.farthest_km)
        and a.have.get(name, 0) > a.locked.get(name, 0)
    ]
    limits = [
        range(problem.sites[i].have.get(n, 0) - problem.sites[i].locked.get(n, 0) + 1)
        for n, i, _ in arcs
    ]
    for counts in product(*limits):
        yield dict(zip(arcs, counts, strict=True))


def distance(a: Site, b: Site) -> float:
    assert a.lat is not None
    assert a.lon is not None
    assert b.lat is not None
    assert b.lon is not None
    return straight_line_km(a.lat, a.lon, b.lat, b.lon)


def score(
    problem: Problem, plan: dict[tuple[str, int, int], int], before: Allocation
) -> tuple[Decimal, int, float] | None:
    """What a plan is worth, or None where it may not be; posts filled by trying every way."""
    present = [Counter(site.have) for site in problem.sites]
    gone: Counter[tuple[str, int]] = Counter()
    for (name, i, j), count in plan.items():
        present[i][name] -= count
        present[j][name] += count
        gone[name, i] += count
    for (name, i), count in gone.items():
        site = problem.sites[i]
        if count > site.have.get(name, 0) - site.locked.get(name, 0) or present[i][name] < 0:
            return None
    weight = Decimal(0)
    for site, there, was in zip(problem.sites, present, before.sites, strict=True):
        ways = (
            [
                post.count - sum(fill)
                for post, fill in zip(site.posts, fills, strict=True)
            ]
            for fills in product(*(fillings(post, there) for post in site.posts))
            if all(
                sum(f[p.professions.index(n)] for p, f in zip(site.posts, fills, strict=True)
                    if n in p.professions) <= there[n]
                for n in NAMES
            )
        )  # fmt: skip
        allowed = [
            sum((problem.weight(p) * s for p, s in zip(site.posts, short, strict=True)), Decimal(0))
            for short in ways
            if all(s <= o.short_before for s, o in zip(short, was.posts, strict=True))
        ]
        if not allowed:
            return None
        weight += min(allowed)
    moves = sum(plan.values())
    km = sum(n * distance(problem.sites[i], problem.sites[j]) for (_, i, j), n in plan.items())
    return weight, moves, km


def fillings(post: Post, there: Counter[str]) -> Iterator[tuple[int, ...]]:
    for counts in product(*(range(min(post.count, there[n]) + 1) for n in post.professions)):
        if sum(counts) <= post.count:
            yield counts


@settings(max_examples=60, deadline=None)
@given(tiny())
def test_no_plan_is_better_than_the_one_proposed(problem: Problem) -> None:
    found = allocate(problem)
    scores = [s for plan in every_plan(problem) if (s := score(problem, plan, found))]
    weight, moves, km = min(scores)

    assert weight_left(problem, found) == weight
    assert found.moved == moves
    assert isclose(found.km, km, abs_tol=1e-6)


def test_fifty_facilities_are_solved_and_whole() -> None:
    """Size only; time is measured by the benchmarks."""
    need = dict.fromkeys(PROFESSIONS, 2)
    sites = tuple(
        Site(
            f"F{n}",
            {name: (n * 7 + k * 3) % 5 for k, name in enumerate(PROFESSIONS)},
            posts_of(need),
            lat=-8 - n / 100,
            lon=113 + (n * 37 % 50) / 100,
        )
        for n in range(50)
    )
    found = allocate(Problem(sites))
    spare = sum(max(0, c - 2) for s in sites for c in s.have.values())
    assert found.filled == found.moved == min(spare, found.short_before)


def test_ways_count_who_can_give_and_who_can_take() -> None:
    need = posts_of({"bidan": 2})
    sites = tuple(Site(f"F{n}", {"bidan": n}, need) for n in range(5))  # 0 1 | 2 | 3 4
    assert count_ways(Problem(sites)) == 2 * 2
    assert count_ways(Problem(sites, farthest_km=50)) == 4 * 5
    apart = tuple(replace(site, circle=site.name) for site in sites)
    assert count_ways(Problem(apart)) == 0
