"""Killed browsers, two tabs, ended sessions, other people, two computers, a poli: nothing is lost.

And nothing is sent twice, and nothing goes under another person's name.
"""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.journeys.conftest import PATIENCE_MS, SIZE, Person, Site
from tests.journeys.desks import Counter, Poli, has_focus, write
from tests.journeys.offline_desks import (
    IS_ANSWERED,
    IS_WRAPPED,
    come_back,
    complain_and_save,
    copied,
    cut,
    go_on,
    is_open,
    register,
    sign_in,
    until,
)
from tests.journeys.seed import PASSWORD
from tests.journeys.stored import rows

WHO = """
    SELECT p.name, e.complaint, a.username
    FROM registration_encounter e JOIN patients_patient p ON p.id = e.patient_id
    LEFT JOIN offline_offlineitem i ON i.id = e.id LEFT JOIN staff_account a ON a.id = i.typed_by
    ORDER BY e.id
"""


def visits_of(site: Site, name: str) -> list[tuple[str, str]]:
    """Complaint and writer of the visits of somebody."""
    return [(row[1], row[2]) for row in rows(site.folder, WHO) if row[0] == name]


@pytest.fixture
def computer(browser: Browser, site: Site, tmp_path: Path) -> Iterator[Callable[[], Person]]:
    """Return a function that starts this computer's browser; its disk outlives a killed one."""
    started: list[BrowserContext] = []

    def start() -> Person:
        context = browser.browser_type.launch_persistent_context(
            str(tmp_path / "profile"),
            executable_path=os.environ.get("SIMPUL_TEST_CHROMIUM") or "/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            viewport=SIZE,  # type: ignore[arg-type]
        )
        context.set_default_timeout(PATIENCE_MS)
        started.append(context)
        return Person(page=context.pages[0], context=context, site=site)

    yield start
    for context in started[-1:]:
        context.close()


def kill_browser(tmp_path: Path) -> None:
    """End this computer's browser as a dead battery does: no page hears of it."""
    folder = str(tmp_path / "profile")
    for process in Path("/proc").iterdir():
        try:
            line = (process / "cmdline").read_bytes().decode(errors="replace")
            if folder in line and "--type=" not in line:
                os.kill(int(process.name), signal.SIGKILL)
        except (OSError, ValueError):
            continue


def test_a_killed_browser_and_the_pin(
    computer: Callable[[], Person], site: Site, tmp_path: Path
) -> None:
    """Killed in the middle of a word, with the server gone: the PIN opens, the word is there."""
    rina = computer()
    sign_in(rina.page, site.url, "loket1")
    until(rina.page, IS_WRAPPED)
    cut(rina)
    rina.page.goto(f"{site.url}/luring")
    is_open(rina.page)
    register(rina, "agus salim", "batuk", "AGUS SALIM")
    rina.page.keyboard.type("painem")
    expect(rina.at("loket-hasil").first).to_contain_text("PAINEM")
    rina.page.keyboard.press("Enter")
    has_focus(rina.at("loket-keluhan"))
    write(rina.page, "pusing sejak kemar")
    rina.page.wait_for_timeout(150)
    kill_browser(tmp_path)

    again = computer()
    again.context.set_offline(True)
    again.page.goto(f"{site.url}/loket")
    expect(again.at("luring-buka")).to_be_visible()
    again.at("luring-pin").fill("salah-123")
    again.page.keyboard.press("Enter")
    expect(again.at("luring-buka-pesan")).to_contain_text("PIN belum cocok. Sisa 4 kali")
    again.at("luring-pin").fill(PASSWORD)
    again.page.keyboard.press("Enter")
    is_open(again.page)
    expect(again.at("banner-pasien")).to_contain_text("PAINEM")
    expect(again.at("loket-keluhan")).to_have_value("pusing sejak kemar")
    expect(again.at("luring-butir")).to_have_count(1)

    # A second tab at the same time: the items go once, whichever sends them.
    other = again.context.new_page()
    other.goto(f"{site.url}/luring")
    is_open(other)
    again.context.set_offline(False)
    # The cookies of the last half minute went with the battery, so somebody signs in first.
    sign_in(again.page, site.url, "loket1")
    for page in (again.page, other):
        page.evaluate("luring.link.probe()")
    until(again.page, IS_ANSWERED)
    assert visits_of(site, "AGUS SALIM") == [("batuk", "loket1")]


def test_five_wrong_pins_wait(computer: Callable[[], Person], site: Site) -> None:
    rina = computer()
    sign_in(rina.page, site.url, "loket1")
    until(rina.page, IS_WRAPPED)
    rina.page.goto(f"{site.url}/luring")
    is_open(rina.page)
    rina.at("luring-ganti-orang").click()
    for _ in range(5):
        rina.at("luring-pin").fill("bukan-pinnya")
        rina.page.keyboard.press("Enter")
        expect(rina.at("luring-buka-tombol")).to_be_enabled()
        expect(rina.at("luring-pin")).to_have_value("")
    expect(rina.at("luring-buka-pesan")).to_contain_text("Tunggu 5 menit")
    rina.at("luring-pin").fill(PASSWORD)
    rina.page.keyboard.press("Enter")
    expect(rina.at("luring-buka-pesan")).to_contain_text("Tunggu 5 menit")


