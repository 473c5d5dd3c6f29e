"""The staff register: who works where, as what, since when, and every move.

Reads facilities and staff; writes staff members and their moves, each act in the journal.
"""
