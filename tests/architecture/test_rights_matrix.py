"""Every address × every role: who is let in, who is refused, and how.

`TABLE` is written by hand and is the expectation; the rights in the program are not asked. An
address or a method that is not in it fails, so does a line whose address is gone. What a line says
is about rights: an allowed call may still be told that its input is empty (422) or late (409).

To add an address: one line here, with the roles that may, and what an account of another facility
and somebody who is not signed in get. Where a call needs a thing, `args` names it in the `Scene`.
"""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from simpul.exchange.district.attention import set_aside
from simpul.exchange.district.models import PersonLink, Proposal
from simpul.exchange.fhir.models import ExternalRecord
from simpul.exchange.fhir.reading import read_bundle
from simpul.exchange.fhir.taking_in import take_in
from simpul.exchange.hub.models import HubNode, HubPark
from simpul.foundation.administration.rooms import add_room
from simpul.foundation.administration.services import create_token, set_up_facility
from simpul.foundation.backups.catalogue import Copy, keep_facts
from simpul.foundation.backups.places import copies_folder
from simpul.foundation.core.clock import now
from simpul.foundation.core.ids import uuid7
from simpul.foundation.core.node import forget_node
from simpul.foundation.facilities.models import Facility, Village
from simpul.foundation.facilities.selectors import forget_here, get_here
from simpul.foundation.journal.acts import act
from simpul.foundation.printing.document import Document, DocumentKind, Line
from simpul.foundation.printing.inputs import PrinterInput
from simpul.foundation.printing.services import print_document, save_printer
from simpul.foundation.register.inputs import StaffInput
from simpul.foundation.register.services import add_member
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.models import Account, Practitioner, PractitionerRole, Role
from simpul.foundation.staff.selectors import forget_actors, get_actor
from simpul.planning.allocation.scenarios import save_scenario
from simpul.planning.maps.geojson import read_outlines
from simpul.planning.maps.models import VillagePopulation
from simpul.planning.maps.services import import_regions
from simpul.planning.norms.services import add_norm
from simpul.planning.studies.services import NewStudy, NewVersion, create_study
from simpul.planning.workload.services import add_templates
from simpul.service.care.inputs import EntryInput
from simpul.service.completeness.models import Deficiency
from simpul.service.completeness.services import close_encounter, return_record, save_entries
from simpul.service.distribution.calling.playing import take_turn
from simpul.service.distribution.closing.services import close_day
from simpul.service.distribution.models import Distribution
from simpul.service.distribution.offline.devices import sign_on
from simpul.service.distribution.offline.items import Sent
from simpul.service.distribution.offline.receiving import receive
from simpul.service.distribution.queueing import call_ticket, skip_ticket
from simpul.service.distribution.services import Visit, register_visit
from simpul.service.filing.services import scan_file
from simpul.service.patients.importing.services import bring, start_trial
from simpul.service.patients.importing.work import work_on
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.merging.decisions import merge_records
from simpul.service.patients.merging.services import open_task
from simpul.service.patients.models import Patient
from simpul.service.patients.numbers.services import issue_card
from simpul.service.patients.services import register_patient
from simpul.service.registration.booking.inputs import BookingWish
from simpul.service.registration.booking.opening import close_day as close_house
from simpul.service.registration.booking.services import make_booking
from simpul.service.registration.placement.programmes import enrol
from simpul.service.registration.placement.services import move_rule
from simpul.service.registration.services import VisitWish
from simpul.web import views as web_views
from tests.conftest import make_actor

# Also tells pytest-django to make the database that the module's scene is put into.
pytestmark = pytest.mark.django_db

UNITS = {
    Role.DENTIST: ("gigi",),
    Role.MIDWIFE: ("kia", "imunisasi", "persalinan"),
    Role.PHARMACIST: ("farmasi",),
    Role.LABORATORY: ("laboratorium",),
}

EVERYBODY = frozenset(Role.values)
HOUSE = EVERYBODY - {Role.IT, Role.DISTRICT}
COUNTER = frozenset({Role.REGISTRAR, Role.RECORD_OFFICER})
CLINICIANS = frozenset({Role.NURSE, Role.PHYSICIAN, Role.DENTIST, Role.MIDWIFE})
#: Of the clinicians, those who serve Poli Umum, where the scene's visits are.
IN_UNIT = frozenset({Role.NURSE, Role.PHYSICIAN})
SERVING = CLINICIANS | {Role.PHARMACIST, Role.LABORATORY}
READERS = HOUSE - {Role.REGISTRAR}  # of clinical notes
ANALYSTS = CLINICIANS | {Role.RECORD_OFFICER, Role.HEAD}
RECORD_ROOM = frozenset({Role.RECORD_OFFICER})
FILING = COUNTER | {Role.HEAD}
JOURNAL = frozenset({Role.RECORD_OFFICER, Role.HEAD})
SETTINGS = frozenset({Role.HEAD, Role.IT})
HEAD = frozenset({Role.HEAD})
IT = frozenset({Role.IT})
ALLERGY = CLINICIANS | {Role.PHARMACIST}
STATUS = SETTINGS | {Role.DISTRICT}
PLANNERS = frozenset({Role.HEAD, Role.DISTRICT})
OBSERVERS = PLANNERS | RECORD_ROOM
DISTRICT = frozenset({Role.DISTRICT})
BOOKINGS = COUNTER | CLINICIANS | HEAD
#: The rules of placement: whoever suggests or receives may read why.
PLACEMENT = COUNTER | CLINICIANS | HEAD
NOBODY: frozenset[str] = frozenset()

#: Words of this house's people that must never reach another facility.
SECRETS = ("RAHASIAWATI", "3509014107900003", "keluhanrahasia", "Petugas Rumahan")


@dataclass(frozen=True)
class Case:
    """One address and method: who may, and what the others get."""

    ok: frozenset[str]
    outsider: str = "404"
    nobody: str = "login"
    refused: str = "403"
    query: str = ""
    body: dict[str, Any] = field(default_factory=dict)
    args: dict[str, str] = field(default_factory=dict)


def api(ok: frozenset[str], *, nobody: str = "401", **more: Any) -> Case:
    """A call of a program: JSON, and 401 for nobody."""
    return Case(ok, nobody=nobody, **more)


def public(**more: Any) -> Case:
    """Open to everybody, and holding nothing of anybody."""
    return Case(EVERYBODY, outsider="ok", nobody="ok", **more)


NO_HUB = Case(NOBODY, outsider="404", nobody="404", refused="404")
REASON = {"reason": "alasan uji"}
LABEL = {"label": "{mrn}"}
TWO = {"first": "patient", "second": "free_patient"}
#: Django's own view changes the language on POST only and answers the rest; nothing is ever there.
ANY_METHOD = frozenset({"set_language", "api:unknown"})
NEW_PATIENT = {
    "name": "Baru Contoh",
    "birth_date": "1990-01-02",
    "sex": "male",
    "village": "Sabrang",
    "mother_name": "Ibu",
}
NOTE = {"entries": [{"kind": "note", "text": "catatan"}]}
CLOSED = {"encounter": "closed", "encounter_id": "closed"}
PRESENT = {"ticket": "ticket", "ticket_id": "ticket"}
PRINTER = {
    "name": "Uji",
    "connection": "file",
    "target": "uji",
    "port": "9100",
    "paper": "58",
    "kinds": "slip",
}
BACKUPS = {"time": "19.00", "daily": "7", "weekly": "4", "monthly": "12", "second": ""}
NORM = {
    "code": "standar-contoh",
    "name": "Standar contoh",
    "source": "Peraturan contoh",
    "posts": [{"professions": ["dokter"], "count": 1}],
}

