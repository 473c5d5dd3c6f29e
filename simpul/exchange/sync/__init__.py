"""What a facility wrote goes to the district, in the order of its commits.

Reads the change feed and the journal; reads and writes `sync_*`.
"""
