"""How long acts take: accepting a time, and the observer with a phone and no connection."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.accessible import SIZES, Inspection
from tests.journeys.conftest import Person, Site
from tests.journeys.desks import tab_to, write
from tests.journeys.stored import rows

SEED = "tests.journeys.planning_seed"
ONE = SIZES[:1]
PHONE = {"width": 390, "height": 844}
PHONES = ((390, 844), *SIZES)


def observed(site: Site) -> list[tuple[float, ...]]:
    """What the server has of the observer's work."""
    return rows(site.folder, "SELECT seconds FROM workload_observation")


def test_a_time_is_accepted_with_a_reason(
    sit_down: Callable[..., Person], inspection: Inspection
) -> None:
    head = sit_down("kepala")
    page = head.page
    head.open("/perencanaan/waktu")
    expect(head.at("waktu-tabel").first).to_be_visible()
    inspection.look(page, "waktu")
    proposal = page.get_by_role("link", name="Usul").first
    tab_to(page, proposal, most=150)
    page.keyboard.press("Enter")
    expect(head.at("waktu-ukuran")).to_be_visible()
    expect(head.at("waktu-orang")).to_be_visible()  # she is the head: she sees who
    inspection.look(page, "waktu rinci")
    head.at("waktu-tetapkan-norm").evaluate("form => { form.noValidate = true }")
    tab_to(page, head.at("waktu-simpan-norm"))
    page.keyboard.press("Enter")  # no reason yet
    expect(page.locator(".field-error, .message-danger").first).to_be_visible()
    inspection.look(page, "waktu ditolak", sizes=ONE)
    tab_to(page, head.at("waktu-tetapkan-norm").locator('[data-uji="waktu-alasan"]'))
    write(page, "median sebulan, loket berjalan biasa")
    tab_to(page, head.at("waktu-simpan-norm"))
    page.keyboard.press("Enter")
    expect(head.at("waktu-riwayat")).to_contain_text("median sebulan, loket berjalan biasa")
    expect(head.at("waktu-riwayat")).to_contain_text("dr. Hartono")
    head.open("/perencanaan/waktu/banding")
    inspection.look(page, "waktu banding", sizes=ONE)
    head.open("/perencanaan/waktu?dari=1999-01-01&sampai=1999-02-01")
    inspection.look(page, "waktu kosong", sizes=ONE)


def test_an_observation_outlives_a_reload_without_the_server(
    sit_down: Callable[..., Person], site: Site, inspection: Inspection
) -> None:
    watcher = sit_down("rm", size=PHONE)
    page = watcher.page
    watcher.open("/pengamatan")
    expect(watcher.at("pengamatan-kosong")).to_be_visible()
    inspection.look(page, "pengamatan kosong", sizes=PHONES)
    tab_to(page, watcher.at("pengamatan-contoh"))
    page.keyboard.press("Enter")
    activity = watcher.at("pengamatan-kegiatan").first
    expect(activity).to_be_visible()
    # Kept on the phone before anybody walks off with it.
    expect(watcher.at("pengamatan-luring")).to_contain_text("dapat dibuka tanpa sambungan")
    inspection.look(page, "pengamatan pilih", sizes=PHONES)
    tab_to(page, activity)
    page.keyboard.press("Enter")
    tab_to(page, watcher.at("pengamatan-mulai"))
    page.keyboard.press("Enter")
    expect(watcher.at("pengamatan-langkah")).to_contain_text("Langkah 1")
    inspection.look(page, "pengamatan berjalan", sizes=PHONES)
    tab_to(page, watcher.at("pengamatan-berikut"))
    page.keyboard.press("Enter")
    expect(watcher.at("pengamatan-langkah")).to_contain_text("Langkah 2")
    page.wait_for_timeout(1200)  # something to have taken its time

    site.stop()
    page.reload()
    expect(watcher.at("pengamatan-langkah")).to_contain_text("Langkah 2")
    tab_to(page, watcher.at("pengamatan-berhenti"))
    page.keyboard.press("Enter")
    expect(watcher.at("pengamatan-di-ponsel")).to_contain_text("(1)")
    expect(watcher.at("pengamatan-catatan")).to_contain_text("tersimpan di ponsel")
    inspection.look(page, "pengamatan putus", sizes=PHONES[:1])
    page.reload()
    expect(watcher.at("pengamatan-di-ponsel")).to_contain_text("(1)")

    site.start()
    tab_to(page, watcher.at("pengamatan-kirim"))
    for _again in range(3):  # an impatient thumb
        page.keyboard.press("Enter")
    expect(watcher.at("pengamatan-di-ponsel")).to_contain_text("(0)")
    expect(watcher.at("pengamatan-di-server")).to_contain_text("(1 ")
    ((seconds,),) = observed(site)
    assert float(seconds) > 1
    page.reload()
    expect(watcher.at("pengamatan-di-server")).to_contain_text("(1 ")
    assert len(observed(site)) == 1

    watcher.open("/pengamatan/kegiatan")
    inspection.look(page, "kegiatan", sizes=PHONES)
    page.evaluate("for (const form of document.forms) form.noValidate = true")
    page.keyboard.press("F9")
    expect(page.locator(".field-error, .message-danger").first).to_be_visible()
    inspection.look(page, "kegiatan ditolak", sizes=PHONES[:1])
