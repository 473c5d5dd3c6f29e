"""What people read says what happened and what to do; no page asks another host for anything."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.house import named, own_files, python_files

FORBIDDEN = re.compile(
    r"\b(errors?|invalid|data tidak valid|silakan hubungi administrator)\b", re.IGNORECASE
)
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
TAG_TEXT = re.compile(r"{%\s*(?:translate|trans|blocktranslate|blocktrans)\s+([\"'])(.*?)\1")
READ_ALOUD = re.compile(r"\b(?:title|alt|placeholder|aria-label)=([\"'])(.*?)\1", re.DOTALL)
ATTRIBUTE = re.compile(r"[\w:-]+=(?:\"[^\"]*\"|'[^']*')")
# The names of XML languages look like addresses; nothing is fetched from them.
NAMESPACES = re.compile(r"http://www\.w3\.org/[\w/.#-]*")
# The licence a style sheet carries names its author's site; a comment fetches nothing.
LICENCES = re.compile(r"/\*!.*?\*/", re.DOTALL)
REMOTE = re.compile(r"\b(?:https?|wss?|ftp)://[^\s\"'<>)]*", re.IGNORECASE)
WITHOUT_SCHEME = re.compile(
    r"(?:\b(?:src|href|action|srcset|poster|hx-(?:get|post|put|patch|delete))\s*=\s*[\"']?"
    r"|url\(\s*[\"']?|@import\s+[\"'])//",
    re.IGNORECASE,
)


def visible(template: str) -> str:
    """What a person sees or hears of a template: its text, labels and translated sentences."""
    text = re.sub(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|<!--.*?-->", " ", template, flags=re.S)
    said = [match[2] for match in [*TAG_TEXT.finditer(text), *READ_ALOUD.finditer(text)]]
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", text, flags=re.S)
    text = re.sub(r"{%.*?%}|{{.*?}}", " ", text, flags=re.S)
    said = [re.sub(r"{%.*?%}|{{.*?}}", " ", part) for part in said]
    text = re.sub(r"<[^>]*>", " ", text, flags=re.S)
    text = ATTRIBUTE.sub(" ", text)  # a fragment may hold the inside of a tag only
    return " ".join([text, *said])


def translated(tree: ast.Module) -> Iterator[str]:
    """The sentences a module hands to gettext."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) in GETTEXT:
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


def sentences(tree: ast.Module) -> Iterator[str]:
    """Every string of some words that is not documentation."""
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and ast.get_docstring(node) is not None
    }
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            continue
        if " " in node.value.strip() and id(node) not in documentation:
            yield node.value


def forbidden_in(texts: Iterator[str] | list[str]) -> list[str]:
    """The texts that hold a forbidden word."""
    return [text for text in texts if FORBIDDEN.search(text)]


def remote_in(text: str) -> list[str]:
    """Addresses on other hosts."""
    text = LICENCES.sub("", NAMESPACES.sub("", text))
    return [match[0] for rule in (REMOTE, WITHOUT_SCHEME) for match in rule.finditer(text)]


TEMPLATES = [path for path in own_files(".html", ".txt", ".svg") if "templates" in path.parts]
STATIC = [
    path
    for path in own_files(".html", ".css", ".js", ".mjs", ".svg", ".json", ".webmanifest")
    if "static" in path.parts
]


def test_there_is_something_to_look_at():
    assert TEMPLATES
    assert STATIC


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_templates_speak_plainly(path: Path):
    assert forbidden_in([visible(path.read_text(encoding="utf-8"))]) == []


@pytest.mark.parametrize("path", python_files(), ids=named)
def test_messages_speak_plainly(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    # The domain hands its sentences over plain; elsewhere they go through gettext.
    texts = sentences(tree) if "domain" in path.parts else translated(tree)

    assert forbidden_in(texts) == []


@pytest.mark.parametrize("path", [*TEMPLATES, *STATIC], ids=named)
def test_no_page_asks_another_host(path: Path):
    assert remote_in(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        '<p class="is-error">Error</p>',
        '{% translate "Data tidak valid" %}',
        '<input placeholder="Invalid NIK">',
        "<p>Silakan hubungi\n administrator</p>".replace("\n", ""),
    ],
)
def test_the_search_for_words_finds_them(text: str):
    assert forbidden_in([visible(text)])


@pytest.mark.parametrize(
    "text",
    [
        '<p class="error" data-invalid>Nomor ini belum lengkap: 16 angka.</p>',
        "{# Error: a comment #}<p>{{ form.errors }}</p>",
        '<meta name="config" content=\'{"error":true}\'>',
        'aria-describedby="{{ id }}-errors"{% if errors %} aria-invalid="true"{% endif %}',
        "{% if error %}<p>Simpanan Anda aman.</p>{% endif %}",
    ],
)
def test_the_search_for_words_leaves_code_alone(text: str):
    assert not forbidden_in([visible(text)])


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://cdn.example/x.js">',
        '<link href="//fonts.example/a.css">',
        "body { background: url(//img.example/a.png) }",
        '@import "https://fonts.example/a";',
        'new WebSocket("wss://live.example")',
    ],
)
def test_the_search_for_hosts_finds_them(text: str):
    assert remote_in(text)


def test_the_search_for_hosts_knows_namespaces():
    assert not remote_in('<svg xmlns="http://www.w3.org/2000/svg"><a href="/loket/">//</a></svg>')
