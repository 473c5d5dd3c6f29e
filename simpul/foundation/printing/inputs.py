"""What is typed about a printer, checked as a whole."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from simpul.foundation.core.errors import Problem, Refused
from simpul.foundation.printing.document import DocumentKind
from simpul.foundation.printing.models import Connection, PaperWidth
from simpul.foundation.printing.transport import FOLDER_NAME, allowed_devices, is_house_address

CHOSEN_KINDS = tuple(kind for kind in DocumentKind if kind != DocumentKind.TEST)


@dataclass(frozen=True)
class PrinterInput:
    """A printer as typed."""

    name: str = ""
    place: str = ""
    connection: str = Connection.NETWORK.value
    target: str = ""
    port: str = "9100"
    paper: str = "58"
    kinds: tuple[str, ...] = (DocumentKind.SLIP.value, DocumentKind.HAND_OVER.value)
    asks_state: bool = True
    is_active: bool = True

    def checked(self) -> dict[str, object]:
        """Return the values to store, or refuse with every problem at once."""
        name, place = " ".join(self.name.split()), " ".join(self.place.split())
        problems = [*_words(name, place), *_target(self.connection, self.target.strip())]
        port = self.port.strip()
        if not (port.isascii() and port.isdigit() and len(port) < 6 and 0 < int(port) < 65536):
            problems.append(
                Problem("port", "range", _("Port adalah angka 1–65535, biasanya 9100."))
            )
        if self.paper not in {str(width) for width in PaperWidth.values}:
            problems.append(Problem("paper", "unknown", _("Pilih lebar kertas dari daftar.")))
        kinds = [kind.value for kind in CHOSEN_KINDS if kind.value in self.kinds]
        if not kinds:
            problems.append(
                Problem("kinds", "required", _("Pilih paling sedikit satu yang dicetak."))
            )
        if problems:
            raise Refused(
                _("Printer belum disimpan. Perbaiki yang ditandai."),
                "printer_refused",
                errors=tuple(problems),
            )
        return {
            "name": name,
            "place": place,
            "connection": self.connection,
            "target": self.target.strip(),
            "port": int(port),
            "paper": int(self.paper),
            "kinds": kinds,
            "asks_state": self.asks_state,
            "is_active": self.is_active,
        }


def _words(name: str, place: str) -> list[Problem]:
    problems = []
    if not name or len(name) > 40:
        problems.append(Problem("name", "required", _("Beri nama, paling banyak 40 huruf.")))
    if len(place) > 40:
        problems.append(Problem("place", "too_long", _("Tempat paling banyak 40 huruf.")))
    if any(not sign.isprintable() for sign in name + place):
        problems.append(Problem("name", "odd", _("Ada tanda yang tidak tampak. Ketik ulang.")))
    return problems


def _target(connection: str, target: str) -> list[Problem]:
    if connection == Connection.NETWORK:
        if is_house_address(target):
            return []
        message = _("Tulis alamat IP printer di jaringan Puskesmas, misalnya 192.168.1.50.")
    elif connection == Connection.DEVICE:
        if target in allowed_devices():
            return []
        message = _(
            "Perangkat ini belum diizinkan di server. Tambahkan ke SIMPUL_PRINTER_DEVICES, "
            "misalnya /dev/usb/lp0, lalu mulai ulang Simpul."
        )
    elif connection == Connection.FILE:
        if FOLDER_NAME.fullmatch(target):
            return []
        message = _("Nama folder: huruf kecil, angka, dan tanda hubung, misalnya loket-1.")
    else:
        return [Problem("connection", "unknown", _("Pilih sambungan dari daftar."))]
    return [Problem("target", "malformed", message)]