TABLE: dict[tuple[str, str], Case] = {
    # The door
    ("home", "GET"): Case(EVERYBODY, outsider="ok"),
    ("nothing-here", "GET"): Case(EVERYBODY, outsider="ok"),
    ("sign-in", "GET"): public(),
    ("sign-in", "POST"): Case(NOBODY, outsider="403", nobody="403"),  # a wrong name
    ("sign-out", "POST"): Case(NOBODY, outsider="login", nobody="login", refused="login"),
    ("first-start", "GET"): Case(NOBODY, outsider="login", nobody="login", refused="login"),
    ("first-start", "POST"): Case(NOBODY, outsider="login", nobody="login", refused="login"),
    ("set_language", "GET"): public(),
    ("set_language", "POST"): public(body={"language": "id"}),
    ("live", "GET"): Case(HOUSE, outsider="ok", query="topics=queue:umum"),
    ("health", "GET"): public(),
    ("pasang-sertifikat", "GET"): public(),
    # This house runs without https: there is nothing to install.
    ("berkas-sertifikat", "GET"): Case(NOBODY, outsider="404", nobody="404", refused="404"),
    # Servers of facilities speak to a hub; this house is none
    ("sync-push", "POST"): NO_HUB,
    ("sync-hello", "POST"): NO_HUB,
    ("sync-enrol", "POST"): NO_HUB,
    ("sync-feed", "GET"): NO_HUB,
    ("sync-mine", "GET"): NO_HUB,
    ("sync-copy", "GET"): NO_HUB,
    ("sync-copy", "PUT"): NO_HUB,
    # Step 3: computers that work without the server
    ("service-worker", "GET"): public(),
    ("manifest", "GET"): public(),
    ("luring", "GET"): public(),
    ("luring-bahan", "GET"): public(),
    ("luring-kunci", "POST"): api(COUNTER | SERVING, outsider="403"),
    ("luring-paket", "GET"): api(COUNTER | SERVING, outsider="403"),
    ("luring-kirim", "POST"): api(COUNTER | SERVING, outsider="403"),
    ("luring-keadaan", "GET"): api(EVERYBODY, outsider="ok"),
    ("keadaan", "GET"): Case(EVERYBODY, outsider="ok"),
    ("luring-draf", "GET"): api(CLINICIANS, outsider="ok"),
    ("luring-lupakan", "POST"): Case(SETTINGS, outsider="403", body={"device": "{device}"}),
    ("luring-lupakan-selesai", "POST"): api(EVERYBODY, outsider="403"),
    ("luring-periksa", "GET"): Case(COUNTER, outsider="ok"),
    ("luring-daftarkan", "POST"): Case(COUNTER),
    ("luring-buang", "POST"): Case(COUNTER, body={"reason": "alasan uji"}),
    ("pengaturan-komputer", "GET"): Case(SETTINGS, outsider="ok"),
    # Step 1: who is it?
    ("pasien-baru", "GET"): Case(COUNTER, outsider="403"),
    ("pasien-baru", "POST"): Case(COUNTER, outsider="403"),
    ("pasien-baru-mirip", "POST"): Case(
        HOUSE, outsider="ok", body={"name": "rahasiawati", "birth_date": "01071990"}
    ),
    ("pasien-baca", "POST"): Case(HOUSE, outsider="ok", body={"birth_date": "12031985"}),
    ("pasien-desa", "POST"): Case(HOUSE, outsider="ok", body={"village": "sab"}),
    ("pasien-ubah", "GET"): Case(COUNTER),
    ("pasien-ubah", "POST"): Case(COUNTER),
    ("lengkapi", "GET"): Case(COUNTER, outsider="ok"),
    ("pasien-kartu", "GET"): Case(HOUSE),
    ("kartu-pdf", "GET"): Case(HOUSE),
    ("kartu-cetak", "POST"): Case(HOUSE),
    ("kartu-terbit", "POST"): Case(COUNTER),
    ("kartu-cabut", "POST"): Case(COUNTER, body={"reason": "lost"}),
    ("nomor-keluarga", "POST"): Case(COUNTER),
    # Step 1: people from a spreadsheet
    ("impor", "GET"): Case(JOURNAL, outsider="403"),
    ("impor", "POST"): Case(JOURNAL, outsider="403"),
    ("impor-lihat", "GET"): Case(JOURNAL, outsider="403"),
    ("impor-maju", "GET"): Case(JOURNAL, outsider="403"),
    ("impor-periksa", "POST"): Case(JOURNAL, outsider="403"),
    ("impor-mulai", "POST"): Case(JOURNAL, outsider="403"),
    ("impor-henti", "POST"): Case(JOURNAL, outsider="403"),
    ("impor-lanjut", "POST"): Case(JOURNAL, outsider="403"),
    ("impor-tutup", "POST"): Case(JOURNAL, outsider="403"),
    ("impor-putuskan", "POST"): Case(JOURNAL, outsider="403", body={"decision": "new"}),
    ("impor-ditolak", "GET"): Case(JOURNAL, outsider="403"),
    # Step 1: pairs, merges, what waits for a person
    ("duplikat", "GET"): Case(FILING, outsider="403"),
    ("duplikat-pilih", "GET"): Case(RECORD_ROOM, outsider="403"),
    ("duplikat-pilih", "POST"): Case(RECORD_ROOM, outsider="403", body={"q": "rahasia"}),
    ("banding", "GET"): Case(FILING, args=TWO),
    ("gabungkan", "POST"): Case(RECORD_ROOM, args=TWO),
    ("bukan-sama", "POST"): Case(RECORD_ROOM, args=TWO),
    ("duplikat-berbeda", "GET"): Case(FILING, outsider="403"),
    ("buka-lagi", "POST"): Case(RECORD_ROOM, args=TWO),
    ("penggabungan", "GET"): Case(FILING, outsider="403"),
    ("gabung-urungkan", "POST"): Case(RECORD_ROOM),
    ("perlu-diperiksa", "GET"): Case(FILING, outsider="403"),
    ("perlu-nik", "GET"): Case(FILING),
    ("perlu-nik", "POST"): Case(RECORD_ROOM, body={"owner": "{patient}", "version": "1"}),
    ("perlu-selesai", "POST"): Case(RECORD_ROOM, body={"outcome": "done", "version": "1"}),
    # Step 2 and 3: the counter
    ("loket", "GET"): Case(COUNTER, outsider="ok"),
    ("loket", "POST"): Case(COUNTER, outsider="ok"),
    ("loket-cari", "POST"): Case(HOUSE, outsider="ok", body={"q": "rahasiawati"}),
    ("loket-saran", "POST"): Case(COUNTER, body={"patient_id": "{patient}", "complaint": "batuk"}),
    ("loket-terakhir", "GET"): Case(HOUSE, outsider="ok"),
    ("loket-tersimpan", "GET"): Case(HOUSE),
    ("loket-pasien", "GET"): Case(COUNTER),
    ("loket-pasien", "POST"): Case(COUNTER),
    ("daftar", "POST"): Case(COUNTER, body={"patient_id": "{free_patient}", "payer": "umum"}),
    ("kunjungan", "GET"): Case(HOUSE, outsider="ok"),
    ("kunjungan-baris", "GET"): Case(HOUSE),
    ("kunjungan-menu", "GET"): Case(HOUSE),
    ("kunjungan-urungkan", "POST"): Case(COUNTER | CLINICIANS),
    ("kunjungan-alihkan", "GET"): Case(COUNTER | CLINICIANS),
    ("kunjungan-alihkan", "POST"): Case(COUNTER | CLINICIANS, body={"unit": "lansia", **REASON}),
    ("kunjungan-batalkan", "GET"): Case(COUNTER | CLINICIANS),
    ("kunjungan-batalkan", "POST"): Case(COUNTER | CLINICIANS, body=REASON),
    ("kunjungan-kirim-ulang", "POST"): Case(COUNTER | CLINICIANS),
    ("slip", "GET"): Case(HOUSE),
    # Step 2: bookings and open hours
    ("janji", "GET"): Case(BOOKINGS, outsider="ok"),
    ("janji-baru", "GET"): Case(COUNTER, outsider="403"),
    ("janji-baru", "POST"): Case(COUNTER, outsider="403"),
    ("janji-hadir", "POST"): Case(COUNTER),
    ("janji-batal", "POST"): Case(COUNTER, body=REASON),
    ("janji-kembalikan", "POST"): Case(COUNTER),
    ("jam-buka", "GET"): Case(SETTINGS, outsider="403"),
    ("jam-unit", "POST"): Case(SETTINGS, outsider="403", args={"unit": "unit"}),
    ("jam-tutup", "POST"): Case(
        SETTINGS, outsider="403", body={"day": "2999-01-01", "reason": "libur"}
    ),
    ("jam-tutup-batal", "POST"): Case(SETTINGS, outsider="403", args={"closed": "closed_day"}),
    # Exchange: bundles of other programs
    ("impor-fhir", "GET"): Case(JOURNAL, outsider="403"),
    ("impor-fhir", "POST"): Case(JOURNAL, outsider="403"),
    ("impor-fhir-putuskan", "POST"): Case(
        JOURNAL, outsider="403", args={"record": "stranger"}, body={"number": "{mrn}"}
    ),
    ("riwayat-luar", "GET"): Case(READERS),
    # Exchange: the district's pages; at a facility they show what lies there, which is its own
    ("dinas", "GET"): Case(DISTRICT, outsider="403"),
    ("dinas-unduh", "GET"): Case(DISTRICT, outsider="403", query="berkas=csv"),
    ("dinas-hubungkan", "GET"): Case(DISTRICT, outsider="403"),
    ("dinas-hubungkan", "POST"): Case(DISTRICT, outsider="403", body={"name": "Contoh Baru"}),
    ("dinas-puskesmas", "GET"): Case(DISTRICT, outsider="403", args={"facility": "node"}),
    ("dinas-puskesmas", "POST"): Case(
        DISTRICT, outsider="403", args={"facility": "node"}, body={"person": "Contoh"}
    ),
    ("dinas-cabut", "POST"): Case(DISTRICT, outsider="403", args={"facility": "node"}),
    ("dinas-lanjutkan", "POST"): Case(DISTRICT, outsider="403", args={"facility": "node"}),
    ("dinas-perlu", "GET"): Case(DISTRICT, outsider="403"),
    ("dinas-coba-lagi", "POST"): Case(DISTRICT, outsider="403"),
    ("dinas-sisihkan", "POST"): Case(DISTRICT, outsider="403", body=REASON),
    ("dinas-tunggu-lagi", "POST"): Case(DISTRICT, outsider="403"),
    ("dinas-kunjungan", "GET"): Case(DISTRICT, outsider="403"),
    ("dinas-kunjungan-unduh", "GET"): Case(DISTRICT, outsider="403"),
    ("dinas-tautan", "GET"): Case(DISTRICT, outsider="403"),
    ("dinas-keputusan", "GET"): Case(DISTRICT, outsider="403"),
    ("dinas-tautan-urungkan", "POST"): Case(DISTRICT, outsider="403", body=REASON),
    ("dinas-pasangan", "GET"): Case(DISTRICT, outsider="403", args=TWO),
    ("dinas-buka", "POST"): Case(DISTRICT, outsider="403", args=TWO, body={"reason": "proposal"}),
    ("dinas-putuskan", "POST"): Case(DISTRICT, outsider="403", args=TWO, body=REASON),
    # Step 3: the end of the day
    ("tutup-hari", "GET"): Case(HOUSE, outsider="ok"),
    ("tutup-hari", "POST"): Case(COUNTER, outsider="403"),
    ("tutup-hari-buka", "POST"): Case(COUNTER, outsider="403", args={"closing": "closing"}),
    ("slip-antar", "GET"): Case(HOUSE),
    ("slip-pdf", "GET"): Case(HOUSE),
    ("slip-antar-pdf", "GET"): Case(HOUSE),
    ("slip-cetak", "POST"): Case(HOUSE),
    ("slip-antar-cetak", "POST"): Case(HOUSE),
    # Step 3: the queue
    ("antrean", "GET"): Case(HOUSE, outsider="ok"),
    ("antrean-tampil", "POST"): Case(IN_UNIT, outsider="ok", body={"ids": ["{distribution}"]}),
    ("panggil", "POST"): Case(IN_UNIT),
    ("panggil-lagi", "POST"): Case(IN_UNIT, args=PRESENT),
    ("lewati", "POST"): Case(IN_UNIT, args=PRESENT),
    ("mulai", "POST"): Case(IN_UNIT, args=PRESENT),
    ("kembali-antre", "POST"): Case(IN_UNIT, args={"ticket": "no_show_ticket"}),
    ("tv", "GET"): public(),
    ("tv-papan", "GET"): public(),
    # A television signs in nowhere: it takes the next call of its floor and says it was heard.
    ("tv-giliran", "POST"): public(),
    ("tv-terdengar", "POST"): public(body={"id": "{call}", "lease": "{lease}", "how": "voice"}),
    ("tv-pekerja", "GET"): public(),
    ("tv-suara", "GET"): public(args={"name": "sound"}),
    ("antrean-ruang", "POST"): Case(IN_UNIT, outsider="403", body={"room": ""}),
    # Step 4: care
    ("icd", "POST"): Case(READERS, outsider="ok", body={"q": "batuk"}),
    ("tindakan", "POST"): Case(READERS, outsider="ok", body={"q": "jahit"}),
    ("templat", "GET"): Case(READERS, outsider="ok"),
    ("riwayat", "GET"): Case(READERS),
    ("rekam-periksa", "POST"): Case(READERS),
    ("rekam-diagnosa", "POST"): Case(READERS),
    ("rekam-tindakan", "POST"): Case(READERS),
    ("poli", "GET"): Case(SERVING, outsider="ok"),
    ("poli-unit", "GET"): Case(IN_UNIT, outsider="ok"),
    ("kembalian", "GET"): Case(ANALYSTS, outsider="ok"),
    ("alergi", "GET"): Case(ALLERGY),
    ("alergi", "POST"): Case(ALLERGY, body={"substance": "udang"}),
    ("rekam", "GET"): Case(READERS),
    ("rekam-simpan", "POST"): Case(IN_UNIT, body={"s": "batuk", "systolic": "120"}),
    ("rekam-selesai", "POST"): Case(IN_UNIT, body={"s": "batuk", "systolic": "120"}),
    ("rekam-kurang", "GET"): Case(READERS),
    ("rekam-baru", "GET"): Case(READERS),
    ("rekam-keliru", "POST"): Case(IN_UNIT, args=CLOSED, body=REASON),
    ("rekam-kertas", "POST"): Case(IN_UNIT | RECORD_ROOM, args=CLOSED),
    # Step 6 and 7: the record room
    ("rm", "GET"): Case(FILING, outsider="ok"),
    ("rm-pindai", "POST"): Case(COUNTER, body={**LABEL, "mode": "received"}),
    ("rm-lacak", "POST"): Case(FILING, body=LABEL),
    ("rm-berkas", "GET"): Case(FILING),
    ("rm-rak", "POST"): Case(COUNTER, body={"shelf": "B-2"}),
    ("rm-rekam", "GET"): Case(JOURNAL, args=CLOSED),
    ("rm-kembalikan", "POST"): Case(RECORD_ROOM, args=CLOSED, body={"paper": "paraf"}),
    ("rm-simpan", "POST"): Case(RECORD_ROOM, args=CLOSED),
    ("rm-periksa", "POST"): Case(RECORD_ROOM, args=CLOSED),
    ("rm-kertas-ada", "POST"): Case(RECORD_ROOM),
    ("tracer", "GET"): Case(FILING),
    ("tracer-pdf", "GET"): Case(FILING),
    ("tracer-cetak", "POST"): Case(FILING),
    ("label-pdf", "GET"): Case(FILING),
    ("label-cetak", "POST"): Case(FILING),
    ("label-lembar", "GET"): Case(FILING, outsider="ok"),
    ("label-lembar", "POST"): Case(FILING, outsider="422", body={"numbers": "{mrn}"}),
    ("klpcm", "GET"): Case(JOURNAL, outsider="ok"),
    ("klpcm-csv", "GET"): Case(JOURNAL, outsider="ok"),
    # Looking after the house
    ("jurnal", "GET"): Case(JOURNAL, outsider="ok"),
    ("jurnal-periksa", "POST"): Case(HEAD, outsider="ok"),
    ("jurnal-cari", "POST"): Case(JOURNAL, body=LABEL),
    ("jurnal-pasien", "GET"): Case(JOURNAL),
    ("jurnal-laporan", "GET"): Case(JOURNAL),
    ("own-password", "GET"): Case(EVERYBODY, outsider="ok"),
    ("own-password", "POST"): Case(EVERYBODY, outsider="422"),  # of the input, not of rights
    ("cadangan", "GET"): Case(SETTINGS, outsider="403"),
    ("cadangan-sekarang", "POST"): Case(IT, outsider="403"),
    ("cadangan-uji", "POST"): Case(IT, outsider="403"),
    ("cadangan-pengaturan", "POST"): Case(IT, outsider="403", body=BACKUPS),
    ("cadangan-unduh", "GET"): Case(IT, outsider="403", args={"name": "copy"}),
    ("cadangan-pulih", "GET"): Case(SETTINGS, outsider="403", args={"name": "copy"}),
    ("sistem", "GET"): Case(SETTINGS, outsider="403"),
    ("sistem-ruang", "POST"): Case(SETTINGS, outsider="403"),
    ("sistem-paket", "GET"): Case(SETTINGS, outsider="403"),
    ("sistem-darurat", "GET"): Case(SETTINGS, outsider="403", args={"page": "runbook"}),
    ("pengaturan", "GET"): Case(SETTINGS),
    ("pengaturan", "POST"): Case(SETTINGS),
    ("pengaturan-unit", "GET"): Case(SETTINGS),
    ("unit-ubah", "POST"): Case(SETTINGS, args={"code": "unit"}, body={"name": "Poli Umum"}),
    ("pengaturan-ruang", "GET"): Case(SETTINGS, outsider="403"),
    ("ruang-baru", "POST"): Case(
        SETTINGS,
        outsider="403",
        args={"code": "unit"},
        body={"name": "Ruang baru", "floor": "1"},
    ),
    ("ruang-ubah", "POST"): Case(
        SETTINGS, outsider="403", body={"name": "Ruang lain", "floor": "2"}
    ),
    ("unit-lantai", "POST"): Case(
        SETTINGS, outsider="403", args={"code": "unit"}, body={"floor": "1"}
    ),
    ("urutan-antrean", "POST"): Case(SETTINGS, outsider="403", body={"mode": "always"}),
    ("pengaturan-akun", "GET"): Case(SETTINGS),
    ("akun-baru", "GET"): Case(SETTINGS),
    ("akun-baru", "POST"): Case(SETTINGS),
    ("akun", "GET"): Case(SETTINGS),
    ("akun-peran", "POST"): Case(SETTINGS, body={"roles": "perawat"}),
    ("akun-pin", "POST"): Case(
        SETTINGS, body={"password": "sandi-baru-9", "password_again": "sandi-baru-9"}
    ),
    ("akun-tutup", "POST"): Case(SETTINGS),
    ("akun-buka", "POST"): Case(SETTINGS),
    ("nomor-rm", "GET"): Case(SETTINGS, outsider="ok"),
    ("nomor-rm", "POST"): Case(
        SETTINGS, outsider="403", body={"part": "personal", "width": "7", "step": "simpan"}
    ),
    ("nomor-rm-contoh", "POST"): Case(SETTINGS, outsider="ok", body={"width": "7"}),
    ("printer", "GET"): Case(SETTINGS, outsider="ok"),
    ("printer", "POST"): Case(SETTINGS, outsider="403", body=PRINTER),
    ("printer-ubah", "GET"): Case(SETTINGS),
    ("printer-ubah", "POST"): Case(SETTINGS, body={**PRINTER, "seen_version": "1"}),
    ("printer-uji", "POST"): Case(SETTINGS),
    ("printer-pilih", "GET"): Case(HOUSE, outsider="ok"),
    ("printer-pilih", "POST"): Case(HOUSE, outsider="ok", body={"printer": "{printer}"}),
    ("cetakan", "GET"): Case(HOUSE),
    ("cetakan-lagi", "POST"): Case(HOUSE),
    ("aturan-kelengkapan", "GET"): Case(SETTINGS, outsider="ok"),
    ("aturan-ubah", "POST"): Case(HEAD, outsider="ok", args={"code": "rule"}),
    # The staff register
    ("tenaga", "GET"): Case(PLANNERS, outsider="ok"),
    ("tenaga-baru", "GET"): Case(PLANNERS, outsider="403"),
    ("tenaga-baru", "POST"): Case(PLANNERS, outsider="403"),
    ("tenaga-unduh", "GET"): Case(PLANNERS, outsider="ok", query="berkas=csv"),
    ("tenaga-perpindahan", "GET"): Case(PLANNERS, outsider="ok"),
    ("tenaga-impor", "GET"): Case(PLANNERS, outsider="403"),
    ("tenaga-impor", "POST"): Case(PLANNERS, outsider="403"),
    ("tenaga-impor-terapkan", "POST"): Case(PLANNERS, outsider="403"),
    ("tenaga-fasilitas-baru", "GET"): Case(frozenset({Role.DISTRICT}), outsider="403"),
    ("tenaga-fasilitas-baru", "POST"): Case(frozenset({Role.DISTRICT}), outsider="403"),
    ("tenaga-fasilitas", "GET"): Case(PLANNERS),
    ("tenaga-fasilitas", "POST"): Case(PLANNERS, body={"pustu": "2"}),
    ("tenaga-riwayat", "GET"): Case(PLANNERS),
    ("tenaga-ubah", "GET"): Case(PLANNERS),
    ("tenaga-ubah", "POST"): Case(PLANNERS, body={"name": "Lain", "profession": "bidan"}),
    ("tenaga-pindah", "GET"): Case(PLANNERS),
    ("tenaga-pindah", "POST"): Case(
        PLANNERS, body={"to": "keluar", "on": "1/1/2020", "reason": "pensiun"}
    ),
    # Planning: WISN studies
    ("relokasi", "GET"): Case(PLANNERS, outsider="403"),
    ("relokasi-unduh", "GET"): Case(PLANNERS, outsider="403"),
    ("bagaimana-jika", "GET"): Case(PLANNERS, outsider="403"),
    ("skenario", "GET"): Case(PLANNERS, outsider="403"),
    ("skenario-simpan", "POST"): Case(PLANNERS, outsider="403"),
    ("skenario-banding", "GET"): Case(PLANNERS, outsider="403"),
    ("skenario-nama", "POST"): Case(PLANNERS, outsider="403"),
    ("skenario-arsip", "POST"): Case(PLANNERS, outsider="403"),
    ("studi", "GET"): Case(PLANNERS, outsider="403"),
    ("studi-baru", "GET"): Case(PLANNERS, outsider="403"),
    ("studi-baru", "POST"): Case(PLANNERS, outsider="403"),
    ("studi-layanan", "POST"): Case(PLANNERS, outsider="403"),
    ("studi-unggah", "POST"): Case(PLANNERS, outsider="403"),
    ("studi-templat", "GET"): Case(PLANNERS, outsider="403"),
    ("studi-hitung", "POST"): Case(PLANNERS, outsider="403"),
    ("studi-banding", "GET"): Case(PLANNERS, outsider="403"),
    ("studi-baca", "GET"): Case(PLANNERS, outsider="403"),
    ("studi-ubah", "GET"): Case(PLANNERS, outsider="403"),
    ("studi-ubah", "POST"): Case(PLANNERS, outsider="403"),
    ("studi-keterangan", "POST"): Case(PLANNERS, outsider="403"),
    ("studi-arsip", "POST"): Case(PLANNERS, outsider="403", body={"simpan": "1"}),
    ("studi-kembalikan", "POST"): Case(PLANNERS, outsider="403"),
    ("studi-cetak", "GET"): Case(PLANNERS, outsider="403"),
    ("studi-xlsx", "GET"): Case(PLANNERS, outsider="403"),
    ("studi-pdf", "GET"): Case(PLANNERS, outsider="403"),
    ("studi-abk", "GET"): Case(PLANNERS, outsider="403"),
    # Planning: times of work, and the observer
    ("waktu", "GET"): Case(PLANNERS, outsider="ok"),
    ("waktu-banding", "GET"): Case(PLANNERS, outsider="ok"),
    ("waktu-rinci", "GET"): Case(PLANNERS),
    ("waktu-rinci", "POST"): Case(
        PLANNERS, body={"purpose": "norm", "source": "typed", "minutes": "5", "reason": "uji"}
    ),
    ("pengamatan", "GET"): Case(OBSERVERS, outsider="403"),
    ("pengamatan-keadaan", "GET"): Case(OBSERVERS, outsider="403"),
    ("pengamatan-kirim", "POST"): Case(OBSERVERS, outsider="403"),
    ("pengamatan-contoh", "POST"): Case(OBSERVERS, outsider="403"),
    ("pengamatan-kegiatan", "GET"): Case(OBSERVERS, outsider="403"),
    ("pengamatan-kegiatan", "POST"): Case(OBSERVERS, outsider="403"),
    ("pengamatan-ubah", "GET"): Case(OBSERVERS, outsider="403", args={"activity": "watched"}),
    ("pengamatan-ubah", "POST"): Case(OBSERVERS, outsider="403", args={"activity": "watched"}),
    ("pengamatan-sw", "GET"): public(),
    # Planning: norms and the gap
    ("norma", "GET"): Case(PLANNERS, outsider="ok"),
    ("norma-baru", "GET"): Case(PLANNERS, outsider="403"),
    ("norma-baru", "POST"): Case(PLANNERS, outsider="403"),
    ("norma-lihat", "GET"): Case(PLANNERS, outsider="ok", args={"code": "norm"}),
    ("norma-ubah", "GET"): Case(PLANNERS, outsider="403", args={"code": "norm"}),
    ("norma-ubah", "POST"): Case(PLANNERS, outsider="403", args={"code": "norm"}),
    ("norma-berhenti", "POST"): Case(
        PLANNERS, outsider="403", args={"code": "norm"}, body={"seen": "1"}
    ),
    ("kesenjangan", "GET"): Case(PLANNERS, outsider="ok"),
    ("kesenjangan-unduh", "GET"): Case(PLANNERS, outsider="ok", query="berkas=csv"),
    ("kesenjangan-fasilitas", "GET"): Case(PLANNERS),
    # Planning: distribution, map
    ("perencanaan", "GET"): Case(PLANNERS, outsider="403"),
    ("sebaran", "GET"): Case(PLANNERS, outsider="403"),
    ("peta", "GET"): Case(PLANNERS, outsider="403"),
    ("peta-gambar", "GET"): Case(PLANNERS, outsider="403"),
    ("peta-wilayah", "GET"): Case(PLANNERS, outsider="403"),
    ("peta-fasilitas", "GET"): Case(PLANNERS, outsider="403"),
    ("peta-berkas", "GET"): Case(frozenset({Role.DISTRICT}), outsider="403"),
    ("peta-berkas", "POST"): Case(frozenset({Role.DISTRICT}), outsider="403"),
    ("peta-cocokkan", "POST"): Case(
        frozenset({Role.DISTRICT}), outsider="403", body={"code": "35.09.01.2001"}
    ),
    # The rules that suggest a unit, and the programmes they look at
    ("aturan-tujuan", "GET"): Case(PLACEMENT, outsider="403"),
    ("aturan-tujuan-unduh", "GET"): Case(PLACEMENT, outsider="403"),
    ("aturan-tujuan-versi", "GET"): Case(PLACEMENT, outsider="403", args={"number": "ruleset"}),
    ("aturan-tujuan-coba", "POST"): Case(
        PLACEMENT, outsider="403", body={"complaint": "batuk", "age": "30"}
    ),
    ("aturan-tujuan-baru", "GET"): Case(HEAD, outsider="403"),
    ("aturan-tujuan-baru", "POST"): Case(HEAD, outsider="403"),
    ("aturan-tujuan-ubah", "GET"): Case(HEAD, outsider="403", args={"code": "placement_rule"}),
    ("aturan-tujuan-ubah", "POST"): Case(HEAD, outsider="403", args={"code": "placement_rule"}),
    ("aturan-tujuan-atur", "POST"): Case(
        HEAD, outsider="403", args={"code": "placement_rule"}, body={"act": "down", "seen": "1"}
    ),
    ("aturan-tujuan-berlaku", "POST"): Case(HEAD, outsider="403", body={"seen": "1"}),
    ("aturan-tujuan-buang", "POST"): Case(HEAD, outsider="403", body={"seen": "1"}),
    ("aturan-tujuan-kembali", "POST"): Case(HEAD, outsider="403", body={"number": "0"}),
    ("pasien-program", "GET"): Case(HOUSE),
    ("pasien-program", "POST"): Case(COUNTER | CLINICIANS, body={"programme": "prolanis"}),
    ("pasien-program-akhiri", "POST"): Case(COUNTER | CLINICIANS),
    ("api:list_placement_rules", "GET"): api(PLACEMENT, outsider="403"),
    # Programs
    ("api-docs", "GET"): public(),
    ("api:openapi-json", "GET"): public(),
    ("api:unknown", "GET"): Case(NOBODY, nobody="404", refused="404"),
    ("api:unknown", "POST"): Case(NOBODY, nobody="404", refused="404"),
    ("api:health", "GET"): public(),
    ("api:status", "GET"): api(STATUS, outsider="403"),
    ("api:find_patients", "GET"): api(HOUSE, outsider="403", query="q=rahasiawati"),
    ("api:register_patient", "POST"): api(COUNTER, outsider="403", body=NEW_PATIENT),
    ("api:match_patient", "POST"): api(HOUSE, outsider="403", body={"name": "rahasiawati"}),
    ("api:get_patient", "GET"): api(HOUSE),
    ("api:correct_patient", "PATCH"): api(COUNTER, body={"rt": "3"}),
    ("api:make_booking", "POST"): api(
        COUNTER,
        outsider="403",
        body={"service_date": "{today}", "unit": "gigi", "name": "Baru Contoh"},
    ),
    ("api:list_bookings", "GET"): api(BOOKINGS, outsider="403"),
    ("api:get_booking", "GET"): api(BOOKINGS, outsider="403", args={"booking_id": "booking"}),
    ("api:cancel_booking", "POST"): api(
        COUNTER, outsider="403", args={"booking_id": "booking"}, body=REASON
    ),
    ("api:list_opening", "GET"): api(BOOKINGS, outsider="403"),
    ("api:list_patient_cards", "GET"): api(HOUSE, outsider="403"),
    ("api:issue_patient_card", "POST"): api(COUNTER, outsider="403", body={"reason": "damaged"}),
    ("api:revoke_card", "POST"): api(
        COUNTER, outsider="403", args={"card_id": "card"}, body={"reason": "lost"}
    ),
    ("api:get_numbering", "GET"): api(HOUSE, outsider="403"),
    ("api:bring_people", "POST"): api(JOURNAL, outsider="403", body={"content": ""}),
    ("api:get_people_import", "GET"): api(JOURNAL, outsider="403", args={"import_id": "run"}),
    ("api:start_people_import", "POST"): api(JOURNAL, outsider="403", args={"import_id": "run"}),
    ("api:list_people_import_rows", "GET"): api(JOURNAL, outsider="403", args={"import_id": "run"}),
    ("api:merge_patient", "POST"): api(RECORD_ROOM, body={"other_id": "{free_patient}"}),
    ("api:undo_merge", "POST"): api(RECORD_ROOM, args={"merge_id": "merge"}),
    ("api:get_history", "GET"): api(READERS),
    ("api:get_allergies", "GET"): api(HOUSE),
    ("api:note_allergy", "POST"): api(ALLERGY, body={"substance": "udang"}),
    ("api:suggest_placement", "POST"): api(HOUSE, outsider="403", body={"complaint": "batuk"}),
    ("api:register_encounter", "POST"): api(
        COUNTER, outsider="403", body={"patient_id": "{free_patient}", "complaint": "batuk"}
    ),
    ("api:get_encounter", "GET"): api(HOUSE),
    ("api:redirect_encounter", "POST"): api(
        COUNTER | CLINICIANS, body={"unit": "lansia", **REASON}
    ),
    ("api:undo_encounter", "POST"): api(COUNTER | CLINICIANS),
    ("api:cancel_encounter", "POST"): api(COUNTER | CLINICIANS, body=REASON),
    ("api:list_queues", "GET"): api(HOUSE, outsider="403"),
    ("api:get_queue", "GET"): api(HOUSE, outsider="403"),
    ("api:call_next", "POST"): api(IN_UNIT, outsider="403"),
    ("api:list_rooms", "GET"): api(HOUSE, outsider="403"),
    ("api:acknowledge_shown", "POST"): api(
        IN_UNIT, outsider="403", body={"ids": ["{distribution}"]}
    ),
    ("api:call_ticket", "POST"): api(IN_UNIT, args=PRESENT),
    ("api:skip_ticket", "POST"): api(IN_UNIT, args=PRESENT),
    ("api:start_ticket", "POST"): api(IN_UNIT, args=PRESENT),
    ("api:finish_ticket", "POST"): api(IN_UNIT, args=PRESENT),
    ("api:list_entries", "GET"): api(READERS, args=CLOSED),
    ("api:sign_entries", "POST"): api(IN_UNIT, body=NOTE),
    ("api:close_encounter", "POST"): api(IN_UNIT),
    ("api:return_record", "POST"): api(
        RECORD_ROOM, args=CLOSED, body={"paper_items": ["tanda tangan"]}
    ),
    ("api:list_records", "GET"): api(ANALYSTS, outsider="ok"),
    ("api:scan_file", "POST"): api(COUNTER, body={**LABEL, "mode": "sent", "unit": "umum"}),
    ("api:get_file", "GET"): api(FILING),
    ("api:plan_wisn", "POST"): api(
        EVERYBODY,
        outsider="ok",
        body={"variant": "abk_kes", "categories": [{"name": "Loket", "staff": 1}]},
    ),
    ("api:plan_cpi", "POST"): api(
        EVERYBODY, outsider="ok", body={"target": 10, "realisation": 7.35}
    ),
    ("api:planning_distribution", "POST"): api(
        EVERYBODY, outsider="ok", body={"people": [{"facility": "Ambulu"}]}
    ),
    ("api:planning_allocation", "POST"): api(
        EVERYBODY,
        outsider="ok",
        body={"norm": "skm", "facilities": [{"facility": "Contoh", "dokter": 1}]},
    ),
    ("api:calculate_gap", "POST"): api(
        EVERYBODY,
        outsider="ok",
        body={"norm": "skm", "facilities": [{"facility": "Contoh", "dokter": 1}]},
    ),
}


