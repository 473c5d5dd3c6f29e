"""Names made comparable: one form for titles, Muhammad, old and Arabic spellings; keys for the
index.

A name is stored and shown exactly as typed. What is here serves only to find and to compare.
`tokens` keeps a name readable; `fold` makes a key in which look-alikes agree (Soekarno and
Sukarno, Khoirul and Choirul, Fatimah and Fatima). A slip of one letter is found by the deletions
both words share, the idea of symmetric delete (SymSpell): two words at most one edit apart have a
deletion variant in common.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from simpul.domain.name_words import (
    BABY_TITLES,
    COMMON,
    DEGREES,
    FOLDS,
    PARTICLES,
    SAME_NAME,
    TITLES,
    VARIANTS,
)

_FOLDS = tuple((re.compile(pattern), by) for pattern, by in FOLDS)
_APOSTROPHES = str.maketrans("", "", "'’‘`´ʼʿʾ")
# "Servant of": the L of the article becomes the letter that follows it (Abdul, Abdur-Rahman).
_SERVANT = re.compile(r"ABD(?:U|OE)(?:L(?!L?[AO]H?$)([A-Z]{4,})|([RSNTZD][A-Z]{4,}))")
_SHORTEST_WITH_VARIANTS = 4
_INITIAL_LIKENESS = 0.85
_COMMON_WEIGHT = 2.0
_UNMATCHED_WEIGHT = 0.4
_QUICK_MARGIN = 0.15


def _plain(text: str) -> str:
    """Upper case without accents; apostrophes vanish (Ma'ruf is Maruf)."""
    text = text.translate(_APOSTROPHES)
    if text.isascii():  # nearly every name: nothing to take off
        return text.upper()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).upper()


def _drop_degrees(text: str) -> str:
    """Cut what stands behind a comma, and degrees written without one (`Siti S.Pd.`)."""
    name, _, behind = text.partition(",")
    if not re.search(r"[^\W\d_]", name):
        name = behind
    words = name.split()
    while len(words) > 1:
        # Without its dots a degree must have had one, or ST and SE would eat names.
        if "." not in words[-1] or words[-1].replace(".", "") not in DEGREES:
            break
        words.pop()
    return " ".join(words)


def split_titles(name: str) -> tuple[str, str]:
    """Titles in front of a name and the name: `By. Ny. Siti` gives `("By. Ny.", "Siti")`."""
    words = name.split()
    count = 0
    while count < len(words) - 1 and _plain(words[count]).strip(".") in TITLES:
        count += 1
    # `H.Ahmad` without a space is one word: take the title off it.
    glued = re.match(r"([^\W\d_]{1,4})\.(?=[^\W\d_]{2})", words[count]) if words else None
    if glued and _plain(glued[1]) in TITLES:
        title = " ".join([*words[:count], glued[0]])
        return title, " ".join([words[count][glued.end() :], *words[count + 1 :]])
    return " ".join(words[:count]), " ".join(words[count:])


def is_baby_title(title: str) -> bool:
    """Whether a title says that the name behind it is the mother's: `By. Ny.`, `Bayi`."""
    return bool(title) and any(word.strip(".") in BABY_TITLES for word in _plain(title).split())


def known_as(title: str, name: str) -> str:
    """The name as it is compared: without its title, unless that says it is the mother's."""
    return f"{title} {name}" if title and is_baby_title(title) else name


@lru_cache(maxsize=65536)
def tokens(name: str) -> tuple[str, ...]:
    """The words of a name in upper case: no titles, degrees, accents; short forms written out."""
    _, bare = split_titles(_drop_degrees(_plain(name)))
    words = re.findall(r"[^\W_]+", bare)
    written_out = [SAME_NAME.get(word, word) for word in words]
    if len(written_out) > 1 and written_out[0] == "M":
        written_out[0] = "MUHAMAD"
    return tuple(written_out)


def normalise(name: str) -> str:
    """A name in the one form used to compare: `H. Moch. Ma'ruf, S.Pd` gives `MUHAMAD MARUF`."""
    return " ".join(tokens(name))


