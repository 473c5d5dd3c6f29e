"""How rare a name is: that two records share Poltak Sitompul says more than that they share Siti.

A name's share among people is taken from its words, each by its share in the table of
matching_weights.py, times a scale by how many words there are, estimated so that the average comes
out right (the words of a name are not independent, and a word alone is not every name with it).
"""

from functools import lru_cache
from math import log2
from typing import Final

from simpul.domain.matching_weights import NAME_SCALES, NAME_SHARES, RAREST_SHARE, SAME_NAME_SHARE
from simpul.domain.names import name_keys

#: A name is never taken as rarer, or commoner, than names are on average by more than this.
MOST_RARE_BITS: Final = 4.0
MOST_COMMON_BITS: Final = 7.0


@lru_cache(maxsize=65536)
def name_share_bits(name: str) -> float:
    """The log2 of the share of people who have this name."""
    keys = name_keys(name)
    if not keys:
        return 0.0
    scale = NAME_SCALES[min(len(keys), len(NAME_SCALES)) - 1]
    return log2(scale) + sum(log2(NAME_SHARES.get(key, RAREST_SHARE)) for key in keys)


_AVERAGE: Final = log2(SAME_NAME_SHARE)


def rarer_than_average(first: str, second: str) -> float:
    """Bits by which a shared name says more than shared names do on average; less when negative.

    The commoner of both spellings counts: a slip must not make a common name rare.
    """
    share = max(name_share_bits(first), name_share_bits(second))
    return min(max(_AVERAGE - share, -MOST_COMMON_BITS), MOST_RARE_BITS)
