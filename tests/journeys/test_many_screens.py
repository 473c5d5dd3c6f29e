"""Two counters and three polis at once: everything arrives once, at the right place."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.conftest import Person, Site
from tests.journeys.desks import Counter, Poli
from tests.journeys.stored import rows

#: For each of the twelve: what is typed to find them, the complaint, and where that belongs.
WISHES = (
    ("agus 100580", "demam", "umum"),
    ("dwi 110580", "gigi berlubang", "gigi"),
    ("siti 120385", "pusing", "umum"),
    ("siti aminar 120385", "demam", "umum"),
    ("herman 120580", "gatal", "umum"),
    ("nurul 130580", "sakit gigi", "gigi"),
    ("ratna 010290", "kontrol kandungan", "kia"),
    ("painem 140580", "batuk", "umum"),
    ("joko 150580", "cabut gigi", "gigi"),
    ("yuliana 160580", "mual", "umum"),
    ("misbahul 170580", "pilek", "umum"),
    ("tri 180580", "karang gigi", "gigi"),
)


def test_two_counters_and_three_polis(sit_down: Callable[..., Person], site: Site) -> None:
    counters = [Counter(sit_down(name)).open() for name in ("loket1", "loket2")]
    polis = {
        unit: Poli(sit_down(name)).open(unit)
        for unit, name in {"umum": "dokter", "gigi": "gigi", "kia": "bidan"}.items()
    }
    given: dict[str, list[str]] = {unit: [] for unit in polis}

    # Two people work at the same time: each step of one is followed by the same step of the other.
    for pair in zip(WISHES[::2], WISHES[1::2], strict=True):
        at_work = list(zip(counters, pair, strict=True))
        for counter, (text, _complaint, _unit) in at_work:
            expect(counter.look_for(text).first).to_be_visible()
        for counter, _wish in at_work:
            counter.open_marked()
        for counter, (_text, complaint, _unit) in at_work:
            counter.complain(complaint)
        for counter, _wish in at_work:
            counter.page.keyboard.press("Enter")
        for counter, (_text, _complaint, unit) in at_work:
            number = counter.person.at("loket-nomor")
            expect(number).to_be_visible()
            given[unit].append(number.inner_text().strip())
            expect(counter.person.at("loket-cari")).to_be_focused()

    # Each number shows once, on the screen of its own poli and of no other, without a reload.
    for unit, desk in polis.items():
        expect(desk.person.at("poli-baris")).to_have_count(len(given[unit]))
        assert sorted(desk.numbers()) == sorted(given[unit])
    every = [number for numbers in given.values() for number in numbers]
    assert len(every) == len(set(every)) == len(WISHES)
    assert rows(site.folder, "SELECT count(*) FROM distribution_distribution") == [(12,)]

    # Both counters see the same: all of it has arrived.
    for counter in counters:
        counter.person.open("/kunjungan")
        arrived = counter.person.page.locator(
            '[data-uji="kunjungan-baris"] [data-step="shown"].is-done'
        )
        expect(arrived).to_have_count(len(WISHES))
    boards = [
        counter.person.page.locator('[data-uji="kunjungan-daftar"] .ticket').all_inner_texts()
        for counter in counters
    ]
    assert boards[0] == boards[1]
    assert sorted(boards[0]) == sorted(every)


def test_names_that_look_alike_are_marked_on_both_rows(sit_down: Callable[..., Person]) -> None:
    loket, poli = sit_down("loket1"), sit_down("dokter")
    counter = Counter(loket).open()
    counter.look_for("siti")
    found = loket.at("loket-hasil").filter(has_text="SITI AMINA")
    expect(found).to_have_count(3)
    expect(found.filter(has_text="mirip")).to_have_count(3)
    counter.open()

    desk = Poli(poli).open("umum")
    alike = poli.at("poli-baris").filter(has_text="SLAMET")
    first = counter.register("slamet riyadi 030375", "pegal", "SLAMET RIYADI")
    expect(desk.row(first)).not_to_contain_text("nama mirip")
    second = counter.register("slamet riadi 040476", "pegal", "SLAMET RIADI")
    expect(alike).to_have_count(2)
    for number in (first, second):
        expect(desk.row(number)).to_contain_text("nama mirip")