def addresses(
    patterns: list[URLPattern | URLResolver], route: str = "", space: str = ""
) -> Iterator[tuple[str, str, list[str]]]:
    """Every address of the program: its name, its route, the names of its arguments."""
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern.url_patterns, here, inner)
        else:
            yield f"{space}{pattern.name}", here, list(pattern.pattern.converters)


ADDRESSES = {name: (route, args) for name, route, args in addresses(get_resolver().url_patterns)}
KNOWN = sorted(key for key in TABLE if key[0] in ADDRESSES)


@dataclass
class Scene:
    """A house with a patient who waits, one whose visit is over, and everybody who works there."""

    values: dict[str, str]
    actors: dict[str, Actor]
    outsider: Actor
    tokens: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)

    def client(self, actor: Actor | None) -> Client:
        """A browser of somebody, or of nobody."""
        client = Client(raise_request_exception=False)
        if actor is not None:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[str(actor.account_id)]
        return client

    def filled(self, content: object, args: dict[str, str]) -> Any:
        """Put the scene's ids into a body."""
        if isinstance(content, dict):
            return {key: self.filled(value, args) for key, value in content.items()}
        if isinstance(content, list):
            return [self.filled(value, args) for value in content]
        if isinstance(content, str) and content.startswith("{"):
            return self.values[content.strip("{}")]
        return content

    def ask(self, name: str, method: str, case: Case, actor: Actor | None) -> HttpResponseBase:
        """Send one request as somebody; what it did is taken back."""
        _route, names = ADDRESSES[name]
        kwargs = {arg: self.values[case.args.get(arg, arg)] for arg in names}
        path = "/api/v1/tidak-ada" if name == "api:unknown" else reverse(name, kwargs=kwargs)
        path += f"?{case.query}" if case.query else ""
        body = self.filled(case.body, case.args)
        program = name.startswith("api:")
        mark = transaction.savepoint()
        try:
            if program:
                headers = {"If-Match": '"1"'}
                if actor is not None:
                    headers["Authorization"] = f"Bearer {self.tokens[str(actor.account_id)]}"
                return Client(raise_request_exception=False).generic(
                    method,
                    path,
                    json.dumps(body) if method != "GET" and body else b"",
                    content_type="application/json",
                    headers=headers,
                )
            client = self.client(actor)
            if method == "GET":
                return client.get(path)
            if name == "antrean-tampil" and method == "POST":
                return client.post(path, body, content_type="application/json")
            return client.generic(method, path) if method != "POST" else client.post(path, body)
        finally:
            transaction.savepoint_rollback(mark)


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """Made once for all cases, for each of them is taken back."""
    with django_db_blocker.unblock():
        forget_here()
        forget_actors()
        forget_node()
        outermost = transaction.atomic()
        outermost.__enter__()
        try:
            yield _make_scene()
        finally:
            transaction.set_rollback(True)
            outermost.__exit__(None, None, None)
            forget_here()
            forget_actors()
            forget_node()


