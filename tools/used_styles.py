"""Keep of Tabler's style sheet only what Simpul's pages can use: `python tools/used_styles.py`.

The whole sheet has six thousand rules, of which a page of Simpul could use a few hundred; it was
two thirds of what a first visit sends. This reads every template and script, keeps the rules whose
classes and attributes occur in them as words, then the variables, animations and properties that
these rules use, and writes `web/tabler.css`, which is committed. The same files give the same
bytes; a test says so when the sheet is older than the templates.

A word that ends in a hyphen (`alert-{{ level }}`) keeps everything that begins with it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "simpul"
STATIC = PACKAGE / "web" / "static"
WHOLE = STATIC / "vendor" / "tabler.min.css"
USED = STATIC / "web" / "tabler.css"
WORD = re.compile(r"[A-Za-z0-9_-]+")
CLASS = re.compile(r"\.((?:[A-Za-z0-9_-]|\\.)+)")
IDENTITY = re.compile(r"#([A-Za-z0-9_-]+)")
ATTRIBUTE = re.compile(r"\[([A-Za-z0-9_-]+)")
NEGATION = re.compile(r":(?:not|is|where|has)\((?:[^()]|\([^()]*\))*\)")
VARIABLE = re.compile(r"--[A-Za-z0-9_-]+")
QUOTED = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
NOTICE = re.compile(r"/\*!.*?\*/", re.DOTALL)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
#: Attributes that every page may have without a template naming them.
STANDING = frozenset({"type", "disabled", "href", "tabindex", "role", "list", "hidden", "dir"})


@dataclass
class Rule:
    """A rule, or an at-rule with rules inside it."""

    head: str
    body: str = ""
    inside: list[Rule] = field(default_factory=list)

    def text(self) -> str:
        """Return the rule as it is written."""
        inner = "".join(rule.text() for rule in self.inside) if self.inside else self.body
        return f"{self.head}{{{inner}}}"

    def all(self) -> Iterator[Rule]:
        """Yield this rule and all inside it."""
        yield self
        for rule in self.inside:
            yield from rule.all()


def read(css: str) -> list[Rule]:
    """Read a style sheet without comments into its rules; statements like @charset are dropped."""
    rules = []
    at = 0
    while (start := _find(css, "{;", at)) >= 0:
        head = css[at:start].strip()
        if css[start] == ";":
            at = start + 1
            continue
        end = _closing(css, start)
        body = css[start + 1 : end]
        if head.startswith(("@media", "@supports", "@layer", "@container")):
            rules.append(Rule(head, inside=read(body)))
        else:
            rules.append(Rule(head, body=body))
        at = end + 1
    return rules


def _find(css: str, wanted: str, at: int) -> int:
    """Return the place of the first of these signs outside quotes, or -1."""
    quote = ""
    for place in range(at, len(css)):
        sign = css[place]
        if quote:
            if sign == quote and css[place - 1] != "\\":
                quote = ""
        elif sign in "\"'":
            quote = sign
        elif sign in wanted:
            return place
    return -1


def _closing(css: str, start: int) -> int:
    depth, place = 0, start
    while True:
        depth += 1 if css[place] == "{" else -1
        if not depth:
            return place
        place = _find(css, "{}", place + 1)


def split(text: str, by: str) -> list[str]:
    """Split at a sign that stands outside quotes and brackets."""
    parts, depth, last, at = [], 0, 0, 0
    while (at := _find(text, f"{by}()[]", at)) >= 0:
        if text[at] in "([":
            depth += 1
        elif text[at] in ")]":
            depth -= 1
        elif not depth:
            parts.append(text[last:at])
            last = at + 1
        at += 1
    return [part.strip() for part in [*parts, text[last:]] if part.strip()]


class Words:
    """What the templates, scripts and forms say."""

    def __init__(self, texts: list[str]) -> None:
        self.words = {word for text in texts for word in WORD.findall(text)} | STANDING
        self.beginnings = tuple(
            sorted(word for word in self.words if len(word) > 3 and word[-1] == "-")
        )

    def has(self, name: str) -> bool:
        """Can this name come up on a page?"""
        plain = name.replace("\\", "")
        return plain in self.words or plain.startswith(self.beginnings)

    def reach(self, selector: str) -> bool:
        """Can anything on a page be meant by this selector?"""
        positive = NEGATION.sub("", selector)
        names = [*CLASS.findall(positive), *IDENTITY.findall(positive)]
        return all(map(self.has, [*names, *ATTRIBUTE.findall(positive)]))


def prune(rules: list[Rule], words: Words) -> list[Rule]:
    """Return the rules that can mean something."""
    kept = []
    for rule in rules:
        if rule.inside:
            inside = prune(rule.inside, words)
            if inside:
                kept.append(Rule(rule.head, inside=inside))
        elif rule.head.startswith("@"):
            kept.append(rule)
        else:
            selectors = [one for one in split(rule.head, ",") if words.reach(one)]
            if selectors and rule.body.strip():
                kept.append(Rule(",".join(selectors), rule.body))
    return kept


def drop_unused(rules: list[Rule], elsewhere: str) -> list[Rule]:
    """Drop variables nothing asks for, then animations and properties nobody uses."""
    while True:
        # A variable that is only given, never asked for, is not used.
        asked = set(re.findall(r"var\(\s*(--[A-Za-z0-9_-]+)", elsewhere))
        asked |= set(VARIABLE.findall(elsewhere))
        for top in rules:
            for rule in top.all():
                asked |= set(re.findall(r"var\(\s*(--[A-Za-z0-9_-]+)", rule.body))
        before = sum(len(rule.text()) for rule in rules)
        for top in rules:
            for rule in top.all():
                if rule.body and not rule.head.startswith("@"):
                    rule.body = ";".join(
                        one
                        for one in split(rule.body, ";")
                        if not one.startswith("--") or one.partition(":")[0].strip() in asked
                    )
        rules = [rule for rule in rules if rule.inside or rule.body]
        bodies = "".join(r.body for t in rules for r in t.all() if not r.head.startswith("@"))
        rules = [rule for rule in rules if _is_used(rule, bodies, asked)]
        if sum(len(rule.text()) for rule in rules) == before:
            return rules


def _is_used(rule: Rule, bodies: str, asked: set[str]) -> bool:
    kind, _space, name = rule.head.partition(" ")
    if kind.endswith("keyframes"):
        return re.search(rf"\b{re.escape(name)}\b", bodies) is not None
    return kind != "@property" or name in asked


def sources() -> list[str]:
    """Return the texts in which the names of classes stand."""
    files = [*PACKAGE.rglob("*.html")]
    files += [path for path in PACKAGE.rglob("*.js") if "vendor" not in path.parts]
    texts = [path.read_text(encoding="utf-8") for path in sorted(files)]
    # In Python only what stands in quotes can be a class.
    for path in sorted(PACKAGE.rglob("*.py")):
        texts += QUOTED.findall(path.read_text(encoding="utf-8"))
    return texts


def used_sheet() -> str:
    """Return the style sheet of what is used."""
    whole = WHOLE.read_text(encoding="utf-8")
    notice = NOTICE.search(whole)
    own = [
        p.read_text(encoding="utf-8")
        for p in sorted(PACKAGE.rglob("*.css"))
        if p not in (WHOLE, USED)
    ]
    rules = drop_unused(prune(read(COMMENT.sub("", whole)), Words(sources())), "\n".join(own))
    head = notice.group(0) if notice else ""
    made = "/* Made from it by tools/used_styles.py: the rules that Simpul's pages can use. */"
    # Pictures lie beside the whole sheet.
    text = "\n".join(rule.text() for rule in rules).replace("url(tabler-", "url(../vendor/tabler-")
    text = text.replace('url("tabler-', 'url("../vendor/tabler-')
    return f'@charset "UTF-8";\n{head}\n{made}\n{text}\n'


def main() -> int:
    """Write the sheet; with --check only say whether it is the one that is there."""
    sheet = used_sheet()
    if "--check" in sys.argv:
        fresh = USED.exists() and USED.read_text(encoding="utf-8") == sheet
        print("ok" if fresh else "jalankan: python tools/used_styles.py")
        return 0 if fresh else 1
    USED.write_text(sheet, encoding="utf-8")
    print(f"{USED.name}: {len(sheet):,} dari {WHOLE.stat().st_size:,} bita")
    return 0


if __name__ == "__main__":
    sys.exit(main())
