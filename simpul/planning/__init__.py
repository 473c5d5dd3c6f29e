"""The workforce loop: what was done, the staff it needs, the gap, and what to do about it.

Reads the journal and the staff register, never the steps of the walk; writes only its own tables.
Rooms, each leaning on those before it: intake, charts, reports, norms, workload, studies, gap,
allocation, maps.
"""