def _make_call(visit: Visit, doctor: Actor) -> dict[str, str]:
    """A call that a television has taken, and its sound."""
    call_ticket(visit.ticket.id, by=doctor)
    taken = take_turn(1, has_sound=True)
    assert taken is not None
    sound = Path(settings.DATA) / "suara" / f"{'5' * 32}.wav"
    sound.parent.mkdir(exist_ok=True)
    sound.write_bytes(b"RIFF")
    return {"call": str(taken[0].id), "lease": str(taken[1]), "sound": sound.name}


def _make_map() -> dict[str, str]:
    """One outline, one village, and a population whose village is not said yet."""
    data = (
        b'{"type": "Feature", "properties": {"code": "35.09.01", "name": "Ambulu"}, "geometry": '
        b'{"type": "Polygon", "coordinates": [[[113, -8], [114, -8], [114, -7], [113, -8]]]}}'
    )
    import_regions(read_outlines(data).outlines, by=None, source="uji")
    Village.objects.create(code="35.09.01.2001", name="Sabrang", district="Ambulu")
    row = VillagePopulation.objects.create(name="Sabrangan", year=2025, population=100)
    return {"level": "kecamatan", "population": str(row.pk)}


def _make_rules(head: Actor, patient: str) -> dict[str, str]:
    """An open draft of the rules, and a patient in a programme."""
    move_rule("gigi", "down", seen=0, by=head)
    room = make_actor(Role.RECORD_OFFICER)
    enrolment = enrol(uuid.UUID(patient), programme="tb", by=room)
    return {"placement_rule": "gigi", "ruleset": "0", "enrolment": str(enrolment.id)}


