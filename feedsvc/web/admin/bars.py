"""Small charts as SVG paths: drawn by the server, without scripts, in the colour of the text around them."""

from __future__ import annotations

from collections.abc import Sequence

#: Width of a bar with its gap, width of a bar, and height of the chart.
_STEP, _BAR, _HEIGHT = 5, 4, 20


def bars(numbers: Sequence[int]) -> str:
    """The path of a bar chart: five units wide a number, twenty high; what is not zero is seen."""
    most = max(numbers, default=0)
    if not most:
        return ""
    path = ""
    for place, number in enumerate(numbers):
        if number:
            height = max(2, round(_HEIGHT * number / most))
            path += f"M{place * _STEP} {_HEIGHT}v-{height}h{_BAR}v{height}z"
    return path
