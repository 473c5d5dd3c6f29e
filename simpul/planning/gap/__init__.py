"""Staff against the norm, per facility and profession; and how staff are distributed.

Reads the staff register and the norms; writes nothing of its own.
"""
