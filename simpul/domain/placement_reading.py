"""Reading a complaint: its words, what they may have meant, and for how long.

Written so that another language can do the same with the lists of placement_words.py: tables,
loops, and an edit distance. docs/methods/placement.md tells it step by step.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from simpul.domain.placement_words import NATIONAL_WORDS, WordRules

#: Stands where a comma, a full stop or a plus sign ended a part of the complaint.
BREAK = ","

_PIECE = re.compile(r"[a-z]+|\d+(?:[.,]\d+)?|[,;.:/+&()\n]")
_APOSTROPHES = re.compile(r"['’‘`´ʼʹ]")
#: "batuk2" is "batuk batuk"; "batuk2 minggu" is "batuk 2 minggu".
_DOUBLED = re.compile(
    r"\b([a-z]{3,})2(?!\d)(?!\s*(?:hari|hr|minggu|mgg|mg|bulan|bln|bl|tahun|thn|th)\b)"
)


@dataclass(frozen=True, slots=True)
class Span:
    """How long the words from `start` to before `end` have lasted."""

    start: int
    end: int
    days: float


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase found at these places of the complaint."""

    phrase: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint cut into words, with the part each word belongs to and the durations named."""

    words: tuple[str, ...]
    parts: tuple[int, ...]
    spans: tuple[Span, ...]
    is_quiet: bool


def cut(text: str, rules: WordRules = NATIONAL_WORDS) -> tuple[str, ...]:
    """Cut a text into small words, numbers and breaks; write short forms out."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    # Typed with the marks of Madurese and Arabic words, which nobody writes the same way twice.
    plain = _APOSTROPHES.sub("", plain)
    plain = _DOUBLED.sub(r"\1 \1", plain)
    words: list[str] = []
    for piece in _PIECE.findall(plain):
        if piece[0].isalpha():
            words += rules.abbreviations.get(piece, (piece,))
        elif piece[0].isdigit():
            words.append(piece.replace(",", "."))
        else:
            words.append(BREAK)
    return tuple(words)


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """A complaint, and where each listed word was heard in it."""

    complaint: Complaint
    places: dict[str, list[int]]


def read(text: str, rules: WordRules = NATIONAL_WORDS) -> Complaint:
    """Return a complaint with its parts and durations."""
    words = cut(text, rules)
    parts, part = [], 0
    for word in words:
        part += word == BREAK
        parts.append(part)
    spans = tuple(_spans(words, rules))
    meant = {word for word in words if word != BREAK and not word[0].isdigit()}
    return Complaint(words, tuple(parts), spans, meant <= (rules.quiet | rules.fillers))


def _spans(words: tuple[str, ...], rules: WordRules) -> Iterable[Span]:
    """Give each duration the words it speaks of.

    They are the words before it, back to the duration before or the break; when nothing but
    fillers stands there, the words after it ("sudah 3 minggu batuk"); when the part is only a
    duration ("batuk, sudah sebulan"), the part before.
    """
    times = list(_times(words, rules))
    for n, (at, after, days) in enumerate(times):
        start = _back_to_break(words, at)
        if n and times[n - 1][1] > start:
            start = times[n - 1][1]
        if _says_something(words[start:at], rules):
            yield Span(start, at, days)
            continue
        limit = times[n + 1][0] if n + 1 < len(times) else len(words)
        end = min(_on_to_break(words, after), limit)
        if _says_something(words[after:end], rules):
            yield Span(after, end, days)
        elif start > 0 and words[start - 1] == BREAK:
            before = start - 1
            yield Span(_back_to_break(words, before), before, days)


def _times(words: tuple[str, ...], rules: WordRules) -> Iterable[tuple[int, int, float]]:
    at = 0
    while at < len(words):
        if words[at] in rules.spans:
            if not _is_age(words, at, rules):
                yield at, at + 1, rules.spans[words[at]]
            at += 1
            continue
        count = _count(words[at], rules)
        unit = rules.units.get(words[at + 1]) if at + 1 < len(words) else None
        if count is not None and unit is not None:
            if not _is_age(words, at, rules):
                yield at, at + 2, count * unit
            at += 2
            continue
        at += 1


def _count(word: str, rules: WordRules) -> float | None:
    return float(word) if word[0].isdigit() else rules.numbers.get(word)


def _is_age(words: tuple[str, ...], at: int, rules: WordRules) -> bool:
    return at > 0 and words[at - 1] in rules.not_lasting


def _back_to_break(words: tuple[str, ...], at: int) -> int:
    while at > 0 and words[at - 1] != BREAK:
        at -= 1
    return at


def _on_to_break(words: tuple[str, ...], at: int) -> int:
    while at < len(words) and words[at] != BREAK:
        at += 1
    return at


def _says_something(words: tuple[str, ...], rules: WordRules) -> bool:
    return any(word not in rules.fillers and not word[0].isdigit() for word in words)


