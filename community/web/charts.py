"""Charts drawn by the server as SVG, each with the same whole numbers for a table.

Everything is counted in whole units of the drawing; no fraction can slip into a figure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

Show = Callable[[int], str]
Series = tuple[str, Sequence[int]]

WIDTHS = (("s", 320), ("m", 480), ("l", 640), ("xl", 960))
PLOT_HEIGHT = 180
TOP, BOTTOM, RIGHT = 24, 28, 8
LETTER = 9
LINE = 44
MOST_SERIES = 6


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart and its numbers: `ui.chart(drawn)` shows both."""

    title: str
    svg: Markup
    names: tuple[str, ...]
    label_title: str
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def plain(number: int) -> str:
    """Show a whole number with its thousands parted."""
    return f"{number:,}"


def bars(
    title: str,
    label_title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    show: Show = plain,
) -> Drawn:
    """Draw upright bars; several series stand on one another. Values are 0 or more."""
    frame = _Frame.around(labels, [sum(values) for values in _columns(labels, series)], show)
    parts = [frame.axis()]
    for place, values in enumerate(_columns(labels, series)):
        bottom = frame.base
        for kind, value in enumerate(values):
            height = frame.length(value)
            if height:
                bottom -= height
                parts.append(
                    f'<rect class="s{kind}" x="{frame.centre(place) - frame.half}" y="{bottom}" '
                    f'width="{frame.half * 2}" height="{height}" rx="2"/>'
                )
        if sum(values) and frame.step >= LETTER * len(show(sum(values))):
            parts.append(
                text_at(frame.centre(place), bottom - 6, show(sum(values)), "middle", "value")
            )
    return _finish(title, label_title, labels, series, show, frame.svg(title, parts))


def line(
    title: str,
    label_title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    show: Show = plain,
) -> Drawn:
    """Draw one line per series over the labels. Values are 0 or more."""
    highest = [max(values, default=0) for values in _columns(labels, series)]
    frame = _Frame.around(labels, highest, show)
    parts = [frame.axis()]
    for kind, (_name, values) in enumerate(series):
        points = [
            (frame.centre(place), frame.base - frame.length(value))
            for place, value in enumerate(values)
        ]
        path = " ".join(f"{x},{y}" for x, y in points)
        parts.append(f'<polyline class="line s{kind}" points="{path}"/>')
        parts += [f'<circle class="dot s{kind}" cx="{x}" cy="{y}" r="5"/>' for x, y in points]
    return _finish(title, label_title, labels, series, show, frame.svg(title, parts))


def ranked(
    title: str,
    label_title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    show: Show = plain,
) -> Drawn:
    """Draw lying bars, for labels longer than a month's number."""
    width = WIDTHS[0][1]
    rows = _columns(labels, series)
    most = max((sum(values) for values in rows), default=0) or 1
    parts = []
    for place, (label, values) in enumerate(zip(labels, rows, strict=True)):
        y, left = place * LINE, 0
        parts.append(text_at(0, y + 14, label, "start"))
        parts.append(text_at(width, y + 14, show(sum(values)), "end", "value"))
        parts.append(f'<rect class="rest" y="{y + 21}" width="{width}" height="12" rx="3"/>')
        for kind, value in enumerate(values):
            length = value * width // most
            parts.append(
                f'<rect class="s{kind}" x="{left}" y="{y + 21}" width="{length}" height="12"/>'
            )
            left += length
    svg = svg_of(title, "s", width, max(len(labels), 1) * LINE, parts)
    return _finish(title, label_title, labels, series, show, svg)


