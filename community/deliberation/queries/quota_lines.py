"""Reading and writing the quotas of a panel, one a line: 年龄 75+ 至少 3 至多 5."""

from __future__ import annotations

import re
from collections.abc import Sequence

from community.deliberation.errors.panels import QuotaUnclear
from community.deliberation.rules.panels import FEATURES, UNKNOWN, Feature
from community.deliberation.tallies.panels import SEPARATOR, Quota

NAMES: dict[str, Feature] = {
    "年龄": Feature.AGE,
    "楼栋": Feature.BUILDING,
    "性别": Feature.SEX,
    "age": Feature.AGE,
    "building": Feature.BUILDING,
    "sex": Feature.SEX,
}
_SEX_VALUES = {
    **dict.fromkeys(("女", "女性", "female"), "女"),
    **dict.fromkeys(("男", "男性", "male"), "男"),
    **dict.fromkeys((UNKNOWN, "？", "没填", "未填", "不填", "unknown"), UNKNOWN),
}
_NAME = "|".join(NAMES)
_LINE = re.compile(
    rf"({_NAME})\s+(.+?)\s+(?:至少|least)\s*([0-9]{{1,3}})\s*[,，]?\s*(?:至多|most)\s*([0-9]{{1,3}})\Z",
    re.IGNORECASE,
)


def read_quotas(text: str) -> tuple[Quota, ...]:
    """Read quotas as they were typed, one a line.

    Raises: QuotaUnclear.
    """
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = _LINE.match(line.strip())
        if match is None or SEPARATOR in match[2]:
            raise QuotaUnclear(line=number, text=line.strip()[:40])
        feature, value = NAMES[match[1].lower()], match[2]
        if feature is Feature.SEX:
            value = _SEX_VALUES.get(value.lower(), "")
            if not value:
                raise QuotaUnclear(line=number, text=line.strip()[:40])
        found.append(Quota(FEATURES.index(feature), value, int(match[3]), int(match[4])))
    return tuple(found)


def to_rows(quotas: Sequence[Quota]) -> list[list[int | str]]:
    """Write quotas as plain JSON."""
    return [[one.feature, one.value, one.least, one.most] for one in quotas]


def from_rows(rows: Sequence[Sequence[int | str]]) -> tuple[Quota, ...]:
    """Read quotas from plain JSON."""
    return tuple(
        Quota(int(feature), str(value), int(least), int(most))
        for feature, value, least, most in rows
    )
