"""POST /planning/distribution: the same result as the command, refusals by field, nothing kept."""

from typing import Any

import pytest

from simpul.foundation.journal.models import JournalEntry

PATH = "/planning/distribution"
PEOPLE = [
    {"facility": "Ambulu", "education": "D3 RMIK", "employment": "PNS", "trained": True},
    {"puskesmas": "Sabrang", "pendidikan": "SMA", "status": "TKK", "pelatihan": "belum"},
    {"facility": "Sabrang", "years_of_service": 2.5},
]


@pytest.fixture
def send(program, nurse) -> Any:
    client = program(nurse)
    return lambda body: client.call("POST", PATH, body)


def test_people_in_distribution_out(send: Any) -> None:
    before = JournalEntry.objects.count()
    response = send({"people": PEOPLE, "as_of": "2016-06-30"})
    assert response.status_code == 200
    told = response.json()
    assert (told["people"], told["asn"]["n"], told["asn"]["percent"]) == (3, 1, 33.33)
    assert told["education"]["missing"]["n"] == 1
    assert told["years_of_service"]["bands"][0] == {
        "years": "0–<5",
        "at_least": 0,
        "below": 5,
        "n": 1,
        "asn": 0,
        "not_asn": 0,
        "status_unknown": 1,
    }
    assert told["equity"] == {"population": None, "need": None}
    assert JournalEntry.objects.count() == before


def test_against_population_and_need(send: Any) -> None:
    told = send(
        {
            "people": PEOPLE,
            "facilities": [
                {"facility": "Ambulu", "population": 10_000, "need": 1, "group": "Ambulu"},
                {"facility": "PUSKESMAS SABRANG", "population": 10_000, "need": 2},
                {"facility": "Kosong", "population": 5_000},
            ],
        }
    ).json()
    assert told["per_facility"]["min"] == 0
    assert told["equity"]["need"]["gini"] == 0
    assert told["equity"]["population"]["places"] == 3
    assert any(one["code"] == "base_missing" for one in told["findings"])


def test_the_need_a_wisn_answer_gives_is_taken(send: Any) -> None:
    response = send(
        {
            "people": PEOPLE,
            "facilities": [
                {"facility": "Ambulu", "need": 1.704795564},
                {"facility": "B", "need": 10 / 3},
            ],
        }
    )
    assert response.status_code == 200, response.content
    assert response.json()["equity"]["need"]["gini"] > 0


def test_unreadable_rows_refuse_the_call_and_are_named_as_sent(send: Any) -> None:
    response = send(
        {"people": [*PEOPLE, {"fasilitas": "A", "pelatihan": "mungkin"}, {"status": "PNS"}]}
    )
    assert response.status_code == 422
    assert response.headers["Content-Type"] == "application/problem+json"
    assert [(one["where"], one["code"]) for one in response.json()["errors"]] == [
        ("people.3.pelatihan", "trained_unreadable"),
        ("people.4.facility", "facility_missing"),
    ]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "people"),
        ({"people": []}, "people"),
        ({"people": PEOPLE, "facility_count": -1}, "facility_count"),
        ({"people": PEOPLE, "facilities": [{"facility": "A", "population": -5}]}, None),
        ({"people": PEOPLE, "facilities": [{"facility": "A", "population": "1e400"}]}, None),
        ({"people": PEOPLE, "facilities": [{"facility": "A", "population": "NaN"}]}, None),
        ({"people": PEOPLE, "hal": 1}, "hal"),
        ({"people": [{"facility": ["A"]}]}, None),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(
    send: Any, body: dict[str, Any], where: str | None
) -> None:
    response = send(body)
    assert response.status_code == 422
    places = [one["where"] for one in response.json()["errors"]]
    assert places
    assert where is None or places == [where]


@pytest.mark.parametrize("value", [10**400, 1e308, -1e308, 1e-320, True, "∞", "1e5"])
def test_odd_years_never_break_it(send: Any, value: object) -> None:
    response = send({"people": [{"facility": "A", "masa kerja": value}]})
    assert response.status_code in (200, 422)


def test_many_different_answers_stay_quick(send: Any) -> None:
    rows = [{"facility": f"F{n % 700}", "education": f"jurusan {n}"} for n in range(8000)]
    told = send({"people": rows}).json()
    assert len(told["education"]["rows"]) == 8000


def test_staff_where_nobody_lives_is_a_finding_not_a_fall(send: Any) -> None:
    told = send({"people": PEOPLE, "facilities": [{"facility": "Ambulu", "population": 0}]}).json()
    assert told["equity"]["population"] is None
    assert any(one["code"] == "no_base" for one in told["findings"])
