"""The cases of the key table without a server, on one computer, in the order of its morning.

A (card), C (number), D (name and date), E (new, with KTP), F (new, without anything) and G (wrong
poli noticed) hold here within the table's keys. B means something else: the list of bookings is the
server's, so who booked comes as C or D, and the booking finds its visit on return. H and I mean
only a part: nobody can be called (the television is the server's) and there is no last therapy to
repeat (no history is copied); what is found is written as a draft, with the allergies in sight.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.accessible import Inspection
from tests.journeys.conftest import PATIENCE_MS, SIZE, Person, Site
from tests.journeys.desks import Counter, Poli, has_focus, tab_to, write
from tests.journeys.offline_desks import (
    come_back,
    complain_and_save,
    copied,
    go_on,
    is_open,
    sign_in,
    until,
)
from tests.journeys.stored import one_id, rows
from tests.journeys.strokes import (
    Strokes,
    forget_strokes,
    read_first,
    strokes,
    type_as_device,
    watch_strokes,
)

SITI_NIK, BUDI_NIK, BUDI_BPJS = "3509195203850001", "3509190407570001", "0001234567803"
#: Of a woman born on 17 August 1979.
NEW_NIK, NEW_PHONE = "3509195708790007", "081200001111"
VISITS = """
    SELECT p.name, e.complaint, d.unit, t.prefix || t.number
    FROM registration_encounter e JOIN patients_patient p ON p.id = e.patient_id
    JOIN distribution_ticket t ON t.encounter_id = e.id
    JOIN distribution_distribution d ON d.encounter_id = e.id ORDER BY e.id
"""
LOOK = ((1366, 768), (1024, 768))


@pytest.fixture(scope="module")
def loket(browser: Browser, site: Site) -> Iterator[Person]:
    """Rina's computer with its copy, a card given to BUDI, and then the line is cut."""
    context = browser.new_context(viewport=SIZE, locale="en-US")  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    watch_strokes(context)
    page = context.new_page()
    rina = Person(page=page, context=context, site=site)
    page.on("pageerror", lambda error: rina.troubles.append(str(error)))
    sign_in(page, site.url, "loket1")
    budi = one_id(site.folder, "SELECT id FROM patients_patient WHERE nik = ?", BUDI_NIK)
    rina.open(f"/pasien/{budi}/kartu")
    page.locator('form[action$="/kartu/terbit"] button').first.click()
    expect(page.locator(".card-qr").first).to_be_visible()
    book_budi(rina)
    Counter(rina).open()
    copied(rina)
    page.evaluate("luring.copying.renew()")
    context.set_offline(True)
    page.goto(f"{site.url}/luring")
    is_open(page)
    yield rina
    assert rina.troubles == []
    context.close()


def book_budi(rina: Person) -> None:
    """BUDI has booked at Lansia for today, before the line went."""
    rina.open("/janji/baru")
    rina.at("janji-nama").fill("BUDI SANTOSO")
    rina.at("janji-nik").fill(BUDI_NIK)
    rina.at("janji-poli").select_option("lansia")
    rina.at("janji-keluhan").fill("kontrol")
    rina.page.keyboard.press("F9")
    expect(rina.at("janji-hadir")).to_be_visible()


def within(pressed: Strokes, *, control: int, characters: int, clicks: int = 0) -> None:
    """Nobody pressed more than the table allows."""
    assert pressed.control <= control, pressed
    assert pressed.characters <= characters, pressed
    assert pressed.clicks <= clicks, pressed


def look_for(rina: Person, text: str) -> None:
    """Type into the search box and wait for the answer to just this text."""
    has_focus(rina.at("loket-cari"))
    write(rina.page, text)
    rina.page.wait_for_function(
        "text => document.querySelector('#hasil').dataset.answers === text", arg=text
    )


def kept(rina: Person) -> int:
    """How many items wait in this computer."""
    return int(rina.page.evaluate("luring.outbox.count()"))


