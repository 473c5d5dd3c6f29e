"""Charts drawn on the server as SVG: readable in print, without colour, and by a screen reader.

Reads plain values; writes SVG text; no tables, no network, no script.
"""
