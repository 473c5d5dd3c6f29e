"""Every page in its five states, for people who do not see well, use no mouse or a small screen.

kosong (empty), memuat (a slow answer), putus (no server), gagal (refused or failed), and full of
long names. Each test walks one desk through its states.
"""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.journeys.accessible import SIZES, Inspection
from tests.journeys.conftest import ROOT, Person, Site, environment, free_port
from tests.journeys.desks import Counter, Poli, has_focus, write
from tests.journeys.stored import one_id, rows
from tests.journeys.strokes import read_first, type_as_device

LONG = "RADEN AYU SITI NURHALIZAH KUSUMANINGRUM"
#: What a page asks for in the background; each page is given a slow, a missing and a broken answer.
ASK = """() => {
  htmx.ajax('GET', '/health?uji', {target: '#pesan', source: document.body}).catch(() => {});
}"""
ONE = SIZES[:1]
OF_LONG = "SELECT id FROM patients_patient WHERE name LIKE ?"
FIRST_ACCOUNT = {
    "puskesmas": "Puskesmas Baru",
    "nama": "Joko Susilo",
    "pengguna": "joko",
    "sandi": "rahasia-uji-1",
    "sandi-lagi": "rahasia-uji-1",
}


def troubled(page: Page, inspection: Inspection, name: str) -> None:
    """The page while an answer is slow, when it does not come, and when it is a failure."""
    held: list[Route] = []
    page.route("**/health?uji", lambda route: held.append(route))
    with page.expect_request("**/health?uji"):
        page.evaluate(ASK)
    expect(page.locator(".htmx-request")).to_be_attached()
    inspection.look(page, f"{name} memuat", sizes=ONE)
    held[0].abort()
    strip = page.locator('[data-uji="strip-server"]')
    expect(strip).to_contain_text("Tidak tersambung ke server Puskesmas")
    expect(page.locator("#keadaan")).to_have_attribute("data-state", "no-server")
    inspection.look(page, f"{name} putus", sizes=ONE)
    page.unroute("**/health?uji")
    page.route("**/health?uji", lambda route: route.fulfill(status=500, body=""))
    page.evaluate(ASK)
    expect(strip).to_contain_text("coba lagi")
    inspection.look(page, f"{name} gagal", sizes=ONE)
    page.unroute("**/health?uji")


def test_first_start_and_sign_in(
    browser: Browser, site: Site, tmp_path: Path, inspection: Inspection
) -> None:
    bare = Site(folder=tmp_path, port=free_port(), env=environment(tmp_path))
    subprocess.run(
        [sys.executable, "-m", "simpul", "migrate"],
        cwd=ROOT, env=bare.env, check=True, capture_output=True,
    )  # fmt: skip
    bare.start()
    page = browser.new_page()
    try:
        page.goto(f"{bare.url}/")
        expect(page.locator('[data-uji="mulai-puskesmas"]')).to_be_focused()
        inspection.look(page, "mulai")
        page.locator("form").evaluate("form => { form.noValidate = true; }")
        page.keyboard.press("Enter")
        expect(page.locator(".field-error, .message").first).to_be_visible()
        inspection.look(page, "mulai gagal")
        for name, text in FIRST_ACCOUNT.items():
            page.locator(f'[data-uji="mulai-{name}"]').fill(text)
        page.locator('[data-uji="mulai-tombol"]').press("Enter")
        page.wait_for_url(lambda url: "/mulai" not in url)
        for path in ("kunjungan", "rm", "rm?daftar=luar", "rm?daftar=siap", "rm/klpcm", "jurnal"):
            page.goto(f"{bare.url}/{path}")
            expect(page.locator("h1")).to_be_visible()
            inspection.look(page, f"{path} kosong", sizes=ONE)
        page.goto(f"{bare.url}/tv")
        expect(page.locator('[data-uji="tv-kosong"]')).to_be_visible()
        inspection.look(page, "tv kosong", sizes=ONE)
    finally:
        bare.stop()
    page.goto(f"{site.url}/masuk")
    inspection.look(page, "masuk")
    page.fill("[name=username]", "loket1")
    page.fill("[name=password]", "bukan-ini")
    page.press("[name=password]", "Enter")
    expect(page.locator('[data-uji="masuk-pesan"]')).to_be_visible()
    inspection.look(page, "masuk gagal")
    page.close()


