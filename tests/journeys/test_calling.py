"""The waiting room hears one call at a time, and a call counts only after it was heard."""

import re
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import CHROMIUM, Person, Site
from tests.journeys.desks import Poli
from tests.journeys.stored import rows
from tests.journeys.strokes import read_first

SEED = "tests.journeys.seed_calling"

#: Notes when each sound really begins and ends; kept over a reload.
LISTEN = """
(() => {
  const played = JSON.parse(sessionStorage.getItem("uji") || "[]");
  const keep = () => sessionStorage.setItem("uji", JSON.stringify(played));
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (at) {
    const wait = Math.max(0, (at || 0) - this.context.currentTime) * 1000;
    const one = { begin: Date.now() + wait, end: null };
    played.push(one);
    keep();
    this.addEventListener("ended", () => { one.end = Date.now(); keep(); });
    return start.call(this, at);
  };
})();
"""


@pytest.fixture
def television(browser: Browser, site: Site) -> Iterator[Callable[[], Page]]:
    """A television as its maker sets it up: it may make sound without being touched."""
    kiosk = browser.browser_type.launch(
        executable_path=CHROMIUM,
        args=[
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--autoplay-policy=no-user-gesture-required",
        ],
    )

    def switch_on() -> Page:
        page = kiosk.new_context(viewport={"width": 1366, "height": 768}).new_page()
        page.add_init_script(LISTEN)
        page.goto(f"{site.url}/tv?lantai=1")
        expect(page.locator('[data-uji="tv-suara"]')).to_be_hidden()
        return page

    yield switch_on
    kiosk.close()


def played(*screens: Page) -> list[tuple[float, float | None]]:
    """When each sound began and ended, in the order of time, over all televisions."""
    found = [
        (one["begin"], one["end"])
        for screen in screens
        for one in screen.evaluate("JSON.parse(sessionStorage.getItem('uji') || '[]')")
    ]
    return sorted(found)


def until(what: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something is so."""
    limit = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < limit, "it did not happen"
        time.sleep(0.1)


def call_next(poli: Poli) -> None:
    """The patient who was called is inside; the next one is called."""
    poli.person.at("poli-mulai").click()
    expect(poli.person.at("poli-dipanggil")).to_have_count(0)
    read_first(poli.page)
    poli.page.keyboard.press("F8")


def test_two_rooms_of_a_floor_call_in_the_same_moment(
    sit_down: Callable[..., Person], television: Callable[[], Page], site: Site
) -> None:
    umum, gigi = Poli(sit_down("dokter")).open("umum"), Poli(sit_down("gigi")).open("gigi")
    first, second = television(), television()
    note = {poli: poli.person.at("poli-terdengar") for poli in (umum, gigi)}

    read_first(gigi.page)
    umum.page.keyboard.press("F8")
    gigi.page.keyboard.press("F8")

    for poli in (umum, gigi):
        expect(note[poli]).to_contain_text("memanggil…")
    for poli in (umum, gigi):
        expect(note[poli]).to_contain_text("dipanggil 1×")
    sounds = played(first, second)
    assert len(sounds) == 4  # each sentence twice
    ends = [end for _begin, end in sounds if end is not None]
    assert len(ends) == 4
    for (_begin, end), (begin, _end) in pairwise(sounds):
        assert end is not None
        assert begin >= end - 60, "two rooms spoke at once"  # ms; the clocks of two pages
    heard = rows(site.folder, "SELECT heard_at FROM calling_callannouncement ORDER BY heard_at")
    for (at,), sentence in zip(heard, (ends[1], ends[3]), strict=True):
        said = datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp() * 1000
        assert said >= sentence - 60, "called before anybody heard it"
    acts = rows(site.folder, "SELECT act FROM journal_journalentry WHERE act IN "
                             "('called', 'announced') ORDER BY id")  # fmt: skip
    assert sorted(act for (act,) in acts) == ["announced", "announced", "called", "called"]

    # A television that is loaded anew in mid-sentence begins that call again, and once only.
    second.close()
    before = len(played(first))
    call_next(umum)
    until(lambda: len(played(first)) > before)
    first.reload()
    expect(note[umum]).to_contain_text("dipanggil 1×")
    assert len(played(first)) == before + 3  # one begun, and the sentence twice

    # A server that dies meanwhile: the sentence goes on, and it is told when the server is back.
    before = len(played(first))
    call_next(umum)
    until(lambda: len(played(first)) > before)
    site.stop(signal.SIGKILL)
    until(lambda: len(played(first)) == before + 2 and played(first)[-1][1] is not None)
    site.start()
    expect(note[umum]).to_contain_text("dipanggil 1×")
    assert len(played(first)) == before + 2


def test_a_television_that_is_on_before_the_server(
    sit_down: Callable[..., Person], television: Callable[[], Page]
) -> None:
    """The last board with its time, "Panggilan lewat petugas", and life by itself."""
    poli = Poli(sit_down("dokter")).open("umum")
    screen = television()
    poli.page.keyboard.press("F8")
    expect(screen.locator('[data-uji="tv-nomor"]')).to_be_visible()
    number = screen.locator('[data-uji="tv-nomor"]').inner_text()
    kept = "caches.match(location.href, {ignoreVary: true}).then(page => page ? page.text() : '')"
    until(lambda: number in screen.evaluate(kept))
    screen.context.set_offline(True)

    screen.reload()

    lost = screen.locator('[data-uji="tv-putus"]')
    expect(lost).to_contain_text(re.compile(r"Panggilan lewat petugas\s+nomor terakhir pukul \d"))
    expect(screen.locator('[data-uji="tv-nomor"]')).to_have_text(number)
    expect(screen.locator("[data-clock]")).to_be_hidden()
    screen.context.set_offline(False)
    expect(lost).to_be_hidden()
    expect(screen.locator("[data-clock]")).to_be_visible()
    expect(screen.locator('[data-uji="tv-nomor"]')).to_have_text(number)