def _make_doubles(desk: Actor, room: Actor) -> dict[str, str]:
    """Two records that were merged, and two people of whom one must have the NIK."""
    one, other, third, fourth = (
        Patient.objects.get(id=_patient(f"Rahasiawati {n}", desk)) for n in "EFGH"
    )
    merge = merge_records(one.id, other.id, by=room)
    with act(by=desk) as this:
        task = open_task(this, kind="nik-conflict", patient=third, other=fourth)
    return {"merge": str(merge.pk), "task": str(task.pk)}


def _make_computer(desk: Actor, patient: str) -> dict[str, str]:
    """A computer of the counter, and what it brought that nobody is known to have typed."""
    device = sign_on(uuid7(), "Loket", by=desk, mark="uji")
    visit = {"unit": "gigi", "payer": "umum", "complaint": "keluhanrahasia"}
    item = Sent(uuid7(), "visit", None, "", 1, {"patient": patient, "visit": visit})
    receive(device, [item], by=desk)
    return {"device": str(device.id), "item": str(item.id)}


def _make_import(room: Actor) -> dict[str, str]:
    """A list that was tried, with a row that cannot be used."""
    run = bring("daftar.csv", [b"Nama;Tgl Lahir;JK\nRahasiawati Impor;31/02/1990;P\n"], by=room)
    start_trial(run, by=room)
    work_on(run.pk)
    return {"run": str(run.pk), "line": "2"}