@lru_cache(maxsize=65536)
def fold(token: str) -> str:
    """The key of one word, in which spellings that sound alike agree."""
    word = VARIANTS.get(token, token)
    for pattern, by in _FOLDS:
        word = pattern.sub(by, word)
    return word


@lru_cache(maxsize=20_000)
def name_keys(name: str) -> tuple[str, ...]:
    """The keys of a name for the search index, one a word, in order and without repeats."""
    return tuple(dict.fromkeys(fold(word) for word in _compared_words(name)))


def _compared_words(name: str) -> list[str]:
    """The words of a name without `bin` and `boru` between them; Abdurrahman is Abdul Rahman."""
    words: list[str] = []
    for at, word in enumerate(tokens(name)):
        if at and word in PARTICLES:
            continue
        servant = _SERVANT.fullmatch(word)
        words += ["ABDUL", servant[1] or servant[2]] if servant else [word]
    return words


def joined_keys(name: str) -> tuple[str, ...]:
    """Keys of neighbouring words written as one, so that Nur Hayati and Nurhayati meet."""
    words = _compared_words(name)
    return tuple(fold(first + second) for first, second in pairwise(words))


def deletion_variants(token: str) -> tuple[str, ...]:
    """A word and, from four letters on, every form of it that lacks one letter."""
    if len(token) < _SHORTEST_WITH_VARIANTS:
        return (token,)
    shorter = (token[:at] + token[at + 1 :] for at in range(len(token)))
    return tuple(dict.fromkeys((token, *shorter)))


def _word_likeness(first: str, second: str) -> float:
    if first == second:
        return 1.0
    if 1 in (len(first), len(second)):
        return _INITIAL_LIKENESS if first[0] == second[0] else 0.0
    return float(DamerauLevenshtein.normalized_similarity(first, second))


def _weight(word: str) -> float:
    """A longer word says more; a very common one says little whatever its length."""
    return _COMMON_WEIGHT if word in COMMON else float(max(len(word), 2))


def likeness(first: str, second: str) -> float:
    """How alike two names are, 0 to 1: word order does not count, a missing word little."""
    shorter, longer = name_keys(first), name_keys(second)
    if not shorter or not longer:
        return 0.0
    if shorter == longer:
        return 1.0
    if (len(longer), longer) < (len(shorter), shorter):
        shorter, longer = longer, shorter
    # Words that are the same belong together before any others are tried.
    agreed = float(sum(_weight(word) for word in shorter if word in longer))
    ones = [word for word in shorter if word not in longer]
    others = [word for word in longer if word not in shorter]
    total = agreed
    if not ones and not others:
        return 1.0
    pairs = sorted(
        ((-_word_likeness(a, b), i, j) for i, a in enumerate(ones) for j, b in enumerate(others))
    )
    used: dict[int, int] = {}
    for unlike, i, j in pairs:
        if i in used or j in used.values():
            continue
        used[i] = j
        weight = (_weight(ones[i]) + _weight(others[j])) / 2
        agreed -= weight * unlike
        total += weight
    unmatched = (_weight(word) for j, word in enumerate(others) if j not in used.values())
    total += _UNMATCHED_WEIGHT * sum(unmatched)
    if len(shorter) == len(longer):
        return agreed / total
    # Written as one word or as two: judge by the letters alone when these fit better.
    joined = DamerauLevenshtein.normalized_similarity("".join(shorter), "".join(longer))
    return max(agreed / total, float(joined))


@lru_cache(maxsize=50_000)
def look_alike(first: str, second: str, threshold: float = 0.9) -> bool:
    """Whether two names could be mistaken for each other in one list.

    Asks a quick letter-by-letter ratio first: `likeness` is thirty times slower, and a queue of a
    hundred has five thousand pairs. Answers are remembered, because a queue is drawn again and
    again with the same people in it.
    """
    if JaroWinkler.similarity(first, second) < threshold - _QUICK_MARGIN:
        return False
    return likeness(first, second) >= threshold
