"""The pages of the Dinas at the hub: which Puskesmas is fresh, what needs a person, what happened.

Reads what `hub` took in, across all owners; writes `district_*` only. A link between the records
of two Puskesmas is a row of the hub's own and touches no row of theirs.
"""
