"""The browser reads names, dates, searches and complaints exactly as the server does.

Each script runs in a real Chromium on a page of its own, with the server's own tables; every answer
is compared with the Python it was written after.
"""

import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import segno
from playwright.sync_api import Browser, Page

from simpul.domain import matching, names
from simpul.domain.dates import format_date, read_birth_date
from simpul.domain.errors import DomainError
from simpul.domain.identity import nik_birth_date, parse_nik
from simpul.domain.matching_records import PersonKey
from simpul.domain.placement import impossible, suggest
from simpul.domain.placement_cases import read_case
from simpul.domain.placement_check import situation_of_case
from simpul.domain.placement_table import Situation
from simpul.domain.search import Query, read_query
from simpul.service.distribution.offline.word_tables import word_tables
from simpul.service.registration.placement.selectors import NATIONAL, rules_as_json
from tests.domain.placement_labels import labels
from tests.journeys.seed import PATIENTS

SCRIPTS = Path(__file__).resolve().parents[2] / "simpul" / "web" / "static" / "web" / "offline"
READERS = ("names", "dates", "reading", "complaints", "placement", "candidates", "qr")
TODAY = date(2026, 11, 22)
NAMES = (
    *(row[0] for row in PATIENTS),
    *(row[5] for row in PATIENTS),
    "H. Moch. Ma'ruf, S.Pd", "Hj. St. Chotidjah", "Soekarno", "Djoko Tjahjono", "Sjarifah Noor",
    "By. Ny. Siti", "M. Abdur-Rahman", "Abdoel Moeis", "Tan Bun Kwie", "Oei Tiong Ham", "Ni Luh",
    "Poltak br. Sitompul", "Zaenal Abidin", "Qomariah Ch. Umar", "drg. Rr. Endah S.KM.", "H.Ahmad",
    "José Ñúñez", "Xaverius", "A", "", "1234", "Muhammad Rizqi Al-Fatih", "NURHAYATI", "NUR HAYATI",
)  # fmt: skip
DATES = (
    "12031985", "12/3/85", "12 mar 1985", "1985-03-12", "120385", "35th", "8bl", "10hr", "1th 2bl",
    "± 35 th", "1985", "2026", "31/2/1990", "40131990", "agustus", "17 agt 45", "29/2/2024",
    "29022023", "5 mgg", "200th", "01012030", "12.3.1985", "7 nop 01", "usia 60 tahun", "", "0",
    "19850312",
)  # fmt: skip
SEARCHES = (
    "", "siti", "siti ami 120385", "siti 1985", "siti 35th", "120385 siti", "3509195203850001",
    "0001234567801", "RM:000123", "aq: AB12", "bk:0009", "081234567890", "+628123456789", "123456",
    "12031985", "12/3/85", "004512", "35091952", "3509 1952 0385 0001", "budi 4 juli 1957",
    "2 siti 3", "siti aminah 12 mar 85", "08123", "99999999999999999",
)  # fmt: skip


@pytest.fixture(scope="module")
def reader(browser: Browser) -> Iterator[Page]:
    """A page with the readers and the server's tables."""
    page = browser.new_page()
    page.goto("about:blank")
    for name in READERS:
        page.add_script_tag(path=str(SCRIPTS / f"{name}.js"))
    page.evaluate(
        "([tables, rules]) => { luring.tables = tables; luring.names.load(tables.names);"
        " window.table = luring.placement.table(rules); }",
        [word_tables(), rules_as_json(NATIONAL)],
    )
    yield page
    page.close()


def test_names_have_the_same_keys(reader: Page) -> None:
    told = reader.evaluate("list => list.map(name => luring.names.keys(name))", list(NAMES))

    assert told == [list(names.name_keys(name)) for name in NAMES]


def test_titles_are_cut_at_the_same_place(reader: Page) -> None:
    told = reader.evaluate("list => list.map(name => luring.names.splitTitles(name))", list(NAMES))

    assert [tuple(pair) for pair in told] == [names.split_titles(name) for name in NAMES]