def _stranger(by: Actor) -> uuid.UUID:
    """Somebody of another place who waits for a decision."""
    person = {"resourceType": "Patient", "id": "x", "name": [{"text": "Rahasiawati Luar"}]}
    content = {"resourceType": "Bundle", "entry": [{"resource": person}]}
    take_in(read_bundle(json.dumps(content).encode()), source="RS", by=by)
    return ExternalRecord.objects.get().id


def _make_scene() -> Scene:
    set_up_facility("Puskesmas Contoh")
    actors = {
        role: make_actor(role, units=UNITS.get(Role(role), ()), name=f"Petugas Rumahan {role}")
        for role in Role.values
    }
    desk, doctor, room = (
        actors[Role.REGISTRAR],
        actors[Role.PHYSICIAN],
        actors[Role.RECORD_OFFICER],
    )
    patient = _patient("Rahasiawati", desk, nik="3509014107900003")
    waiting = _visit(patient, desk)
    closed = _visit(_patient("Rahasiawati Dua", desk), desk)
    note = EntryInput("soap", soap={"s": "keluhanrahasia"})
    saved = save_entries(closed.encounter.id, [note], by=doctor)
    close_encounter(closed.encounter.id, by=doctor)
    return_record(closed.encounter.id, by=room, paper_items=["tanda tangan"])
    gone = _visit(_patient("Rahasiawati Tiga", desk), desk)
    for _time in range(2):
        skip_ticket(gone.ticket.id, by=doctor)
    scan_file(waiting.encounter.patient.mrn, mode="sent", by=room, unit="umum")
    assert saved.signed is not None
    paper = Deficiency.objects.get(encounter=closed.encounter, is_paper=True)
    free = _patient("Rahasiawati Empat", desk)
    nurse = actors[Role.NURSE]
    today = get_here().today()
    early = make_booking(BookingWish(today, "gigi", name="Rahasiawati Janji"), by=desk)
    holiday = date(today.year + 900, 1, 1)
    left = _visit(_patient("Rahasiawati Pulang", desk), desk)
    stay = Distribution.objects.exclude(id=left.distribution.id).values_list("id", flat=True)
    ended = close_day(today, by=desk, stay=list(stay))
    booking = make_booking(BookingWish(today, "gigi", name="Rahasiawati Janji"), by=desk)
    values = {
        "today": today.isoformat(),
        "booking": str(booking.id),
        "missed_booking": str(early.id),
        "stranger": str(_stranger(room)),
        "closed_day": str(close_house(holiday, unit="", reason="Libur", by=actors[Role.HEAD]).id),
        "closing": str(ended.id),
        "patient": str(waiting.encounter.patient_id),
        **_make_import(room),
        "free_patient": str(free),
        "encounter": str(waiting.encounter.id),
        "closed": str(closed.encounter.id),
        "ticket": str(waiting.ticket.id),
        "no_show_ticket": str(gone.ticket.id),
        "distribution": str(waiting.distribution.id),
        "mrn": waiting.encounter.patient.mrn,
        "unit": "umum",
        "account": str(_other_account(nurse)),
        "entry": str(saved.signed.entries[0].id),
        "deficiency": str(paper.id),
        "rule": "subjective",
        "norm": add_norm(NORM, by=actors[Role.HEAD]).code,
        "scenario": str(_scenario(actors[Role.HEAD])),
        "activity": "layanan",
        "category": "dokter",
        "watched": str(add_templates(by=actors[Role.HEAD])[0].id),
        "study": str(_study(actors[Role.HEAD])),
        "member": str(_staff_member(actors[Role.HEAD])),
        "facility": str(desk.facility_id),
        **_printing(waiting.encounter.patient_id, desk, actors[Role.HEAD]),
    }
    values |= _make_map()
    values |= _make_call(_visit(_patient("Rahasiawati Lima", desk), desk), doctor)
    values["room"] = str(add_room("umum", name="Ruang 1", floor=1, by=actors[Role.HEAD]).id)
    values |= _make_rules(actors[Role.HEAD], str(waiting.encounter.patient_id))
    values |= _make_doubles(desk, room)
    values |= _make_computer(desk, str(free))
    values |= _make_district(actors[Role.DISTRICT], str(waiting.encounter.patient_id), str(free))
    for name in ("patient", "encounter", "ticket"):
        values[f"{name}_id"] = values[name]
    outsider = _outsider()
    scene = Scene(values=values, actors=actors, outsider=outsider)
    for actor in (*actors.values(), outsider):
        account = Account.objects.get(id=actor.account_id)
        scene.tokens[str(account.id)] = create_token(username=account.username)[0]
        browser = Client()
        browser.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        scene.sessions[str(account.id)] = browser.cookies[settings.SESSION_COOKIE_NAME].value
    return scene