def test_a_card_scanned_and_g_the_wrong_poli_taken_back(
    loket: Person, site: Site, inspection: Inspection
) -> None:
    """A booking is not needed for it either: BUDI's finds its visit on return."""
    page = loket.page
    inspection.look(page, "luring: siap", sizes=LOOK)
    ((code,),) = rows(site.folder, "SELECT code FROM numbers_issuedcard")
    assert len(code) == 39
    type_as_device(page, f"RM:{code}", gap_ms=10)
    expect(loket.at("banner-pasien")).to_contain_text("BUDI SANTOSO")
    forget_strokes(page)
    wrong = complain_and_save(loket, "batuk")
    within(strokes(page), control=2, characters=5)
    inspection.look(page, "luring: tersimpan", sizes=LOOK)

    forget_strokes(page)
    loket.at("loket-urungkan-baru").click()
    expect(loket.at("loket-dibatalkan")).to_contain_text(wrong)
    within(strokes(page), control=0, characters=0, clicks=2)
    assert kept(loket) == 0
    expect(loket.at("luring-butir-status").first).to_contain_text("tidak dikirim")
    expect(loket.at("loket-keluhan")).to_have_value("batuk")
    loket.at("loket-keluhan").fill("kontrol")
    loket.at("loket-poli").select_option("kia")
    read_first(page)
    loket.at("loket-keluhan").press("Enter")
    expect(loket.at("verifikasi")).to_contain_text("Pasien laki-laki")
    inspection.look(page, "luring: periksa tujuan", sizes=LOOK)
    read_first(page)
    page.keyboard.press("1")
    expect(loket.at("loket-nomor")).to_be_visible()
    assert loket.at("loket-nomor").inner_text() != wrong
    assert kept(loket) == 1


def test_c_number_and_d_name_with_date_typed(loket: Person, inspection: Inspection) -> None:
    page = loket.page
    forget_strokes(page)
    look_for(loket, SITI_NIK)
    expect(loket.at("banner-pasien")).to_contain_text("SITI AMINAH")
    complain_and_save(loket, "nyeri")
    within(strokes(page), control=3, characters=16 + 5)

    forget_strokes(page)
    look_for(loket, "dwi 110580")
    inspection.look(page, "luring: hasil", sizes=LOOK)
    page.keyboard.press("Enter")
    expect(loket.at("banner-pasien")).to_contain_text("DWI LESTARI")
    complain_and_save(loket, "batuk")
    within(strokes(page), control=3, characters=10 + 5)


def test_e_new_with_a_card_is_then_found_by_nik_and_telephone(
    loket: Person, inspection: Inspection
) -> None:
    page = loket.page
    forget_strokes(page)
    page.keyboard.press("F4")
    typed = (("nik", NEW_NIK), ("nama", "SUMIYATI"), ("lahir", ""), ("kelamin", ""))
    for name, text in (*typed, ("ibu", "KARSINEM"), ("desa", "Sab")):
        has_focus(loket.at(f"pasien-baru-{name}"))
        write(page, text)
        page.keyboard.press("Enter")
    expect(loket.at("pasien-baru-lahir")).to_have_value("17081979")
    expect(loket.at("pasien-baru-kelamin")).to_have_value("female")
    loket.at("pasien-baru-hp").fill(NEW_PHONE)  # beyond the table's case, for the search below
    page.keyboard.press("F9")
    expect(loket.at("banner-pasien")).to_contain_text("SUMIYATI")
    complain_and_save(loket, "demam")
    within(strokes(page), control=12, characters=58)
    # The page is loaded anew, as after a dead battery: the same woman is not typed twice.
    page.reload()
    is_open(page)
    look_for(loket, NEW_NIK)
    expect(loket.at("banner-pasien")).to_contain_text("SUMIYATI")
    expect(loket.at("loket-sudah-terdaftar")).to_be_visible()
    inspection.look(page, "luring: sudah didaftarkan", sizes=LOOK)
    page.keyboard.press("Escape")
    look_for(loket, NEW_PHONE)
    expect(loket.at("loket-hasil").first).to_contain_text("SUMIYATI")
    page.keyboard.press("F2")
    page.keyboard.press("Control+A")
    page.keyboard.press("Backspace")