def test_names_are_as_alike_as_on_the_server(reader: Page) -> None:
    pairs = [[a, b] for a in NAMES for b in NAMES]
    told = reader.evaluate("pairs => pairs.map(([a, b]) => luring.names.likeness(a, b))", pairs)

    assert told == pytest.approx([names.likeness(a, b) for a, b in pairs], abs=1e-9)


def read_date(text: str) -> list[Any]:
    try:
        read = read_birth_date(text, TODAY)
    except DomainError as error:
        return [error.code, error.message]
    return [
        None if read.value is None else read.value.isoformat(),
        read.estimated,
        read.needs_century,
        read.echo,
        [day.isoformat() for day in read.options],
    ]


def test_dates_are_read_alike(reader: Page) -> None:
    told = reader.evaluate(
        """([list, today]) => list.map((text) => {
          try {
            const read = luring.dates.read(text, today);
            return [read.value, read.estimated, read.century, read.echo, read.options];
          } catch (error) { return [error.code, error.message]; }
        })""",
        [list(DATES), TODAY.isoformat()],
    )

    assert told == [read_date(text) for text in DATES]


def query_told(query: Query) -> list[Any]:
    return [
        query.kind,
        query.number,
        query.name,
        [day.isoformat() for day in query.birth_dates],
        query.year,
        query.scanned,
        [query_told(other) for other in query.also],
    ]


def test_the_search_box_is_read_alike(reader: Page) -> None:
    told = reader.evaluate(
        """([list, today]) => {
          const tell = (q) =>
            [q.kind, q.number, q.name, q.dates, q.year, q.scanned, q.also.map(tell)];
          return list.map((text) => tell(luring.reading.query(text, today)));
        }""",
        [list(SEARCHES), TODAY.isoformat()],
    )

    assert told == [query_told(read_query(text, TODAY)) for text in SEARCHES]


def test_a_nik_tells_the_same(reader: Page) -> None:
    chance = random.Random(16)  # noqa: S311 - made-up numbers
    numbers = [row[3] for row in PATIENTS if row[3]]
    numbers += ["".join(chance.choice("0123456789") for _ in range(16)) for _ in range(300)]
    numbers += ["35091952038500", "3509195203850000", "350919520385000O", "9909195203850001"]
    told = reader.evaluate(
        """([list, today]) => list.map((number) => {
          try { const read = luring.reading.nik(number, today); return [read.sex, read.days[0]]; }
          catch (error) { return error.message; }
        })""",
        [numbers, TODAY.isoformat()],
    )

    for number, answer in zip(numbers, told, strict=True):
        expected: Any
        try:
            nik = parse_nik(number)
            expected = [nik.sex, nik_birth_date(nik, TODAY).value.isoformat()]
        except DomainError as error:
            expected = error.message
        assert answer == expected, number


def as_script(it: Situation) -> dict[str, Any]:
    return {
        "complaint": it.complaint,
        "sex": it.sex,
        "birth_date": it.birth_date and it.birth_date.isoformat(),
        "on": it.on and it.on.isoformat(),
        "age_days": it.age_days,
        "pregnant": bool(it.pregnant),
        "postpartum": it.postpartum,
        "emergency": it.emergency,
        "age_estimated": it.age_estimated,
        "booked_unit": it.booked_unit,
        "programmes": list(it.programmes),
        "immunisation_due": it.immunisation_due,
    }


def suggested(it: Situation) -> list[Any] | None:
    found = suggest(it, NATIONAL)
    if found is None:
        return None
    return [found.unit, found.cluster, found.rule, found.reason, found.call_now]


def test_every_labelled_complaint_finds_the_same_rule(reader: Page) -> None:
    situations = [situation_of_case(read_case(f"{it.who} | {it.complaint}")) for it in labels()]
    told = reader.evaluate(
        """list => list.map((it) => {
          const found = table.suggest(it);
          return found && [found.unit, found.cluster, found.rule, found.reason, found.call_now];
        })""",
        [as_script(it) for it in situations],
    )

    assert len(situations) >= 200
    differ = [
        (it.complaint, answer, suggested(it))
        for it, answer in zip(situations, told, strict=True)
        if answer != suggested(it)
    ]
    assert differ == []


