"""The officer of the Dinas looks for where doctors are missing: by keys, on the map, by axe."""

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.accessible import Inspection
from tests.journeys.conftest import ROOT, Person, Site, environment

PETA = "/perencanaan/peta?standar=permenkes-75-2014"


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


def test_the_list_moves_the_sign_and_opens_the_facility(officer: Person) -> None:
    page = officer.page
    officer.open(f"{PETA}&profesi=dokter")
    field = officer.at("peta-bidang")
    expect(field.locator(".leaflet-marker-icon")).to_have_count(5)
    expect(field.locator("path.leaflet-interactive")).to_have_count(2)  # the two outlines
    expect(field.locator(".map-still")).to_be_hidden()

    officer.at("peta-daftar").focus()
    page.keyboard.press("ArrowDown")
    first = officer.at("peta-daftar").locator('[aria-selected="true"]')
    name = first.locator(".row-name").inner_text()
    marked = field.locator(".leaflet-marker-icon.is-marked")
    expect(marked).to_have_count(1)
    expect(marked).to_have_attribute("title", f"{name}: kurang 1")
    expect(marked).to_have_text(first.locator(".spot").inner_text())
    page.keyboard.press("Enter")
    expect(officer.at("peta-panel").locator("h2").first).to_have_text(name)
    expect(officer.at("peta-panel-profesi")).to_contain_text("▼ kurang 1")
    expect(officer.at("peta-panel-calon")).to_contain_text("Puskesmas Utara ▲2")
    assert "/perencanaan/peta?" in page.url


def test_a_click_on_the_map_opens_the_same(officer: Person) -> None:
    officer.open(f"{PETA}&profesi=dokter")
    sign = officer.page.locator('.leaflet-marker-icon[title^="Puskesmas Utara"]')
    expect(sign).to_have_text("▲2")
    sign.click()
    expect(officer.at("peta-panel").locator("h2").first).to_have_text("Puskesmas Utara")
    row = officer.at("peta-daftar").locator('[aria-selected="true"] .row-name')
    expect(row).to_have_text("Puskesmas Utara")


def test_without_script_there_is_a_picture_and_the_list_still_leads_on(
    district: Site, officer: Person
) -> None:
    state = officer.context.storage_state()
    browser = officer.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False, storage_state=state)
    page = context.new_page()
    page.goto(f"{district.url}{PETA}")
    picture = page.locator(".map-still")
    expect(picture).to_be_visible()
    assert picture.evaluate("node => node.naturalWidth") > 500
    page.locator('[data-uji="peta-daftar"] a').first.click()
    expect(page.locator('[data-uji="peta-panel-profesi"]')).to_be_visible()
    context.close()


def test_an_unmatched_name_is_settled_with_one_button(officer: Person) -> None:
    officer.open(f"{PETA}&ukuran=akses&profesi=dokter&jangkauan=8")
    expect(officer.at("peta-daftar").locator("[data-option]")).to_have_count(1)
    officer.at("peta-cocokkan").filter(has_text="Maksudnya Jauh Sekali").click()
    officer.page.wait_for_url("**/perencanaan/peta?ukuran=akses*")
    expect(officer.at("peta-daftar").locator("[data-option]")).to_have_count(2)
    expect(officer.at("peta-ringkas")).to_contain_text("900 jiwa di luar jangkauan")


def test_the_pages_are_clean_for_axe(officer: Person, inspection: Inspection) -> None:
    page = officer.page
    for state, path in (
        ("ringkasan", "/perencanaan"),
        ("peta", PETA),
        ("peta akses", f"{PETA}&ukuran=akses&profesi=dokter"),
        ("sebaran", "/perencanaan/sebaran"),
        ("berkas", "/perencanaan/peta/berkas"),
    ):
        officer.open(path)
        if state.startswith("peta"):
            expect(page.locator(".leaflet-interactive").first).to_be_visible()
        inspection.look(page, state)
    officer.open(f"{PETA}&profesi=dokter")
    officer.at("peta-daftar").locator("[data-option]").first.click()
    expect(officer.at("peta-panel-profesi")).to_be_visible()
    inspection.look(page, "peta, fasilitas terbuka")
