"""The table of rights, written out a second time by hand: every resource × action × role."""

import pytest
from django.utils.translation import override

from simpul.foundation.core.errors import NotAllowed
from simpul.foundation.core.ids import uuid7
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Role
from simpul.foundation.staff.rights import BY_UNIT, RIGHTS, may, require

ROLES = [
    *("pendaftaran", "perawat", "dokter", "dokter_gigi", "bidan", "farmasi", "laboratorium"),
    *("perekam_medis", "kepala", "petugas_it", "petugas_dinas"),
]

# Columns in the order of ROLES: who registers, who treats (four), who serves beside (two),
# who keeps the records, who leads, who keeps the machine, who looks on from the Dinas.
TABLE = """
patient       view     x xxxx xx x x . .
patient       input    x .... .. x . . .
patient       correct  x .... .. x . . .
merge         view     x .... .. x x . .
merge         input    . .... .. x . . .
merge         correct  . .... .. . . . .
import        view     . .... .. x x . .
import        input    . .... .. x x . .
import        correct  . .... .. . . . .
placement     view     x xxxx .. x x . .
placement     input    . .... .. . x . .
placement     correct  . .... .. . x . .
booking       view     x xxxx .. x x . .
booking       input    x .... .. x . . .
booking       correct  x .... .. x . . .
encounter     view     x xxxx xx x x . .
encounter     input    x .... .. x . . .
encounter     correct  x xxxx .. x . . .
queue         view     x xxxx xx x x . .
queue         input    . xxxx xx . . . .
queue         correct  . .... .. . . . .
clinical      view     . xxxx xx x x . .
clinical      input    . xxxx .. . . . .
clinical      correct  . xxxx .. . . . .
diagnosis     view     . xxxx xx x x . .
diagnosis     input    . xxxx .. . . . .
diagnosis     correct  . xxxx .. x . . .
allergy       view     x xxxx xx x x . .
allergy       input    . xxxx x. . . . .
allergy       correct  . xxxx x. . . . .
completeness  view     . xxxx .. x x . .
completeness  input    . .... .. x . . .
completeness  correct  . .... .. . . . .
filing        view     x .... .. x x . .
filing        input    x .... .. x . . .
filing        correct  . .... .. . . . .
journal       view     . .... .. x x . .
journal       input    . .... .. . . . .
journal       correct  . .... .. . . . .
register      view     . .... .. . x . x
register      input    . .... .. . x . x
register      correct  . .... .. . x . x
planning      view     . .... .. . x . x
planning      input    . .... .. . x . x
planning      correct  . .... .. . x . x
staff_time    view     . .... .. . x . .
staff_time    input    . .... .. . . . .
staff_time    correct  . .... .. . . . .
observation   view     . .... .. x x . x
observation   input    . .... .. x x . x
observation   correct  . .... .. . . . .
settings      view     . .... .. . x x .
settings      input    . .... .. . x x .
settings      correct  . .... .. . x x .
status        view     . .... .. . x x x
status        input    . .... .. . . . .
status        correct  . .... .. . . . .
district      view     . .... .. . . . x
district      input    . .... .. . . . x
district      correct  . .... .. . . . x
backup        view     . .... .. . x x .
backup        input    . .... .. . . x .
backup        correct  . .... .. . . x .
system        view     . .... .. . x x .
system        input    . .... .. . x x .
system        correct  . .... .. . . x .
"""


def pairs() -> list[tuple[str, str, str, bool]]:
    """Return (resource, action, role, allowed) of every cell."""
    cells = []
    for line in TABLE.split("\n"):
        if line:
            resource, action, *marks = line.split()
            assert len("".join(marks)) == len(ROLES), line
            cells += [
                (resource, action, role, mark == "x")
                for role, mark in zip(ROLES, "".join(marks), strict=True)
            ]
    return cells


def actor(*roles: str, units: dict[str, set[str]] | None = None) -> Actor:
    return Actor(
        account_id=uuid7(),
        practitioner_id=uuid7(),
        name="Contoh",
        facility_id=uuid7(),
        roles=frozenset(roles),
        units=tuple((role, frozenset(codes)) for role, codes in (units or {}).items()),
    )


