"""Names of people as they are searched, sorted and compared: no titles, no degrees."""

from simpul.domain.names import normalise

LONGEST = 120


def plain_name(name: str) -> str:
    """Return a name in its one form: `drg. Moch. Ma'ruf, M.Kes.` gives `MUHAMAD MARUF`."""
    return (normalise(name) or " ".join(name.upper().split()))[:LONGEST]