def test_the_same_pairs_are_asked_about(reader: Page) -> None:
    chance = random.Random(7)  # noqa: S311 - made-up people
    units = ("umum", "mtbs", "kia", "persalinan", "lansia")
    asked = [
        (
            Situation(
                sex=chance.choice(("male", "female")),
                birth_date=TODAY - timedelta(days=chance.randrange(0, 33000)),
                on=TODAY,
                pregnant=chance.random() < 0.3,
            ),
            chance.choice(units),
        )
        for _ in range(400)
    ]
    told = reader.evaluate(
        "list => list.map(([it, unit]) => table.impossible(it, unit)?.message ?? null)",
        [[as_script(it), unit] for it, unit in asked],
    )

    for (it, unit), answer in zip(asked, told, strict=True):
        finding = impossible(it, unit)
        assert answer == (finding.message if finding else None)


def key_of(row: tuple[str, ...], **changes: Any) -> PersonKey:
    name, born, sex, nik, bpjs, mother = row
    with suppress(ValueError):
        day = date(int(born[4:]), int(born[2:4]), int(born[:2]))
    values: dict[str, Any] = {
        "name": name,
        "birth_date": day,
        "sex": sex,
        "nik": nik,
        "bpjs": bpjs,
        "mother_name": mother,
        "village": "Sabrang",
        "rt": "03",
        "rw": "02",
    }
    return PersonKey(**{**values, **changes})


def weighed_here(reader: Page, pairs: list[tuple[PersonKey, PersonKey]]) -> list[Any]:
    def plain(key: PersonKey) -> dict[str, Any]:
        return {
            "name": key.name,
            "birth_date": key.birth_date and key.birth_date.isoformat(),
            "birth_date_estimated": key.birth_date_estimated,
            "sex": key.sex,
            "mother_name": key.mother_name,
            "village": key.village,
            "rt": key.rt,
            "rw": key.rw,
            # A hash says only whether it is the same number; so does the number itself here.
            "nik_hash": key.nik,
            "bpjs_hash": key.bpjs,
        }

    return list(
        reader.evaluate(
            "pairs => pairs.map(([a, b]) => { const m = luring.candidates.compare(a, b);"
            " return [m.level, m.agrees, m.differs]; })",
            [[plain(a), plain(b)] for a, b in pairs],
        )
    )


def test_candidates_are_weighed_alike(reader: Page) -> None:
    people = [key_of(row) for row in PATIENTS]
    changed = [key_of(row, nik="", bpjs="", name=row[0].replace("I", "Y")) for row in PATIENTS]
    elsewhere = [key_of(row, village="Ambulu", nik="", mother_name="") for row in PATIENTS]
    pairs = [(a, b) for a in (*changed, *elsewhere, *people) for b in people]
    told = weighed_here(reader, pairs)

    for (a, b), answer in zip(pairs, told, strict=True):
        match = matching.compare(a, b)
        slips = [w for w in match.agrees if w.startswith(("NIK ", "BPJS ")) and "sama" not in w]
        if slips or match.level == "household":
            continue  # slips of numbers and twins' serials need the numbers themselves
        assert answer == [match.level, list(match.agrees), list(match.differs)], (a, b)


def test_the_square_code_is_the_one_the_server_prints(reader: Page) -> None:
    for text in ("AQ:0193A5B7C8D9E0F1A2B3C4D5E6F70819", "AQ:FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"):
        drawn = reader.evaluate("text => luring.qr.matrix(text).map(row => row.map(Number))", text)
        code = segno.make(
            text, version=2, error="m", mode="alphanumeric", mask=0, boost_error=False
        )

        assert drawn == [[int(bool(cell)) for cell in row] for row in code.matrix]


def test_dates_are_shown_alike(reader: Page) -> None:
    days = [TODAY - timedelta(days=n * 97) for n in range(200)]
    told = reader.evaluate("list => list.map(luring.dates.format)", [d.isoformat() for d in days])

    assert told == [format_date(day) for day in days]
