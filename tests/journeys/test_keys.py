"""How many keys an act takes, what a held key does, and what a scanner or a reload must not spoil.

The table is the one of the interaction design: control keys, characters, clicks.
"""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.conftest import Person, Site
from tests.journeys.desks import Counter, Poli, has_focus, write
from tests.journeys.stored import rows
from tests.journeys.strokes import (
    Strokes,
    forget_strokes,
    hold,
    read_first,
    strokes,
    type_as_device,
)

SITI_NIK, BUDI_NIK = "3509195203850001", "3509190407570001"
VISITS = "SELECT count(*) FROM registration_encounter"


def visits(site: Site) -> int:
    """How many visits are stored."""
    ((count,),) = rows(site.folder, VISITS)
    return int(count)


def within(pressed: Strokes, *, control: int, characters: int, clicks: int = 0) -> None:
    """Nobody pressed more than the table allows."""
    assert pressed.control <= control, pressed
    assert pressed.characters <= characters, pressed
    assert pressed.clicks <= clicks, pressed


def test_a_card_scanned(sit_down: Callable[..., Person], site: Site) -> None:
    loket = sit_down("loket1")
    counter = Counter(loket).open()
    ((mrn,),) = rows(site.folder, "SELECT mrn FROM patients_patient WHERE nik = ?", SITI_NIK)
    counter.scan(f"RM:{mrn}")
    expect(loket.at("banner-pasien")).to_contain_text("SITI AMINAH")
    forget_strokes(loket.page)
    counter.complain("batuk")
    counter.save()
    within(strokes(loket.page), control=2, characters=5)


def test_b_booked_and_arrived(sit_down: Callable[..., Person], site: Site) -> None:
    loket = sit_down("loket1")
    loket.open("/janji/baru")
    for field, value in (("janji-nama", "BUDI SANTOSO"), ("janji-nik", BUDI_NIK)):
        loket.at(field).fill(value)
    loket.at("janji-poli").select_option("lansia")
    loket.at("janji-keluhan").fill("kontrol")
    loket.page.keyboard.press("F9")
    has_focus(loket.at("janji-hadir"))
    forget_strokes(loket.page)
    loket.page.keyboard.press("Enter")
    has_focus(loket.at("loket-daftarkan"))
    read_first(loket.page)
    loket.page.keyboard.press("Enter")
    expect(loket.at("loket-nomor")).to_be_visible()
    within(strokes(loket.page), control=2, characters=0)
    ((state, visit),) = rows(
        site.folder, "SELECT state, encounter FROM booking_booking WHERE nik = ?", BUDI_NIK
    )
    assert (state, visit is not None) == ("arrived", True)
    # Taken back, so that BUDI is neither waiting nor expected when the number is typed next.
    loket.at("loket-urungkan-baru").click()
    expect(loket.at("loket-dibatalkan")).to_be_visible()
    loket.open("/janji")
    loket.page.get_by_text("Batalkan", exact=False).first.click()
    loket.page.get_by_placeholder("alasan").fill("uji selesai")
    loket.at("janji-batalkan").click()
    expect(loket.at("janji-kembalikan")).to_be_visible()


def test_c_number_typed(sit_down: Callable[..., Person]) -> None:
    loket = sit_down("loket1")
    counter = Counter(loket).open()
    forget_strokes(loket.page)
    counter.look_for(BUDI_NIK)
    counter.is_open("BUDI SANTOSO")
    counter.complain("nyeri")
    counter.save()
    within(strokes(loket.page), control=3, characters=16 + 5)
    forget_strokes(loket.page)
    counter.look_for("0001234567802")
    counter.is_open("SITI AMINAR")
    counter.complain("batuk")
    counter.save()
    within(strokes(loket.page), control=3, characters=13 + 5)


def test_d_name_and_birth_date_typed(sit_down: Callable[..., Person]) -> None:
    loket = sit_down("loket1")
    counter = Counter(loket).open()
    forget_strokes(loket.page)
    counter.look_for("dwi 110580")
    counter.open_marked("DWI LESTARI")
    counter.complain("batuk")
    counter.save()
    within(strokes(loket.page), control=3, characters=11 + 5)


