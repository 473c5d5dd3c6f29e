"""The observer's phone: a whole act timed without the server, through a reload, and sent once."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.accessible import Inspection
from tests.journeys.conftest import Person, Site
from tests.journeys.stored import rows

PHONE = {"width": 360, "height": 740}
STORED = "SELECT seconds, steps FROM workload_observation ORDER BY started_at"


def ready(sit_down: Callable[..., Person], inspection: Inspection | None = None) -> Person:
    """The record officer's phone, with the activities of the counter on it."""
    phone = sit_down("rekam", size=PHONE)
    phone.open("/pengamatan")
    if phone.at("pengamatan-kosong").count():
        if inspection:
            inspection.look(phone.page, "empty", sizes=((360, 740),))
        phone.at("pengamatan-contoh").click()
    expect(phone.at("pengamatan-kegiatan")).to_have_count(6)
    return phone


def test_an_act_is_timed_without_the_server_and_sent_once(
    sit_down: Callable[..., Person], site: Site
) -> None:
    phone = ready(sit_down)
    expect(phone.at("pengamatan-luring")).to_contain_text("tanpa sambungan")

    phone.context.set_offline(True)
    phone.page.reload()  # the page itself comes from the phone now
    phone.at("pengamatan-kegiatan").filter(has_text="Filing rawat jalan").click()
    phone.at("pengamatan-mulai").click()
    expect(phone.at("pengamatan-langkah")).to_contain_text("Langkah 1 dari 4")
    phone.page.wait_for_timeout(300)
    phone.at("pengamatan-berikut").click()
    phone.at("pengamatan-berikut").click()
    expect(phone.at("pengamatan-langkah")).to_contain_text("Langkah 3 dari 4")
    phone.at("pengamatan-batal-langkah").click()
    expect(phone.at("pengamatan-langkah")).to_contain_text("Langkah 2 dari 4")

    phone.page.reload()  # in the middle of it
    expect(phone.at("pengamatan-langkah")).to_contain_text("Langkah 2 dari 4")
    phone.at("pengamatan-berikut").click()
    phone.at("pengamatan-berikut").click()
    expect(phone.at("pengamatan-berikut")).to_be_hidden()
    phone.at("pengamatan-berhenti").click()
    expect(phone.at("pengamatan-di-ponsel")).to_have_text("Tersimpan di ponsel ini (1).")
    expect(phone.at("pengamatan-catatan")).to_contain_text("tetap tersimpan di ponsel ini")
    assert rows(site.folder, STORED) == []

    phone.context.set_offline(False)
    phone.page.reload()
    expect(phone.at("pengamatan-di-ponsel")).to_have_text("Tersimpan di ponsel ini (0).")
    expect(phone.at("pengamatan-di-server")).to_contain_text("Tersimpan di server (1")
    ((seconds, steps),) = rows(site.folder, STORED)
    assert float(seconds) >= 0.3
    assert steps.count('"name"') == 4


def test_a_sending_whose_answer_is_lost_is_stored_once(
    sit_down: Callable[..., Person], site: Site
) -> None:
    phone = ready(sit_down)
    before = len(rows(site.folder, STORED))

    def lose_the_answer(route: object) -> None:
        route.fetch()  # type: ignore[attr-defined]
        route.abort()  # type: ignore[attr-defined]

    phone.context.route("**/pengamatan/kirim", lose_the_answer)
    phone.at("pengamatan-kegiatan").first.click()
    phone.at("pengamatan-mulai").click()
    phone.at("pengamatan-berhenti").click()
    expect(phone.at("pengamatan-catatan")).to_contain_text("Server tidak terjangkau")
    expect(phone.at("pengamatan-di-ponsel")).to_have_text("Tersimpan di ponsel ini (1).")

    phone.context.unroute("**/pengamatan/kirim")
    phone.at("pengamatan-kirim").click()
    expect(phone.at("pengamatan-di-ponsel")).to_have_text("Tersimpan di ponsel ini (0).")
    assert len(rows(site.folder, STORED)) == before + 1


def test_throwing_away_needs_two_presses(sit_down: Callable[..., Person]) -> None:
    phone = ready(sit_down)
    phone.at("pengamatan-kegiatan").first.click()
    phone.at("pengamatan-mulai").click()
    phone.at("pengamatan-buang").click()
    expect(phone.at("pengamatan-buang")).to_contain_text("sekali lagi")
    expect(phone.at("pengamatan-berhenti")).to_be_visible()
    phone.at("pengamatan-buang").click()
    expect(phone.at("pengamatan-mulai")).to_be_visible()
    phone.at("pengamatan-kembali").click()
    expect(phone.at("pengamatan-kegiatan").first).to_be_visible()


def test_the_phone_fits_and_reads_well(sit_down: Callable[..., Person]) -> None:
    inspection = Inspection()
    phone = ready(sit_down, inspection)
    for size in ((360, 740), (414, 896)):
        inspection.look(phone.page, "choose", sizes=(size,))
    phone.at("pengamatan-kegiatan").first.click()
    phone.at("pengamatan-mulai").click()
    for width, height in ((360, 740), (414, 896)):
        inspection.look(phone.page, "running", sizes=((width, height),))
        phone.page.set_viewport_size({"width": width, "height": height})
        wide = phone.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, "nothing to scroll sideways"
    main = phone.at("pengamatan-berikut").bounding_box()
    assert main is not None
    assert main["height"] >= 80
    phone.at("pengamatan-berhenti").click()
    inspection.look(phone.page, "stopped", sizes=((360, 740),))
    phone.open("/pengamatan/kegiatan")
    inspection.look(phone.page, "activities")
    inspection.nothing_found()


def test_the_pages_of_times_read_well(sit_down: Callable[..., Person]) -> None:
    inspection = Inspection()
    head = sit_down("kepala")
    head.open("/pengamatan/kegiatan")
    if head.at("kegiatan-contoh").count():
        head.at("kegiatan-contoh").click()
    expect(head.at("kegiatan-baris")).to_have_count(6)
    head.open("/perencanaan/waktu?dari=2020-01-01&sampai=2020-01-31")
    head.page.get_by_role("link", name="Filing rawat jalan").click()
    inspection.look(head.page, "one time")
    head.page.fill("#norm-minutes", "4")
    head.page.fill("#norm-reason", "Ketetapan kepala")
    head.at("waktu-simpan-norm").click()
    expect(head.at("waktu-riwayat")).to_contain_text("Ketetapan kepala")
    inspection.look(head.page, "accepted")
    head.open("/perencanaan/waktu/banding")
    inspection.look(head.page, "compared")
    head.open("/perencanaan/waktu")
    inspection.look(head.page, "times")
    inspection.nothing_found()
