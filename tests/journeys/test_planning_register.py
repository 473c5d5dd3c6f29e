"""The staff register and the norms, as the Dinas and the head of a Puskesmas work on them."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.accessible import SIZES, Inspection
from tests.journeys.conftest import Person, Site
from tests.journeys.desks import has_focus, tab_to, write
from tests.journeys.planning_seed import LONG_PERSON, LONG_PLACE
from tests.journeys.stored import rows

SEED = "tests.journeys.planning_seed"
ONE = SIZES[:1]
SHEET = (
    "Nama;NIP/nomor;Profesi;Pendidikan;Status kepegawaian;Mulai bekerja\r\n"
    "Wahyu Contoh;UJI-001;perawat;D3;PNS;01/03/2015\r\n"
    "Tanpa Profesi;UJI-002;tukang kayu;D3;PNS;01/03/2016\r\n"
    "Indah Contoh;UJI-003;bidan;D3;PPPK;01/03/2017\r\n"
)


def people_named(site: Site, name: str) -> list[tuple[str, ...]]:
    """Who of this name is in the register, and where."""
    query = (
        "SELECT f.name, m.is_active FROM register_staffmember m "
        "JOIN facilities_facility f ON f.id = m.facility_id WHERE m.name = ?"
    )
    return rows(site.folder, query, name)


def send_unchecked(person: Person) -> None:
    """Send what the browser itself would hold back, so that the server has to answer."""
    person.page.evaluate("for (const form of document.forms) form.noValidate = true")
    person.page.keyboard.press("F9")


def fill(person: Person, **texts: str) -> None:
    """Type into the fields of the form in their order; Enter goes on through the others."""
    for name, text in texts.items():
        place = person.at(f"tenaga-isi-{name}")
        for _field in range(20):
            if place.evaluate("node => node === document.activeElement"):
                break
            person.page.keyboard.press("Enter")
        has_focus(place)
        write(person.page, text)


def test_a_person_is_added_and_moved_by_the_keyboard(
    sit_down: Callable[..., Person], site: Site, inspection: Inspection
) -> None:
    dinas = sit_down("dinas")
    page = dinas.page
    dinas.open("/tenaga")
    inspection.look(page, "tenaga")
    tab_to(page, dinas.at("tenaga-baru"))
    page.keyboard.press("Enter")
    has_focus(dinas.at("tenaga-isi-nama"))
    inspection.look(page, "tenaga baru")
    send_unchecked(dinas)
    expect(dinas.at("tenaga-ditolak")).to_be_visible()
    inspection.look(page, "tenaga baru ditolak")
    dinas.at("tenaga-isi-fasilitas").focus()
    fill(
        dinas,
        fasilitas="Puskesmas Arjasa",
        nama="Wening Contoh",
        profesi="Bidan",
        pendidikan="D3",
        mulai="01/03/2012",
    )
    page.keyboard.press("F9")
    expect(page.locator("h1")).to_have_text("Wening Contoh")
    expect(dinas.at("tenaga-data")).to_contain_text("1 Mar 2012")
    expect(dinas.at("tenaga-tanpa-pindah")).to_be_visible()
    (before,) = people_named(site, "Wening Contoh")

    tab_to(page, dinas.at("tenaga-pindah"))
    page.keyboard.press("Enter")
    has_focus(dinas.at("tenaga-pindah-ke"))
    inspection.look(page, "tenaga pindah")
    send_unchecked(dinas)
    expect(page.locator(".field-error").first).to_be_visible()
    inspection.look(page, "tenaga pindah ditolak", sizes=ONE)
    dinas.at("tenaga-pindah-ke").focus()
    write(page, "Puskesmas Ambulu")
    tab_to(page, dinas.at("tenaga-pindah-tanggal"))
    write(page, "02/01/2026")
    tab_to(page, dinas.at("tenaga-pindah-alasan"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("F9")
    expect(dinas.at("tenaga-riwayat-baris")).to_have_count(1)
    expect(dinas.at("tenaga-riwayat-baris")).to_contain_text("Puskesmas Ambulu")
    inspection.look(page, "tenaga riwayat", sizes=ONE)
    (after,) = people_named(site, "Wening Contoh")
    assert after == ("Puskesmas Ambulu", 1)
    assert before != after
    dinas.open("/tenaga/perpindahan")
    moved = dinas.at("tenaga-riwayat-baris").filter(has_text="Wening Contoh")
    expect(moved).to_contain_text("Puskesmas Ambulu")
    inspection.look(page, "tenaga perpindahan")


def test_a_sheet_with_a_bad_row_is_seen_first_applied_once(
    sit_down: Callable[..., Person], site: Site, tmp_path: Path, inspection: Inspection
) -> None:
    head = sit_down("kepala")
    page = head.page
    sheet = tmp_path / "tenaga.csv"
    sheet.write_text(SHEET, encoding="utf-8", newline="")

    def look_at() -> None:
        head.open("/tenaga/impor")
        head.at("impor-berkas").set_input_files(sheet)
        tab_to(page, head.at("impor-periksa"))
        page.keyboard.press("Enter")
        expect(head.at("impor-hasil")).to_be_visible()

    head.open("/tenaga/impor")
    inspection.look(page, "tenaga impor")
    look_at()
    expect(head.at("impor-baru")).to_have_text("2")
    expect(head.at("impor-tolak")).to_have_text("1")
    refused = head.at("impor-baris").filter(has_text="Tanpa Profesi")
    expect(refused).to_contain_text("tukang kayu")
    expect(refused.locator("td").first).to_have_text("3")  # the line of the file
    inspection.look(page, "tenaga impor diperiksa")
    assert people_named(site, "Wahyu Contoh") == []

    page.keyboard.press("F9")
    page.wait_for_url(lambda url: "/impor" not in url)
    assert len(people_named(site, "Wahyu Contoh")) == 1
    assert people_named(site, "Tanpa Profesi") == []

    look_at()
    expect(head.at("impor-sama")).to_have_text("2")
    expect(head.at("impor-tiada")).to_be_visible()
    assert len(people_named(site, "Wahyu Contoh")) == 1


def test_long_names_and_the_facts_of_a_place(
    sit_down: Callable[..., Person], inspection: Inspection
) -> None:
    dinas = sit_down("dinas")
    page = dinas.page
    dinas.open("/tenaga?q=Sastrodimedjo")
    expect(dinas.at("tenaga-baris")).to_have_count(1)
    expect(dinas.at("tenaga-baris")).to_contain_text(LONG_PERSON)
    inspection.look(page, "tenaga nama panjang")
    dinas.at("tenaga-baris").get_by_role("link").press("Enter")
    expect(dinas.at("tenaga-data")).to_be_visible()
    inspection.look(page, "tenaga riwayat nama panjang", sizes=ONE)
    dinas.open("/tenaga?q=tidakadaorangnya")
    expect(dinas.at("tenaga-tak-cocok")).to_be_visible()
    dinas.open("/tenaga")
    dinas.at("tenaga-fasilitas").select_option(label=LONG_PLACE)
    tab_to(page, dinas.at("tenaga-tampilkan"))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(LONG_PLACE)
    tab_to(page, dinas.at("tenaga-profil"))
    page.keyboard.press("Enter")
    expect(dinas.at("fasilitas-simpan")).to_be_visible()
    inspection.look(page, "data fasilitas")
    dinas.at("fasilitas-lintang").fill("lintang")
    page.keyboard.press("F9")
    expect(page.locator(".field-error").first).to_be_visible()
    inspection.look(page, "data fasilitas ditolak", sizes=ONE)


def test_a_norm_is_added_with_its_source(
    sit_down: Callable[..., Person], inspection: Inspection
) -> None:
    dinas = sit_down("dinas")
    page = dinas.page
    dinas.open("/perencanaan/standar")
    inspection.look(page, "standar")
    tab_to(page, dinas.at("norma-baru"))
    page.keyboard.press("Enter")
    expect(dinas.at("norma-formulir")).to_be_visible()
    inspection.look(page, "standar baru", at_foot=True)
    tab_to(page, dinas.at("norma-kode"))
    write(page, "perbup-uji-2026")
    tab_to(page, dinas.at("norma-nama"))
    write(page, "Standar tenaga Puskesmas Kabupaten Contoh")
    # A norm without a source is refused, and what was typed stands.
    send_unchecked(dinas)
    expect(dinas.at("norma-ditolak")).to_be_visible()
    expect(dinas.at("norma-kode")).to_have_value("perbup-uji-2026")
    inspection.look(page, "standar ditolak", at_foot=True)
    tab_to(page, dinas.at("norma-isi-sumber"))
    write(page, "Peraturan Bupati 12/2026 (contoh), lampiran I")
    tab_to(page, page.locator('[name="post-0-professions"]'))
    write(page, "bidan")
    page.keyboard.press("Tab")
    write(page, "4")
    page.keyboard.press("F9")
    expect(dinas.at("norma-sumber")).to_contain_text("Peraturan Bupati 12/2026")
    inspection.look(page, "standar dibuka", sizes=ONE)
    dinas.open("/perencanaan/kesenjangan?standar=perbup-uji-2026&profesi=bidan")
    expect(dinas.at("kesenjangan-sumber")).to_contain_text("Peraturan Bupati 12/2026")
    expect(dinas.at("kesenjangan-baris").first).to_contain_text("/4")
