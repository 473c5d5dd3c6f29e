"""Percentiles, and a table for people."""

from collections.abc import Sequence


def percentile(sorted_values: Sequence[float], share: float) -> float:
    """Return the value below which `share` of the (sorted) values lie; 0 for none."""
    if not sorted_values:
        return 0.0
    return sorted_values[min(len(sorted_values) - 1, int(share * len(sorted_values)))]


def spread(milliseconds: Sequence[float]) -> dict[str, float]:
    """Return count, median, p95, p99 and the worst of some durations."""
    found = sorted(milliseconds)
    return {
        "count": len(found),
        "median": round(percentile(found, 0.50), 3),
        "p95": round(percentile(found, 0.95), 3),
        "p99": round(percentile(found, 0.99), 3),
        "max": round(found[-1], 3) if found else 0.0,
    }


def short(value: object) -> str:
    """Return a number with the digits that mean something."""
    if value is None:
        return "–"
    if not isinstance(value, float):
        return f"{value:,}" if isinstance(value, int) else str(value)
    size = abs(value)
    return f"{value:,.0f}" if size >= 100 else f"{value:.1f}" if size >= 1 else f"{value:.2f}"


def table(heads: Sequence[str], rows: Sequence[Sequence[object]], *, markdown: bool = False) -> str:
    """Return a table: the first column to the left, the others to the right."""
    cells = [list(heads), *([short(cell) for cell in row] for row in rows)]
    widths = [max(len(row[n]) for row in cells) for n in range(len(heads))]
    between, edge = (" | ", "| ") if markdown else ("  ", "  ")
    lines = []
    for row in cells:
        texts = [
            cell.ljust(width) if n == 0 else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append(edge + between.join(texts) + (" |" if markdown else ""))
    if markdown:
        marks = [
            "-" * width if n == 0 else "-" * (width - 1) + ":" for n, width in enumerate(widths)
        ]
        lines.insert(1, "| " + " | ".join(marks) + " |")
    return "\n".join(lines)
