"""Staffing norms: those shipped with the program and those a user adds with a source.

Reads `domain.norms`; writes the norm sets of this house.
"""
