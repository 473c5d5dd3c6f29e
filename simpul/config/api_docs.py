"""`/api/docs`: the API's document as a page that is read, searched and printed without internet."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from simpul.config.api import api


@dataclass(frozen=True)
class Line:
    """One field, parameter or refusal: its name, what it is, what it means."""

    name: str
    kind: str
    text: str
    needed: bool = False


@dataclass(frozen=True)
class Call:
    """One call as the page shows it."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    is_open: bool
    parameters: tuple[Line, ...]
    fields: tuple[Line, ...]
    sends: str
    answers: str
    answer_status: str
    refusals: tuple[Line, ...]


@dataclass(frozen=True)
class Group:
    """The calls of one subject."""

    name: str
    text: str
    calls: tuple[Call, ...]


@require_GET
def api_docs(request: HttpRequest) -> HttpResponse:
    """Show every call with what it takes, what it answers and how it refuses."""
    paragraphs = [part.replace("\n", " ") for part in api.description.strip().split("\n\n")]
    context = {
        "groups": groups(),
        "paragraphs": [_lead(part) for part in paragraphs],
        "version": api.version,
    }
    return render(request, "web/api_docs.html", context)


def _lead(paragraph: str) -> tuple[str, str]:
    """Tell the bold beginning of a paragraph from the rest, without its marks."""
    if not paragraph.startswith("**"):
        return "", paragraph.replace("`", "")
    lead, _stars, rest = paragraph[2:].partition("**")
    return lead, rest.replace("`", "")


@lru_cache(maxsize=1)
def groups() -> tuple[Group, ...]:
    """Return the calls by subject, in the order of the walk."""
    document = api.document
    calls: dict[str, list[Call]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            calls[operation["tags"][0]].append(_call(path, method, operation, document))
    return tuple(
        Group(name=tag["name"], text=tag["description"], calls=tuple(calls[tag["name"]]))
        for tag in document["tags"]
    )


def _call(path: str, method: str, operation: dict[str, Any], document: dict[str, Any]) -> Call:
    success = next(status for status in operation["responses"] if status.startswith("2"))
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return Call(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        description=operation["description"].replace("`", ""),
        is_open=not operation.get("security"),
        parameters=tuple(_parameter(p) for p in operation["parameters"]),
        fields=_fields(body.get("schema", {}), document),
        sends=_pretty(body.get("example")),
        answers=_pretty(
            operation["responses"][success]["content"]["application/json"].get("example")
        ),
        answer_status=success,
        refusals=tuple(
            Line(status, "", response["description"].replace("`", ""))
            for status, response in operation["responses"].items()
            if not status.startswith("2")
        ),
    )


def _parameter(parameter: dict[str, Any]) -> Line:
    places = {"path": "alamat", "query": "tanya", "header": "kepala"}
    return Line(
        name=parameter["name"],
        kind=f"{places[parameter['in']]} · {_kind(parameter['schema'])}",
        text=parameter.get("description", "").replace("`", ""),
        needed=parameter["required"],
    )


def _fields(schema: dict[str, Any], document: dict[str, Any]) -> tuple[Line, ...]:
    for option in (schema, *schema.get("anyOf", [])):
        if "$ref" in option:
            schema = document["components"]["schemas"][option["$ref"].rpartition("/")[2]]
    needed = set(schema.get("required", []))
    return tuple(
        Line(name, _kind(field), field.get("description", "").replace("`", ""), name in needed)
        for name, field in schema.get("properties", {}).items()
    )


def _kind(schema: dict[str, Any]) -> str:
    """Return the kind of a value in a word or two."""
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"] if value)
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        kinds = [_kind(option) for option in schema["anyOf"] if option.get("type") != "null"]
        return " | ".join(dict.fromkeys(kinds))
    if schema.get("type") == "array":
        return f"daftar {_kind(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or "apa pun")


def _pretty(example: object) -> str:
    return "" if example is None else json.dumps(example, ensure_ascii=False, indent=2)
