"""Work for printers: done once, tried again by itself only while nothing can have come out."""

import socket
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import transaction

from simpul.foundation.core.clock import now
from simpul.foundation.core.errors import Conflict, NotHere
from simpul.foundation.printing import services, spooler, transport
from simpul.foundation.printing.document import Code, Document, DocumentKind, Line
from simpul.foundation.printing.models import PrintJob
from simpul.foundation.printing.services import print_again, print_document, print_test
from simpul.foundation.printing.transport import Sent
from tests.printing.paper import read_paper

SLIP = Document(DocumentKind.SLIP, "A17", (Line("A17", size=4), Code("AQ:1234")))


def queued(printer, by) -> PrintJob:
    return print_document(SLIP, printer=printer, by=by, subject=uuid.uuid4(), label="A17")


def stored(job: PrintJob) -> PrintJob:
    return PrintJob.objects.get(id=job.id)


def attempt(sent: Sent, *, at=None) -> list[spooler.Taken]:
    """One round in which every printer answers like this."""
    taken = spooler.take_due(at=at)
    for one in taken:
        spooler.settle(one, sent, at=at)
    return taken


def test_a_job_is_printed_once(new_printer, registrar, cetak):
    job = queued(new_printer(), registrar)

    with ThreadPoolExecutor(1) as pool:
        mine = spooler.Spooler(pool)
        ends = time.monotonic() + 5
        while stored(job).state != "done" and time.monotonic() < ends:
            mine.step()

    [file] = (cetak / "loket-1").iterdir()
    read = read_paper(file.read_bytes())
    assert (read.text.strip(), read.qr, read.other) == ("A17", ["AQ:1234"], b"")
    assert stored(job).state == "done"
    assert spooler.take_due() == []


def test_the_name_of_a_file_holds_no_patient(new_printer, registrar, cetak):
    queued(new_printer(), registrar)
    [taken] = spooler.take_due()

    assert taken.target.name.count("-") == 3
    assert "slip" in taken.target.name


def test_what_never_began_is_tried_again_and_then_a_person_decides(new_printer, registrar):
    job = queued(new_printer(), registrar)
    at = job.made_at
    waits = []
    for _round in range(len(spooler.WAITS) + 1):
        assert len(attempt(Sent("refused"), at=at)) == 1
        assert spooler.take_due(at=at) == []  # not at once again
        if stored(job).state == "waiting":
            waits.append((stored(job).next_at - at).total_seconds())
            at = stored(job).next_at

    assert waits == list(spooler.WAITS)
    assert (stored(job).state, stored(job).trouble) == ("failed", "refused")
    assert spooler.take_due(at=at + timedelta(minutes=1)) == []


def test_what_may_have_begun_is_never_sent_again_by_itself(new_printer, registrar):
    job = queued(new_printer(), registrar)

    attempt(Sent("broke_off", began=True))

    assert stored(job).state == "unsure"
    assert spooler.take_due(at=now() + timedelta(hours=1)) == []


def test_a_server_that_died_while_sending_leaves_it_to_a_person(new_printer, registrar):
    job = queued(new_printer(), registrar)
    at = job.made_at
    assert len(spooler.take_due(at=at)) == 1

    assert spooler.take_due(at=at + spooler.LEASE - timedelta(seconds=1)) == []
    assert stored(job).state == "sending"
    assert spooler.take_due(at=at + spooler.LEASE) == []
    assert stored(job).state == "unsure"


def test_two_servers_take_a_job_once(new_printer, registrar):
    job = queued(new_printer(), registrar)
    seen = stored(job)

    assert spooler._lease(seen, now())
    assert not spooler._lease(seen, now())


def test_slips_of_the_night_before_do_not_come_out_in_the_morning(new_printer, registrar):
    job = queued(new_printer(), registrar)

    assert spooler.take_due(at=job.made_at + timedelta(hours=9)) == []
    assert (stored(job).state, stored(job).trouble) == ("failed", "late")


