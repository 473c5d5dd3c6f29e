"""Hands on a keyboard: counting what a person pressed, and typing as fast as a scanner.

Counted are real presses only (a script's `click()` is none): characters, control keys (Enter,
arrows, F2…), and clicks of a mouse. The count survives a change of page.
"""

import json
import time
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Page

_RECORDER = """
(() => {
  const place = "uji:tekanan";
  const note = (kind) => {
    try {
      const now = JSON.parse(sessionStorage.getItem(place) || "{}");
      now[kind] = (now[kind] || 0) + 1;
      sessionStorage.setItem(place, JSON.stringify(now));
    } catch { /* a page without storage has no keys to count */ }
  };
  window.addEventListener("keydown", (event) => {
    if (!event.isTrusted || event.repeat || ["Shift", "Control", "Alt"].includes(event.key)) return;
    note(event.key.length === 1 ? "characters" : "control");
  }, true);
  window.addEventListener("mousedown", (event) => { if (event.isTrusted) note("clicks"); }, true);
})();
"""


@dataclass(frozen=True)
class Strokes:
    """What a person pressed."""

    control: int = 0
    characters: int = 0
    clicks: int = 0


def watch_strokes(context: BrowserContext) -> None:
    """Count presses on every page of this person."""
    context.add_init_script(_RECORDER)


def forget_strokes(page: Page) -> None:
    """Begin the count anew."""
    page.evaluate("sessionStorage.removeItem('uji:tekanan')")


def strokes(page: Page) -> Strokes:
    """Return what was pressed since the count began."""
    return Strokes(**json.loads(page.evaluate("sessionStorage.getItem('uji:tekanan')") or "{}"))


def type_as_device(page: Page, text: str, *, gap_ms: float, end: str = "Enter") -> None:
    """Type with this gap between the keys, whatever the machine is busy with.

    The time of each press goes with it, as the keyboard's driver would give it; so the gaps the
    page sees are the ones asked for.
    """
    session = page.context.new_cdp_session(page)
    at = time.time()
    try:
        for character in text:
            press = {"key": character, "text": character, "timestamp": at}
            session.send("Input.dispatchKeyEvent", {"type": "keyDown", **press})
            session.send(
                "Input.dispatchKeyEvent", {"type": "keyUp", "key": character, "timestamp": at}
            )
            at += gap_ms / 1000
        if end:
            code = {"Enter": 13, "Tab": 9}[end]
            press = {"key": end, "code": end, "windowsVirtualKeyCode": code, "timestamp": at}
            session.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": "\r", **press})
            session.send("Input.dispatchKeyEvent", {"type": "keyUp", **press})
    finally:
        session.detach()


def read_first(page: Page) -> None:
    """A person looks at a question that has just come; it is deaf for its first 300 ms."""
    page.wait_for_timeout(400)


def hold(page: Page, key: str, *, seconds: float) -> None:
    """Keep a key pressed: the first stroke and all its repeats."""
    until = time.monotonic() + seconds
    page.keyboard.down(key)
    while time.monotonic() < until:
        page.wait_for_timeout(30)
        page.keyboard.down(key)
    page.keyboard.up(key)
