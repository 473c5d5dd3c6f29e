"""The pages for bad days, as they lie in `docs/panduan/darurat`, drawn for the screen and paper.

They are Markdown of the plainest kind: headings, lists, paragraphs, code and bold. A page that is
installed carries them beside the program.
"""

import re
from functools import lru_cache
from pathlib import Path

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

HERE = Path(__file__).resolve()
#: In an installed program, and in the sources.
PLACES = (HERE.parent / "darurat", HERE.parents[3] / "docs" / "panduan" / "darurat")
_CODE = re.compile(r"`([^`]+)`")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_LINK = re.compile(r"\[([^\]]+)\]\(([a-z-]+)\.md\)")
_ITEM = re.compile(r"(\d+\.|-) +(.*)")


def list_runbooks() -> list[tuple[str, str]]:
    """Return slug and title of each page, by title."""
    folder = _folder()
    if folder is None:
        return []
    found = [(path.stem, _title(path)) for path in folder.glob("*.md") if path.stem != "README"]
    return sorted(found, key=lambda one: one[1])


@lru_cache(maxsize=32)
def read_runbook(slug: str) -> tuple[str, SafeString] | None:
    """Return title and body of a page; None where there is none."""
    known = dict(list_runbooks())
    folder = _folder()
    if folder is None or slug not in known:
        return None
    text = (folder / f"{slug}.md").read_text(encoding="utf-8")
    return known[slug], draw(text.partition("\n")[2])


def draw(text: str) -> SafeString:
    """Turn the plain Markdown of these pages into HTML; everything else is shown as it stands."""
    out: list[str] = []
    for block in re.split(r"\n\s*\n", text.strip()):
        out.append(_block(block))
    return mark_safe("\n".join(out))  # noqa: S308 - each piece is escaped where it is made


def _block(block: str) -> str:
    if block.startswith("## "):
        return format_html("<h2>{}</h2>", block[3:].strip())
    if block.startswith("```"):
        return format_html("<pre><code>{}</code></pre>", "\n".join(block.splitlines()[1:-1]))
    first = _ITEM.match(block)
    if first is None:
        return f"<p>{_inline(block)}</p>"
    items: list[str] = []
    for line in block.splitlines():
        item = _ITEM.match(line)
        if item is not None:
            items.append(item[2])
        else:
            items[-1] += f" {line.strip()}"
    kind = "ul" if first[1] == "-" else "ol"
    return f"<{kind}>" + "".join(f"<li>{_inline(item)}</li>" for item in items) + f"</{kind}>"


def _inline(text: str) -> str:
    safe = str(escape(" ".join(text.split())))
    safe = _LINK.sub(r'<a href="\2">\1</a>', safe)
    safe = _BOLD.sub(r"<b>\1</b>", safe)
    return _CODE.sub(r"<code>\1</code>", safe)


def _folder() -> Path | None:
    return next((place for place in PLACES if place.is_dir()), None)


def _title(path: Path) -> str:
    return path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ").strip()
