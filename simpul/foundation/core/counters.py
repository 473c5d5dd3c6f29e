"""Numbers people read, taken from an atomic counter in the transaction that uses them.

Never `count + 1`, never `max + 1`: two counters asking in the same instant get two numbers, and a
transaction that is rolled back gives its number back, so that no gap stays.
"""

from django.db import connection


def take(key: str, *, first: int = 1) -> int:
    """Return the next number of the space `key`; the first one ever is `first`.

    Must be called inside the transaction that stores the number.
    """
    return take_block(key, size=1, first=first)


def take_block(key: str, *, size: int, first: int = 1) -> int:
    """Reserve `size` consecutive numbers of the space `key` and return the first of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_counter (key, value) VALUES (%s, %s) "
            "ON CONFLICT (key) DO UPDATE SET value = core_counter.value + %s "
            "RETURNING value",
            [key, first + size - 1, size],
        )
        row = cursor.fetchone()
    return int(row[0]) - size + 1


def move_past(key: str, number: int) -> None:
    """Make the space `key` go on after `number`, if it has not come so far; never moves it back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_counter (key, value) VALUES (%s, %s) "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value "
            "WHERE core_counter.value < excluded.value",
            [key, number],
        )