def test_the_board_and_the_slips(
    sit_down: Callable[..., Person], site: Site, inspection: Inspection
) -> None:
    loket = sit_down("loket2")
    page = loket.page
    Counter(loket).open().register("ratna 010290", "kontrol kandungan")
    loket.open("/kunjungan")
    inspection.look(page, "kunjungan")
    troubled(page, inspection, "kunjungan")
    loket.open("/kunjungan")
    has_focus(loket.at("kunjungan-daftar"))
    page.keyboard.press("Enter")
    expect(loket.at("kunjungan-menu")).to_be_visible()
    inspection.look(page, "kunjungan menu")
    read_first(page)
    page.keyboard.press("a")
    expect(loket.at("kunjungan-alihkan-poli")).to_be_visible()
    inspection.look(page, "kunjungan alihkan", sizes=ONE)
    encounter = one_id(site.folder, "SELECT id FROM registration_encounter LIMIT 1")
    for path in (f"kunjungan/{encounter}/slip", f"kunjungan/{encounter}/slip-antar", "tv"):
        loket.open(f"/{path}")
        inspection.look(page, path, sizes=ONE)
    loket.open("/tidak-ada-apa-apa", status=404)
    inspection.look(page, "404", sizes=ONE)
    loket.open("/jurnal", status=403)
    inspection.look(page, "403", sizes=ONE)


def test_the_counter(sit_down: Callable[..., Person], inspection: Inspection) -> None:
    loket = sit_down("loket1")
    page = loket.page
    counter = Counter(loket).open()
    inspection.look(page, "loket kosong")
    troubled(page, inspection, "loket")
    counter.open()
    write(page, "tidakadaorangnya")
    expect(loket.at("loket-jumlah")).to_contain_text("Tidak ada yang cocok")
    inspection.look(page, "loket tidak ada yang cocok", sizes=ONE)
    counter.open()
    counter.look_for("siti")
    expect(loket.at("loket-mirip").first).to_be_visible()
    inspection.look(page, "loket hasil")
    counter.open()
    counter.look_for("raden ayu 050570")
    counter.open_marked(LONG)
    inspection.look(page, "loket kunjungan")
    page.keyboard.press("Enter")
    expect(loket.at("verifikasi-keluhan-kosong")).to_be_visible()
    inspection.look(page, "loket tanpa keluhan", sizes=ONE)
    write(page, "gigi berlubang")
    loket.at("loket-poli").select_option("lansia")
    has_focus(loket.at("loket-keluhan"))
    page.keyboard.press("F9")
    expect(loket.at("verifikasi-pilih-1")).to_be_visible()
    inspection.look(page, "verifikasi memilih")
    read_first(page)
    page.keyboard.press("1")
    expect(loket.at("loket-nomor")).to_be_visible()
    inspection.look(page, "loket tersimpan")
    counter.open()
    counter.look_for("raden ayu 050570")
    counter.open_marked(LONG)
    expect(loket.at("loket-sudah-terdaftar")).to_be_visible()
    inspection.look(page, "loket sudah terdaftar")


def test_a_slow_answer_is_said_and_nothing_is_lost(sit_down: Callable[..., Person]) -> None:
    """After 3 s a sentence; what was there stays, and the answer still comes."""
    loket = sit_down("loket1")
    counter = Counter(loket).open()
    counter.look_for("siti")
    expect(loket.at("loket-hasil").first).to_be_visible()
    held: list[Route] = []
    loket.page.route("**/loket/cari", lambda route: held.append(route))
    write(loket.page, " aminar")
    strip = loket.at("strip-server")
    expect(strip).to_contain_text("Masih mengambil data")
    expect(loket.at("loket-hasil").first).to_be_visible()
    expect(loket.at("loket-cari")).to_have_value("siti aminar")
    has_focus(loket.at("loket-cari"))
    held[-1].continue_()
    expect(strip).to_be_hidden()
    expect(loket.at("loket-hasil").first).to_contain_text("SITI AMINAR")


