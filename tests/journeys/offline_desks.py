"""A desk whose server goes away: cut the line, go on with F8, and come back."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import PATIENCE_MS, Person
from tests.journeys.desks import has_focus
from tests.journeys.seed import PASSWORD
from tests.journeys.strokes import read_first

WORKER_IS_THERE = "navigator.serviceWorker.getRegistration('/').then(r => !!(r && r.active))"
IS_WRAPPED = "luring.keyring.people().then(all => all.length > 0)"
IS_ANSWERED = "luring.outbox.count().then(count => count === 0)"


def until(page: Page, question: str) -> None:
    """Ask the page until it says yes; the page's own policy forbids waiting inside it."""
    for _ in range(PATIENCE_MS // 100):
        if page.evaluate(question):
            return
        page.wait_for_timeout(100)
    raise AssertionError(question)


def copied(person: Person) -> Person:
    """The local copy of this computer is there."""
    person.page.wait_for_selector("body[data-luring-salin]", state="attached")
    return person


def sign_in(page: Page, url: str, username: str) -> None:
    """Sign in on a computer whose worker is already there, so that the PIN opens the copy later."""
    page.goto(f"{url}/masuk")
    until(page, WORKER_IS_THERE)
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda there: "/masuk" not in there)
    page.wait_for_selector("body[data-luring-salin]", state="attached")


def cut(person: Person) -> None:
    """The line to the server is cut; the page notices at the next word it wants to say."""
    person.context.set_offline(True)
    expect(person.at("luring-tawaran")).to_be_visible()
    expect(person.at("keadaan")).to_contain_text("Server lokal putus")


def go_on(person: Person) -> None:
    """F8: the offline page, with what was typed."""
    person.page.keyboard.press("F8")
    is_open(person.page)


def is_open(page: Page) -> None:
    """The offline page has opened the copy."""
    page.wait_for_selector("body[data-siap]", state="attached")


def come_back(person: Person) -> None:
    """The line is there again, and everything that waited has been answered."""
    person.context.set_offline(False)
    person.page.evaluate("luring.link.probe()")
    until(person.page, IS_ANSWERED)


def register(person: Person, text: str, complaint: str, name: str) -> str:
    """Find, open, ask, save at the offline counter; returns the number said."""
    page = person.page
    has_focus(person.at("loket-cari"))
    page.keyboard.type(text)
    page.wait_for_function(
        "text => document.querySelector('#hasil').dataset.answers === text", arg=text
    )
    page.keyboard.press("Enter")
    expect(person.at("banner-pasien")).to_contain_text(name)
    return complain_and_save(person, complaint)


def complain_and_save(person: Person, complaint: str) -> str:
    """Write the complaint, check the destination, save; the state said is the computer's own."""
    page = person.page
    has_focus(person.at("loket-keluhan"))
    read_first(page)
    page.keyboard.type(complaint)
    page.keyboard.press("Enter")
    expect(person.at("verifikasi")).to_be_visible()
    has_focus(person.at("loket-daftarkan"))
    read_first(page)
    page.keyboard.press("Enter")
    number = person.at("loket-nomor")
    expect(number).to_have_text(re.compile(r"^[A-Z]\d+$"))
    has_focus(person.at("loket-cari"))
    return number.inner_text().strip()
