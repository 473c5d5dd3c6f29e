"""Reports as spreadsheet and PDF, made from plain rows; no tables of its own.

Reads dataclasses of the other rooms as given; writes bytes.
"""
