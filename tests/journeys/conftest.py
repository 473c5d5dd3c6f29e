"""A real server process, real Chromium, and people who sign in."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from tests.journeys.accessible import Inspection
from tests.journeys.seed import PASSWORD
from tests.journeys.strokes import watch_strokes

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("SIMPUL_TEST_CHROMIUM") or "/usr/bin/chromium"
SIZE = {"width": 1366, "height": 768}
#: Two busy cores are slower than a person; what must be quick is measured in `benchmarks`.
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups in the same hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser; one server serves the journeys of one worker."""
    for item in items:
        if "journeys" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
            if not Path(CHROMIUM).exists():
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


@dataclass
class Site:
    """A running Simpul with its own data folder."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None
    env: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        log = (self.folder / "serve.log").open("ab")
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "simpul",
                "serve",
                "--host",
                "127.0.0.1",
                "--port",
                str(self.port),
            ],
            cwd=ROOT,
            env=self.env,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # what ends it must not reach the tests
        )
        limit = time.monotonic() + 60
        while time.monotonic() < limit:
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=2):
                    return
            except OSError:
                assert self.process.poll() is None, (self.folder / "serve.log").read_text()
                time.sleep(0.2)
        raise AssertionError((self.folder / "serve.log").read_text())

    def stop(self, how: int = signal.SIGINT) -> None:
        """End the server, gently or not."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(timeout=20)
            self.process = None


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path) -> dict[str, str]:
    """The environment of a site with its data in this folder."""
    env = {
        **os.environ,
        "SIMPUL_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "simpul.config.settings",
        "PYTHONPATH": str(ROOT),
    }
    env.pop("SIMPUL_DATABASE_URL", None)
    return env


FirstDay = Callable[[str], Path]


@pytest.fixture(scope="session")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> FirstDay:
    """Return what makes the data of a first day, once a seed; every module starts from a copy."""
    made: dict[str, Path] = {}

    def of(seed: str) -> Path:
        if seed not in made:
            made[seed] = sow(tmp_path_factory.mktemp("first-day"), seed)
        return made[seed]

    return of


def sow(folder: Path, seed: str) -> Path:
    """Make the database in this folder and let the seed fill it."""
    for command in (["simpul", "migrate"], [seed]):
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=environment(folder),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def site(
    request: pytest.FixtureRequest, first_day: FirstDay, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A Puskesmas on its first day (a module's SEED says which), served by the real command."""
    folder = tmp_path_factory.mktemp("site") / "data"
    shutil.copytree(first_day(getattr(request.module, "SEED", "tests.journeys.seed")), folder)
    site = Site(folder=folder, port=free_port(), env=environment(folder))
    site.start()
    yield site
    site.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium a worker; every person has a context of their own in it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@dataclass
class Person:
    """Somebody at a screen, with what went wrong on it."""

    page: Page
    context: BrowserContext
    site: Site
    troubles: list[str] = field(default_factory=list)

    def open(self, path: str, *, status: int = 200) -> None:
        """Go to a page of the site, and expect this answer."""
        answer = self.page.goto(f"{self.site.url}{path}")
        assert answer is None or answer.status == status, (path, answer.status)

    def at(self, name: str) -> Locator:
        """What carries a test hook."""
        return self.page.locator(f'[data-uji="{name}"]')


@pytest.fixture
def sit_down(browser: Browser, site: Site) -> Iterator[Callable[..., Person]]:
    """Return a function that signs a person in at a screen of their own."""
    people: list[Person] = []

    def make(username: str, *, size: dict[str, int] | None = None) -> Person:
        context = browser.new_context(viewport=size or SIZE, locale="en-US")  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        watch_strokes(context)
        page = context.new_page()
        person = Person(page=page, context=context, site=site)
        page.on("pageerror", lambda error: person.troubles.append(str(error)))
        page.on(
            "console",
            lambda message: (
                person.troubles.append(message.text)
                if message.type == "error" and "Content Security Policy" in message.text
                else None
            ),
        )
        page.on(
            "request",
            lambda request: (
                person.troubles.append(f"request to {request.url}")
                if not request.url.startswith((site.url, "data:", "blob:", "about:"))
                else None
            ),
        )
        page.goto(f"{site.url}/masuk")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "/masuk" not in url)
        people.append(person)
        return person

    yield make
    for person in people:
        person.context.close()
    assert [t for p in people for t in p.troubles] == [], "a script failed or reached outside"


@pytest.fixture
def inspection() -> Iterator[Inspection]:
    """Collect everything that is wrong, and tell it at the end."""
    inspection = Inspection()
    yield inspection
    inspection.nothing_found()
