"""Look at a page as axe does: WCAG 2.2 A and AA, at the sizes a Puskesmas has."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SIZES = ((1366, 768), (1024, 768))
_AXE: str = Axe().axe_script
_OPTIONS = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    },
    "resultTypes": ["violations"],
}


def has_settled(page: Page) -> None:
    """Wait for what is still fading in: it has no colours of its own yet."""
    page.wait_for_function(
        """() => document.getAnimations().every(
          (one) => one.playState !== "running" || one.effect.getTiming().iterations === Infinity)"""
    )


class Inspection:
    """Everything found wrong on the way, told together at the end."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def look(
        self,
        page: Page,
        state: str,
        *,
        sizes: tuple[tuple[int, int], ...] = SIZES,
        at_foot: bool = False,
    ) -> None:
        """Inspect what is on the screen now, at each size.

        `at_foot`: of a long form whose buttons stay in sight; scrolled to its end nothing lies
        behind them, which axe would take for a target too small to hit.
        """
        # Through the debugger, not through the page: the page's own policy allows no such script.
        if not page.evaluate("'axe' in window"):
            page.evaluate(_AXE)
        has_settled(page)
        before = page.viewport_size
        for width, height in sizes:
            page.set_viewport_size({"width": width, "height": height})
            if at_foot:
                page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
            result = page.evaluate("options => axe.run(document, options)", _OPTIONS)
            assert result["testEngine"]["name"] == "axe-core"
            for violation in result["violations"]:
                for node in violation["nodes"][:3]:
                    self.found.append(
                        f"{state} {width}: {violation['id']}: {node['html'][:160]}"
                        f" | {node['failureSummary'][:300]}"
                    )
        if before:
            page.set_viewport_size(before)

    def nothing_found(self) -> None:
        """Fail with all that was found."""
        assert self.found == [], "\n".join(dict.fromkeys(self.found))
