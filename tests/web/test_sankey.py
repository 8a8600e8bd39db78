"""A Sankey keeps every part visible and every number in the table beside it."""

from __future__ import annotations

import re

import pytest

from community.web.sankey import TALL, sankey

SOURCES = [("物业费", 900), ("停车", 100)]
USES = [("电梯 & 门禁", 999), ("绿化", 1)]


def test_every_part_is_drawn_and_told() -> None:
    drawn = sankey("去向", "项目", ("来自", "用于"), (SOURCES, USES))
    bands = re.findall(r'<path class="s(\d)"[^>]+v(\d+)C', str(drawn.svg))
    assert [(kind, int(height)) for kind, height in bands] == [
        ("0", TALL * 9 // 10),
        ("0", TALL // 10),
        ("1", TALL * 999 // 1000),
        ("1", 1),
    ]
    assert drawn.rows[0] == ("物业费", ("900", ""))
    assert drawn.rows[-1] == ("绿化", ("", "1"))
    assert "电梯 &amp; 门禁" in drawn.svg


def test_a_long_name_is_cut_in_the_drawing_only() -> None:
    name = "三号楼电梯主板维修及门禁系统改造工程"
    drawn = sankey("去向", "项目", ("来自", "用于"), ([(name, 1)], [("绿化", 1)]))
    assert (name in drawn.svg, "…" in drawn.svg, drawn.rows[0][0]) == (False, True, name)


@pytest.mark.parametrize("uses", [[("少", 999)], [("多", 1_001)]])
def test_what_does_not_add_up_is_not_drawn(uses: list[tuple[str, int]]) -> None:
    with pytest.raises(AssertionError):
        sankey("去向", "项目", ("来自", "用于"), (SOURCES, uses))


def test_nothing_is_no_drawing() -> None:
    with pytest.raises(AssertionError):
        sankey("去向", "项目", ("来自", "用于"), ([], []))
