"""Which rule set decides a day, which are adopted, and which presets there are."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel.errors import NotFound
from community.volunteering.errors.rule_sets import UnknownPreset
from community.volunteering.models import RuleSetRow
from community.volunteering.rules.rule_sets import RuleSet, SourceLabel, read_rule_set

PRESETS = Path(__file__).resolve().parent.parent / "presets"
PRESET_ORDER = ("plain", "beijing", "nanjing", "guangdong", "huangshi", "yunnan", "huangshan")


@dataclass(frozen=True, slots=True)
class Preset:
    """A ready rule set that an administrator copies and changes."""

    code: str
    remark: str
    rules: RuleSet


@dataclass(frozen=True, slots=True)
class AdoptedRuleSet:
    """A community's own rule set with its days; `valid_until` is the day it no longer decides."""

    id: int
    rules: RuleSet
    valid_from: date
    valid_until: date | None
    is_withdrawn: bool


@cache
def presets() -> tuple[Preset, ...]:
    """List the presets shipped with the product, the plain one first."""
    return tuple(_read_preset(code) for code in PRESET_ORDER)


def get_preset(code: str) -> Preset:
    """Get a preset.

    Raises: UnknownPreset.
    """
    for preset in presets():
        if preset.code == code:
            return preset
    raise UnknownPreset


def find_rule_set_on(session: Session, community_id: int, day: date) -> AdoptedRuleSet | None:
    """Find the rule set that decides a day: the latest started, not withdrawn, not run out."""
    row = session.scalar(
        select(RuleSetRow)
        .where(
            RuleSetRow.community_id == community_id,
            RuleSetRow.valid_from <= day,
            RuleSetRow.withdrawn_at.is_(None),
        )
        .order_by(RuleSetRow.valid_from.desc(), RuleSetRow.id.desc())
        .limit(1)
    )
    return None if row is None else _adopted(row)


def get_rule_set(session: Session, community_id: int, rule_set_id: int) -> AdoptedRuleSet:
    """Get an adopted rule set, for an act that is pinned to it.

    Raises: NotFound.
    """
    row = session.scalar(
        select(RuleSetRow).where(
            RuleSetRow.community_id == community_id, RuleSetRow.id == rule_set_id
        )
    )
    if row is None:
        raise NotFound
    return _adopted(row)


def adopted_rule_sets(session: Session, community_id: int) -> tuple[AdoptedRuleSet, ...]:
    """List a community's rule sets, the latest first."""
    rows = session.scalars(
        select(RuleSetRow)
        .where(RuleSetRow.community_id == community_id)
        .order_by(RuleSetRow.valid_from.desc(), RuleSetRow.id.desc())
    )
    return tuple(_adopted(row) for row in rows)


def _adopted(row: RuleSetRow) -> AdoptedRuleSet:
    described = {
        "name": row.name,
        "locality": row.locality,
        "legal_basis": row.legal_basis,
        "label": SourceLabel(row.label),
    }
    return AdoptedRuleSet(
        id=row.id,
        rules=read_rule_set({**described, **row.figures}),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        is_withdrawn=row.withdrawn_at is not None,
    )


def _read_preset(code: str) -> Preset:
    values = tomllib.loads((PRESETS / f"{code}.toml").read_text(encoding="utf-8"))
    remark = str(values.pop("remark"))
    return Preset(code, remark, read_rule_set(values))
