"""Copies of everything, encrypted, kept by a schedule, and proven by restoring them.

Reads the whole database and the data folder; reads and writes `backups_*`.
"""