def test_a_dead_printer_holds_up_neither_the_request_nor_the_other_printer(
    new_printer, registrar, machine, monkeypatch
):
    monkeypatch.setattr(transport, "ANSWER_SECONDS", 20.0)
    silent, other = machine(reads=False), machine()
    dead = new_printer("Mati", connection="network", target="127.0.0.1", port=str(silent.port))
    good = new_printer("Baik", connection="network", target="127.0.0.1", port=str(other.port))

    first, second = queued(dead, registrar), queued(good, registrar)
    assert (silent.held, other.papers) == ([], [])  # storing it speaks to no printer

    with ThreadPoolExecutor(4) as pool:
        mine = spooler.Spooler(pool)
        ends = time.monotonic() + 15
        while stored(second).state != "done" and time.monotonic() < ends:
            mine.step()
        assert (stored(second).state, stored(first).state) == ("done", "sending")
        while not silent.held and time.monotonic() < ends:
            time.sleep(0.01)
        silent.held[0].shutdown(socket.SHUT_RDWR)  # it hangs up without a word
        while stored(first).state == "sending" and time.monotonic() < ends:
            mine.step()

    assert (stored(first).state, stored(first).trouble) == ("waiting", "no_answer")


def test_one_printer_is_given_one_paper_at_a_time(new_printer, registrar):
    printer = new_printer()
    first, second = queued(printer, registrar), queued(printer, registrar)

    assert [one.id for one in spooler.take_due()] == [first.id]
    assert spooler.take_due(busy={printer.id}) == []
    assert stored(second).state == "waiting"


def test_a_long_line_at_a_silent_printer_holds_up_no_other(new_printer, registrar):
    slow, other = new_printer("Mati"), new_printer("Baik")
    for _slip in range(60):
        queued(slow, registrar)
    slip = queued(other, registrar)

    assert [one.id for one in spooler.take_due(busy={slow.id})] == [slip.id]


class TestAgain:
    def test_moved_to_another_printer_the_first_one_never_prints_it(self, new_printer, registrar):
        job = queued(new_printer(), registrar)
        attempt(Sent("refused"))
        other = new_printer("Loket 2", paper="80")

        made = print_again(job.id, by=registrar, printer=other.id)

        assert stored(job).state == "cancelled"
        taken = spooler.take_due(at=now() + timedelta(seconds=60))
        assert [one.id for one in taken] == [made.id]
        assert read_paper(taken[0].payload).qr == ["AQ:1234"]

    def test_moved_by_two_people_in_one_moment_it_comes_out_once(
        self, new_printer, registrar, monkeypatch
    ):
        job = queued(new_printer(), registrar)
        seen_before = stored(job)
        print_again(job.id, by=registrar)
        monkeypatch.setattr(services, "get_job", lambda _job, *, by: seen_before)

        with pytest.raises(Conflict):
            print_again(job.id, by=registrar)
        assert PrintJob.objects.filter(state="waiting").count() == 1

    def test_while_it_is_being_sent_it_cannot_be_moved(self, new_printer, registrar):
        job = queued(new_printer(), registrar)
        spooler.take_due()

        with pytest.raises(Conflict, match="sedang menerima"):
            print_again(job.id, by=registrar)
        assert PrintJob.objects.count() == 1

    def test_a_printed_one_stays_printed(self, new_printer, registrar):
        job = queued(new_printer(), registrar)
        attempt(Sent())

        made = print_again(job.id, by=registrar)

        assert stored(job).state == "done"
        assert stored(made).state == "waiting"

    def test_another_house_sees_no_job_and_no_printer(self, new_printer, registrar, outsider):
        printer = new_printer()
        job = queued(printer, registrar)

        with pytest.raises(NotHere):
            print_again(job.id, by=outsider)
        with pytest.raises(NotHere):
            print_test(printer.id, by=outsider)

    def test_a_printer_that_is_not_for_it_is_refused(self, new_printer, registrar):
        job = queued(new_printer(), registrar)
        labels = new_printer("Label", kinds=("file-label",))

        with pytest.raises(Conflict, match="tidak dipakai untuk"):
            print_again(job.id, by=registrar, printer=labels.id)


def test_names_are_forgotten_and_old_lines_dropped(new_printer, registrar):
    job = queued(new_printer(), registrar)
    attempt(Sent())

    spooler.forget_old(at=job.made_at + timedelta(minutes=59))
    assert stored(job).content
    spooler.forget_old(at=job.made_at + timedelta(minutes=61))
    assert stored(job).content == ""
    with pytest.raises(Conflict, match="sudah dihapus"):
        print_again(job.id, by=registrar)
    assert spooler.forget_old(at=job.made_at + timedelta(days=8)) == 1


def test_what_is_rolled_back_is_not_printed(new_printer, registrar):
    printer = new_printer()
    with transaction.atomic():
        queued(printer, registrar)
        transaction.set_rollback(True)
    assert PrintJob.objects.count() == 0
