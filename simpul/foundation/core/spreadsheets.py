"""What somebody typed stays text when a spreadsheet opens our CSV, whatever sign it begins with."""

FORMULA_SIGNS = ("=", "+", "-", "@")
_STARTS = (*FORMULA_SIGNS, "\t", "\r")


def as_text(typed: str) -> str:
    """Return the text with an apostrophe before it where it would be read as a formula (OWASP)."""
    return f"'{typed}" if typed.startswith(_STARTS) else typed
