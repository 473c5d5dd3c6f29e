"""One patient through the whole house, by keyboard alone, on four screens at once."""

import re
import subprocess
import sys
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.conftest import ROOT, Person, Site
from tests.journeys.desks import Counter, Poli, has_focus, tab_to
from tests.journeys.stored import rows
from tests.journeys.strokes import read_first, strokes, type_as_device

STEPS = re.compile(r"Tersimpan|Tampil|Dibuka|Dilayani|Selesai")


def test_a_patient_is_registered_served_completed_and_filed(
    sit_down: Callable[..., Person], site: Site
) -> None:
    loket, papan, poli, rm = (sit_down(u) for u in ("loket1", "loket2", "dokter", "rekam"))
    ((mrn,),) = rows(site.folder, "SELECT mrn FROM patients_patient WHERE nik LIKE '3509190407%'")

    # The counter, while the poli's screen is still closed: saved, and not yet shown anywhere.
    counter = Counter(loket).open()
    counter.look_for("3509190407570001")
    counter.is_open("BUDI SANTOSO")
    counter.complain("kontrol darah tinggi")
    number = counter.save()
    mine = counter.recent(number)
    expect(mine).to_contain_text("tersimpan")
    papan.open("/kunjungan")
    trail = papan.at("kunjungan-jejak")
    expect(trail.locator(".is-done")).to_have_text([re.compile("Tersimpan")])

    # The poli opens: it shows there by itself, and the counter hears of it by itself.
    desk = Poli(poli)
    tab_to(poli.page, poli.at("poli-pilih"))
    poli.page.keyboard.press("ArrowDown")
    poli.page.keyboard.press("Enter")
    expect(desk.row(number)).to_contain_text("BUDI SANTOSO")
    expect(trail.locator(".is-done")).to_have_text(
        [re.compile("Tersimpan"), re.compile("Tampil di Poli Lansia")]
    )
    expect(mine).to_contain_text("tampil di poli")

    # F8 calls and opens.
    desk.call_next("BUDI SANTOSO")
    expect(mine).to_contain_text(re.compile("dibuka|dilayani"))
    desk.measure(
        systolic="168/94",
        pulse="88",
        respiratory_rate="20",
        temperature="36,7",
        spo2="98",
        weight="61,5",
    )
    expect(poli.at("poli-ttv-diastolic")).to_have_value("94")
    desk.note("s", "kontrol, pusing 3 hari")
    desk.note("a", "hipertensi belum terkendali")
    desk.note("p", "amlodipin, kontrol 2 minggu")
    desk.diagnose("darah tinggi")
    expect(poli.at("poli-diagnosa")).to_contain_text("I10")

    # F9 with something missing: closed, counted, and back at the top of the doctor's own queue.
    poli.page.keyboard.press("F9")
    message = poli.at("rekam-pesan")
    expect(message).to_be_visible()
    task = poli.at("poli-tugas-buka")
    expect(task).to_contain_text("BUDI SANTOSO")
    expect(task).to_contain_text("O")
    expect(trail.locator(".is-done")).to_have_count(5)

    # Mended from the task: the objective finding, and the allergy that nobody had asked for.
    tab_to(poli.page, poli.page.locator("#tugas-daftar"))
    poli.page.keyboard.press("ArrowDown")
    poli.page.keyboard.press("Enter")
    expect(poli.at("poli-alasan")).to_be_visible()
    desk.note("o", "TD 168/94, cor dan pulmo dalam batas normal")
    poli.page.keyboard.press("F9")
    expect(poli.at("poli-kurang")).not_to_contain_text("objektif")
    tab_to(poli.page, poli.at("banner-tanyakan"))
    poli.page.keyboard.press("Enter")
    has_focus(poli.at("alergi"))
    read_first(poli.page)
    poli.page.keyboard.press("1")
    expect(poli.at("banner-alergi")).to_contain_text("Tidak ada alergi")
    expect(poli.at("rekam-lengkap")).to_be_visible()
    expect(poli.at("poli-tugas-buka")).to_have_count(0)

    # The folder's own walk: sent, received, stored; then the record itself is filed.
    label = f"BK:{mrn}"
    has_focus(rm.at("rm-pindai"))
    for mode, words in (("sent", "Poli Lansia"), ("received", ""), ("stored", "rak")):
        choose_mode(rm, mode)
        before = rm.at("rm-baris-pindai").count()
        type_as_device(rm.page, label, gap_ms=10)
        expect(rm.at("rm-baris-pindai")).to_have_count(before + 1)
        expect(rm.at("rm-baris-pindai").first).to_contain_text("BUDI SANTOSO")
        expect(rm.at("rm-baris-pindai").first).to_contain_text(words)
        has_focus(rm.at("rm-pindai"))
    # With the folder on its shelf the record is filed too: nothing is left to do here.
    expect(rm.at("rm-tab-siap")).to_contain_text("0")
    expect(rm.at("rm-tab-luar")).to_contain_text("0")

    for person in (loket, papan, poli, rm):
        assert strokes(person.page).clicks == 0
    the_journal_tells_it(site)


def choose_mode(person: Person, mode: str) -> None:
    """Walk back from the scan box to the modes, and choose one with the arrow keys."""
    wanted = person.at(f"rm-mode-{mode}")
    for _ in range(20):
        if person.page.evaluate("document.activeElement.name === 'mode'"):
            break
        person.page.keyboard.press("Shift+Tab")
    for _ in range(5):
        if wanted.is_checked():
            break
        person.page.keyboard.press("ArrowRight")
    expect(wanted).to_be_checked()
    person.page.keyboard.press("F2")


def the_journal_tells_it(site: Site) -> None:
    """Every step is in the journal, in order, and nothing in it was touched."""
    ((encounter,),) = rows(site.folder, "SELECT id FROM registration_encounter")
    acts = [
        act
        for (act,) in rows(
            site.folder,
            "SELECT act FROM journal_journalentry WHERE encounter = ? ORDER BY seq",
            encounter,
        )
    ]
    wanted = [
        "distributed", "shown", "called", "written", "closed", "record-incomplete",
        "record-mended", "filed",
    ]  # fmt: skip
    places = [acts.index(act) for act in wanted]
    assert places == sorted(places), acts
    moves = [a for (a,) in rows(
        site.folder, "SELECT act FROM journal_journalentry WHERE act LIKE 'file-%' ORDER BY seq"
    )]  # fmt: skip
    assert moves == ["file-sent", "file-received", "file-stored"]
    done = subprocess.run(
        [sys.executable, "-m", "simpul", "journal", "verify"],
        cwd=ROOT, env=site.env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
