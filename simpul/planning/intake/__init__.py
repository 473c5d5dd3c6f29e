"""Reads tables as people bring them: CSV, XLSX or JSON, Indonesian or English column names.

Reads a file or bytes; writes nothing; every row it refuses is named by line with the reason.
"""