class Vocabulary:
    """The words that rules list, and which of them a said word may mean."""

    def __init__(self, phrases: Iterable[str], rules: WordRules = NATIONAL_WORDS) -> None:
        self.rules = rules
        self._phrases = {phrase: cut(phrase, rules) for phrase in phrases}
        self.listed = frozenset(word for words in self._phrases.values() for word in words)
        self._by_sound: dict[str, set[str]] = {}
        for word in self.listed:
            self._by_sound.setdefault(sound(word, rules), set()).add(word)
        self._long: dict[str, list[str]] = {}
        for heard in self._by_sound:
            if len(heard) >= rules.fuzzy_letters:
                self._long.setdefault(heard[0], []).append(heard)
        self._without_a_vowel: dict[str, set[str]] = {}
        for word in self.listed:
            if len(word) == rules.fuzzy_letters:
                for at, letter in enumerate(word):
                    if at and letter in rules.vowels:
                        short = word[:at] + word[at + 1 :]
                        self._without_a_vowel.setdefault(short, set()).add(word)
        self._long_as_written: dict[str, list[str]] = {}
        for word in self.listed:
            if len(word) >= rules.fuzzy_letters and word.isalpha():
                self._long_as_written.setdefault(word[0], []).append(word)
        self.meanings = lru_cache(maxsize=20_000)(self._meanings)
        self.hear = lru_cache(maxsize=2000)(self._hear)

    def _meanings(self, said: str) -> frozenset[str]:
        """Return the listed words that a said word may be."""
        if said == BREAK or said[0].isdigit():
            return frozenset({said})
        if self._is_known(said):
            return frozenset({said} & self.listed)
        return frozenset((self._right(said) & self.listed) or self._misspelt(said))

    def _right(self, said: str) -> set[str]:
        """The words it is when it was written right, or as it sounds, or with an ending."""
        rules = self.rules
        found = {said, *self._by_sound.get(sound(said, rules), ())}
        for ending in rules.endings:
            stem = said.removesuffix(ending)
            if stem != said and len(stem) >= rules.ending_stem_letters:
                found |= self._by_sound.get(sound(stem, rules), set())
        return found

    def _misspelt(self, said: str) -> set[str]:
        if len(said) < self.rules.fuzzy_letters:
            return self._without_a_vowel.get(said, set())
        heard, found = sound(said, self.rules), set()
        if len(heard) >= self.rules.fuzzy_letters:
            for listed in self._long.get(heard[0], ()):
                if self._is_slip(heard, listed):
                    found |= self._by_sound[listed]
        # A letter that was left out may have stood between two equal ones: geraam, geraham.
        for listed in self._long_as_written.get(said[0], ()):
            if self._is_slip(said, listed):
                found.add(listed)
        return found

    def _is_known(self, said: str) -> bool:
        rules = self.rules
        return said in rules.ordinary or said in rules.fillers or said in rules.negations

    def _is_slip(self, heard: str, listed: str) -> bool:
        both_long = min(len(heard), len(listed)) >= self.rules.fuzzy_letters_two
        most = 2 if both_long else 1
        return OSA.distance(heard, listed, score_cutoff=most) <= most

    def _hear(self, text: str) -> "Heard":
        complaint = read(text, self.rules)
        places: dict[str, list[int]] = {}
        for at, word in enumerate(complaint.words):
            for listed in self.meanings(word):
                places.setdefault(listed, []).append(at)
        return Heard(complaint, places)

    def find(self, phrase: str, heard: "Heard") -> list[Found]:
        """Return where a phrase is said; fillers may stand between its words."""
        wanted = self._phrases[phrase]
        starts = heard.places.get(wanted[0]) if wanted else None
        if starts is None:
            return []
        words = heard.complaint.words
        ends = ((start, self._follow(wanted, words, start)) for start in starts)
        return [Found(phrase, start, end) for start, end in ends if end is not None]

    def _follow(self, wanted: tuple[str, ...], words: tuple[str, ...], start: int) -> int | None:
        at = start + 1
        for word in wanted[1:]:
            skipped = 0
            while at < len(words) and word not in self.meanings(words[at]):
                if words[at] not in self.rules.fillers or skipped == self.rules.most_fillers:
                    return None
                skipped += 1
                at += 1
            if at == len(words):
                return None
            at += 1
        return at

    def is_denied(self, found: Found, complaint: Complaint) -> bool:
        """Whether a "tidak" stands before what was found, also over "ada" or "atau"."""
        rules, words = self.rules, complaint.words
        at = found.start - 1
        if at >= 0 and words[at] in rules.denied_through:
            at -= 1
        if at >= 0 and words[at] in rules.negations:
            return True
        if found.start > 0 and words[found.start - 1] in rules.continuers:
            start = max(_back_to_break(words, found.start), found.start - 5)
            return any(word in rules.negations for word in words[start : found.start])
        return False


def sound(word: str, rules: WordRules = NATIONAL_WORDS) -> str:
    """Return how a word sounds: several spellings of one sound written as one."""
    if len(word) < 4 or not word.isalpha():
        return word
    for written, meant in rules.sounds:
        word = word.replace(written, meant)
    return re.sub(r"(.)\1+", r"\1", word)
