"""The pictures of the README, taken on the way through a made-up morning.

With SIMPUL_SCREENSHOTS (a folder) they are written there; without, the pages must still stand.
"""

import os
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.accessible import has_settled
from tests.journeys.conftest import Person
from tests.journeys.desks import Counter, Poli, write
from tests.journeys.strokes import read_first

#: What is typed to find them, and the complaint; the destination follows from both.
MORNING = (
    ("herman 120580", "gigi berlubang"),
    ("endah 220580", "kontrol kandungan"),
    ("dwi 110580", "batuk pilek"),
    ("3509190407570001", "kontrol darah tinggi"),
    ("nurul 130580", "maag kambuh"),
    ("siti aminar 120385", "gatal di tangan"),
    ("kusnadi 190580", "pegal linu"),
    ("fitria 200580", "gusi bengkak"),
)


def take(page: Page, name: str) -> None:
    """Take the picture, if anybody wants it."""
    folder = os.environ.get("SIMPUL_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.evaluate("window.scrollTo(0, 0)")
        has_settled(page)
        page.screenshot(path=Path(folder) / f"{name}.png", caret="initial")


def test_a_morning_worth_showing(sit_down: Callable[..., Person]) -> None:
    loket, dokter, gigi, bidan, tv = (
        sit_down(name) for name in ("loket1", "dokter", "gigi", "bidan", "loket2")
    )
    polis = {"umum": Poli(dokter), "gigi": Poli(gigi), "kia": Poli(bidan)}
    for unit, desk in polis.items():
        desk.open(unit)
    tv.open("/tv")
    counter = Counter(loket).open()
    given = []
    for text, complaint in MORNING:
        if text.isdigit():
            counter.look_for(text)
            counter.is_open()
            counter.complain(complaint)
            given.append(counter.save())
        else:
            given.append(counter.register(text, complaint))
    expect(dokter.at("poli-baris")).to_have_count(4)

    # The poli: somebody inside, with numbers and a diagnosis.
    polis["gigi"].call_next("HERMAN EFENDI")
    polis["kia"].call_next("ENDAH KARTIKA")
    poli = polis["umum"]
    poli.call_next("DWI LESTARI")
    dokter.at("banner-tanyakan").press("Enter")
    expect(dokter.at("alergi")).to_be_visible()
    read_first(dokter.page)
    dokter.at("alergi-penyebab").focus()
    write(dokter.page, "Amoksisilin")
    dokter.at("alergi-reaksi").focus()
    write(dokter.page, "gatal")
    dokter.at("alergi-simpan").press("Enter")
    expect(dokter.at("banner-alergi")).to_contain_text("Amoksisilin")
    dokter.at("poli-ttv-systolic").focus()
    poli.measure(
        systolic="118/76", pulse="84", respiratory_rate="18", temperature="37,4", spo2="98",
        weight="54,5", height="156",
    )  # fmt: skip
    poli.note("s", " 3 hari, tidak sesak")
    poli.note("o", "faring hiperemis, paru bersih")
    poli.note("a", "ISPA")
    poli.note("p", "istirahat, minum hangat; kontrol bila 3 hari belum membaik")
    poli.diagnose("batuk pilek")
    dokter.at("poli-s").focus()
    expect(dokter.at("poli-imt")).to_be_visible()
    take(dokter.page, "poli")

    # The counter: a patient found by name and birth date, with a namesake, and the visit open.
    counter.open()
    counter.look_for("siti aminah")
    counter.open_marked("SITI AMINAH")
    write(loket.page, "batuk pilek")
    expect(loket.at("loket-saran")).to_contain_text("Poli")
    expect(loket.at("banner-alergi")).to_contain_text("Penisilin")
    shown = loket.at("loket-terakhir-baris").filter(has_text="tampil di poli")
    expect(shown.first).to_be_visible()
    take(loket.page, "loket")

    # The waiting room: the number, its poli, and no name.
    expect(tv.at("tv-nomor")).to_be_visible()
    expect(tv.at("tv-sekarang")).not_to_contain_text("DWI")
    take(tv.page, "tv")

    # The record room: what is to be fetched from the shelf, and one folder on its way.
    rm = sit_down("rekam")
    rm.open("/rm")
    expect(rm.at("rm-diminta").first).to_be_visible()
    for moved in (1, 2):
        rm.at("rm-kirim").first.press("Enter")
        expect(rm.at("rm-baris-pindai")).to_have_count(moved)
        expect(rm.at("rm-diminta")).to_have_count(len(MORNING) - moved)
    rm.open("/rm")
    expect(rm.at("rm-ringkas")).to_contain_text("2")
    take(rm.page, "rm")