def _make_district(officer: Actor, patient: str, other: str) -> dict[str, str]:
    """A server held as a twin, an act that waits, one set aside, and two records linked."""
    node, moment = uuid7(), now()
    HubNode.objects.create(
        node=node, name="Contoh", public_key="-", enrolled_at=moment, state=HubNode.State.SUSPECT
    )
    parks = [
        HubPark.objects.create(
            node=node, epoch=node, first=n, last=n, act_id=node, why="missing", since=moment
        )
        for n in (1, 2)
    ]
    aside = set_aside(parks[1].pk, reason="uji", by=officer)
    first, second = sorted((uuid.UUID(patient), uuid.UUID(other)))
    Proposal.objects.create(
        first=first, second=second, first_owner=node, second_owner=officer.facility_id,
        level="possible", score=0.9, found_at=moment,
    )  # fmt: skip
    with act(by=officer) as this:
        link = PersonLink(
            first=uuid7(), second=uuid7(), first_owner=node, second_owner=node, is_same=True,
            reason="uji", decided_by=officer.practitioner_id, decided_at=moment,
        )  # fmt: skip
        this.create(link)
    return {
        "node": str(node),
        "park": str(parks[0].pk),
        "aside": str(aside.pk),
        "link": str(link.pk),
    }


def _printing(patient: Any, desk: Actor, head: Actor) -> dict[str, str]:
    """A printer, a slip under way, and the patient's card."""
    slip = Document(DocumentKind.SLIP, "A1", (Line("A1"),))
    typed = PrinterInput(name="Loket", connection="file", target="loket")
    printer = save_printer(typed, by=head)
    return {
        "printer": str(printer.id),
        "job": str(print_document(slip, printer=printer, by=desk).id),
        "card": str(issue_card(patient, by=desk).id),
        "runbook": "disk-penuh",
        "copy": _copy(),
    }


