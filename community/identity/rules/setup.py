"""The wizard's quick entry of buildings, its limits, and its steps."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

STEPS = ("name", "buildings", "rules", "staff", "keys", "backup")
SLIPS_SHOWN = timedelta(hours=24)
MOST_UNITS = 10_000
MOST_BUILDINGS = 200
LIMITS = {"entrances": 20, "floors": 80, "doors": 40}

_LINE = re.compile(
    r"(?P<first>[A-Z]?\d{1,3}|[A-Z])(?:[-~到至](?P<last>[A-Z]?\d{1,3}|[A-Z]))?"
    r"(?:号楼|号|栋|幢|座|楼)?,+(?:(?P<entrances>\d{1,2})(?:个?单元|ENTRANCES?),+)?"
    r"(?P<floors>\d{1,2})(?:层|FLOORS?),+(?:(?:每单元)?每层,*)?(?P<doors>\d{1,2})(?:户|DOORS?)\Z"
)


@dataclass(frozen=True, slots=True)
class BuildingPlan:
    """A building to make: entrances (0 where there are none), floors, doors on each floor."""

    name: str
    entrances: int
    floors: int
    doors: int

    @property
    def units(self) -> tuple[str, ...]:
        """Name every unit: 2 单元 301, or 301 without entrances."""
        return tuple(
            f"{entrance} 单元 {floor}{door:02d}" if self.entrances else f"{floor}{door:02d}"
            for entrance in range(1, max(self.entrances, 1) + 1)
            for floor in range(1, self.floors + 1)
            for door in range(1, self.doors + 1)
        )


def split_line(line: str) -> list[str]:
    """Part a typed line at its commas, else at its blanks: Latin names have blanks inside."""
    parts = re.split(r"[,，;；\t]", line) if re.search(r"[,，;；\t]", line) else line.split()
    return [part.strip() for part in parts if part.strip()]


class UnreadableLineError(ValueError):
    """A line of the quick entry that cannot be read, as it was typed."""


def read_buildings(text: str) -> tuple[BuildingPlan, ...]:
    """Read lines such as "1–12 号楼, 3 单元, 6 层, 2 户"; a later line of a building replaces it.

    Raises: UnreadableLineError with the line.
    """
    plans: dict[str, BuildingPlan] = {}
    for line in text.splitlines():
        if line.strip():
            plans |= {plan.name: plan for plan in _read_line(line)}
    if not plans:
        raise UnreadableLineError(text.strip())
    total = sum(len(plan.units) for plan in plans.values())
    if len(plans) > MOST_BUILDINGS or total > MOST_UNITS:
        raise UnreadableLineError(text.strip().splitlines()[-1])
    return tuple(plans.values())


def _read_line(line: str) -> list[BuildingPlan]:
    plain = unicodedata.normalize("NFKC", line).upper()
    plain = re.sub(r"[–—−]", "-", plain)
    plain = re.sub(r"[，、;；。]", ",", plain)
    found = _LINE.match(re.sub(r"\s+", "", re.sub(r"(?<=[\u4e00-\u9fff])\s+(?=\d)", ",", plain)))
    if not found:
        raise UnreadableLineError(line.strip())
    sizes = {name: int(found.group(name) or 0) for name in LIMITS}
    if not sizes["floors"] or not sizes["doors"]:
        raise UnreadableLineError(line.strip())
    if any(sizes[name] > most for name, most in LIMITS.items()):
        raise UnreadableLineError(line.strip())
    names = _range(found.group("first"), found.group("last") or found.group("first"))
    if not names:
        raise UnreadableLineError(line.strip())
    return [BuildingPlan(_name(each), **sizes) for each in names]


def _range(first: str, last: str) -> list[str]:
    if first.isdigit() and last.isdigit():
        return [str(number) for number in range(int(first), int(last) + 1)][: MOST_BUILDINGS + 1]
    if len(first) == len(last) == 1 and first.isalpha() and last.isalpha():
        return [chr(code) for code in range(ord(first), ord(last) + 1)]
    return [first] if first == last else []


def _name(short: str) -> str:
    return f"{short} 座" if short.isalpha() else f"{short} 号楼"
