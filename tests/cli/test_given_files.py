"""A file or an account that is not there is refused alike by every import."""

import json
from pathlib import Path

import pytest

from simpul.cli.main import main
from simpul.foundation.staff.actor import Actor

pytestmark = pytest.mark.django_db

IMPORTS = {
    "people": [],
    "fhir": ["--source", "uji"],
    "regions": [],
    "populations": [],
}


@pytest.mark.parametrize("kind", IMPORTS)
@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("tidak-ada.json", "file_missing", "tidak ada"),
        (".", "file_unreadable", "tidak dapat dibaca"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    registrar: Actor,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    kind: str,
    name: str,
    code: str,
    words: str,
):
    place = str(tmp_path / name)
    by = ["--by", registrar.username] if kind == "fhir" else []

    status = main(["import", kind, place, *IMPORTS[kind], *by, "--json"])

    shown = capsys.readouterr()
    answer = json.loads(shown.out)
    assert (status, answer["ok"], answer["code"]) == (1, False, code)
    assert answer["message"] == f"Berkas {place} {words}. Tidak ada yang berubah" + (
        "; periksa namanya." if code == "file_missing" else "."
    )
    assert answer["message"] in shown.err


@pytest.mark.parametrize("kind", ["people", "fhir"])
def test_an_unknown_account_is_named(
    registrar: Actor, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
):
    place = tmp_path / "a.json"
    place.write_text("{}", encoding="utf-8")
    status = main(["import", kind, str(place), *IMPORTS[kind], "--by", "siapa", "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert (status, answer["code"]) == (1, "account_unknown")
    assert "“siapa”" in answer["message"]
