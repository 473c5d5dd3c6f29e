"""The journal of every act, the change feed, and `Act`, the one way to write.

Reads and writes `journal_*`. An act is one durable transaction holding the rows it changes, their
entries in the change feed, and its entries in the journal.
"""