def test_a_new_patient(sit_down: Callable[..., Person], inspection: Inspection) -> None:
    loket = sit_down("loket1")
    page = loket.page
    loket.open("/pasien/baru")
    inspection.look(page, "pasien-baru kosong")
    troubled(page, inspection, "pasien-baru")
    page.keyboard.press("F9")
    expect(loket.at("pasien-baru-perbaiki")).to_be_visible()
    inspection.look(page, "pasien-baru gagal")
    loket.at("pasien-baru-nama").focus()
    write(page, "SITI AMINAH")
    loket.at("pasien-baru-lahir").focus()
    write(page, "12031985")
    loket.at("pasien-baru-kelamin").select_option("female")
    loket.at("pasien-baru-ibu").focus()
    write(page, "MARYAM")
    loket.at("pasien-baru-desa").focus()
    write(page, "Sabrang")
    expect(loket.at("pasien-baru-mirip").first).to_be_visible()
    inspection.look(page, "pasien-baru mirip")
    page.keyboard.press("F9")
    expect(loket.at("pasien-baru-tampak-sama")).to_be_visible()
    inspection.look(page, "pasien-baru tampak sama")
    loket.open("/lengkapi")
    inspection.look(page, "lengkapi")
    troubled(page, inspection, "lengkapi")
    loket.at("lengkapi-buka").first.press("Enter")
    expect(loket.at("pasien-ubah-simpan")).to_be_visible()
    inspection.look(page, "pasien-ubah")


def test_the_poli(sit_down: Callable[..., Person], inspection: Inspection) -> None:
    dokter, loket = sit_down("dokter"), sit_down("loket1")
    page = dokter.page
    inspection.look(page, "poli pilih")
    desk = Poli(dokter).open("umum")
    expect(dokter.at("poli-kosong").first).to_be_visible()
    inspection.look(page, "poli kosong")
    troubled(page, inspection, "poli")
    number = Counter(loket).open().register("agus 100580", "pegal")
    desk.open("umum")
    expect(desk.row(number)).to_be_visible()
    desk.call_next("AGUS SALIM")
    inspection.look(page, "poli rekam")
    desk.measure(systolic="168/94", pulse="88", respiratory_rate="20", temperature="367")
    expect(dokter.at("poli-ttv-tolak")).to_be_visible()
    inspection.look(page, "poli ttv di luar batas")
    dokter.at("poli-s").focus()
    write(page, "/isp")
    expect(dokter.at("poli-templat-pilihan").first).to_be_visible()
    inspection.look(page, "poli templat", sizes=ONE)
    page.keyboard.press("Escape")
    dokter.at("poli-icd").focus()
    write(page, "pegal")
    expect(dokter.at("poli-icd-pilihan").first).to_be_visible()
    inspection.look(page, "poli diagnosa", sizes=ONE)
    page.keyboard.press("Enter")
    expect(dokter.at("poli-diagnosa")).to_be_visible()
    page.keyboard.press("F9")
    expect(dokter.at("rekam-tolak")).to_be_visible()
    inspection.look(page, "poli gagal")
    dokter.at("banner-tanyakan").press("Enter")
    expect(dokter.at("alergi")).to_be_visible()
    inspection.look(page, "poli alergi", sizes=ONE)
    dokter.at("poli-ttv-temperature").fill("36,7")
    page.keyboard.press("F9")
    expect(dokter.at("poli-tugas")).to_be_visible()
    inspection.look(page, "poli tugas")
    address = dokter.at("poli-tugas-buka").get_attribute("href")
    assert address
    dokter.open(address)
    inspection.look(page, "rekam")
    troubled(page, inspection, "rekam")


