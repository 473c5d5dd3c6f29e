"""Step 3: the record and the patient reach a unit.

Hands the encounter's record to a unit, gives the ticket, keeps the unit's queue, calls, and knows
honestly how far the record came: saved → shown → opened → in service → done. Reads and writes
`distribution_*`; starts registration (one save = encounter + distribution + ticket + journal).
"""
