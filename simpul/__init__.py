"""Simpul: the information system of a Puskesmas and of the Dinas Kesehatan above it."""

__version__ = "0.1.0"
