"""The picture of an opinion map: each person a sign, each group a letter; the table says it too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext

from community.web.charts import Drawn, svg_of, text_at

WIDTH, HEIGHT, MARGIN = 320, 300, 26
LETTERS = "ABCDE"
# Whole steps around a place on which several stand, nearest first.
AROUND = ((0, 0), (9, 0), (-9, 0), (4, 8), (-4, -8), (4, -8), (-4, 8), (18, 0), (-18, 0))
UNSHOWN = 4


def group_name(number: int) -> str:
    """Give a group's letter."""
    return LETTERS[number]


def draw_picture(picture: Mapping[str, Any]) -> Drawn:
    """Draw the map; a group too small to show is grey and has no letter."""
    points = picture["points"]
    groups = picture["groups"]
    place = _fit(points)
    stacked: Counter[tuple[int, int]] = Counter()
    parts = []
    for x, y, group in points:
        at = place(x, y)
        dx, dy = AROUND[stacked[at] % len(AROUND)]
        stacked[at] += 1
        parts.append(_sign(at[0] + dx, at[1] + dy, group))
    for group in groups:
        own = [place(x, y) for x, y, number in points if number == group["number"]]
        x = sum(each[0] for each in own) // len(own)
        y = sum(each[1] for each in own) // len(own)
        parts.append(f'<circle class="map-badge" cx="{x}" cy="{y}" r="13"/>')
        parts.append(text_at(x, y + 6, group_name(group["number"]), "middle", "map-letter"))
    title = gettext(
        "意见地图：%(people)s 人，%(groups)s 组。离得近的人回答相近。",
        people=len(points),
        groups=len(groups),
    )
    rows = [
        (gettext("%(letter)s 组", letter=group_name(group["number"])), (str(group["people"]),))
        for group in groups
    ]
    if picture["in_small_groups"]:
        rows.append((gettext("人数太少的组，不单独显示"), (str(picture["in_small_groups"]),)))
    return Drawn(
        title,
        svg_of(title, "map", WIDTH, HEIGHT, parts),
        (gettext("人数"),),
        gettext("组"),
        tuple(rows),
    )


def _fit(points: Sequence[Sequence[int]]) -> Any:
    """Give the function that puts a place of the map into the drawing, one scale both ways."""
    xs, ys = [one[0] for one in points], [one[1] for one in points]
    wide = max(max(xs) - min(xs), 1)
    high = max(max(ys) - min(ys), 1)
    # The larger of the two ratios decides; everything in whole units.
    over, under = max(
        (wide, WIDTH - 2 * MARGIN),
        (high, HEIGHT - 2 * MARGIN),
        key=lambda pair: pair[0] * 1_000 // pair[1],
    )

    def place(x: int, y: int) -> tuple[int, int]:
        left = (WIDTH - wide * under // over) // 2
        top = (HEIGHT - high * under // over) // 2
        return left + (x - min(xs)) * under // over, top + (max(ys) - y) * under // over

    return place


def _sign(x: int, y: int, group: int) -> str:
    """Draw one person: each group has its colour and its shape."""
    kind = f'class="s{group if group >= 0 else UNSHOWN} map-sign"'
    match group:
        case 0:
            return f'<circle {kind} cx="{x}" cy="{y}" r="5"/>'
        case 1:
            return f'<rect {kind} x="{x - 5}" y="{y - 5}" width="10" height="10"/>'
        case 2:
            return f'<polygon {kind} points="{x},{y - 6} {x + 6},{y + 5} {x - 6},{y + 5}"/>'
        case 3:
            return f'<polygon {kind} points="{x},{y - 7} {x + 7},{y} {x},{y + 7} {x - 7},{y}"/>'
        case 4:
            return f'<polygon {kind} points="{x - 6},{y - 5} {x + 6},{y - 5} {x},{y + 6}"/>'
        case _:
            return f'<circle {kind} cx="{x}" cy="{y}" r="3"/>'
