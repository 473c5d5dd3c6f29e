"""Printers, numbers and the patient card, from setting one up to a lost card at the counter."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.accessible import Inspection
from tests.journeys.conftest import Person, Site
from tests.journeys.desks import Counter
from tests.journeys.stored import one_id, rows
from tests.journeys.strokes import type_as_device

CODE = "SELECT code FROM numbers_issuedcard WHERE revoked_at IS NULL"
OF_NAME = "SELECT id FROM patients_patient WHERE name LIKE ?"
LONG = "RADEN AYU SITI NURHALIZAH%"


def test_a_slip_comes_out_of_the_printer_and_a_lost_card_opens_nothing(
    sit_down: Callable[..., Person], site: Site, inspection: Inspection
) -> None:
    teknisi = sit_down("teknisi")
    teknisi.open("/pengaturan/printer")
    inspection.look(teknisi.page, "printer kosong")
    teknisi.at("printer-nama").fill("Loket 1")
    teknisi.at("printer-sambungan").select_option("file")
    teknisi.at("printer-alamat").fill("loket-1")
    teknisi.page.keyboard.press("F9")
    teknisi.at("printer-uji").click()
    expect(teknisi.page.locator('[data-keadaan="done"]')).to_be_visible()
    teknisi.open("/pengaturan/printer")
    expect(teknisi.at("printer-keadaan")).to_contain_text("Siap")
    inspection.look(teknisi.page, "printer")
    teknisi.open("/pengaturan/nomor-rm")
    teknisi.at("nomor-awalan").fill("AMB")
    teknisi.at("nomor-contoh").click()
    expect(teknisi.at("nomor-contoh-personal")).to_contain_text("AMB-00-00")
    inspection.look(teknisi.page, "nomor-rm")

    loket = sit_down("loket1")
    loket.open("/printer?kembali=/loket")
    inspection.look(loket.page, "printer-pilih")
    loket.at("printer-pilihan").check()
    loket.page.keyboard.press("F9")
    expect(loket.page.locator("h1")).to_have_text("Loket pendaftaran")
    number = Counter(loket).register("agus salim", "batuk")
    expect(loket.at("cetakan")).to_contain_text("Tercetak di Loket 1")
    expect(loket.at("loket-nomor")).to_have_text(number)  # the paper's news replaces itself only
    inspection.look(loket.page, "loket tercetak")
    printed = [path.read_bytes() for path in (site.folder / "cetak" / "loket-1").glob("*-slip-*")]
    assert [number.encode() in paper for paper in printed] == [True]

    loket.open(f"/pasien/{one_id(site.folder, OF_NAME, LONG)}/kartu")
    loket.at("kartu-terbit").click()
    expect(loket.at("kartu")).to_be_visible()
    inspection.look(loket.page, "kartu")
    ((lost,),) = rows(site.folder, CODE)
    Counter(loket).open().scan(f"RM:{lost}")
    expect(loket.at("banner-pasien")).to_contain_text("NURHALIZAH")

    loket.at("loket-kartu").click()
    loket.at("kartu-ganti").click()
    expect(loket.at("kartu-riwayat")).to_contain_text("dicabut")
    Counter(loket).open()
    type_as_device(loket.page, f"RM:{lost}", gap_ms=10)
    expect(loket.at("loket-kartu-dicabut")).to_be_visible()
    expect(loket.at("banner-pasien")).to_have_count(0)


def test_papers_are_as_wide_as_the_roll_and_the_card(
    sit_down: Callable[..., Person], site: Site
) -> None:
    """The print preview: nothing of the slip is wider than 58 mm, the card is a bank card."""
    loket = sit_down("loket2")
    number = Counter(loket).open().register("tri wahyudi", "pusing")
    assert number
    visit = one_id(site.folder, "SELECT id FROM registration_encounter ORDER BY id DESC LIMIT 1")
    loket.page.add_init_script("window.print = () => {}")
    loket.open(f"/kunjungan/{visit}/slip")
    loket.page.emulate_media(media="print")
    dots = 58 / 25.4 * 96
    loket.page.set_viewport_size({"width": round(dots), "height": 400})
    width = loket.page.evaluate("document.documentElement.scrollWidth")
    assert width <= dots + 1

    loket.page.emulate_media(media="screen")
    loket.open(f"/pasien/{one_id(site.folder, OF_NAME, LONG)}/kartu")
    if loket.at("kartu-terbit").count():
        loket.at("kartu-terbit").click()
    loket.page.emulate_media(media="print")
    box = loket.at("kartu").bounding_box()
    assert box is not None
    assert abs(box["width"] - 85.6 / 25.4 * 96) < 2
    assert box["height"] < 54.5 / 25.4 * 96, "a long name makes the card higher than a card"
