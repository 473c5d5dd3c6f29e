"""How a call is described in OpenAPI: what it takes, what it answers, every refusal it knows.

`describe` is written beside a call; `finish` completes the whole document afterwards with what is
the same everywhere: problem documents, the once-only key, versions, examples.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

PROBLEM = "application/problem+json"
WRITES = frozenset({"post", "put", "patch", "delete"})

#: Refusals by status: what they are called, and the code and sentence of an example.
USUAL: dict[int, tuple[str, str, str]] = {
    400: ("Tidak terbaca", "malformed_json", "Isi permintaan bukan JSON (UTF-8) yang utuh."),
    401: ("Belum masuk", "not_signed_in", "Token atau sesi tidak berlaku. Masuk lagi."),
    403: ("Tidak berhak", "not_allowed", "Hanya untuk: Pendaftaran. Tidak ada yang diubah."),
    404: ("Tidak ada", "not_found", "Alamat ini tidak menunjuk apa pun. Periksa id-nya."),
    409: ("Tidak cocok dengan keadaan", "conflict", "Keadaannya sudah berubah; baca lagi."),
    412: ("Versi lama", "stale_version", "Data ini baru saja diubah orang lain."),
    413: ("Terlalu besar", "body_too_large", "Isi permintaan terlalu besar."),
    415: ("Bukan JSON", "not_json", "Kirim isi sebagai application/json."),
    422: ("Isian perlu diperbaiki", "request_refused", "1 isian perlu diperbaiki."),
    428: ("Perlu versi", "if_match_required", "Perubahan perlu header If-Match."),
    503: ("Sibuk", "storage_busy", "Server sedang sibuk, jadi yang ini belum disimpan."),
    507: ("Penuh", "storage_full", "Penyimpanan server penuh, jadi yang ini belum disimpan."),
}


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    where: str = Field(description="Isian mana, misalnya `nik` atau `entries.0.vitals.pulse`.")
    code: str = Field(description="Kode tetap untuk program.")
    message: str = Field(description="Kalimat untuk orang.")


class Problem(BaseModel):
    """A refusal (RFC 9457): what happened, what is safe, what to do."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    code: str = Field(description="Kode tetap untuk program; tidak berubah bila kalimat berubah.")
    detail: str = Field(description="Apa yang terjadi, apa yang aman, apa yang dapat dilakukan.")
    instance: str
    errors: list[FieldProblem] = Field(default=[], description="Semua isian yang bermasalah.")


