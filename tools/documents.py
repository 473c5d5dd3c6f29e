"""Looks whether the documents hold together: links lead somewhere, decisions are numbered once."""

import re
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.S)
LONGEST_DECISION = 100  # lines; a longer one decides more than one thing


def documents() -> list[Path]:
    """Every Markdown file that is ours."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def slug(heading: str) -> str:
    """The anchor a heading gets."""
    words = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return words.replace(" ", "-")


def anchors(text: str) -> set[str]:
    """The anchors of a document."""
    return {slug(match) for match in re.findall(r"^#+\s+(.+)$", text, re.M)}


def broken_links(document: Path) -> list[str]:
    """Links inside the project that lead nowhere."""
    text = document.read_text(encoding="utf-8")
    found = []
    for target in LINK.findall(CODE.sub("", text)):
        if re.match(r"[a-z][a-z0-9+.-]*:", target):  # another site: not ours to keep alive
            continue
        place, _, anchor = unquote(target).partition("#")
        goal = (document.parent / place) if place else document
        if not goal.exists():
            found.append(f"{document.relative_to(ROOT)}: {target} leads nowhere")
        elif anchor and goal.suffix == ".md" and anchor not in anchors(goal.read_text("utf-8")):
            found.append(f"{document.relative_to(ROOT)}: {target} names no heading")
    return found


def decision_problems() -> list[str]:
    """ADRs: numbered once, in the form 0001-title.md, short."""
    decisions = sorted((ROOT / "docs" / "adr").glob("*.md"))
    named = [path for path in decisions if re.match(r"\d{4}-[a-z0-9-]+\.md$", path.name)]
    odd = set(decisions) - set(named) - {ROOT / "docs" / "adr" / "README.md"}
    found = [f"docs/adr/{path.name}: not named like 0001-title.md" for path in sorted(odd)]
    numbers = Counter(path.name[:4] for path in named)
    found += [f"docs/adr: {n} is used {times} times" for n, times in numbers.items() if times > 1]
    for path in named:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > LONGEST_DECISION:
            found.append(f"docs/adr/{path.name}: {lines} lines, more than {LONGEST_DECISION}")
    return found


if __name__ == "__main__":
    wrong = [problem for document in documents() for problem in broken_links(document)]
    wrong += decision_problems()
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)
