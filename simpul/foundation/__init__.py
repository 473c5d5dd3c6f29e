"""What every step stands on: base rows, facilities, staff and rights, the journal.

Imports: journal > staff > facilities > core; nothing here knows a step of the walk.
"""