def test_the_record_room(
    sit_down: Callable[..., Person], site: Site, inspection: Inspection
) -> None:
    rm = sit_down("rekam")
    page = rm.page
    patient = one_id(site.folder, OF_LONG, f"{LONG}%")
    ((mrn,),) = rows(site.folder, "SELECT mrn FROM patients_patient WHERE name LIKE ?", f"{LONG}%")
    for name in ("diminta", "luar", "kelengkapan", "siap"):
        rm.open(f"/rm?daftar={name}")
        inspection.look(page, f"rm {name}", sizes=ONE)
    inspection.look(page, "rm")
    troubled(page, inspection, "rm")
    rm.open("/rm")
    has_focus(rm.at("rm-pindai"))
    type_as_device(page, f"BK:{mrn}", gap_ms=10)
    expect(rm.at("rm-baris-pindai").or_(rm.at("rm-tanya")).first).to_be_visible()
    inspection.look(page, "rm terpindai")
    rm.open("/rm")
    type_as_device(page, "BK:99-99-99-99", gap_ms=10)
    expect(rm.at("rm-baris-pindai").first).to_be_visible()
    inspection.look(page, "rm gagal")
    rm.open("/rm?daftar=kelengkapan")
    if rm.at("rm-rekam").count():
        rm.at("rm-rekam").first.press("Enter")
        expect(rm.at("rm-kelengkapan")).to_be_visible()
        inspection.look(page, "rm kelengkapan terbuka")
    for path in (
        f"rm/berkas/{patient}",
        f"rm/tracer/{patient}",
        f"rm/tracer/{patient}?ukuran=label",
    ):
        rm.open(f"/{path}")
        inspection.look(page, re.sub(r"[0-9a-f-]{36}", "…", path), sizes=ONE)
    rm.open("/rm/klpcm")
    inspection.look(page, "klpcm")
    troubled(page, inspection, "klpcm")


def test_administration(
    sit_down: Callable[..., Person], site: Site, inspection: Inspection
) -> None:
    head = sit_down("kepala")
    page = head.page
    patient = one_id(site.folder, OF_LONG, f"{LONG}%")
    account = one_id(site.folder, "SELECT id FROM staff_account WHERE username = 'bidan'")
    paths = (
        "jurnal", f"jurnal/pasien/{patient}", f"jurnal/pasien/{patient}/laporan", "pengaturan",
        "pengaturan/unit", "pengaturan/akun", "pengaturan/akun/baru",
        f"pengaturan/akun/{account}", "pengaturan/kelengkapan", "api/docs",
    )  # fmt: skip
    for path in paths:
        head.open(f"/{path}")
        expect(head.page.locator("h1")).to_be_visible()
        name = re.sub(r"[0-9a-f-]{36}", "…", path)
        inspection.look(page, name)
        if path != "api/docs" and not path.endswith("laporan"):
            troubled(page, inspection, name)
    head.open("/pengaturan/akun/baru")
    page.evaluate("for (const form of document.forms) form.noValidate = true")
    head.at("akun-baru-simpan").press("Enter")
    expect(page.locator(".field-error, .message").first).to_be_visible()
    inspection.look(page, "akun-baru gagal")
    head.open("/jurnal")
    page.keyboard.press("Escape")
    head.at("bantuan").press("Enter")
    expect(page.locator("#bantuan")).to_be_visible()
    inspection.look(page, "bantuan", sizes=ONE)


@pytest.mark.parametrize(("width", "height"), [(400, 800), (683, 384)])
def test_nothing_is_lost_when_enlarged(
    sit_down: Callable[..., Person], width: int, height: int
) -> None:
    """683 × 384 is a 1366 × 768 screen at 200 %; 400 wide is a telephone."""
    size = {"width": width, "height": height}
    loket, dokter = sit_down("loket2", size=size), sit_down("dokter", size=size)
    counter = Counter(loket).open()
    nothing_beside(loket.page)
    counter.look_for("raden ayu 050570")
    nothing_beside(loket.page)
    counter.open_marked(LONG)
    nothing_beside(loket.page)
    Poli(dokter).open("umum")
    nothing_beside(dokter.page)


def nothing_beside(page: Page) -> None:
    """No part of the page lies beside the screen."""
    seen, whole = page.evaluate(
        "[document.documentElement.clientWidth, document.documentElement.scrollWidth]"
    )
    assert whole <= seen + 1