def test_g_wrong_poli_noticed_afterwards(sit_down: Callable[..., Person]) -> None:
    loket = sit_down("loket1")
    counter = Counter(loket).open()
    number = counter.register("herman 120580", "gigi")
    forget_strokes(loket.page)
    loket.at("loket-urungkan-baru").click()
    expect(loket.at("loket-dibatalkan")).to_contain_text(number)
    within(strokes(loket.page), control=0, characters=0, clicks=2)

    number = counter.open().register("herman 120580", "gigi")
    loket.open("/kunjungan")
    row = loket.at("kunjungan-baris").filter(has_text=number)
    expect(row).not_to_contain_text("dibatalkan")
    has_focus(loket.at("kunjungan-daftar"))
    forget_strokes(loket.page)
    loket.page.keyboard.press("Enter")
    menu = loket.at("kunjungan-menu")
    expect(menu).to_be_visible()
    read_first(loket.page)
    loket.page.keyboard.press("u")
    expect(row).to_contain_text("dibatalkan")
    within(strokes(loket.page), control=1, characters=1)


def test_h_nurse_calls_and_measures(sit_down: Callable[..., Person]) -> None:
    loket, perawat = sit_down("loket1"), sit_down("perawat")
    counter = Counter(loket).open()
    counter.register("nurul 130580", "batuk")
    desk = Poli(perawat).open("umum")
    expect(perawat.at("poli-baris")).not_to_have_count(0)
    read_first(perawat.page)
    forget_strokes(perawat.page)
    perawat.page.keyboard.press("F8")
    expect(perawat.at("rekam")).to_be_visible()
    desk.measure(
        systolic="120", diastolic="80", pulse="88", respiratory_rate="20", temperature="36,7"
    )
    perawat.page.keyboard.press("F9")
    expect(perawat.at("rekam-pesan")).to_be_visible()
    expect(perawat.at("rekam-catatan")).to_contain_text("36,7")
    within(strokes(perawat.page), control=7, characters=14)


def test_f8_counts_although_a_row_has_just_arrived(sit_down: Callable[..., Person]) -> None:
    """A refresh of the queue under the finger is no new question: the key must not be lost."""
    loket, perawat = sit_down("loket2"), sit_down("perawat")
    Counter(loket).open().register("endah 220580", "batuk")
    Poli(perawat).open("umum")
    expect(perawat.at("poli-baris")).not_to_have_count(0)
    read_first(perawat.page)
    perawat.page.evaluate(
        """() => {
          const press = () => document.body.dispatchEvent(
            new KeyboardEvent("keydown", { key: "F8", bubbles: true, cancelable: true }));
          document.addEventListener("htmx:afterSettle", press, { once: true });
          htmx.trigger("#antrean", "live");
        }"""
    )
    expect(perawat.at("poli-dipanggil").first).to_be_visible()
    expect(perawat.at("rekam")).to_be_visible()


def test_enter_held_down_registers_once(sit_down: Callable[..., Person], site: Site) -> None:
    loket = sit_down("loket1")
    counter = Counter(loket).open()
    before = visits(site)
    counter.look_for("painem 140580")
    counter.open_marked("PAINEM")
    write(loket.page, "pegal")
    # Held from the complaint on: the question appears under the finger, and is not answered by it.
    hold(loket.page, "Enter", seconds=2)
    has_focus(loket.at("loket-daftarkan"))
    assert visits(site) == before
    read_first(loket.page)
    hold(loket.page, "Enter", seconds=2)
    expect(loket.at("loket-nomor")).to_be_visible()
    has_focus(loket.at("loket-cari"))
    assert visits(site) == before + 1


def test_f9_pressed_three_times_registers_once(sit_down: Callable[..., Person], site: Site) -> None:
    loket = sit_down("loket1")
    counter = Counter(loket).open()
    before = visits(site)
    counter.look_for("joko 150580")
    counter.open_marked("JOKO PURWANTO")
    counter.complain("pegal")
    for _ in range(3):
        loket.page.keyboard.press("F9")
    expect(loket.at("loket-nomor")).to_be_visible()
    expect(loket.at("loket-terakhir-baris").filter(has_text="JOKO")).to_have_count(1)
    assert visits(site) == before + 1


