"""The officer of the Dinas looks for moves and tries what would help: by keys, kept, compared."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.accessible import Inspection
from tests.journeys.conftest import ROOT, Person, Site, environment

PINDAH = "/perencanaan/pemindahan?norma=permenkes-75-2014"
JIKA = "/perencanaan/bagaimana-jika"
COUNTER = "datang=54&menit=5,86&buka=14:00&tutup=17:00&loket=2&pola=rata"


@pytest.fixture(scope="module")
def district(site: Site) -> Site:
    """The running site with a district around it."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys.seed_district"],
        cwd=ROOT,
        env=environment(site.folder),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return site


@pytest.fixture
def officer(district: Site, sit_down: Callable[..., Person]) -> Person:
    return sit_down("dinas")


@pytest.fixture
def inspection() -> Iterator[Inspection]:
    inspection = Inspection()
    yield inspection
    inspection.nothing_found()


def test_moves_are_proposed_and_a_budget_changes_them_in_place(
    officer: Person, inspection: Inspection
) -> None:
    officer.open(PINDAH)
    sentence = officer.at("relokasi-kalimat")
    expect(sentence).to_contain_text("terisi dengan pemindahan")
    inspection.look(officer.page, "relokasi")

    officer.page.fill('[data-uji="relokasi-jatah"]', "1")
    officer.page.keyboard.press("Enter")
    expect(sentence).to_contain_text("Jatah pengangkatan mengisi 1")
    # The address holds what was asked, so it can be sent, printed and gone back from.
    expect(officer.page).to_have_url(re.compile(r"jatah=1\b"))
    officer.page.go_back()
    expect(officer.page.locator('[data-uji="relokasi-jatah"]')).to_have_value("")

    officer.open(f"{PINDAH}&km=jauh")
    expect(officer.page.get_by_text("Tulis angka 0 sampai")).to_be_visible()
    inspection.look(officer.page, "relokasi, isian keliru")


def test_the_proposal_is_taken_along_as_a_spreadsheet(officer: Person) -> None:
    officer.open(PINDAH)
    with officer.page.expect_download() as download:
        officer.at("relokasi-unduh").click()
    assert download.value.suggested_filename.startswith("pemindahan-permenkes-75-2014-")


def test_sliders_move_by_keys_and_scenarios_are_kept_and_compared(
    officer: Person, inspection: Inspection
) -> None:
    page = officer.page
    officer.open(f"{JIKA}?{COUNTER}")
    wait = officer.at("jika-tunggu")
    before = wait.inner_text()
    inspection.look(page, "bagaimana-jika")

    officer.at("bagaimana-jika-loket-tambah-geser").focus()
    page.keyboard.press("ArrowRight")
    expect(officer.at("bagaimana-jika-loket-tambah")).to_have_value("1")
    expect(wait).not_to_have_text(before)
    officer.at("bagaimana-jika-nama").fill("Tiga petugas")
    officer.at("bagaimana-jika-simpan").click()
    expect(page.get_by_text("Skenario “Tiga petugas” disimpan.")).to_be_visible()

    officer.open(f"{JIKA}?{COUNTER}&volume=20")
    officer.at("bagaimana-jika-nama").fill("Ramai tanpa tambahan")
    officer.at("bagaimana-jika-simpan").click()
    expect(officer.at("skenario-baris")).to_have_count(2)
    inspection.look(page, "skenario")

    for box in officer.at("skenario-pilih").all():
        box.check()
    officer.at("skenario-banding").click()
    expect(officer.at("banding-tabel")).to_contain_text("Rata-rata menunggu (menit)")
    inspection.look(page, "banding")

    officer.open(f"{JIKA}/skenario")
    page.get_by_text("Ganti nama").first.click()
    officer.at("skenario-nama").first.fill("Ramai")
    officer.at("skenario-ganti").first.click()
    expect(page.get_by_text("Nama skenario menjadi “Ramai”.")).to_be_visible()
    officer.at("skenario-arsip").first.click()
    expect(officer.at("skenario-baris")).to_have_count(1)
    officer.open(f"{JIKA}/skenario?arsip=1")
    officer.at("skenario-kembali").click()
    expect(officer.at("skenario-baris")).to_have_count(2)


def test_the_page_works_without_scripts(officer: Person, browser: Browser) -> None:
    state = officer.context.storage_state()
    context = browser.new_context(java_script_enabled=False, storage_state=state)
    page = context.new_page()
    page.goto(f"{officer.site.url}{JIKA}?{COUNTER}")
    page.fill('[data-uji="bagaimana-jika-volume"]', "10")
    page.click('[data-uji="bagaimana-jika-hitung"]')
    expect(page.locator('[data-uji="bagaimana-jika-volume"]')).to_have_value("10")
    expect(page.locator('[data-uji="jika-tunggu"]')).to_contain_text("Menunggu rata-rata")
    # The slider would do nothing here, so it is not shown; the number field does the same.
    expect(page.locator('[data-uji="bagaimana-jika-volume-geser"]')).to_be_hidden()
    context.close()
