"""The two pictures of planning in the README: the map of a made-up district, and a study.

Written where SIMPUL_SCREENSHOTS says, as those of the counter are; without it the pages must
still stand.
"""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.conftest import Person
from tests.journeys.test_pictures import take

SEED = "tests.journeys.planning_seed"
TALL = {"width": 1366, "height": 960}
#: name, seconds, acts a year: the counter and the shelf of the thesis.
ACTS = (
    ("Pendaftaran pasien baru", "440,69", "3.690"),
    ("Pendaftaran pasien lama", "327,52", "13.766"),
    ("Filing rawat jalan", "226,8", "17.236"),
)
FIGURES = {
    "name": "Petugas pendaftaran rawat jalan", "staff": "1", "working_days": "313",
    "public_holidays": "13", "annual_leave": "12", "absence": "6", "training": "4",
    "hours_per_day": "6",
}  # fmt: skip
ALLOWANCES = (
    ("Pertemuan rutin", "2", "month"),
    ("Pelatihan kecil", "4", "year"),
    ("Membimbing mahasiswa", "4", "year"),
    ("Pelatihan besar", "21", "year"),
)


def test_the_map_of_the_district(sit_down: Callable[..., Person]) -> None:
    dinas = sit_down("dinas", size=TALL)
    page = dinas.page
    dinas.open("/perencanaan/peta")
    expect(page.locator(".leaflet-container")).to_be_visible()
    places = dinas.at("peta-daftar")
    places.focus()
    for key in ("ArrowDown",) * 3:
        page.keyboard.press(key)
    expect(page.locator(".leaflet-marker-pane .is-marked")).to_be_visible()
    take(page, "peta")


def test_a_study_with_its_sums(sit_down: Callable[..., Person]) -> None:
    head = sit_down("kepala", size=TALL)
    page = head.page
    head.open("/perencanaan/studi/baru")
    head.at("studi-judul").fill("Loket rawat jalan")
    head.at("studi-kosong-mulai").press("Enter")
    expect(page.locator("#studi-form")).to_be_visible()
    head.at("studi-metode").select_option("kepmenkes81")

    def put(name: str, text: str) -> None:
        page.locator(f'[name="k1-{name}"]').fill(text)

    for name, text in FIGURES.items():
        put(name, text)
    for number, (name, seconds, volume) in enumerate(ACTS, start=1):
        put(f"a{number}-name", name)
        put(f"a{number}-time", seconds)
        page.locator(f'[name="k1-a{number}-time_unit"]').select_option("s")
        put(f"a{number}-volume", volume)
    for number, (name, hours, per) in enumerate(ALLOWANCES, start=1):
        put(f"l{number}-name", name)
        put(f"l{number}-amount", hours)
        page.locator(f'[name="k1-l{number}-unit"]').select_option("hours")
        page.locator(f'[name="k1-l{number}-per"]').select_option(per)
    page.keyboard.press("F9")
    expect(head.at("studi-tersimpan")).to_be_visible()
    expect(head.at("studi-hasil").first).to_contain_text("1,70 → 2 orang; ada 1; kurang 1")
    page.goto(page.url.split("?")[0])
    expect(head.at("studi-hasil").first).to_contain_text("2 orang")
    take(page, "studi")
