"""An in-memory index that finds short phrases by words, word beginnings and typing slips.

Every phrase belongs to one key (a code). A query word matches the words of the index exactly, by
their beginning, or, where neither helps, by likeness. Rare words weigh more than common ones, so
"sakit kepala" is decided by "kepala". Built once, then only read: safe to share between threads.
"""

import math
import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

PREFIX_LIKENESS = 0.95
LEAST_LIKENESS = 78.0
LEAST_FUZZY_LENGTH = 4  # shorter words resemble everything
LEAST_COVERAGE = 0.6
MOST_PREFIX_WORDS = 400  # "a" begins thousands of words; the person will type on
COMMON_REACH = 800  # a word in more phrases than this only sorts what rarer words found

WORD = re.compile(r"[a-z0-9]+")
APOSTROPHE = re.compile(r"['’`ʼ]")

# Words people add when they speak of a complaint and that tell nothing about it.
FILLER_WORDS = """
sejak kemarin tadi pagi malam ini itu sudah hari minggu bulan yang dan di ke pada dengan saya
anak ada terasa rasa karena untuk mau minta agak sekali the of and
"""
FILLERS = frozenset(FILLER_WORDS.split())


def normalise(text: str) -> str:
    """Lower-case words parted by one space, without accents, apostrophes or signs."""
    plain = text.lower()
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", plain)
        plain = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(WORD.findall(APOSTROPHE.sub("", plain)))


@dataclass(frozen=True, slots=True)
class Hit:
    """One key found: how well, and whether a phrase is or begins with the query."""

    key: str
    score: float
    is_prefix: bool


class WordIndex:
    """Phrases by key, searched word by word."""

    def __init__(
        self,
        phrases: Iterable[tuple[str, str]],
        *,
        fuzzy_whole: bool = False,
        least_letters: int = 1,
    ) -> None:
        """Take (key, phrase) pairs; `fuzzy_whole` also compares whole phrases without spaces.

        Query words shorter than `least_letters` are not looked up, which keeps a long list quick.
        """
        self._least_letters = least_letters
        self._keys: list[str] = []
        self._phrases: list[str] = []
        self._lengths: list[int] = []
        postings: defaultdict[str, list[int]] = defaultdict(list)
        for key, phrase in phrases:
            normal = normalise(phrase)
            words = dict.fromkeys(normal.split())
            number = len(self._keys)
            self._keys.append(key)
            self._phrases.append(normal)
            self._lengths.append(max(len(words), 1))
            for word in words:
                postings[word].append(number)
        self._postings = dict(postings)
        self._words = sorted(self._postings)
        self._glued = [phrase.replace(" ", "") for phrase in self._phrases] if fuzzy_whole else []

    def search(self, text: str) -> list[Hit]:
        """Keys whose phrases carry enough of the query, best first."""
        query = normalise(text)
        if not query:
            return []
        words = self._telling_words(query)
        scores = self._score_by_words(words)
        for number, likeness in self._score_whole(query):
            scores[number] = max(scores.get(number, 0.0), likeness)
        best: dict[str, Hit] = {}
        for number, score in scores.items():
            is_prefix = self._phrases[number].startswith(query)
            hit = Hit(self._keys[number], score, is_prefix)
            known = best.get(hit.key)
            if known is None or (hit.is_prefix, hit.score) > (known.is_prefix, known.score):
                best[hit.key] = hit
        return sorted(best.values(), key=lambda hit: (not hit.is_prefix, -hit.score, hit.key))

    def _telling_words(self, query: str) -> list[str]:
        """The words worth looking up; fillers and numbers only count when nothing else is there."""
        words = [w for w in dict.fromkeys(query.split()) if len(w) >= self._least_letters]
        telling = [word for word in words if word not in FILLERS and not word.isdigit()]
        return telling or words

    def _score_by_words(self, words: list[str]) -> dict[int, float]:
        """Coverage of the query by each phrase, less a little for words nobody asked for."""
        covered: dict[int, float] = {}
        total = 0.0
        for weight, reach, matches in sorted(map(self._weigh, words), key=lambda found: found[1]):
            total += weight
            if covered and reach > COMMON_REACH:
                self._add_to_found(covered, weight, matches)
                continue
            best: dict[int, float] = {}
            for match, likeness in matches.items():
                for number in self._postings[match]:
                    if likeness > best.get(number, 0.0):
                        best[number] = likeness
            for number, likeness in best.items():
                covered[number] = covered.get(number, 0.0) + weight * likeness
        return {
            number: sum_of_weights / total
            - 0.02 * min(max(self._lengths[number] - len(words), 0), 10)
            for number, sum_of_weights in covered.items()
            if sum_of_weights >= LEAST_COVERAGE * total
        }

    def _weigh(self, word: str) -> tuple[float, int, dict[str, float]]:
        """Weight of a query word, in how many phrases it is found, and the words it stands for."""
        matches = self._match(word)
        reach = sum(len(self._postings[match]) for match in matches)
        # An unknown word is as telling as the rarest known one, so nonsense finds nothing.
        return math.log(2 + len(self._phrases) / (1 + reach)), reach, matches

    def _add_to_found(
        self, covered: dict[int, float], weight: float, matches: dict[str, float]
    ) -> None:
        for number in covered:
            likeness = max(matches.get(word, 0.0) for word in self._phrases[number].split())
            covered[number] += weight * likeness

    def _match(self, word: str) -> dict[str, float]:
        """Words of the index this query word can stand for, with a likeness up to 1."""
        matches: dict[str, float] = {}
        start = bisect_left(self._words, word)
        for candidate in self._words[start : start + MOST_PREFIX_WORDS]:
            if not candidate.startswith(word):
                break
            matches[candidate] = 1.0 if candidate == word else PREFIX_LIKENESS
        if matches or len(word) < LEAST_FUZZY_LENGTH:
            return matches
        similar = process.extract(
            word, self._words, scorer=fuzz.ratio, score_cutoff=LEAST_LIKENESS, limit=8
        )
        return {candidate: likeness / 100 * 0.9 for candidate, likeness, _ in similar}

    def _score_whole(self, query: str) -> list[tuple[int, float]]:
        """Phrases like the query when spaces are ignored: "kencingmanis", "batukpilek"."""
        glued = query.replace(" ", "")
        if not self._glued or len(glued) < LEAST_FUZZY_LENGTH:
            return []
        similar = process.extract(
            glued, self._glued, scorer=fuzz.ratio, score_cutoff=80.0, limit=20
        )
        return [(number, likeness / 100 * 0.95) for _, likeness, number in similar]