def test_a_scan_into_the_complaint_opens_the_patient(sit_down: Callable[..., Person]) -> None:
    loket = sit_down("loket1")
    counter = Counter(loket).open()
    counter.look_for("yuliana 160580")
    counter.open_marked("YULIANA SAFITRI")
    write(loket.page, "pusing")
    read_first(loket.page)  # the hand goes to the scanner
    type_as_device(loket.page, SITI_NIK, gap_ms=10)
    counter.is_open("SITI AMINAH")
    expect(loket.at("loket-keluhan")).not_to_have_value(re.compile(r"\d"))
    # Back at the first: her complaint is a draft, without a digit of the scan.
    loket.page.keyboard.press("Escape")
    counter.look_for("yuliana 160580")
    counter.open_marked("YULIANA SAFITRI")
    expect(loket.at("loket-keluhan")).to_have_value("pusing")


def test_digits_typed_slowly_stay_text(sit_down: Callable[..., Person]) -> None:
    loket = sit_down("loket1")
    counter = Counter(loket).open()
    counter.look_for("misbahul 170580")
    counter.open_marked("MISBAHUL MUNIR")
    type_as_device(loket.page, SITI_NIK, gap_ms=120, end="")
    expect(loket.at("loket-keluhan")).to_have_value(SITI_NIK)
    expect(loket.at("banner-pasien")).to_contain_text("MISBAHUL MUNIR")
    has_focus(loket.at("loket-keluhan"))


NEW_PERSON = {
    "nama": "SUMIYATI BINTI KARTO",
    "lahir": "17081979",
    "kelamin": "P",
    "ibu": "KARSINEM",
    "desa": "Sabrang",
    "rt": "003",
    "rw": "002",
    "hp": "081200001111",
}


def fill_in(person: Person, nik: str = "") -> dict[str, str]:
    """Type a new person with Enter from field to field; returns what stands in the fields."""
    has_focus(person.at("pasien-baru-nik"))
    write(person.page, nik)
    person.page.keyboard.press("Enter")
    for name, text in NEW_PERSON.items():
        has_focus(person.at(f"pasien-baru-{name}"))
        write(person.page, text)
        person.page.keyboard.press("Enter")
    return what_stands(person)


def what_stands(person: Person) -> dict[str, str]:
    """The text of every field of the form."""
    return {name: person.at(f"pasien-baru-{name}").input_value() for name in ("nik", *NEW_PERSON)}


def test_a_reload_in_the_middle_loses_no_character(sit_down: Callable[..., Person]) -> None:
    loket = sit_down("loket1")
    Counter(loket).open()
    loket.page.keyboard.press("F4")
    typed = fill_in(loket)
    assert typed["nama"] == NEW_PERSON["nama"]
    for leave in (
        loket.page.reload,
        lambda: (loket.page.keyboard.press("Escape"), loket.page.wait_for_url("**/loket"),
                 loket.page.keyboard.press("F4")),
        lambda: (loket.open("/kunjungan"), loket.page.go_back()),
    ):  # fmt: skip
        leave()
        expect(loket.at("pasien-baru-nama")).to_have_value(typed["nama"])
        assert what_stands(loket) == typed
    loket.page.reload()
    expect(loket.at("draf-pulih")).to_be_visible()
    loket.at("draf-hapus").press("Enter")
    expect(loket.at("pasien-baru-nama")).to_have_value("")


def test_two_counters_register_one_nik_at_the_same_moment(
    sit_down: Callable[..., Person], site: Site
) -> None:
    nik = "3509195708790007"
    people = [sit_down("loket1"), sit_down("loket2")]
    for person in people:
        person.open("/pasien/baru")
        fill_in(person, nik)
    for person in people:
        person.page.keyboard.press("F9")
    # One has a new patient and goes on with the complaint; the other is shown who that is.
    saved = [person.at("loket-pasien-tersimpan") for person in people]
    known = [person.at("pasien-baru-tampak-sama") for person in people]
    for person, mine, theirs in zip(people, saved, known, strict=True):
        expect(mine.or_(theirs)).to_be_visible()
        person.page.wait_for_timeout(0)
    assert sorted(mine.count() for mine in saved) == [0, 1]
    assert rows(site.folder, "SELECT count(*) FROM patients_patient WHERE nik = ?", nik) == [(1,)]
    second = people[0] if saved[0].count() == 0 else people[1]
    assert what_stands(second)["nama"] == NEW_PERSON["nama"]
    read_first(second.page)
    second.page.keyboard.press("1")
    expect(second.at("banner-pasien")).to_contain_text(NEW_PERSON["nama"])
