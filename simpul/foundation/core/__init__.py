"""The base of every row: ids, owner and version, counters, idempotency, errors, time.

Reads and writes: `core_counter`, `core_idempotencykey`, `core_nodestate`. Knows no other part.
"""