def test_another_person_carries_what_waits(computer: Callable[[], Person], site: Site) -> None:
    """Rina logs out with two items waiting; Yuni signs in, and they go under Rina's name."""
    rina = computer()
    sign_in(rina.page, site.url, "loket1")
    cut(rina)
    rina.page.goto(f"{site.url}/luring")
    is_open(rina.page)
    register(rina, "kusnadi", "gatal", "KUSNADI")
    register(rina, "bagas", "demam", "BAGAS")
    # Her session ends meanwhile, and nobody sends anything until somebody signs in.
    rina.context.clear_cookies()
    rina.context.set_offline(False)
    rina.page.evaluate("luring.link.probe()")
    expect(rina.at("luring-strip")).to_contain_text("2 isian aman di komputer ini")
    expect(rina.at("luring-butir").first).to_contain_text("Tersimpan di komputer ini")
    assert visits_of(site, "KUSNADI") == []

    sign_in(rina.page, site.url, "loket2")
    until(rina.page, IS_ANSWERED)
    expect(rina.at("luring-kabar")).to_contain_text("2 isian dari komputer ini")
    assert visits_of(site, "KUSNADI") == [("gatal", "loket1")]
    assert visits_of(site, "BAGAS PRATAMA") == [("demam", "loket1")]


def test_a_log_out_takes_the_key_along(computer: Callable[[], Person], site: Site) -> None:
    rina = computer()
    sign_in(rina.page, site.url, "loket1")
    until(rina.page, IS_WRAPPED)
    rina.at("keluar").click()
    rina.page.wait_for_url("**/masuk")
    assert rina.page.evaluate("luring.keyring.people().then(all => all.length)") == 0
    assert rina.page.evaluate("luring.store.keys('buckets').then(all => all.length)") == 0
    rina.context.set_offline(True)
    rina.page.goto(f"{site.url}/loket")
    expect(rina.page.locator("[data-unlock-none]")).to_be_visible()


def test_two_computers_and_one_new_patient(sit_down: Callable[..., Person], site: Site) -> None:
    """Both type the same woman while both are cut off: nobody is lost, one line to look at."""
    both = [sit_down("loket1"), sit_down("loket2")]
    for loket in both:
        Counter(loket).open()
        copied(loket)
        loket.context.set_offline(True)
    for loket, complaint in zip(both, ("batuk", "pusing"), strict=True):
        write(loket.page, "MARSINAH 14081979")
        expect(loket.at("luring-tawaran")).to_be_visible()
        go_on(loket)
        expect(loket.at("loket-cari")).to_have_value("MARSINAH 14081979")
        loket.page.keyboard.press("F4")
        expect(loket.at("pasien-baru-nama")).to_have_value("MARSINAH")
        loket.at("pasien-baru-nik").fill("3509195408790003")
        loket.at("pasien-baru-kelamin").select_option("female")
        loket.at("pasien-baru-ibu").fill("SUTINI")
        loket.at("pasien-baru-desa").fill("Sabrang")
        loket.page.keyboard.press("F9")
        complain_and_save(loket, complaint)
    for loket in both:
        come_back(loket)
    found = rows(
        site.folder,
        "SELECT count(*) FROM registration_encounter e JOIN patients_patient p"
        " ON p.id = e.patient_id WHERE p.name = 'MARSINAH'",
    )
    held = rows(site.folder, "SELECT count(*) FROM offline_offlineitem")
    tasks = rows(site.folder, "SELECT kind FROM merging_reviewtask")
    assert held[0][0] >= 2
    assert found[0][0] == 2
    assert len(tasks) == 1, tasks


def test_a_draft_at_the_poli(sit_down: Callable[..., Person], site: Site) -> None:
    """The last queue stays; what is written is a draft, and comes back into the record."""
    loket = sit_down("loket1")
    counter = Counter(loket).open()
    number = counter.register("larasati", "batuk", "LARASATI")
    dokter = sit_down("dokter")
    poli = Poli(dokter).open("umum")
    expect(poli.row(number)).to_be_visible()
    copied(dokter)
    until(dokter.page, "luring.copying.queue('umum').then(q => !!q && q.rows.length > 0)")
    dokter.context.set_offline(True)
    expect(dokter.at("luring-tawaran")).to_be_visible()
    go_on(dokter)
    expect(dokter.at("luring-antrean-pukul")).to_contain_text("Antrean terakhir terlihat pukul")
    line = dokter.at("poli-baris").filter(has_text="LARASATI")
    line.click()
    dokter.at("poli-s").fill("batuk 3 hari, tidak sesak")
    dokter.at("poli-p").fill("obat batuk")
    dokter.page.reload()
    is_open(dokter.page)
    expect(dokter.at("poli-s")).to_have_value("batuk 3 hari, tidak sesak")
    dokter.page.keyboard.press("F9")
    expect(dokter.at("luring-draf-tersimpan")).to_contain_text("LARASATI")
    come_back(dokter)
    signed = rows(site.folder, "SELECT count(*) FROM care_entry")
    dokter.page.keyboard.press("F8")
    dokter.page.wait_for_url("**/poli/umum")
    poli.call_next("LARASATI")
    expect(dokter.at("poli-s")).to_have_value("batuk 3 hari, tidak sesak")
    expect(dokter.at("draf-luring")).to_be_visible()
    assert rows(site.folder, "SELECT count(*) FROM care_entry") == signed


def test_the_server_itself_stops(sit_down: Callable[..., Person], site: Site) -> None:
    """Not the cable, the server: the open page offers the counter, a reload gives it too."""
    loket = sit_down("loket1")
    Counter(loket).open()
    copied(loket)
    site.stop()
    try:
        write(loket.page, "tri wahyudi")
        expect(loket.at("luring-tawaran")).to_be_visible()
        loket.page.reload()
        is_open(loket.page)
        number = register(loket, "tri wahyudi", "batuk", "TRI WAHYUDI")
    finally:
        site.start()
    loket.page.evaluate("luring.link.probe()")
    until(loket.page, IS_ANSWERED)
    expect(loket.at("luring-butir").first).to_contain_text("Tersimpan di server")
    assert visits_of(site, "TRI WAHYUDI") == [("batuk", "loket1")]
    assert number[0] == "A"
