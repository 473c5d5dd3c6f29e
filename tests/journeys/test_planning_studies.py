"""A WISN study from nothing to next year's, and what would be if: by the keyboard."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.accessible import SIZES, Inspection
from tests.journeys.conftest import Person, Site
from tests.journeys.desks import has_focus, tab_to, write
from tests.journeys.stored import rows
from tests.journeys.strokes import read_first

SEED = "tests.journeys.planning_seed"
ONE = SIZES[:1]
LONG_TITLE = "Loket pendaftaran rawat jalan dan filing rekam medis Puskesmas induk beserta Pustu"
#: The counter of the thesis; what is not typed keeps what the form proposes.
FIGURES = {
    "k1-name": "Petugas pendaftaran",
    "k1-staff": "1",
    "k1-working_days": "313",
    "k1-public_holidays": "13",
    "k1-annual_leave": "12",
    "k1-absence": "6",
    "k1-training": "4",
    "k1-hours_per_day": "7,5",
}


def type_into(page: Page, name: str, text: str) -> None:
    """Put the cursor into a field of the sheet and write over what is there."""
    field = page.locator(f'[name="{name}"]')
    field.focus()
    page.keyboard.press("Control+a")
    write(page, text)
    expect(field).to_have_value(text)


def start_study(person: Person, title: str, year: str) -> None:
    """Open the sheet of a new, empty study."""
    person.open("/perencanaan/studi")
    tab_to(person.page, person.at("studi-baru"))
    person.page.keyboard.press("Enter")
    has_focus(person.at("studi-judul"))
    write(person.page, title)
    type_into(person.page, "year", year)
    tab_to(person.page, person.at("studi-kosong-mulai"))
    person.page.keyboard.press("Enter")
    expect(person.page.locator("#studi-form")).to_be_visible()


def test_a_study_from_nothing_to_next_year(
    sit_down: Callable[..., Person], inspection: Inspection
) -> None:
    head = sit_down("kepala")
    page = head.page
    head.open("/perencanaan/studi/baru")
    inspection.look(page, "studi baru")
    tab_to(page, head.at("studi-kosong-mulai"))
    page.keyboard.press("Enter")  # without a title
    expect(head.at("studi-tolak")).to_be_visible()
    inspection.look(page, "studi baru ditolak", sizes=ONE)
    start_study(head, LONG_TITLE, "2025")
    inspection.look(page, "studi isi kosong", at_foot=True)

    # An empty sheet is refused, each hole named.
    page.keyboard.press("F9")
    expect(head.at("studi-tolak")).to_be_visible()
    inspection.look(page, "studi isi ditolak", at_foot=True)

    head.at("studi-metode").select_option("kepmenkes81")
    for name, text in FIGURES.items():
        type_into(page, name, text)
    type_into(page, "k1-a1-name", "Pendaftaran pasien lama")
    page.keyboard.press("Tab")
    write(page, "5,46")
    expect(page.locator('[name="k1-a1-time"]')).to_have_value("5,46")
    page.locator('[name="k1-a1-time_unit"]').select_option(label="menit")
    type_into(page, "k1-a1-volume", "13.766")
    # A row grows below the one that is filled, and Enter walks into it.
    expect(page.locator('[name="k1-a2-name"]')).to_be_attached()
    type_into(page, "k1-l1-name", "Rapat")
    type_into(page, "k1-l1-amount", "2")
    page.locator('[name="k1-l1-per"]').select_option("week")
    answer = head.at("studi-hasil").first
    expect(answer).to_contain_text("perlu")
    # Nobody has 52 meetings in 46 weeks: the right figure stands beside the line, one key away.
    finding = head.at("studi-temuan-weekly_52")
    expect(finding).to_contain_text("Seharusnya")
    inspection.look(page, "studi dengan temuan", at_foot=True)
    tab_to(page, finding.locator('[data-uji="studi-pakai"]'), most=120)
    page.keyboard.press("Enter")
    expect(finding).to_have_count(0)
    expect(page.locator('[name="k1-l1-per"]')).to_have_value("year")
    type_into(page, "note", "volume dari register loket")
    page.keyboard.press("F9")
    expect(head.at("studi-tersimpan")).to_be_visible()
    expect(head.at("studi-hasil").first).to_contain_text("ada 1")
    expect(head.at("studi-versi")).to_have_count(1)
    inspection.look(page, "studi dibaca")

    for kind, end in (("xlsx", ".xlsx"), ("pdf", ".pdf"), ("abk", ".xlsx")):
        tab_to(page, head.at(f"studi-{kind}"))
        with page.expect_download() as download:
            page.keyboard.press("Enter")
        assert download.value.suggested_filename.endswith(end)
        assert download.value.path().stat().st_size > 3000
    address = page.url
    tab_to(page, head.at("studi-cetak"))
    page.keyboard.press("Enter")
    expect(head.at("studi-cetak-sekarang")).to_be_visible()
    inspection.look(page, "studi cetak", sizes=ONE)

    # A year later: the same study, more patients, side by side.
    page.goto(address)
    tab_to(page, page.locator('a[data-uji="studi-salin"]'))
    page.keyboard.press("Enter")
    has_focus(head.at("studi-judul"))
    type_into(page, "title", "Loket 2026")
    type_into(page, "year", "2026")
    tab_to(page, page.locator('button[data-uji="studi-salin"]'))
    page.keyboard.press("Enter")
    expect(page.locator("#studi-form")).to_be_visible()
    expect(page.locator('[name="k1-a1-time"]')).to_have_value("5,46")
    type_into(page, "k1-a1-volume", "27.532")
    page.keyboard.press("F9")
    expect(head.at("studi-tersimpan")).to_be_visible()
    head.open("/perencanaan/studi/banding")
    for place, year in (("banding-a", "2025"), ("banding-b", "2026")):
        options = head.at(place).locator("option")
        wanted = options.filter(has_text=re.compile(f"Loket.*{year}")).first.get_attribute("value")
        head.at(place).select_option(wanted)
    head.at("banding-b").press("Enter")
    page.get_by_role("button", name="Tampilkan berdampingan").press("Enter")
    both = head.at("banding-kategori")
    expect(both).to_contain_text("13.766")
    expect(both).to_contain_text("27.532")
    inspection.look(page, "studi banding")
    head.open("/perencanaan/studi")
    expect(head.at("studi-baris").filter(has_text="Loket")).to_have_count(2)
    inspection.look(page, "studi daftar")


def test_a_reload_in_the_middle_of_a_sheet_loses_nothing(
    sit_down: Callable[..., Person],
) -> None:
    head = sit_down("kepala")
    page = head.page
    start_study(head, "Studi yang terputus", "2024")
    type_into(page, "k1-a1-name", "Mencari berkas")
    for number in (2, 3, 4, 5, 6, 7, 8, 9):
        field = page.locator(f'[name="k1-a{number}-name"]')
        if not field.count():
            break
        type_into(page, f"k1-a{number}-name", f"Kegiatan {number}")
    added = page.locator('[name^="k1-a"][name$="-name"]').count()
    assert added > 8  # rows of the page itself, and those that grew
    page.wait_for_timeout(2500)  # a draft is kept every two seconds
    page.reload()
    expect(page.locator('[name="k1-a9-name"]')).to_have_value("Kegiatan 9")
    expect(page.locator('[name="k1-a1-name"]')).to_have_value("Mencari berkas")


def test_the_study_of_this_year_is_one_key(
    sit_down: Callable[..., Person], inspection: Inspection
) -> None:
    head = sit_down("kepala")
    page = head.page
    head.open("/perencanaan/studi/baru")
    tab_to(page, head.at("studi-dari-layanan"))
    page.keyboard.press("Enter")
    expect(head.at("studi-andaian").or_(head.at("studi-tolak")).first).to_be_visible()
    expect(head.at("studi-andaian")).to_be_visible()
    assert head.at("studi-hasil").count() > 0
    inspection.look(page, "studi dari layanan")


def test_sliders_a_scenario_and_another(
    sit_down: Callable[..., Person], site: Site, inspection: Inspection
) -> None:
    head = sit_down("kepala")
    page = head.page
    if not rows(site.folder, "SELECT 1 FROM studies_studyversion LIMIT 1"):
        head.open("/perencanaan/studi/baru")
        head.at("studi-dari-layanan").press("Enter")
        expect(head.at("studi-andaian")).to_be_visible()
    head.open("/perencanaan/bagaimana-jika")
    inspection.look(page, "bagaimana jika", at_foot=True)
    study = head.at("bagaimana-jika-studi")
    study.select_option(index=1)
    expect(head.at("jika-butuh")).to_be_visible()

    def save(name: str, presses: int) -> str:
        slider = head.at("bagaimana-jika-volume-geser")
        tab_to(page, slider)
        before = head.at("jika-butuh").inner_text()
        for _press in range(presses):
            page.keyboard.press("ArrowRight")
        expect(head.at("jika-butuh")).not_to_have_text(before)
        after = head.at("jika-butuh").inner_text()
        head.at("bagaimana-jika-nama").focus()
        page.keyboard.press("Control+a")
        write(page, name)
        page.keyboard.press("Enter")
        expect(head.at("skenario-daftar")).to_contain_text(name)
        return after

    first = save("Pasien bertambah sedikit", 2)
    inspection.look(page, "skenario daftar")
    head.open("/perencanaan/bagaimana-jika")
    head.at("bagaimana-jika-studi").select_option(index=1)
    expect(head.at("jika-butuh")).to_be_visible()
    second = save("Pasien bertambah banyak " + "dan lama sekali " * 5, 6)
    assert first != second
    for box in head.at("skenario-pilih").all():
        box.focus()
        page.keyboard.press("Space")
    tab_to(page, head.at("skenario-banding"))
    page.keyboard.press("Enter")
    expect(head.at("banding-tabel")).to_contain_text("Pasien bertambah sedikit")
    expect(head.at("banding-tabel")).to_contain_text("Pasien bertambah banyak")
    inspection.look(page, "skenario dibandingkan")
    # A number that cannot be is said beside its field; the rest stands.
    head.open("/perencanaan/bagaimana-jika?volume=abc&datang=banyak&menit=0")
    expect(page.locator(".field-error").first).to_be_visible()
    inspection.look(page, "bagaimana jika ditolak", at_foot=True)
    read_first(page)
