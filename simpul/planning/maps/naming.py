"""Which known name is meant by one that does not match: a proposal, never a decision."""

import re
from collections.abc import Mapping

from rapidfuzz import fuzz, process

from simpul.planning.maps.geojson import plain_name

#: Below this likeness (0–100) nothing is proposed: a wrong proposal is worse than none.
LIKE_ENOUGH = 78
#: Words that say what a place is, not which.
_KINDS = re.compile(
    r"\b(puskesmas|pkm|uptd?|kecamatan|kec|kabupaten|kab|kota|desa|kelurahan|kel|ds)\b\.?", re.I
)


def core_name(name: str) -> str:
    """Return the name without the words that say what kind of place it is."""
    return plain_name(_KINDS.sub(" ", name)) or plain_name(name)


def propose(name: str, known: Mapping[str, str]) -> str | None:
    """Return the key of the known name that is most like this one, or None."""
    wanted = core_name(name)
    choices = {key: core_name(other) for key, other in known.items()}
    found = process.extractOne(wanted, choices, scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH)
    return None if found is None else str(found[2])
