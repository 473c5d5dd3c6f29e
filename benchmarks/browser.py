"""Commit → painted: as `live`, but in a real browser that has the poli's screen open.

The page notes, by the clock of this computer, the frame in which a new row of the queue is drawn;
the registration is sent from here, so both instants are of one clock.
"""

import json
import sys
import time
from typing import Any

from benchmarks.calls import Caller
from benchmarks.figures import spread

PATIENCE_MS = 10_000
#: Notes when each row's frame was painted: the one after the change has been drawn.
WATCH = """
() => {
  window.painted = {};
  new MutationObserver(() => requestAnimationFrame(() => requestAnimationFrame(() => {
    for (const row of document.querySelectorAll('#antrean [data-encounter]'))
      window.painted[row.dataset.encounter] ??= Date.now();
  }))).observe(document.querySelector('#antrean'), {childList: true, subtree: true});
}
"""


def measure(job: dict[str, Any]) -> dict[str, Any]:
    """Register visits one by one and read when their rows were painted."""
    from playwright.sync_api import sync_playwright

    counter = Caller(job["port"], job["headers"]["counter"])
    address = f"http://127.0.0.1:{job['port']}"
    name, _, value = job["session"].partition("=")
    after_answer, after_sending = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=job["chromium"],
            args=["--no-sandbox", "--disable-background-networking"],
        )
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        context.add_cookies([{"name": name, "value": value, "url": address}])
        page = context.new_page()
        page.goto(f"{address}/poli/umum")
        page.wait_for_selector("#antrean [data-encounter]", timeout=PATIENCE_MS)
        page.evaluate(WATCH)
        time.sleep(1.0)
        for _label, method, target, body in job["wishes"]:
            sent = time.time() * 1000
            status, content = counter.call(method, target, body)
            answered = time.time() * 1000
            if status != 201:
                raise SystemExit(f"registration answered {status}: {content[:300]!r}")
            encounter = json.loads(content)["id"]
            page.wait_for_function("id => window.painted[id]", arg=encounter, timeout=PATIENCE_MS)
            painted = page.evaluate("id => window.painted[id]", encounter)
            after_answer.append(max(0.0, painted - answered))
            after_sending.append(painted - sent)
            counter.call("POST", f"/api/v1/encounters/{encounter}/cancel", {"reason": "tolok ukur"})
            page.wait_for_timeout(300)
        browser.close()
    return {"painted": spread(after_answer), "from_key": spread(after_sending)}


if __name__ == "__main__":
    json.dump(measure(json.load(sys.stdin)), sys.stdout)
