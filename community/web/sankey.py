"""A Sankey drawing: where an amount came from, and where every part of it went."""

from __future__ import annotations

from collections.abc import Sequence

from community.web.charts import Drawn, Show, plain, svg_of, text_at, width_of

Part = tuple[str, int]

WIDTH, NODE, MIDDLE = 320, 8, 156
TALL, SLOT, TOP = 220, 46, 20
LONGEST = 140


def sankey(
    title: str,
    label_title: str,
    names: tuple[str, str],
    sides: tuple[Sequence[Part], Sequence[Part]],
    show: Show = plain,
) -> Drawn:
    """Draw parts that flow together and apart again; both sides add up to the same.

    Values are above 0. The table beside it holds the same numbers.
    """
    sources, uses = sides
    whole = sum(value for _, value in sources)
    assert whole == sum(value for _, value in uses), "what came in is not what went on"
    assert whole > 0, "there is nothing to draw"
    columns = [_column(each, whole) for each in sides]
    bottom = max(column[-1][0] + max(column[-1][1], SLOT) for column in columns)
    middle = TOP + (bottom - TOP - TALL) // 2 if bottom - TOP > TALL else TOP
    parts = [f'<rect class="s4" x="{MIDDLE}" y="{middle}" width="{NODE}" height="{TALL}" rx="2"/>']
    for kind, (column, side) in enumerate(zip(columns, sides, strict=True)):
        inner = middle
        for (y, height), (label, value) in zip(column, side, strict=True):
            parts.append(_flow(kind, y, inner, height))
            parts.append(_node(kind, y, height))
            x, anchor = (NODE + 6, "start") if kind == 0 else (WIDTH - NODE - 6, "end")
            parts.append(text_at(x, y + 14, _short(label), anchor))
            parts.append(text_at(x, y + 32, show(value), anchor, "value"))
            inner += height
    svg = svg_of(title, "s", WIDTH, max(bottom, middle + TALL) + 8, parts)
    rows = [(label, (show(value), "")) for label, value in sources]
    rows += [(label, ("", show(value))) for label, value in uses]
    return Drawn(title, svg, names, label_title, tuple(rows))


def _short(label: str) -> str:
    """Cut a label that would run into the other side's; the table has the whole."""
    if width_of(label) <= LONGEST:
        return label
    cut = label
    while width_of(cut) > LONGEST - 14:
        cut = cut[:-1]
    return f"{cut}…"


def _column(side: Sequence[Part], whole: int) -> list[tuple[int, int]]:
    """Give each part its top and its height; the smallest is still seen, and has its words."""
    placed, y = [], TOP
    for _, value in side:
        height = max(value * TALL // whole, 1)
        placed.append((y, height))
        y += max(height + 8, SLOT)
    return placed


def _node(kind: int, y: int, height: int) -> str:
    x = 0 if kind == 0 else WIDTH - NODE
    return f'<rect class="s{kind}" x="{x}" y="{y}" width="{NODE}" height="{height}" rx="2"/>'


def _flow(kind: int, outer: int, inner: int, height: int) -> str:
    """Draw one band between an outer node and its place at the middle."""
    left, right = (NODE, MIDDLE) if kind == 0 else (MIDDLE + NODE, WIDTH - NODE)
    begin, end = (outer, inner) if kind == 0 else (inner, outer)
    half = (left + right) // 2
    path = (
        f"M{left} {begin}C{half} {begin} {half} {end} {right} {end}v{height}"
        f"C{half} {end + height} {half} {begin + height} {left} {begin + height}z"
    )
    return f'<path class="s{kind}" fill-opacity=".2" d="{path}"/>'