def _copy() -> str:
    """A backup in the list; what is in it does not matter here."""
    path = copies_folder() / "simpul-uji.simpul"
    path.write_bytes(b"tersegel")
    facts = {"path": path, "name": path.name, "at": now(), "checked_at": now(), "bytes": 8}
    texts = dict.fromkeys(
        ("sha256", "facility", "version", "engine", "journal_hash", "recipient"), ""
    )
    numbers = dict.fromkeys(("database_bytes", "journal_seq", "change_id"), 0)
    nobody = dict.fromkeys(("facility_id", "node"))
    keep_facts(Copy(**facts, **texts, **numbers, **nobody, timezone="Asia/Jakarta"))  # type: ignore[arg-type]
    return path.name


def _study(head: Actor) -> Any:
    category = {
        "name": "Petugas Rumahan loket",
        "staff": 1,
        "working_time": {"working_days": 312, "hours_per_day": 6},
        "activities": [{"name": "Daftar", "unit_time": {"value": 7, "unit": "min"}, "volume": 900}],
    }
    first = NewVersion({"variant": "who_wisn", "rounding": "who", "categories": [category]})
    return create_study(NewStudy("Studi Petugas Rumahan", 2026), by=head, first=first).id


def _scenario(head: Actor) -> Any:
    """A what-if somebody kept."""
    return save_scenario("Contoh", QueryDict("datang=50&menit=5"), by=head).id


def _patient(name: str, desk: Actor, **more: str) -> Any:
    typed = PatientInput(
        **{
            "name": name,
            "birth_date": "1990-07-01",
            "sex": "female",
            "village": "Sabrang",
            "mother_name": name,
            **more,
        }
    )
    return register_patient(by=desk, typed=typed, confirm_new="orang lain").patient.id


def _visit(patient: Any, desk: Actor) -> Visit:
    wish = VisitWish(patient_id=patient, complaint="keluhanrahasia", unit="umum", payer="umum")
    return register_visit(VisitWish(**{**vars(wish), "override_reason": "uji"}), by=desk)


def _other_account(actor: Actor) -> Any:
    """An account that nobody in the matrix uses, so that closing it locks nobody out."""
    spare = make_actor(Role.NURSE, name="Petugas Rumahan Cadangan")
    assert spare.account_id != actor.account_id
    return spare.account_id


def _staff_member(head: Actor) -> Any:
    typed = StaffInput(name="Petugas Rumahan Tenaga", profession="perawat")
    return add_member(head.facility_id, typed, by=head).id


def _outsider() -> Actor:
    """Somebody with every wide role, but of another facility."""
    other = Facility(id=uuid7(), name="Puskesmas Sebelah", is_here=False)
    with act(by=None, facility=other.id) as this:
        this.create(other)
        person = Practitioner(name="Orang Luar")
        this.create(person)
        roles = (Role.PHYSICIAN, Role.REGISTRAR, Role.RECORD_OFFICER, Role.HEAD)
        this.create(*(PractitionerRole(practitioner=person, facility=other, role=r) for r in roles))
        account = Account(username=f"luar-{uuid7().hex[-6:]}", practitioner=person)
        account.set_password("rahasia-uji-1")
        account.save(force_insert=True)
    actor = get_actor(account.id)
    assert actor is not None
    return actor


def outcome(response: HttpResponseBase, *, exact: bool = False) -> str:
    """What an answer says about rights; `exact` tells every refusal by its status."""
    if exact and response.status_code >= 400:
        return str(response.status_code)
    if response.status_code == 302 and response["Location"].startswith(("/masuk", "/mulai")):
        return "login"
    if response.status_code in (401, 403, 404, 405) or response.status_code >= 500:
        return str(response.status_code)
    return "ok"


def said(response: HttpResponseBase) -> str:
    """The text of an answer; a stream is left unread, for closing it closes the connection too."""
    if response.streaming:
        web_views._open_streams = 0
        return ""
    return getattr(response, "content", b"").decode(errors="replace")  # a file is no text


@pytest.mark.parametrize(("name", "method"), KNOWN, ids=lambda part: part)
def test_everybody_gets_what_the_table_says(scene: Scene, name: str, method: str):
    case = TABLE[name, method]
    expected = {role: "ok" if role in case.ok else case.refused for role in Role.values}
    expected |= {"outsider": case.outsider, "nobody": case.nobody}
    people: dict[str, Actor | None] = {**scene.actors, "outsider": scene.outsider, "nobody": None}

    found, leaked = {}, []
    for who, actor in people.items():
        response = scene.ask(name, method, case, actor)
        is_stranger = who in ("outsider", "nobody")
        found[who], text = outcome(response, exact=is_stranger), said(response)
        if is_stranger:
            leaked += [f"{who}: {secret}" for secret in SECRETS if secret in text]

    assert found == expected
    assert leaked == []


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_no_address_takes_a_method_that_is_not_in_the_table(scene: Scene, name: str):
    listed = {method for known, method in TABLE if known == name}
    assert listed, f"{name} ({ADDRESSES[name][0]}) is not in the table: add who may"
    if name in ANY_METHOD:
        return
    methods = {"GET", "POST", "PUT", "PATCH", "DELETE"} - listed
    if name.startswith("api:"):
        # Two calls may share one path; the method of the other one is its own line.
        path = ADDRESSES[name][0]
        methods -= {m for other, m in TABLE if ADDRESSES.get(other, ("",))[0] == path}
    head = scene.actors[Role.HEAD]

    args = next(case.args for (known, _method), case in TABLE.items() if known == name)
    case = Case(NOBODY, args=args)
    found = {m: outcome(scene.ask(name, m, case, head)) for m in sorted(methods)}

    assert found == dict.fromkeys(sorted(methods), "405")


def test_the_table_has_no_line_of_an_address_that_is_gone():
    assert sorted({name for name, _method in TABLE} - ADDRESSES.keys()) == []
