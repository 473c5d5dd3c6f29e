"""POST /planning/allocation: the Jember study, locks and needs in rows, and every refusal."""

from typing import Any

import pytest

from simpul.domain.allocation import Problem, Site, posts_of
from simpul.domain.findings import Meaningless
from simpul.planning.allocation.api import EXAMPLE, MOST_FACILITIES, MOST_WAYS, SENT
from simpul.planning.allocation.calculation import Wish, problem_of
from simpul.planning.allocation.reading import read_allocation_file, read_allocation_objects
from simpul.planning.intake.tables import Unusable
from tests.domain.test_allocation import CITY, JEMBER, PROFESSIONS

pytestmark = pytest.mark.django_db
ADDRESS = "/planning/allocation"


def jember_rows() -> list[dict[str, Any]]:
    return [
        {
            "facility": name,
            "category": "perkotaan" if name in CITY else "pedesaan",
            "pustu": 1,
            "villages": 1,
            **dict(zip(PROFESSIONS, have, strict=True)),
        }
        for name, have in JEMBER.items()
    ]


def test_the_example_in_the_documentation_is_what_is_answered(program, head) -> None:
    response = program(head).call("POST", ADDRESS, SENT)
    assert response.status_code == 200
    assert response.json() == EXAMPLE


def test_the_jember_study(program, head) -> None:
    body = {"norm": "dsp-2004", "facilities": jember_rows()}
    answer = program(head).call("POST", ADDRESS, body).json()
    assert answer["totals"]["shortage_before"] == 79
    assert answer["totals"]["filled_by_moving"] == 7
    assert answer["totals"]["needs_hiring"] == 72
    assert answer["summary"].startswith(
        "7 dari 79 kekurangan terisi dengan pemindahan; 72 perlu pengangkatan."
    )
    assert answer["norm"]["verified"] is False
    assert "norm_unverified" in {finding["code"] for finding in answer["findings"]}
    assert all(f["shortage_after"] <= f["shortage_before"] for f in answer["facilities"])


def test_a_wrong_row_is_named_and_the_others_go_on(program, head) -> None:
    rows = jember_rows()
    rows[2]["dokter terkunci"] = 9
    rows[3]["perawat"] = "banyak"
    rows[4]["category"] = "kepulauan"
    body = {"norm": "dsp-2004", "facilities": rows}
    answer = program(head).call("POST", ADDRESS, body).json()
    refused = {(row["line"], row["code"]) for row in answer["refused"]}
    assert refused == {
        (3, "more_locked_than_present"),
        (4, "count_unreadable"),
        (5, "category_without_table"),
    }
    assert len(answer["facilities"]) == 9


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        ({"norm": "tak-ada"}, "norm_unknown", "norm"),
        ({"norm": None}, "need_missing", "norm"),
        ({"norm_set": {"code": "x", "name": "x", "source": "x", "posts": []}}, None, "norm_set"),
        ({"weights": {"raja": 2}}, "profession_unknown", "weights.raja"),
        ({"weights": {"dokter": 0}}, "request_refused", "weights.dokter"),
        ({"weights": {"dokter": "NaN"}}, "request_refused", "weights.dokter"),
        ({"hires": -1}, "request_refused", "hires"),
        ({"farthest_km": 1e400}, None, "farthest_km"),
        ({"facilities": []}, "request_refused", "facilities"),
        ({"facilities": [{"dokter": 1}]}, "facility_column_missing", "facilities"),
        ({"facilities": [{"facility": "A"}]}, "profession_columns_missing", "facilities"),
        ({"lain": 1}, "request_refused", "lain"),
    ],
)
def test_refusals_name_the_place(
    program, head, change: dict[str, Any], code: str | None, where: str
) -> None:
    body = {"norm": "dsp-2004", "facilities": jember_rows(), **change}
    response = program(head).call("POST", ADDRESS, body)
    assert 400 <= response.status_code < 500
    problem = response.json()
    if code is not None:
        assert problem["code"] == code
        assert any(each["where"].startswith(where) for each in problem["errors"])


def test_what_would_take_long_is_refused_with_the_way_out() -> None:
    need = posts_of({"dokter": 1})
    sites = [Site(f"F{n}", {"dokter": n % 3}, need) for n in range(MOST_FACILITIES)]
    with pytest.raises(Meaningless) as refused:
        problem_of(sites, Wish(), most_ways=MOST_WAYS)
    assert refused.value.code == "too_many_ways"
    assert "simpul allocation" in refused.value.message
    assert isinstance(problem_of(sites, Wish()), Problem)


def test_needs_locks_and_circles_are_read_from_columns() -> None:
    data = (
        "Puskesmas;Kabupaten;Dokter;Dokter terkunci;Kebutuhan dokter;drg;drg need\n"
        "A;Jember;3;1;2;;1\n"
        "B;Jember;0;;2;0;1\n"
        "C;Bondowoso;0;0;1;1;0\n"
        "Jumlah;;3;1;5;1;2\n"
    )
    read = read_allocation_file(data.encode(), "a.csv")
    sites = {site.name: site for site in read.sites_by_need()}
    assert sites["A"].circle == "Jember"
    assert sites["A"].locked == {"dokter": 1}
    # The dentists of A are not stated, so nothing is asked of them.
    assert [(p.professions, p.count) for p in sites["A"].posts] == [(("dokter",), 2)]
    assert {p.professions: p.count for p in sites["B"].posts} == {
        ("dokter",): 2, ("dokter_gigi",): 1,
    }  # fmt: skip
    assert list(sites) == ["A", "B", "C"]


def test_a_column_written_twice_is_refused() -> None:
    rows = [{"facility": "A", "dokter": 1, "dokter need": 1, "kebutuhan dokter": 2}]
    with pytest.raises(Unusable) as refused:
        read_allocation_objects(rows)
    assert refused.value.code == "column_twice"
