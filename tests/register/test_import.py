"""A staff list from a file: judged row by row, applied once, and never twice."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from simpul.domain.dates import MONTHS
from simpul.domain.professions import PROFESSIONS, plain
from simpul.foundation.core.errors import NotAllowed, Refused
from simpul.foundation.facilities.models import Facility
from simpul.foundation.facilities.selectors import Here
from simpul.foundation.journal.models import Change, JournalEntry
from simpul.foundation.register import cells
from simpul.foundation.register.cells import Unreadable
from simpul.foundation.register.export import as_csv, as_xlsx
from simpul.foundation.register.importing import apply_sheet, dry_run
from simpul.foundation.register.judging import DryRun, place_key, propose_profession
from simpul.foundation.register.models import StaffMember
from simpul.foundation.register.selectors import list_staff_of
from simpul.foundation.register.services import move_member
from simpul.foundation.register.sheets import LARGEST_FILE, MOST_ROWS, carried, read_sheet
from simpul.foundation.staff.actor import Actor
from tests.register.conftest import Hire, text_file, workbook

HEAD = ("No", "Nama", "NIP", "Profesi", "Pendidikan", "Status", "TMT", "Puskesmas")


def kinds(judged: DryRun) -> list[tuple[int, str]]:
    """The line and verdict of each row."""
    return [(verdict.line, verdict.kind) for verdict in judged.verdicts]


# -- cells ----------------------------------------------------------------------------------------

TODAY = date(2026, 7, 1)


@pytest.mark.parametrize(
    "cell",
    [
        date(2010, 3, 1), datetime(2010, 3, 1, 8, 30, tzinfo=UTC), "2010-03-01", "01/03/2010",
        "1-3-2010",
        "1.3.2010", "01032010", "1 Maret 2010", "1 mar 10", "1 March 2010", "01/03/10",
        "2010-03-01 00:00:00", "2010-03-01T00:00:00Z", 40238, 40238.0, "40238", " 1/3/2010 ",
    ],
)  # fmt: skip
def test_one_day_in_many_shapes(cell: object) -> None:
    assert cells.read_day(cell, today=TODAY) == date(2010, 3, 1)


@pytest.mark.parametrize("cell", ["31/02/2010", "03/25/2010", "2010", "tahun lalu", "12", "5 thn"])
def test_what_is_no_day_is_said_and_not_guessed(cell: str) -> None:
    with pytest.raises(Unreadable, match=cell):
        cells.read_day(cell, today=TODAY)


@pytest.mark.parametrize("cell", ["", None, "-", " ", "n/a", "–"])
def test_nothing_is_nothing(cell: object) -> None:
    assert cells.read_day(cell, today=TODAY) is None
    assert cells.read_birth_year(cell, today=TODAY) is None
    assert cells.read_trained(cell) is None
    assert cells.read_trainings(cell) == (None, ())
    assert cells.read_education(cell) == cells.read_employment(cell) == cells.read_lock(cell) == ""
    assert cells.read_units(cell) == ()


@given(st.dates(date(1960, 1, 1), date(2026, 6, 30)))
def test_every_day_is_read_back_from_every_shape(day: date) -> None:
    serial = (day - cells.EXCEL_ZERO).days
    for text in (
        day.isoformat(),
        f"{day.day}/{day.month}/{day.year}",
        f"{day.day} {MONTHS[day.month - 1]} {day.year}",
        serial,
    ):
        assert cells.read_day(text, today=TODAY) == day


def test_two_digits_of_a_year_look_back_for_a_start_and_ahead_for_an_end() -> None:
    assert cells.read_day("1/1/95", today=TODAY) == date(1995, 1, 1)
    assert cells.read_day("1/1/30", today=TODAY, ahead=True) == date(2030, 1, 1)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("D3", "d3"), ("D-III Kebidanan", "d3"), ("DIII", "d3"), ("D IV", "d4"), ("D4", "d4"),
        ("S1 Kesmas", "s1"), ("S-2", "s2"), ("S1 + Profesi Ners", "profesi"), ("Ners", "profesi"),
        ("SMA", "sma"), ("SMK Kesehatan", "sma"), ("Spesialis", "spesialis"),
        ("profesi", "profesi"),        ("Magister", "s2"), ("SMA/SMK atau di bawahnya", "sma"),
    ],
)  # fmt: skip
def test_education_is_read(text: str, code: str) -> None:
    assert cells.read_education(text) == code


@pytest.mark.parametrize("text", ["S9", "kuliah", "12345"])
def test_unknown_education_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        cells.read_education(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("PNS", "pns"), ("CPNS", "pns"), ("P3K", "pppk"), ("PPPK", "pppk"),
        ("Kontrak BLUD", "blud"), ("Kontrak/PTT", "kontrak"),
        ("Non ASN", "kontrak"), ("THL", "kontrak"),
        ("Honorer", "honorer"), ("Sukwan", "sukarela"), ("Sukarelawan/magang", "sukarela"),
    ],
)  # fmt: skip
def test_employment_is_read(text: str, code: str) -> None:
    assert cells.read_employment(text) == code


def test_asn_alone_may_be_two_things() -> None:
    with pytest.raises(Unreadable, match="PNS atau PPPK"):
        cells.read_employment("ASN")


def test_trainings_may_be_names_or_yes() -> None:
    assert cells.read_trainings("PONED; APN") == (True, ("PONED", "APN"))
    assert cells.read_trainings("sudah") == (True, ())
    assert cells.read_trainings("belum") == (False, ())


def test_units_by_code_or_name() -> None:
    assert cells.read_units("Poli Umum, kia; UGD") == ("umum", "kia", "ugd")
    with pytest.raises(Unreadable):
        cells.read_units("dapur")


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("Prawat", "perawat"), ("Bidan Ahli Pertama", "bidan"), ("dokter umun", "dokter"),
        ("apotekr", "farmasi"), ("astronot", ""),
    ],
)  # fmt: skip
def test_a_slip_is_proposed_and_never_taken(word: str, code: str) -> None:
    assert propose_profession(word) == code


def test_every_profession_finds_itself() -> None:
    for profession in PROFESSIONS.values():
        assert propose_profession(profession.name) == profession.code
    assert place_key("UPTD Puskesmas Jember-Kidul") == place_key("PKM JEMBER KIDUL")
    assert plain("Jember-Kidul") == "jember kidul"


# -- files ----------------------------------------------------------------------------------------


def test_headings_are_found_below_titles_and_lines_are_the_files_own() -> None:
    sheet = read_sheet(
        workbook(
            ("DAFTAR TENAGA PUSKESMAS",),
            ("Keadaan Desember 2025",),
            (),
            ("No", "Nama Lengkap", "Jabatan", "Golongan"),
            (1, "Siti", "Bidan", "III/a"),
            (),
            (2, "Budi", "Perawat", ""),
        )
    )
    assert [row.line for row in sheet.rows] == [5, 7]
    assert sheet.rows[0].cells == {"name": "Siti", "profession": "Bidan"}
    assert sheet.ignored == ("Golongan",)


def test_the_sheet_with_the_headings_is_taken() -> None:
    import io

    import xlsxwriter  # type: ignore[import-untyped]

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.add_worksheet("Petunjuk").write(0, 0, "Baca dulu")
    page = book.add_worksheet("Isi")
    for line, row in enumerate((("Nama", "Profesi"), ("Siti", "Bidan"))):
        page.write_row(line, 0, row)
    book.close()
    assert [row.cells["name"] for row in read_sheet(buffer.getvalue()).rows] == ["Siti"]


@pytest.mark.parametrize(
    "content",
    [
        b"nama;profesi\r\nSiti;Bidan\r\n",
        b"nama,profesi\nSiti,Bidan\n",
        b"nama\tprofesi\nSiti\tBidan\n",
        "\ufeffNama;Profesi\nSiti;Bidan".encode(),
        "Nama;Profesi\nSiti;Bidan".encode("utf-16"),
        b"name,profession\nSiti,Bidan",
    ],
)
def test_text_files_of_many_kinds(content: bytes) -> None:
    [row] = read_sheet(content).rows
    assert row.cells == {"name": "Siti", "profession": "Bidan"}
    assert row.line == 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"  \n ", "file_empty"),
        (b"x" * (LARGEST_FILE + 1), "file_too_large"),
        (b"PK\x03\x04 not a workbook at all", "file_unreadable"),
        (b"\xd0\xcf\x11\xe0 nor this one", "file_unreadable"),
        (b"warna;rasa\nbiru;asam", "no_headings"),
        (b"\x00\x01\x02\x03\xff\xfe\xfd", "no_headings"),
        (b"nama;profesi\n" + b"a;bidan\n" * (MOST_ROWS + 1), "too_many_rows"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_reason(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_sheet(content)
    assert refused.value.code == code


@given(st.binary(max_size=300))
def test_no_file_breaks_the_reader(content: bytes) -> None:
    try:
        sheet = read_sheet(content)
    except Refused:
        return
    assert len(sheet.rows) <= MOST_ROWS


text = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")),
    min_size=1,
    max_size=12,
)


@given(st.lists(st.tuples(text, text), max_size=8))
@example([(",", ","), (",", ",")])  # more commas than semicolons
def test_rows_carried_on_are_the_same_rows(pairs: list[tuple[str, str]]) -> None:
    lines = [
        "nama;profesi",
        *(f'"{a.replace(chr(34), "")}";"{b.replace(chr(34), "")}"' for a, b in pairs),
    ]
    first = read_sheet("\n".join(lines).encode())
    again = read_sheet(carried(first.rows).encode())
    assert [row.line for row in again.rows] == [row.line for row in first.rows]
    for one, two in zip(first.rows, again.rows, strict=True):
        for name in ("name", "profession"):
            assert cells.read_text(one.cells.get(name)) == cells.read_text(two.cells.get(name))


# -- verdicts -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_each_row_has_its_verdict_and_reason(
    hire: Hire, house: Here, other: Facility, district_officer: Actor
) -> None:
    hire("Siti Sama", "bidan", number="CTH-1")
    hire("Budi Ubah", "perawat", education="d3")
    hire("Ani Pindah", "bidan", facility=other.id)
    gone = hire("Edi Keluar")
    move_member(gone.id, by=district_officer, to=None, on=house.today(), reason="pensiun")
    hire("Kembar", "bidan", number="K-1")
    hire("Kembar", "bidan", number="K-2")
    here = "Puskesmas Contoh"
    sheet = read_sheet(
        workbook(
            HEAD,
            (1, "Siti Sama", "CTH 1", "Bidan", "", "", "", here),  # a space within the number
            (2, "Budi Ubah", "", "Perawat", "S1", "", date(2010, 3, 1), here),
            (3, "Baru Sekali", "", "Dokter", "Profesi", "PNS", "1 Mar 2020", "PKM CONTOH"),
            (4, "Salah Tanggal", "", "Bidan", "D3", "PNS", "31/02/2020", here),
            (5, "Salah Profesi", "", "Prawat", "D3", "PNS", "", here),
            (6, "Baru Sekali", "", "Dokter", "", "", "", here),
            (7, "", "", "Bidan", "", "", "", here),
            (8, "Salah Tempat", "", "Bidan", "", "", "", "Puskesmas Tetanga"),
            (9, "Edi Keluar", "", "Perawat", "", "", "", here),
            (10, "Kembar", "", "Bidan", "", "", "", here),
            (11, "Dua Kesalahan", "", "Bidan", "S9", "raja", "", here),
        )
    )
    judged = dry_run(sheet, by=district_officer)
    verdicts = {verdict.line: verdict for verdict in judged.verdicts}
    # CTH 1 is written CTH1, another number than CTH-1: two people, so not guessed to be one.
    assert kinds(judged) == [
        (2, "new"), (3, "changed"), (4, "new"), (5, "refused"), (6, "refused"), (7, "refused"),
        (8, "refused"), (9, "refused"), (10, "refused"), (11, "refused"), (12, "refused"),
    ]  # fmt: skip
    assert [(c.label, c.before, c.after) for c in verdicts[3].changes] == [
        ("Pendidikan", "D3", "S1"),
        ("Mulai bekerja", "–", "1 Mar 2010"),
    ]
    for line, said in (
        (5, "31/02/2020"), (6, "Prawat"), (7, "baris 4"), (8, "Nama"), (9, "Tetanga"),
        (10, "keluar"), (11, "Ada 2 orang"), (12, "S9"), (12, "raja"),
    ):  # fmt: skip
        assert any(said in reason for reason in verdicts[line].reasons), (line, said)
    assert {(p.kind, p.word, p.proposed, p.lines) for p in judged.proposals} == {
        ("profession", "Prawat", "perawat", (6,)),
        ("facility", "Puskesmas Tetanga", str(other.id), (9,)),
    }
    assert not JournalEntry.objects.filter(act="staff-imported").exists(), "only a dry run"


@pytest.mark.django_db
def test_what_was_decided_is_taken(house: Here, other: Facility, district_officer: Actor) -> None:
    sheet = read_sheet(text_file("nama;profesi;puskesmas", "Siti;Prawat;Puskesmas Tetanga"))
    decided = {
        ("profession", "prawat"): "perawat",
        ("facility", "puskesmas tetanga"): str(other.id),
    }
    apply_sheet(sheet, by=district_officer, decided=decided)
    member = StaffMember.objects.get()
    assert (member.profession, member.facility_id) == ("perawat", other.id)
    bad = {("profession", "prawat"): "dukun", ("facility", "puskesmas tetanga"): "0"}
    assert kinds(dry_run(sheet, by=district_officer, decided=bad)) == [(2, "refused")]


@pytest.mark.django_db
def test_the_same_file_twice_adds_nothing(house: Here, head: Actor) -> None:
    sheet = read_sheet(
        workbook(
            ("Nama", "Profesi", "Status", "TMT", "Pelatihan", "Unit", "NIP", "Tanggal lahir"),
            ("Siti", "Bidan", "PNS", date(2010, 3, 1), "APN, PONED", "kia", "", "12/05/1985"),
            ("Budi", "Dokter umum", "P3K", 44000, "belum", "", "198503122010011001", ""),
            ("Siti", "Bidan", "", "", "", "", "X1", ""),
        )
    )
    first = apply_sheet(sheet, by=head)
    assert first.counts == {"new": 3, "same": 0, "changed": 0, "refused": 0}
    changes = Change.objects.count()
    again = apply_sheet(sheet, by=head)
    assert again.counts["new"] == again.counts["changed"] == 0
    assert Change.objects.count() == changes
    assert JournalEntry.objects.filter(act="staff-imported").count() == 1
    siti = StaffMember.objects.get(name="Siti", number="")
    assert (siti.birth_year, siti.units, siti.trainings) == (1985, ["kia"], ["APN", "PONED"])
    assert StaffMember.objects.get(name="Budi").birth_year == 1985, "from the NIP"


@pytest.mark.django_db
def test_an_empty_cell_takes_nothing_away(hire: Hire, house: Here, head: Actor) -> None:
    hire("Siti", "bidan", education="d3", started_on=date(2010, 1, 1), units=("kia",),
         is_trained=True, trainings=("APN",), note="tetap")  # fmt: skip
    sheet = read_sheet(text_file("nama;profesi;pendidikan;tmt;pelatihan;unit;catatan;status",
                                 "Siti;Bidan;;-;;;;PPPK"))  # fmt: skip
    done = apply_sheet(sheet, by=head)
    assert done.counts["changed"] == 1
    member = StaffMember.objects.get()
    assert member.employment == "pppk"
    assert (member.education, member.units, member.trainings, member.note) == (
        "d3", ["kia"], ["APN"], "tetap",
    )  # fmt: skip
    assert member.started_on == date(2010, 1, 1)
    assert member.version == 2


@pytest.mark.django_db
def test_somebody_elsewhere_is_not_moved_by_a_file(
    hire: Hire, house: Here, other: Facility, district_officer: Actor
) -> None:
    hire("Ani", "bidan", facility=other.id, number="N-1")
    sheet = read_sheet(text_file("nama;profesi;nip;puskesmas", "Ani;Bidan;N-1;Puskesmas Contoh"))
    [verdict] = apply_sheet(sheet, by=district_officer).verdicts
    assert verdict.kind == "refused"
    assert "Puskesmas Tetangga" in verdict.reasons[0]
    assert StaffMember.objects.get().facility_id == other.id


@pytest.mark.django_db
def test_the_heads_file_goes_to_her_own_facility_only(
    house: Here, other: Facility, head: Actor
) -> None:
    sheet = read_sheet(
        text_file("nama;profesi;puskesmas", "Siti;Bidan;", "Budi;Bidan;Puskesmas Tetangga")
    )
    judged = apply_sheet(sheet, by=head)
    assert kinds(judged) == [(2, "new"), (3, "refused")]
    assert StaffMember.objects.get().facility_id == house.id


@pytest.mark.django_db
def test_who_may_not_write_may_not_import(house: Here, nurse: Actor, outsider: Actor) -> None:
    sheet = read_sheet(text_file("nama;profesi", "Siti;Bidan"))
    for actor in (nurse, outsider):
        with pytest.raises(NotAllowed):
            dry_run(sheet, by=actor)
        with pytest.raises(NotAllowed):
            apply_sheet(sheet, by=actor)


@pytest.mark.django_db
def test_a_large_file_takes_few_statements(
    house: Here, head: Actor, django_assert_max_num_queries: object
) -> None:
    lines = [f"Orang Nomor {number};Bidan;N-{number}" for number in range(300)]
    sheet = read_sheet(text_file("nama;profesi;nip", *lines))
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        assert apply_sheet(sheet, by=head).counts["new"] == 300
    assert Change.objects.filter(entity="register.staffmember").count() == 300


# -- out and in again -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_goes_out_comes_in_as_the_same(
    hire: Hire, house: Here, other: Facility, district_officer: Actor
) -> None:
    hire("Siti, A.Md.Keb.", "bidan", education="d3", employment="pns", is_trained=True,
         trainings=("APN", "PONED"), started_on=date(2010, 3, 1), birth_year=1985,
         units=("kia", "imunisasi"), lock="keluarga", note="=1+1")  # fmt: skip
    hire("-Budi", "kesmas", employment="sukarela", facility=other.id, is_trained=False,
         contract_ends_on=date(2030, 12, 31))  # fmt: skip
    hire("Kosong", "lainnya", employment="")
    members = list_staff_of(by=district_officer)
    for content in (as_csv(members), as_xlsx(members)):
        judged = dry_run(read_sheet(content), by=district_officer)
        assert judged.counts == {"new": 0, "same": 3, "changed": 0, "refused": 0}, [
            (v.reasons, v.changes) for v in judged.verdicts
        ]
    written = as_csv(members).decode()
    assert "'=1+1" in written
    assert ";'-Budi;" in written


@pytest.mark.django_db
def test_the_template_is_read_as_one_row(house: Here, head: Actor) -> None:
    judged = dry_run(read_sheet(as_xlsx([], example=True)), by=head)
    assert kinds(judged) == [(2, "new")]
    assert judged.ignored == ()