def test_f_new_without_any_identity(loket: Person, inspection: Inspection) -> None:
    page = loket.page
    has_focus(loket.at("loket-cari"))
    forget_strokes(page)
    tab_to(page, loket.at("loket-tanpa-identitas"))
    page.keyboard.press("Enter")
    for name, text in (("nik", ""), ("nama", ""), ("lahir", "40th"), ("kelamin", "L")):
        has_focus(loket.at(f"pasien-baru-{name}"))
        write(page, text)
        page.keyboard.press("Enter")
    inspection.look(page, "luring: pasien baru", sizes=LOOK)
    page.keyboard.press("F9")
    expect(loket.at("banner-pasien")).to_contain_text("TIDAK DIKENAL")
    complain_and_save(loket, "luka")
    within(strokes(page), control=11, characters=46)


def test_a_scan_into_a_field_of_the_form_stays_out_of_it(loket: Person, site: Site) -> None:
    page = loket.page
    ((code,),) = rows(site.folder, "SELECT code FROM numbers_issuedcard")
    before = kept(loket)
    page.keyboard.press("F4")
    loket.at("pasien-baru-nama").fill("SUMARNI")
    for number, name in ((SITI_NIK, "SITI AMINAH"), (BUDI_BPJS, "BUDI"), (f"RM:{code}", "BUDI")):
        loket.at("pasien-baru-ibu").focus()
        read_first(page)  # the hand goes to the scanner
        type_as_device(page, number, gap_ms=10)
        expect(loket.at("banner-pasien")).to_contain_text(name)
        page.keyboard.press("F4")
        expect(loket.at("pasien-baru-nama")).to_have_value("SUMARNI")
        expect(loket.at("pasien-baru-ibu")).to_have_value("")
    loket.at("pasien-baru-nama").fill("")
    assert kept(loket) == before
    page.keyboard.press("Escape")


def test_back_with_the_server_everything_is_where_it_belongs(
    loket: Person, sit_down: Callable[..., Person], site: Site
) -> None:
    """Once each, at the poli's screen, and case B: the booking has become the visit."""
    Poli(sit_down("dokter")).open("umum")
    come_back(loket)
    shown = loket.at("luring-butir").filter(has_text="DWI LESTARI")
    expect(shown).to_contain_text("Tersimpan di server → Tampil di poli")
    stored = rows(site.folder, VISITS)
    assert [(name, complaint, unit) for name, complaint, unit, _number in stored] == [
        ("BUDI SANTOSO", "kontrol", "lansia"),
        ("SITI AMINAH", "nyeri", "umum"),
        ("DWI LESTARI", "batuk", "umum"),
        ("SUMIYATI", "demam", "umum"),
        (stored[4][0], "luka", stored[4][2]),
    ]
    assert stored[4][0].startswith("TIDAK DIKENAL")
    assert loket.at("luring-butir").count() == len(stored) + 1  # and the one taken back
    ((state,),) = rows(site.folder, "SELECT state FROM booking_booking")
    assert state == "arrived"


def test_h_and_i_at_the_poli_a_draft_with_the_allergies_in_sight(
    loket: Person, sit_down: Callable[..., Person], inspection: Inspection
) -> None:
    dokter = sit_down("dokter")
    Poli(dokter).open("umum")
    copied(dokter)
    until(dokter.page, "luring.copying.queue('umum').then(q => !!q && q.rows.length > 1)")
    dokter.context.set_offline(True)
    expect(dokter.at("luring-tawaran")).to_be_visible()
    go_on(dokter)
    inspection.look(dokter.page, "luring: antrean poli", sizes=LOOK)
    dokter.at("poli-baris").filter(has_text="SITI AMINAH").click()
    expect(dokter.at("banner-alergi")).to_contain_text("ALERGI: Penisilin (gatal, 2021)")
    dokter.page.keyboard.press("F8")
    dokter.at("poli-o").fill("TD 120/80")
    inspection.look(dokter.page, "luring: rekam", sizes=LOOK)
    dokter.page.keyboard.press("F9")
    expect(dokter.at("luring-draf-tersimpan")).to_contain_text("SITI AMINAH")
    assert kept(dokter) == 1