@dataclass(frozen=True, slots=True)
class _Frame:
    """The drawing's measures: a left margin for the scale, one step a label."""

    labels: tuple[str, ...]
    ticks: tuple[tuple[int, str], ...]
    left: int
    step: int
    size: str
    width: int

    @classmethod
    def around(cls, labels: Sequence[str], heights: Sequence[int], show: Show) -> _Frame:
        """Measure the drawing for these labels and heights."""
        ticks = tuple((value, show(value)) for value in scale(max(heights, default=0)))
        left = max(len(text) for _, text in ticks) * LETTER + 8
        longest = max((width_of(label) for label in labels), default=1)
        wanted = left + RIGHT + max(len(labels), 1) * max(longest + 4, 22)
        size, width = next((each for each in WIDTHS if each[1] >= wanted), WIDTHS[-1])
        step = (width - left - RIGHT) // max(len(labels), 1)
        return cls(tuple(labels), ticks, left, step, size, width)

    @property
    def base(self) -> int:
        """The height of the zero line."""
        return TOP + PLOT_HEIGHT

    @property
    def half(self) -> int:
        """Half the width of a bar."""
        return max(min(self.step * 3 // 10, 22), 2)

    def centre(self, place: int) -> int:
        """Where a label's middle is."""
        return self.left + self.step * place + self.step // 2

    def length(self, value: int) -> int:
        """How long a value is drawn; whatever is more than nothing is seen."""
        most = self.ticks[-1][0]
        return max(value * PLOT_HEIGHT // most, 1) if value > 0 else 0

    def axis(self) -> str:
        """Draw the scale's lines and the labels, leaving out labels that would overlap."""
        parts = []
        for value, text in self.ticks:
            y = self.base - self.length(value)
            parts.append(
                f'<line class="axis" x1="{self.left}" x2="{self.width - RIGHT}" y1="{y}" y2="{y}"/>'
            )
            parts.append(text_at(self.left - 6, y + 5, text, "end"))
        longest = max((width_of(label) for label in self.labels), default=1)
        every = max(-(-(longest + 4) // self.step), 1)
        parts += [
            text_at(self.centre(place), self.base + 20, label, "middle")
            for place, label in enumerate(self.labels)
            if place % every == 0
        ]
        return "".join(parts)

    def svg(self, title: str, parts: list[str]) -> Markup:
        """Close the drawing."""
        return svg_of(title, self.size, self.width, TOP + PLOT_HEIGHT + BOTTOM, parts)


def scale(highest: int) -> tuple[int, ...]:
    """Choose the scale's marks from 0 to at least `highest` in round whole steps (1, 2 or 5)."""
    power = 1
    while power * 50 < highest:
        power *= 10
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power * 5 >= highest)
    return tuple(step * place for place in range(max(-(-highest // step), 1) + 1))


def _columns(labels: Sequence[str], series: Sequence[Series]) -> list[tuple[int, ...]]:
    assert len(series) <= MOST_SERIES, "a chart of more series is not read; show a table"
    assert all(len(values) == len(labels) for _, values in series), "a value is missing"
    return [tuple(values[place] for _, values in series) for place in range(len(labels))]


def width_of(label: str) -> int:
    """Estimate a label's width: Chinese characters are as wide as high."""
    return sum(14 if ord(letter) > 0x2E80 else LETTER for letter in label)


def text_at(x: int, y: int, words: str, anchor: str, kind: str = "") -> str:
    """Write words at a place of the drawing."""
    return f'<text class="{kind}" x="{x}" y="{y}" text-anchor="{anchor}">{escape(words)}</text>'


def svg_of(title: str, size: str, width: int, height: int, parts: list[str]) -> Markup:
    """Close a drawing of a size (s, m, l, xl)."""
    # Every part is made of whole numbers, fixed names and words escaped by `text_at`.
    inner = Markup("").join(Markup(part) for part in parts)  # noqa: S704
    return Markup(
        '<svg class="plot plot-{}" viewBox="0 0 {} {}" role="img" aria-label="{}" '
        'xmlns="http://www.w3.org/2000/svg">{}</svg>'
    ).format(size, width, height, title, inner)


def _finish(
    title: str,
    label_title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    show: Show,
    svg: Markup,
) -> Drawn:
    rows = tuple(
        (label, tuple(show(value) for value in values))
        for label, values in zip(labels, _columns(labels, series), strict=True)
    )
    return Drawn(title, svg, tuple(name for name, _ in series), label_title, rows)