def describe(
    operation_id: str,
    summary: str,
    *,
    returns: Any,
    example: object,
    status: int = 200,
    sends: object = None,
    fails: dict[int, str] | None = None,
    description: str = "",
    headers: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Return what a router's decorator takes.

    `fails` names the refusals of this call alone: status → its codes, separated by spaces.
    `headers` are those of the answer besides the usual ones: ETag, Location.
    """
    return {
        "operation_id": operation_id,
        "url_name": operation_id,
        "summary": summary,
        "description": description or summary,
        "response": {status: returns},
        "openapi_extra": {
            "x-simpul": {
                "example": example,
                "sends": sends,
                "fails": fails or {},
                "headers": headers,
                "status": status,
            }
        },
    }


def finish(document: dict[str, Any]) -> dict[str, Any]:
    """Complete an OpenAPI document with what holds for every call."""
    schemas = document["components"].setdefault("schemas", {})
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs"))
    schemas["Problem"] = problem
    for path in document["paths"].values():
        for method, operation in path.items():
            _finish_operation(method, operation)
    return document


def _finish_operation(method: str, operation: dict[str, Any]) -> None:
    told = operation.pop("x-simpul")
    is_write = method in WRITES
    body = operation.get("requestBody")
    if body is not None:
        body["content"]["application/json"]["example"] = told["sends"]
    success = operation["responses"][told["status"]]
    success["content"]["application/json"]["example"] = told["example"]
    names = [*told["headers"], *(["Idempotent-Replayed"] if is_write else [])]
    if names:
        success["headers"] = {name: HEADERS[name] for name in names}
    if is_write:
        operation["parameters"].append(KEY_PARAMETER)
    if 428 in told["fails"]:
        operation["parameters"].append(VERSION_PARAMETER)
    for status in sorted(_statuses(method, operation) | set(told["fails"])):
        operation["responses"][status] = _refusal(status, told["fails"].get(status, ""))
    operation["responses"] = {
        str(status): response for status, response in operation["responses"].items()
    }


def _statuses(method: str, operation: dict[str, Any]) -> set[int]:
    """The refusals that follow from the shape of a call."""
    statuses = {503}
    if operation.get("security"):
        statuses |= {401, 403}
    if method in WRITES:
        statuses |= {413, 422, 507}
    if "requestBody" in operation:
        statuses |= {400, 415, 422}
    if any(parameter["in"] == "query" for parameter in operation["parameters"]):
        statuses.add(422)
    if any(parameter["in"] == "path" for parameter in operation["parameters"]):
        statuses.add(404)
    return statuses


def _refusal(status: int, codes: str) -> dict[str, Any]:
    name, code, detail = USUAL[status]
    own = codes.split()
    code = own[0] if own else code
    example: dict[str, Any] = {
        "type": f"urn:simpul:{code}",
        "title": code,
        "status": status,
        "code": code,
        "detail": detail,
        "instance": "/api/v1/…",
    }
    if status == 422:
        example["errors"] = [
            {"where": "name", "code": "required", "message": "Bagian ini perlu diisi."}
        ]
    if status == 412:
        example |= {"your_version": 3, "current_version": 4, "yours": {}, "current": {}}
    description = name
    if own:
        description += ": " + ", ".join(f"`{code}`" for code in own)
    response: dict[str, Any] = {
        "description": description,
        "content": {
            PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
        },
    }
    if status in HEADER_OF_STATUS:
        header = HEADER_OF_STATUS[status]
        response["headers"] = {header: HEADERS[header]}
    return response


HEADER_OF_STATUS = {401: "WWW-Authenticate", 503: "Retry-After"}

HEADERS: dict[str, dict[str, Any]] = {
    "ETag": {
        "description": "Versi data ini; kirim kembali sebagai If-Match bila mengubahnya.",
        "schema": {"type": "string"},
        "example": '"3"',
    },
    "Location": {
        "description": "Alamat data yang baru dibuat.",
        "schema": {"type": "string"},
        "example": "/api/v1/patients/0193b5a0-5c3e-7c11-9a52-4d1f0a7be210",
    },
    "Idempotent-Replayed": {
        "description": "`true` bila ini jawaban lama dari kunci yang sama; tidak dikerjakan lagi.",
        "schema": {"type": "string", "enum": ["true"]},
        "required": False,
    },
    "WWW-Authenticate": {
        "description": "Cara masuk yang diterima.",
        "schema": {"type": "string"},
        "example": 'Bearer realm="simpul"',
    },
    "Retry-After": {
        "description": "Coba lagi setelah sekian detik.",
        "schema": {"type": "string"},
        "example": "2",
    },
}

KEY_PARAMETER: dict[str, Any] = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": (
        "Kunci sekali-jalan, 8–80 huruf, baru untuk tiap perbuatan. Kunci dan isi yang sama "
        "mendapat jawaban yang sama; isi lain dengan kunci itu ditolak (422)."
    ),
    "schema": {"type": "string", "minLength": 8, "maxLength": 80, "pattern": "^[!-~]{8,80}$"},
    "example": "loket1-20261122-000417",
}

VERSION_PARAMETER: dict[str, Any] = {
    "in": "header",
    "name": "If-Match",
    # Left out or malformed it is answered with 428 or 400, so the call itself does not require it.
    "required": True,
    "description": 'Versi yang dilihat (ETag), misalnya "3".',
    "schema": {"type": "string", "pattern": '^"[1-9][0-9]{0,8}"$'},
    "example": '"3"',
}
