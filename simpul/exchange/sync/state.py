"""Facts about this installation's conversation with its hub, by name."""

from simpul.exchange.sync.models import SyncState


def read(key: str, default: str = "") -> str:
    """Return a fact; the default when it is not known."""
    value = SyncState.objects.filter(key=key).values_list("value", flat=True).first()
    return default if value is None else value


def read_number(key: str) -> int:
    """Return a fact that is a number; 0 when it is not known."""
    return int(read(key, "0"))


def write(key: str, value: str | int) -> None:
    """Note a fact."""
    SyncState.objects.bulk_create(
        [SyncState(key=key, value=str(value))],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["value"],
    )


def remove(key: str) -> None:
    """Forget a fact."""
    SyncState.objects.filter(key=key).delete()
