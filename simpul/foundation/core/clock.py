"""Time: instants are stored in UTC, days are the facility's own (WIB, WITA, WIT)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


def local_day(at: datetime, timezone: str) -> date:
    """Return the calendar day of an instant in a facility's zone (IANA name)."""
    return at.astimezone(ZoneInfo(timezone)).date()