def test_the_table_here_has_every_resource_action_and_role_there_is() -> None:
    assert set(ROLES) == set(Role.values)
    listed = {(resource, action) for resource, action, _role, _allowed in pairs()}
    assert listed == {(r, a) for r in RIGHTS for a in ("view", "input", "correct")}
    assert {a for actions in RIGHTS.values() for a in actions} <= {"view", "input", "correct"}


@pytest.mark.parametrize(("resource", "action", "role", "allowed"), pairs())
def test_each_pair_is_as_listed(resource: str, action: str, role: str, allowed: bool) -> None:
    person = actor(role)
    assert may(person, action, resource) is allowed  # type: ignore[arg-type]
    if allowed:
        require(person, action, resource)  # type: ignore[arg-type]
    else:
        with pytest.raises(NotAllowed):
            require(person, action, resource)  # type: ignore[arg-type]


def test_nobody_is_allowed_what_is_not_in_the_table() -> None:
    everybody = actor(*ROLES)
    assert not may(everybody, "view", "warehouse")
    assert not may(everybody, "delete", "patient")  # type: ignore[arg-type]
    with pytest.raises(NotAllowed, match="tidak tersedia"):
        require(everybody, "correct", "merge")


def test_a_person_without_a_role_may_nothing() -> None:
    for resource, action, _role, _allowed in pairs():
        assert not may(actor(), action, resource)  # type: ignore[arg-type]


def test_two_roles_may_what_either_may() -> None:
    both = actor("pendaftaran", "dokter")
    assert may(both, "input", "patient")
    assert may(both, "input", "clinical")


class TestByUnit:
    """Queue and clinical writing are limited to the units of the role; reading is not."""

    @pytest.mark.parametrize("resource", sorted(BY_UNIT))
    def test_a_dentist_writes_in_the_dental_unit_only(self, resource: str) -> None:
        dentist = actor("dokter_gigi", units={"dokter_gigi": {"gigi"}})
        assert may(dentist, "input", resource, unit="gigi")
        assert not may(dentist, "input", resource, unit="umum")
        assert may(dentist, "view", resource, unit="umum")
        with pytest.raises(NotAllowed) as refused:
            require(dentist, "input", resource, unit="umum")
        assert refused.value.code == "not_your_unit"

    @pytest.mark.parametrize("resource", sorted(BY_UNIT))
    def test_no_unit_named_means_every_unit(self, resource: str) -> None:
        nurse = actor("perawat", units={"perawat": set()})
        assert may(nurse, "input", resource, unit="umum")
        assert may(nurse, "input", resource, unit="gigi")
        assert may(nurse, "input", resource)

    def test_a_limit_of_one_role_is_not_a_limit_of_another(self) -> None:
        both = actor("bidan", "perawat", units={"bidan": {"kia"}, "perawat": {"umum"}})
        assert may(both, "input", "queue", unit="kia")
        assert may(both, "input", "queue", unit="umum")
        assert not may(both, "input", "queue", unit="gigi")

    def test_a_unit_gives_no_right_that_the_role_has_not(self) -> None:
        pharmacist = actor("farmasi", units={"farmasi": {"farmasi"}})
        assert may(pharmacist, "input", "queue", unit="farmasi")
        assert not may(pharmacist, "input", "clinical", unit="farmasi")

    def test_what_has_no_unit_is_not_limited_by_one(self) -> None:
        counter = actor("pendaftaran", units={"pendaftaran": {"rekam-medis"}})
        assert may(counter, "input", "patient", unit="umum")


def test_a_refusal_says_who_may_and_what_is_safe() -> None:
    with override("id"), pytest.raises(NotAllowed) as refused:
        require(actor("dokter"), "input", "patient")
    assert "Pendaftaran, Perekam medis" in refused.value.message
    assert "Tidak ada yang diubah" in refused.value.message
    assert (refused.value.status, refused.value.code) == (403, "not_allowed")
