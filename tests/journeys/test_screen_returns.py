"""A poli's screen that was away gets what it missed, once; and the counter knew meanwhile."""

import re
import signal
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.journeys.conftest import Person, Site
from tests.journeys.desks import Counter, Poli
from tests.journeys.stored import rows

#: The counter is told after 30 s; the page looks by itself.
LATE_MS = 60_000


def acknowledged(site: Site) -> list[int]:
    """How often the screen said that it showed each record."""
    return [n for (n,) in rows(
        site.folder,
        "SELECT count(*) FROM journal_journalentry WHERE act = 'shown' GROUP BY encounter",
    )]  # fmt: skip


def shown(person: Person) -> Locator:
    """The strip's lines of what the poli has on its screen."""
    return person.at("loket-terakhir-baris").filter(has_text="tampil di poli")


def test_a_closed_screen_is_missed_and_returns(sit_down: Callable[..., Person], site: Site) -> None:
    loket, papan, poli = sit_down("loket1"), sit_down("loket2"), sit_down("dokter")
    desk = Poli(poli).open("umum")
    counter = Counter(loket).open()
    first = counter.register("agus 100580", "pegal")
    expect(desk.row(first)).to_be_visible()
    expect(shown(loket)).to_have_count(1)
    poli.page.close()

    missed = [
        counter.register("dwi 110580", "pegal"),
        counter.register("herman 120580", "pegal"),
    ]
    papan.open("/kunjungan")
    late = papan.at("kunjungan-baris-terlambat")
    expect(late).to_have_count(2, timeout=LATE_MS)
    first_late = late.first
    expect(first_late).to_contain_text(
        re.compile(rf"({'|'.join(missed)}) belum tampil di Poli Umum:\s+layar poli tertutup sejak")
    )
    for act in ("kirim-ulang", "alihkan", "slip-antar"):
        expect(first_late.locator(f'[data-uji="kunjungan-{act}"]')).to_be_visible()
    expect(loket.at("loket-terakhir-baris").filter(has_text="belum tampil di poli")).to_have_count(
        2, timeout=LATE_MS
    )

    # The screen comes back: it has all three, each once, and the amber goes by itself.
    poli.page = poli.context.new_page()
    desk = Poli(poli).open("umum")
    expect(poli.at("poli-baris")).to_have_count(3)
    assert sorted(desk.numbers()) == sorted([first, *missed])
    expect(late).to_have_count(0)
    expect(shown(loket)).to_have_count(3)
    assert acknowledged(site) == [1, 1, 1]
    poli.page.reload()
    expect(poli.at("poli-baris")).to_have_count(3)
    assert acknowledged(site) == [1, 1, 1]


def test_a_cut_cable_at_the_poli(sit_down: Callable[..., Person], site: Site) -> None:
    loket, poli = sit_down("loket1"), sit_down("dokter")
    desk = Poli(poli).open("umum")
    before = poli.at("poli-baris").count()
    told = sum(acknowledged(site))
    poli.context.set_offline(True)
    counter = Counter(loket).open()
    numbers = [
        counter.register("nurul 130580", "pegal"),
        counter.register("painem 140580", "pegal"),
    ]
    expect(poli.at("poli-baris")).to_have_count(before)
    poli.context.set_offline(False)
    expect(poli.at("poli-baris")).to_have_count(before + 2, timeout=LATE_MS)
    for number in numbers:
        expect(desk.row(number)).to_have_count(1)
        expect(counter.recent(number)).to_contain_text("tampil di poli")
    assert sum(acknowledged(site)) == told + 2


def test_the_server_is_killed_and_started_again(
    sit_down: Callable[..., Person], site: Site
) -> None:
    loket, poli = sit_down("loket1"), sit_down("dokter")
    desk = Poli(poli).open("umum")
    counter = Counter(loket).open()
    before = poli.at("poli-baris").count()

    site.stop(signal.SIGKILL)
    for person in (loket, poli):
        expect(person.at("keadaan")).to_have_attribute("data-state", "no-server")
    # At the counter nothing typed is lost, and the strip says so.
    loket.page.keyboard.type("joko 150580", delay=40)
    # With a local copy the strip offers the offline counter instead of another try.
    said = loket.at("strip-server").or_(loket.at("luring-tawaran")).filter(visible=True)
    expect(said.first).to_contain_text("Tidak tersambung ke server Puskesmas")
    expect(loket.at("loket-cari")).to_have_value("joko 150580")
    expect(poli.at("poli-baris")).to_have_count(before)

    site.start()
    for person in (loket, poli):
        expect(person.at("keadaan")).to_have_attribute("data-state", "connected", timeout=LATE_MS)
    counter.open()
    number = counter.register("joko 150580", "pegal")
    expect(desk.row(number)).to_have_count(1)
    expect(poli.at("poli-baris")).to_have_count(before + 1)
    expect(counter.recent(number)).to_contain_text("tampil di poli")
