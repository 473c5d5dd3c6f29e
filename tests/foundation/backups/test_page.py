"""`/cadangan`: how the copies stand, and what one may do about it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from simpul.foundation.backups import beside, keys, selectors
from simpul.foundation.backups.catalogue import Copy, keep_facts
from simpul.foundation.backups.losses import Losses
from simpul.foundation.backups.options import SIGN, Options, is_there, read_options
from simpul.foundation.backups.places import copies_folder
from simpul.foundation.backups.running import note
from simpul.foundation.core.clock import now
from simpul.foundation.facilities.selectors import Here
from simpul.foundation.journal.models import Change, JournalEntry, JournalHead
from simpul.foundation.staff.actor import Actor
from tests.foundation.backups.test_keeping import made

Browse = Callable[[Actor], Client]
TYPED = {"time": "18:30", "daily": "5", "weekly": "3", "monthly": "6", "second": ""}


@pytest.fixture(autouse=True)
def data(house: Here, tmp_path: Path, settings: Settings) -> Path:
    settings.DATA = tmp_path
    keys.ensure_keys(tmp_path)
    return tmp_path


@pytest.fixture
def copy(house: Here) -> Copy:
    head = JournalHead.objects.get()
    path = copies_folder() / "simpul-contoh.simpul"
    path.write_bytes(b"tersegel")
    known = replace(
        made(now()),
        path=path,
        name=path.name,
        bytes=5_250_000,
        journal_seq=head.seq,
        journal_hash=head.hash,
        node=head.node,
        change_id=Change.objects.order_by("-id").values_list("id", flat=True)[0],
        recipient=keys.key_state(path.parent.parent).recipient,
        places={"second": now().isoformat()},
    )
    keep_facts(known)
    return known


def test_an_empty_page_says_what_is_missing(browse: Browse, technician: Actor) -> None:
    page = browse(technician).get("/cadangan").content.decode()
    assert "Belum ada cadangan." in page
    assert "Kunci pemulihan masih di server ini" in page
    assert 'data-uji="cadangan-kosong"' in page
    assert 'data-uji="cadangan-uji"' not in page


def test_the_list_and_few_queries(
    browse: Browse,
    technician: Actor,
    copy: Copy,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    client = browse(technician)
    client.get("/cadangan")
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        page = client.get("/cadangan").content.decode()
    assert "5,3 MB" in page or "5,2 MB" in page
    assert "server ini, tempat kedua" in page
    assert "Bawa pulang" in page


def test_the_head_sees_and_does_not_act(browse: Browse, head: Actor, copy: Copy) -> None:
    client = browse(head)
    page = client.get("/cadangan").content.decode()
    assert "Daftar cadangan" in page
    for hook in ("cadangan-sekarang", "cadangan-bawa", "cadangan-simpan"):
        assert f'data-uji="{hook}"' not in page
    assert client.post("/cadangan/sekarang").status_code == 403
    assert client.get(f"/cadangan/{copy.name}/unduh").status_code == 403


def test_asking_starts_a_process_after_the_commit_and_shows_it(
    browse: Browse,
    technician: Actor,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    started: list[str] = []
    monkeypatch.setattr(
        beside, "_start", lambda what: (started.append(what), note(asked_at=now().isoformat()))
    )
    client = browse(technician)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        answer = client.post("/cadangan/sekarang", {"op": "sekali-saja-1"})
        assert started == []
    assert answer.status_code == 302
    assert started == ["make"]
    assert JournalEntry.objects.filter(act="backup-asked").exists()
    part = client.get("/cadangan?bagian=keadaan").content.decode()
    assert 'data-uji="cadangan-maju"' in part
    assert "every 2s" in part
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        client.post("/cadangan/uji")
    assert started == ["make", "prove"]


def test_the_settings_are_kept_or_explained(
    browse: Browse, technician: Actor, tmp_path: Path, data: Path
) -> None:
    client = browse(technician)
    disk = tmp_path.parent / f"{tmp_path.name}-kedua"
    disk.mkdir()
    client.post("/cadangan/pengaturan", {**TYPED, "second": str(disk)})
    assert read_options() == Options("18.30", 5, 3, 6, str(disk))
    assert (disk / SIGN).exists()
    assert is_there(disk)
    assert JournalEntry.objects.get(act="backup-options").detail == {
        "changed": ["daily", "monthly", "second", "time", "weekly"]
    }

    for wrong, said in (
        ({"time": "25.00"}, "Tulis jam seperti 19.00."),
        ({"daily": "0"}, "Tulis angka 1 sampai 400."),
        ({"monthly": "-1"}, "Tulis angka 0 sampai 400."),
        ({"second": "kedua"}, "Tulis alamat folder lengkap"),
        ({"second": str(data / "backups")}, "ada di dalam folder data"),
        ({"second": "/tidak/ada/di/sini"}, "Folder ini belum ada"),
        ({"second": "/x\x00y"}, "tanda yang tak dikenal"),
    ):
        answer = client.post("/cadangan/pengaturan", {**TYPED, **wrong})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert read_options().time == "18.30"


def test_a_copy_is_carried_home_and_the_journal_knows(
    browse: Browse, technician: Actor, copy: Copy
) -> None:
    answer = browse(technician).get(f"/cadangan/{copy.name}/unduh")
    assert b"".join(answer) == b"tersegel"  # type: ignore[arg-type]
    assert answer["Content-Disposition"] == 'attachment; filename="simpul-contoh.simpul"'
    assert JournalEntry.objects.filter(act="backup-taken").exists()
    for name in ("tidak-ada.simpul", "..", "secret.key", "simpul-contoh.simpul.json"):
        assert browse(technician).get(f"/cadangan/{name}/unduh").status_code == 404


def test_the_way_back_says_what_is_lost_and_the_command(
    browse: Browse, technician: Actor, copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browse(technician)
    monkeypatch.setattr(
        selectors, "count_after", lambda _id: Losses({"registration.encounter": 141}, 3)
    )
    page = client.get(f"/cadangan/{copy.name}/pulih").content.decode()
    assert "141 kunjungan, 3 perubahan lain hari ini belum ada di cadangan ini." in page
    assert f"simpul restore {copy.path} --key-file BERKAS-KUNCI" in page
    monkeypatch.undo()

    keep_facts(replace(copy, journal_hash="f" * 64))
    page = client.get(f"/cadangan/{copy.name}/pulih").content.decode()
    assert "tidak dapat dihitung" in page
