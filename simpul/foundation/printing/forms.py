"""From the posts of the printer page to what the services take."""

from django.http import QueryDict

from simpul.foundation.printing.inputs import PrinterInput
from simpul.foundation.printing.models import Printer


def read_printer(sent: QueryDict) -> PrinterInput:
    """Return the printer that was typed."""

    def text(name: str) -> str:
        return sent.get(name, "").replace("\x00", "")[:200]

    return PrinterInput(
        name=text("name"),
        place=text("place"),
        connection=text("connection"),
        target=text("target"),
        port=text("port"),
        paper=text("paper"),
        kinds=tuple(sent.getlist("kinds")),
        asks_state=sent.get("asks_state") == "ya",
        is_active=sent.get("is_active") == "ya",
    )


def input_of(printer: Printer) -> PrinterInput:
    """Return a stored printer as it would be typed."""
    return PrinterInput(
        name=printer.name,
        place=printer.place,
        connection=printer.connection,
        target=printer.target,
        port=str(printer.port),
        paper=str(printer.paper),
        kinds=tuple(printer.kinds),
        asks_state=printer.asks_state,
        is_active=printer.is_active,
    )
