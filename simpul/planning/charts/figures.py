"""Numbers as people here read them: 17,46 and 1.674, rounded ordinarily."""

from simpul.domain.spread import Exact, ordinary


def figure(value: Exact, places: int = 2) -> str:
    """A number with at most so many decimals: 17,46; 3,5; 1.674."""
    text = f"{ordinary(value, places):,f}".translate(str.maketrans(",.", ".,"))
    return text.rstrip("0").rstrip(",") if places else text


def percent_text(value: Exact, places: int = 2) -> str:
    """A percentage that is already times a hundred: 17,46 %."""
    return f"{figure(value, places)} %"
