"""What people do at their desks, with the keys printed on the screen. Nobody here owns a mouse."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Person
from tests.journeys.strokes import read_first, type_as_device

#: Between two keys of a quick typist; a scanner is below 35 ms.
TYPING_MS = 45


def write(page: Page, text: str) -> None:
    """Type as a person."""
    page.keyboard.type(text, delay=TYPING_MS)


def has_focus(place: Locator) -> None:
    """The cursor stands here, without anybody having put it there."""
    expect(place).to_be_focused()


def tab_to(page: Page, place: Locator, *, most: int = 60) -> None:
    """Press Tab until the focus is there."""
    for _ in range(most):
        if place.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {place}")


class Counter:
    """A counter: find, open, ask for the complaint, register."""

    def __init__(self, person: Person) -> None:
        self.person, self.page = person, person.page

    def open(self) -> "Counter":
        """Go to the counter; the search box has the focus."""
        self.person.open("/loket")
        has_focus(self.person.at("loket-cari"))
        return self

    def look_for(self, text: str) -> Locator:
        """Type into the search box and wait for the answer to just this text."""
        has_focus(self.person.at("loket-cari"))
        write(self.page, text)
        self.page.wait_for_function(
            "text => document.querySelector('#hasil').dataset.answers === text", arg=text
        )
        return self.person.at("loket-hasil")

    def scan(self, code: str) -> None:
        """Hold a card before the scanner."""
        type_as_device(self.page, code, gap_ms=10)
        self.is_open()

    def is_open(self, name: str = "") -> None:
        """A patient is open and the complaint is asked for."""
        if name:
            expect(self.person.at("banner-pasien")).to_contain_text(name)
        has_focus(self.person.at("loket-keluhan"))
        read_first(self.page)

    def open_marked(self, name: str = "") -> None:
        """Enter opens the marked row."""
        self.page.keyboard.press("Enter")
        self.is_open(name)

    def complain(self, complaint: str) -> None:
        """Write the complaint and let the destination be checked; it is as suggested."""
        write(self.page, complaint)
        self.page.keyboard.press("Enter")
        expect(self.person.at("verifikasi")).to_be_visible()
        has_focus(self.person.at("loket-daftarkan"))
        read_first(self.page)

    def save(self) -> str:
        """Register; returns the number, and the next patient may come."""
        self.page.keyboard.press("Enter")
        number = self.person.at("loket-nomor")
        expect(number).to_be_visible()
        has_focus(self.person.at("loket-cari"))
        return number.inner_text().strip()

    def register(self, text: str, complaint: str, name: str = "") -> str:
        """Find somebody by this text, first row, and register them for this complaint."""
        rows = self.look_for(text)
        expect(rows.first).to_be_visible()
        self.open_marked(name)
        self.complain(complaint)
        return self.save()

    def recent(self, number: str) -> Locator:
        """The line of a number in the strip of what was saved last."""
        return self.person.at("loket-terakhir-baris").filter(
            has=self.page.locator(".ticket", has_text=re.compile(rf"^{number}$"))
        )


class Poli:
    """A poli's screen: its queue, and the record of whoever is inside."""

    def __init__(self, person: Person) -> None:
        self.person, self.page = person, person.page

    def open(self, unit: str) -> "Poli":
        """Open the screen of one unit and wait for its queue and its live line."""
        with self.page.expect_request(lambda request: "/live?" in request.url):
            self.person.open(f"/poli/{unit}")
        expect(self.person.at("poli-antrean")).to_be_visible()
        return self

    def row(self, number: str) -> Locator:
        """The line of a number in the queue."""
        return self.person.at("poli-baris").filter(
            has=self.page.locator(".ticket", has_text=re.compile(rf"^{number}$"))
        )

    def numbers(self) -> list[str]:
        """The numbers in the queue, as shown."""
        return [text.strip() for text in self.page.locator(
            '[data-uji="poli-baris"] .ticket').all_inner_texts()]  # fmt: skip

    def call_next(self, name: str) -> None:
        """F8 calls whoever is next and opens the record."""
        read_first(self.page)
        self.page.keyboard.press("F8")
        expect(self.person.at("rekam").filter(has_text=name)).to_be_visible()
        expect(self.person.at("poli-dipanggil").filter(has_text=name)).to_be_visible()

    def measure(self, **values: str) -> None:
        """Write the row of numbers; Enter goes on."""
        for name, value in values.items():
            has_focus(self.person.at(f"poli-ttv-{name}"))
            write(self.page, value)
            self.page.keyboard.press("Enter")

    def note(self, box: str, text: str) -> None:
        """Write one box of the SOAP."""
        tab_to(self.page, self.person.at(f"poli-{box}"))
        write(self.page, text)

    def diagnose(self, word: str) -> None:
        """Find a diagnosis by a word of every day and take the first."""
        box = self.person.at("poli-icd")
        tab_to(self.page, box)
        write(self.page, word)
        self.page.wait_for_function(
            "word => document.querySelector('#icd-hasil').dataset.answers === word", arg=word
        )
        expect(self.person.at("poli-icd-pilihan").first).to_be_visible()
        self.page.keyboard.press("Enter")
        expect(self.person.at("poli-diagnosa")).to_be_visible()
