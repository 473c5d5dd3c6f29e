"""A study at the head's desk: typed by keyboard, counted on the way, kept through a power cut."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.accessible import Inspection
from tests.journeys.conftest import Person
from tests.journeys.desks import write

TIME = (
    ("working_days", "313"), ("annual_leave", "12"), ("training", "4"), ("public_holidays", "13"),
    ("absence", "6"), ("hours_per_day", "6"),
)  # fmt: skip


def begin(sit_down: Callable[..., Person], title: str) -> Person:
    """The head opens an empty study and fills in the category and its working time."""
    head = sit_down("kepala")
    head.open("/perencanaan/studi/baru")
    head.page.fill("#id_title", title)
    head.at("studi-kosong-mulai").click()
    head.page.wait_for_url("**/ubah")
    head.page.fill("#id_k1-name", "Petugas pendaftaran")
    head.page.fill("#id_k1-staff", "1")
    for name, text in TIME:
        head.page.fill(f"#id_k1-{name}", text)
    return head


def type_act(page: Page, number: int, name: str, seconds: str, volume: str) -> None:
    """One line of the table, Enter after each field."""
    page.focus(f"#id_k1-a{number}-name")
    write(page, name)
    page.keyboard.press("Enter")
    write(page, seconds)
    page.keyboard.press("Enter")
    page.select_option(f"#id_k1-a{number}-time_unit", "s")
    page.keyboard.press("Enter")
    write(page, volume)


def test_a_study_is_typed_counted_and_kept_through_a_power_cut(
    sit_down: Callable[..., Person],
) -> None:
    head = begin(sit_down, "Loket rawat jalan")
    page = head.page
    for number in range(1, 5):
        type_act(page, number, f"Kegiatan {number}", "440,69", "3.690")

    expect(page.locator("tbody[data-rows=k1-a] tr")).to_have_count(5)
    expect(page.locator("#h-k1-a4-s")).to_have_text("13.626")
    expect(page.locator("#h-hasil")).to_contain_text("ada 1")
    page.wait_for_timeout(2500)  # what is typed is kept every two seconds

    page.goto(page.url)
    expect(head.at("draf-pulih")).to_be_visible()
    expect(page.locator("#id_k1-a4-name")).to_have_value("Kegiatan 4")
    page.keyboard.press("F9")

    expect(head.at("studi-tersimpan")).to_contain_text("Versi 1 tersimpan.")
    expect(head.at("studi-hasil").first).to_contain_text("perlu 1,08 → 1 orang; ada 1; cukup")
    head.at("studi-ubah").click()
    page.wait_for_url("**/ubah")
    expect(head.at("draf-pulih")).to_have_count(0)


def test_the_right_figure_of_a_doubt_is_taken_over_and_a_bad_one_explained(
    sit_down: Callable[..., Person],
) -> None:
    head = begin(sit_down, "Loket bersif")
    page = head.page
    type_act(page, 1, "Pasien baru", "440,69", "3.690")
    page.fill("#id_k1-shift_hours", "7; 7; 10")
    head.at("studi-pakai").click()

    expect(page.locator("#id_k1-hours_per_day")).to_have_value("8")
    expect(page.locator("#h-k1-waktu")).to_contain_text("2.224 jam")
    expect(head.at("studi-pakai")).to_have_count(0)

    page.fill("#id_k1-a1-time", "tujuh")
    expect(page.locator("#t-k1-a1")).to_contain_text("“tujuh” bukan angka")
    page.keyboard.press("F9")
    expect(head.at("studi-tolak")).to_contain_text("Pasien baru: “tujuh” bukan angka")
    expect(page.locator("#id_k1-a1-volume")).to_have_value("3.690")
    head.at("studi-tolak").get_by_role("link").click()
    expect(page.locator("#id_k1-a1-time")).to_be_focused()


def test_the_pages_of_a_study_are_for_everybody(sit_down: Callable[..., Person]) -> None:
    seen = Inspection()
    head = sit_down("kepala")
    head.open("/perencanaan/studi")
    seen.look(head.page, "list")
    head.open("/perencanaan/studi/baru")
    seen.look(head.page, "new")
    head.at("studi-kosong-mulai").click()
    expect(head.at("studi-tolak")).to_be_visible()
    seen.look(head.page, "refused")

    head = begin(sit_down, "Loket untuk dilihat")
    type_act(head.page, 1, "Pasien baru", "440,69", "3.690")
    head.page.check("[data-wide]")
    seen.look(head.page, "sheet")
    head.page.keyboard.press("F9")
    expect(head.at("studi-tersimpan")).to_be_visible()
    seen.look(head.page, "study")
    head.at("studi-cetak").click()
    expect(head.at("studi-cetak-sekarang")).to_be_visible()
    seen.look(head.page, "print")
    seen.nothing_found()
