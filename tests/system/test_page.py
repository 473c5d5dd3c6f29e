"""`/sistem`: cause, consequence and one act for each red line; nothing about patients."""

import io
import json
import logging
import os
import time
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection
from django.test import Client
from django.urls import reverse

from simpul.cli.checkup import measures
from simpul.config.kept_log import KeptLog
from simpul.config.system import views
from simpul.config.system.screens import seen_computers, seen_screens
from simpul.foundation.backups import space
from simpul.foundation.core import ballast
from simpul.foundation.core.clock import now
from simpul.foundation.core.ids import uuid7
from simpul.foundation.facilities.selectors import Here
from simpul.foundation.journal.models import JournalEntry, JournalHead
from simpul.foundation.staff.actor import Actor
from simpul.service.distribution.offline.models import Device
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.services import register_patient

Browse = Callable[[Actor], Client]


@pytest.fixture
def data(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.DATA = tmp_path
    monkeypatch.setenv(ballast.SETTING, "1")
    return tmp_path


def test_the_it_person_starts_here_and_sees_everything(
    browse: Browse, technician: Actor, data: Path, django_assert_max_num_queries: Any
) -> None:
    client = browse(technician)
    assert client.get("/", follow=True).request["PATH_INFO"] == "/sistem"
    with django_assert_max_num_queries(14):
        page = client.get("/sistem")
    text = page.content.decode()
    assert page.status_code == 200
    assert "Keadaan sistem" in text
    assert "Ujung jurnal utuh" in text or "Jurnal utuh" in text
    assert 'data-uji="sistem-hal-backup"' in text
    assert reverse("sistem-darurat", args=["disk-penuh"]) in text


def test_the_head_finds_it_beside_the_settings(browse: Browse, head: Actor, data: Path) -> None:
    client = browse(head)
    assert 'href="/sistem"' in client.get("/pengaturan").content.decode()
    assert client.get("/sistem").status_code == 200


def test_no_page_waits_for_the_disk(
    browse: Browse, technician: Actor, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: Any) -> float:
        raise AssertionError("measured in a request")

    monkeypatch.setattr(measures, "time_durable_write", slow)
    text = browse(technician).get("/sistem").content.decode()
    assert "belum diukur" in text


def test_what_was_measured_in_the_background_is_shown(
    browse: Browse, technician: Actor, data: Path
) -> None:
    from simpul.cli.checkup import background

    background._last = float("-inf")
    background.keep_watch()
    kept = measures.read(data)
    assert kept.fsync is not None
    assert (data / ballast.NAME).stat().st_size == 1_000_000
    text = browse(technician).get("/sistem").content.decode()
    assert "Menulis tahan padam" in text
    assert "Ruang darurat siap: 1 MB" in text


def test_a_red_line_has_cause_consequence_and_one_act(
    browse: Browse, technician: Actor, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(space, "LEAST_FREE", 10**18)
    ballast.keep(data)
    client = browse(technician)
    text = client.get("/sistem").content.decode()
    for name in ("disk", "backup", "backup_key"):
        row = text.split(f'data-uji="sistem-hal-{name}"')[1].split("</li>")[0]
        assert "Akibat:" in row
        assert row.count(f'data-uji="sistem-tindakan-{name}"') == 1
    done = client.post("/sistem/ruang", follow=True)
    assert "1 MB dilepas" in done.content.decode()
    assert not (data / ballast.NAME).exists()
    assert JournalEntry.objects.filter(act="room-freed").count() == 1
    row = done.content.decode().split('data-uji="sistem-hal-disk"')[1].split("</li>")[0]
    assert reverse("sistem-darurat", args=["disk-penuh"]) in row
    again = client.post("/sistem/ruang", follow=True)
    assert "sudah dilepas" in again.content.decode()


def test_the_room_is_given_up_although_nothing_can_be_written(
    browse: Browse, technician: Actor, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ballast.keep(data)
    client = browse(technician)
    form = client.get("/sistem").content.decode()
    assert 'name="op"' not in form.split("sistem-merah")[1]

    def full(**_: Any) -> Any:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(views, "act", full)
    assert client.post("/sistem/ruang").status_code == 302
    assert not (data / ballast.NAME).exists()


def test_a_broken_end_of_the_journal_is_red(browse: Browse, technician: Actor, data: Path) -> None:
    JournalHead.objects.update(hash="0" * 64)
    text = browse(technician).get("/sistem").content.decode()
    row = text.split('data-uji="sistem-hal-journal"')[1].split("</li>")[0]
    assert "tidak utuh" in row
    assert reverse("sistem-darurat", args=["yang-tidak-boleh"]) in row


def test_others_do_not_see_it(
    browse: Browse, registrar: Actor, district_officer: Actor, outsider: Actor, data: Path
) -> None:
    for actor in (registrar, district_officer, outsider):
        client = browse(actor)
        for path in ("/sistem", "/sistem/paket", "/sistem/darurat/disk-penuh"):
            assert client.get(path).status_code == 403
        assert client.post("/sistem/ruang").status_code == 403


def test_a_runbook_is_read_here(browse: Browse, head: Actor, data: Path) -> None:
    client = browse(head)
    text = client.get("/sistem/darurat/jam-salah").content.decode()
    assert "<h1" in text
    assert "Jam salah" in text
    assert "<ol>" in text
    assert client.get("/sistem/darurat/lain").status_code == 404


def test_computers_and_screens_seen_lately(house: Here, technician: Actor, data: Path) -> None:
    def device(name: str, code: str, ago: timedelta, waiting: int = 0) -> None:
        Device.objects.create(
            id=uuid7(), facility=house.id, name=name, code=code, salt="s", box="b",
            first_seen_at=now() - timedelta(days=90), last_seen_at=now() - ago, waiting=waiting,
        )  # fmt: skip

    device("Loket 1", "L1", timedelta(seconds=20))
    device("Gigi", "P1", timedelta(hours=2), waiting=3)
    device("Lama", "L9", timedelta(days=40))
    (data / "screens").mkdir()
    for unit, ago in (("umum", 2), ("gigi", 4000)):
        path = data / "screens" / unit
        path.touch()
        os.utime(path, (time.time() - ago, time.time() - ago))
    computers = seen_computers(by=technician)
    assert [(one.name, one.is_on, one.waiting) for one in computers] == [
        ("Gigi (P1)", False, 3),
        ("Loket 1 (L1)", True, 0),
    ]
    assert [one.is_on for one in seen_screens()] == [False, True]


def test_the_help_package_holds_no_patient(
    browse: Browse, technician: Actor, registrar: Actor, data: Path
) -> None:
    """What a patient is called gets into messages and exceptions; none of it into the package."""
    name, nik = "MENUR RAHASIAWATI", "3509014107900003"
    register_patient(
        by=registrar,
        typed=PatientInput(
            name=name, birth_date="01071990", sex="female", village="Sabrang",
            mother_name="Ibu Rahasia", phone="081234567890", no_nik_reason="not-recorded",
        ),
    )  # fmt: skip
    log = logging.getLogger("simpul.uji")
    foreign = logging.getLogger("pustaka.luar")
    handler = KeptLog(str(data / "log" / "simpul.log"))
    for one in (log, foreign):
        one.addHandler(handler)
    try:
        log.warning("baris %s ditolak", f"{name} {nik}")
        log.warning("nomor 3509014107900003 di kalimat sumber")
        foreign.error(f"Failing row contains ({nik}, {name})")
        try:
            try:
                raise ValueError(f"nik={nik}")
            except ValueError as cause:
                raise IntegrityError(f"Key (nik)=({nik}) exists: {name}") from cause
        except IntegrityError:
            log.exception("simpan gagal")
    finally:
        for one in (log, foreign):
            one.removeHandler(handler)
        handler.close()
    answer = browse(technician).get("/sistem/paket")
    assert answer["Content-Type"] == "application/zip"
    assert "paket-bantuan-" in answer["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        parts = {entry: package.read(entry).decode() for entry in package.namelist()}
    assert set(parts) == {"baca-saya.txt", "keadaan.json", "versi.json", "catatan.log"}
    everything = "\n".join(parts.values()).lower()
    for secret in (*name.lower().split(), nik, "0812", "ibu rahasia", "sabrang", "1990"):
        assert secret not in everything, secret
    # And it is of use: what was said, where, and which kind of trouble.
    assert "baris %s ditolak" in parts["catatan.log"]
    assert "IntegrityError" in parts["catatan.log"]
    assert "test_page.py" in parts["catatan.log"]
    assert any(one["name"] == "backup" for one in json.loads(parts["keadaan.json"]))
    assert json.loads(parts["versi.json"])["database"] == connection.vendor


def test_the_log_never_stops_what_is_logged(tmp_path: Path) -> None:
    blocked = tmp_path / "log"
    blocked.write_text("a file where the folder should be")
    handler = KeptLog(str(blocked / "simpul.log"))
    log = logging.getLogger("simpul.uji.penuh")
    log.addHandler(handler)
    try:
        log.warning("tetap jalan")
    finally:
        log.removeHandler(handler)
    assert blocked.read_text().startswith("a file")
