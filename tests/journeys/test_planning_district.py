"""Where staff is missing: the table, the map, the distribution and the moves, by the keyboard."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.accessible import SIZES, Inspection
from tests.journeys.conftest import Person
from tests.journeys.desks import tab_to, write
from tests.journeys.planning_seed import LONG_PLACE

SEED = "tests.journeys.planning_seed"
ONE = SIZES[:1]


def test_the_gap_is_narrowed_and_a_facility_opened(
    sit_down: Callable[..., Person], inspection: Inspection
) -> None:
    dinas = sit_down("dinas")
    page = dinas.page
    dinas.open("/perencanaan")
    inspection.look(page, "ringkasan")
    dinas.open("/perencanaan/kesenjangan")
    inspection.look(page, "kesenjangan")
    assert dinas.at("kesenjangan-baris").count() > 10
    tab_to(page, dinas.at("kesenjangan-profesi"))
    write(page, "Bidan")
    tab_to(page, dinas.at("kesenjangan-kurang"))
    page.keyboard.press("Space")
    tab_to(page, dinas.at("kesenjangan-tampilkan"))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "profesi=bidan" in url and "kurang=1" in url)
    narrowed = dinas.at("kesenjangan-baris")
    expect(dinas.at("kesenjangan-banyak")).to_be_visible()
    assert narrowed.count() > 0
    for row in narrowed.all():
        expect(row).to_contain_text("▼")
    inspection.look(page, "kesenjangan disaring", sizes=ONE)
    # Whoever is shortest stands first; the page of one facility keeps what was chosen.
    first = narrowed.first.get_by_role("link")
    name = first.inner_text()
    tab_to(page, first)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(name)
    assert "profesi=bidan" in page.url
    expect(dinas.at("kesenjangan-profesi-tabel")).to_contain_text("Bidan")
    inspection.look(page, "kesenjangan fasilitas")
    dinas.open("/perencanaan/kesenjangan?tahun=1901", status=422)
    expect(page.locator("main")).to_contain_text("Tahun itu tidak dapat dipilih")
    inspection.look(page, "kesenjangan tahun ditolak", sizes=ONE)


def test_the_map_is_walked_by_its_list(
    sit_down: Callable[..., Person], inspection: Inspection
) -> None:
    """Whatever asks another host is noted by `sit_down` and fails the test."""
    dinas = sit_down("dinas")
    page = dinas.page
    dinas.open("/perencanaan/peta")
    expect(page.locator(".leaflet-container")).to_be_visible()
    inspection.look(page, "peta")
    places = dinas.at("peta-daftar")
    tab_to(page, places)
    marked = page.locator(".leaflet-marker-pane .is-marked")
    chosen = places.locator('[aria-selected="true"] .row-name')
    signs = []
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
        name = chosen.inner_text()
        if page.locator(f'.leaflet-marker-icon[title^="{name}:"]').count():
            expect(marked).to_have_attribute("title", re.compile(f"^{re.escape(name)}:"))
            signs.append(name)
        else:  # a place without a point has a row and no sign
            expect(marked).to_have_count(0)
    assert len(set(signs)) >= 2
    page.keyboard.press("Enter")
    panel = dinas.at("peta-panel")
    expect(panel).to_be_visible()
    expect(panel.locator("h2")).to_have_text(chosen.inner_text())
    expect(dinas.at("peta-panel-profesi")).to_be_visible()
    inspection.look(page, "peta fasilitas terbuka")
    # What the list says of a place is what its sign says.
    for one in places.locator(".map-row").all()[:5]:
        title = one.locator(".row-name").inner_text()
        sign = page.locator(f'.leaflet-marker-icon[title^="{title}:"]')
        if sign.count():
            expect(sign).to_contain_text(one.locator(".spot").inner_text())
    expect(places).to_contain_text(LONG_PLACE)
    dinas.open("/perencanaan/peta?ukuran=akses")  # no villages yet: said, and the gap is shown
    expect(dinas.at("peta-tanpa-desa")).to_be_visible()
    inspection.look(page, "peta tanpa desa", sizes=ONE)
    dinas.open("/perencanaan/peta/berkas")
    inspection.look(page, "peta berkas")
    tab_to(page, dinas.at("berkas-penduduk-simpan"))
    page.keyboard.press("Enter")  # no file chosen
    expect(dinas.at("berkas-ditolak")).to_contain_text("Pilih berkasnya dahulu")
    inspection.look(page, "peta berkas ditolak", sizes=ONE)


def test_the_map_without_script_is_a_picture_and_a_list(
    sit_down: Callable[..., Person],
) -> None:
    head = sit_down("kepala")
    page = head.page
    # The browser keeps the program's files for the counter; this one has none yet.
    page.evaluate(
        "async () => { for (const one of await navigator.serviceWorker.getRegistrations())"
        " await one.unregister(); for (const name of await caches.keys())"
        " await caches.delete(name); }"
    )
    page.route("**/leaflet*.js", lambda route: route.abort())
    head.open("/perencanaan/peta")
    expect(page.locator(".map-still")).to_be_visible()
    expect(head.at("peta-daftar")).to_be_visible()


def test_the_distribution_is_read_for_one_profession(
    sit_down: Callable[..., Person], inspection: Inspection
) -> None:
    dinas = sit_down("dinas")
    page = dinas.page
    dinas.open("/perencanaan/sebaran")
    inspection.look(page, "sebaran")
    tab_to(page, dinas.at("sebaran-profesi"))
    write(page, "Perawat")
    tab_to(page, dinas.at("sebaran-tampilkan"))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "profesi=perawat" in url)
    expect(dinas.at("sebaran-ringkasan")).to_contain_text("Perawat")
    # A chart is also a table, opened by its own key.
    summary = page.locator(".chart-table summary").first
    tab_to(page, summary)
    page.keyboard.press("Enter")
    expect(page.locator(".chart-table table").first).to_be_visible()
    inspection.look(page, "sebaran perawat", sizes=ONE)
    tab_to(page, dinas.at("sebaran-tabel").get_by_role("link").first)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("fasilitas=[0-9a-f]{8}"))
    inspection.look(page, "sebaran satu fasilitas", sizes=ONE)


def test_moves_are_proposed_within_a_budget(
    sit_down: Callable[..., Person], inspection: Inspection
) -> None:
    dinas = sit_down("dinas")
    page = dinas.page
    dinas.open("/perencanaan/pemindahan")
    expect(dinas.at("relokasi-kalimat")).to_be_visible()
    inspection.look(page, "pemindahan")
    everywhere = dinas.at("relokasi-kalimat").inner_text()
    tab_to(page, dinas.at("relokasi-km"))
    write(page, "5,5")
    with page.expect_response(re.compile("km=5")):
        page.keyboard.press("Enter")
    expect(dinas.at("relokasi-kalimat")).not_to_have_text(everywhere)
    dinas.at("relokasi-jatah").fill("banyak")
    with page.expect_response(re.compile("jatah=banyak")):
        dinas.at("relokasi-jatah").press("Enter")
    expect(dinas.at("relokasi-jatah")).to_have_value("banyak")
    inspection.look(page, "pemindahan jatah bukan angka", sizes=ONE)
    dinas.open("/perencanaan/pemindahan?diisi=1&jatah=banyak&km=x")
    expect(page.locator(".field-error").first).to_be_visible()
    inspection.look(page, "pemindahan ditolak")
    dinas.open("/perencanaan/pemindahan")
    tab_to(page, dinas.at("relokasi-unduh"))
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".xlsx")
