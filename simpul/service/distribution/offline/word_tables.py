"""The words by which a browser reads and weighs names, from the very lists the server uses.

One list only: the scripts of the offline counter hold rules, no words of their own. The words of
complaints come with the placement rules, which a Puskesmas may edit (rules.py).
"""

from functools import lru_cache
from math import log2
from typing import Any

from simpul.domain import matching_rarity, matching_scoring, name_words
from simpul.domain.identity import PROVINCES
from simpul.domain.matching_weights import (
    NAME_SCALES,
    NAME_SHARES,
    RAREST_SHARE,
    SAME_NAME_SHARE,
)
from simpul.domain.matching_words import AGREES, DIFFERS


@lru_cache(maxsize=1)
def word_tables() -> dict[str, Any]:
    """Return the tables as plain JSON values; the same lists give the same answer."""
    return {
        "names": {
            "titles": sorted(name_words.TITLES),
            "degrees": sorted(name_words.DEGREES),
            "particles": sorted(name_words.PARTICLES),
            "common": sorted(name_words.COMMON),
            "same": name_words.SAME_NAME,
            "variants": name_words.VARIANTS,
            "folds": [list(fold) for fold in name_words.FOLDS],
        },
        "provinces": sorted(PROVINCES),
        "matching": _matching(),
    }


def _matching() -> dict[str, Any]:
    weights: dict[str, dict[str, list[float]]] = {}
    for (field, outcome), pair in matching_scoring.WEIGHTS.items():
        weights.setdefault(field, {})[outcome] = list(pair)
    return {
        "weights": weights,
        "prior": [
            -log2(matching_scoring.PEOPLE / matching_scoring.KNOWN_SHARE),
            -log2(matching_scoring.OTHERS_AT_HOME / matching_scoring.KNOWN_SHARE),
        ],
        "shares": NAME_SHARES,
        "scales": list(NAME_SCALES),
        "rarest": RAREST_SHARE,
        "average": log2(SAME_NAME_SHARE),
        "rare_bits": matching_rarity.MOST_RARE_BITS,
        "common_bits": matching_rarity.MOST_COMMON_BITS,
        "words": {
            "agrees": {" ".join(key): words for key, words in AGREES.items()},
            "differs": DIFFERS,
        },
    }
