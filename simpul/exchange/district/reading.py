"""What an address of the district says."""

import uuid


def read_id(text: str | None) -> uuid.UUID | None:
    """Return an id; None when there is none or it cannot be read."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
