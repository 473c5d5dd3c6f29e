"""What follows from decisions about records: it carries over, never contradicts, in any order."""

from hypothesis import given
from hypothesis import strategies as st

from simpul.domain.linking import Word, against, canonical, verdict

RECORDS = st.integers(0, 6)
PAIRS = st.tuples(RECORDS, RECORDS).filter(lambda pair: pair[0] != pair[1])
WISHES = st.lists(st.tuples(PAIRS, st.booleans()), max_size=20)


def taken(wishes: list[tuple[tuple[int, int], bool]]) -> list[Word[int]]:
    """The decisions that stand after each was refused that contradicts those before it."""
    words: list[Word[int]] = []
    for (first, second), is_same in wishes:
        if not against(words, first, second, is_same=is_same):
            words.append(Word(first, second, is_same))
    return words


def test_sameness_carries_over():
    words = [Word(1, 2, True), Word(2, 3, True)]

    assert verdict(words, 1, 3) is True
    assert canonical(words) == {1: 1, 2: 1, 3: 1}


def test_difference_carries_over_sameness():
    words = [Word(1, 2, True), Word(2, 3, False)]

    assert verdict(words, 1, 3) is False
    assert verdict(words, 1, 4) is None


def test_what_stands_in_the_way_is_named():
    words = [Word(1, 2, True), Word(2, 3, False)]

    assert against(words, 1, 3, is_same=True) == [Word(2, 3, False)]
    assert against(words, 1, 2, is_same=False) == [Word(1, 2, True)]
    assert against(words, 3, 4, is_same=True) == []


@given(WISHES)
def test_decisions_that_were_let_in_never_contradict_each_other(
    wishes: list[tuple[tuple[int, int], bool]],
):
    words = taken(wishes)

    for word in words:
        assert verdict(words, word.first, word.second) is word.is_same


@given(WISHES, st.randoms(use_true_random=False))
def test_the_order_in_which_decisions_arrive_changes_nothing(wishes, random):
    words = taken(wishes)
    shuffled = random.sample(words, len(words))

    assert canonical(shuffled) == canonical(words)


@given(WISHES, PAIRS)
def test_undoing_the_last_word_leaves_what_was_before(wishes, pair):
    words = taken(wishes)
    before = verdict(words, *pair)
    for is_same in (True, False):
        if not against(words, *pair, is_same=is_same):
            assert verdict([*words, Word(*pair, is_same)], *pair) is is_same
    assert verdict(words, *pair) is before
