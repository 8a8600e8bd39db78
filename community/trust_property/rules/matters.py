"""What waits for the second key: kinds, states, and the steps between them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from community.kernel.errors import N_


class MatterKind(StrEnum):
    """What kind of thing is put to the committee."""

    RULES = "rules"
    RATE = "rate"
    UNIT = "unit"
    CONTRACT = "contract"
    BUDGET = "budget"
    PAYEE = "payee"
    SPEND = "spend"
    RATIFY = "ratify"
    REMUNERATION = "remuneration"
    OPENING = "opening"
    FORFEIT = "forfeit"
    REFUND = "refund"
    SURPLUS = "surplus"
    CORRECTION = "correction"


class MatterState(StrEnum):
    """Where a matter stands."""

    OPEN = "open"
    MADE = "made"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


STEPS: Mapping[MatterState, frozenset[MatterState]] = {
    MatterState.OPEN: frozenset({MatterState.MADE, MatterState.REJECTED, MatterState.WITHDRAWN}),
    MatterState.MADE: frozenset(),
    MatterState.REJECTED: frozenset(),
    MatterState.WITHDRAWN: frozenset(),
}

TITLES = {
    MatterKind.RULES: N_("资金规则"),
    MatterKind.RATE: N_("收费标准"),
    MatterKind.UNIT: N_("房屋面积"),
    MatterKind.CONTRACT: N_("公共收益合同"),
    MatterKind.BUDGET: N_("年度预算"),
    MatterKind.PAYEE: N_("收款方资料"),
    MatterKind.SPEND: N_("用款申请"),
    MatterKind.RATIFY: N_("紧急支出追认"),
    MatterKind.REMUNERATION: N_("物业酬金"),
    MatterKind.OPENING: N_("开账"),
    MatterKind.FORFEIT: N_("押金不退"),
    MatterKind.REFUND: N_("退还预缴"),
    MatterKind.SURPLUS: N_("结余分配"),
    MatterKind.CORRECTION: N_("更正"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing an approver sees and signs: its name, what it was, and what it will be."""

    name: str
    value: str
    before: str = ""


def yuan_text(fen: int) -> str:
    """Write fen as yuan, as facts show them: "8,600.00 元"."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d} 元"


def percent_text(basis_points: int) -> str:
    """Write basis points as a percentage, as facts show it: "8.50%"."""
    return f"{basis_points // 100}.{basis_points % 100:02d}%"


def canonical(content: Mapping[str, Any]) -> str:
    """Write a content as canonical JSON, so that the same content has the same hash."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def bound_facts(
    kind: str, title: str, facts: tuple[Fact, ...], content: Mapping[str, Any]
) -> tuple[tuple[str, str], ...]:
    """Give everything a key binds to beside the posting: what is shown and what is carried out."""
    shown = tuple((each.name, f"{each.before}→{each.value}") for each in facts)
    return (("kind", kind), ("title", title), *shown, ("content", canonical(content)))