FIELDS = (
    ("nik", "3509191205900009"),
    ("nama", "MARSUDI BIN KARTO"),
    ("lahir", "12051990"),
    ("kelamin", "male"),
    ("ibu", "SUKARTI"),
    ("desa", "Sabrang"),
    ("rt", "003"),
    ("rw", "002"),
    ("hp", "081299998888"),
    ("bpjs", "0001234567899"),
)


def test_the_line_goes_or_comes_after_each_field_of_a_new_patient(loket: Person) -> None:
    """Case E: half on the ordinary page, half on the offline one, loaded anew each time."""
    page = loket.page
    loket.open("/pasien/baru")
    typed: dict[str, str] = {}
    for turn, (name, text) in enumerate(FIELDS):
        page.wait_for_selector("body[data-luring-siap], body[data-siap]", state="attached")
        field = loket.at(f"pasien-baru-{name}")
        field.select_option(text) if name == "kelamin" else field.fill(text)
        typed[name] = text
        loket.context.set_offline(turn % 2 == 0)
        page.reload()
        for before, value in typed.items():
            expect(loket.at(f"pasien-baru-{before}")).to_have_value(value)
    assert page.locator("body[data-luring-shell]").count() == 0
    loket.at("draf-hapus").click()


def test_a_log_out_without_the_server_holds(loket: Person) -> None:
    page = loket.page
    loket.open("/loket")
    page.wait_for_selector("body[data-luring-siap]", state="attached")
    loket.context.set_offline(True)
    loket.at("keluar").click()
    expect(page.locator("[data-unlock-none]")).to_be_visible()
    # The clock needs no key: it is the server's as last known.
    expect(page.locator("[data-luring-clock]")).to_have_text(re.compile(r"^\d\d\.\d\d$"))
    assert page.evaluate("luring.keyring.people().then(all => all.length)") == 0
    # The cookie is still good; but whoever comes next is not taken for Rina.
    loket.context.set_offline(False)
    page.goto(f"{loket.site.url}/loket")
    page.wait_for_url("**/masuk")


def test_half_a_form_outlives_its_session_and_is_nobody_elses(loket: Person) -> None:
    page, url = loket.page, loket.site.url
    sign_in(page, url, "loket1")
    loket.open("/pasien/baru")
    loket.at("pasien-baru-nama").fill("RAHASIA SEKALI")
    loket.context.clear_cookies()
    page.goto(f"{url}/masuk")
    lying = "JSON.stringify([{...localStorage}, {...sessionStorage}])"
    assert "simpul:draft:loket1:pasien-baru" in page.evaluate(lying)
    assert "RAHASIA" not in page.evaluate(lying)
    sign_in(page, url, "loket2")
    loket.open("/pasien/baru")
    page.wait_for_selector("body[data-luring-siap]", state="attached")
    expect(loket.at("pasien-baru-nama")).to_have_value("")
    sign_in(page, url, "loket1")
    loket.open("/pasien/baru")
    expect(loket.at("pasien-baru-nama")).to_have_value("RAHASIA SEKALI")
    loket.at("draf-hapus").click()


def test_the_it_persons_button_wipes_this_computer(
    loket: Person, sit_down: Callable[..., Person], inspection: Inspection
) -> None:
    page = loket.page
    page.wait_for_selector("body[data-luring-siap]", state="attached")
    teknisi = sit_down("teknisi")
    teknisi.open("/pengaturan/komputer")
    line = teknisi.at("komputer-baris").filter(has_text="L1")
    line.locator('[data-uji="komputer-hapus"]').click()
    expect(line).to_contain_text("menunggu dihapus")
    page.reload()
    until(page, "luring.store.keys('buckets').then(all => all.length === 0)")
    until(page, "luring.keyring.people().then(all => all.length === 0)")
    loket.context.set_offline(True)
    page.goto(f"{loket.site.url}/loket")
    expect(page.locator("[data-unlock-none]")).to_be_visible()
    inspection.look(page, "luring: terhapus", sizes=LOOK)
    teknisi.page.reload()
    expect(line).to_contain_text("terhapus")
