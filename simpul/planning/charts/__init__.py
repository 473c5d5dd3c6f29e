"""Charts drawn on the server as SVG: readable in print, without colour, and by a screen reader.

Reads plain values; writes SVG text; no tables, no network, no script. A page shows a `Chart` with
`{% include "planning/_chart.html" with chart=… only %}`: the drawing, and its figures as a table.
"""
