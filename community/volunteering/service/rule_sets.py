"""Adopting a rule set from a preset or a changed copy, always from a day to come."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.actor import Actor
from community.volunteering import permissions
from community.volunteering.errors.rule_sets import (
    FiguresContradict,
    SetHasStarted,
    StartsTooEarly,
)
from community.volunteering.models import RuleSetRow
from community.volunteering.queries.rule_sets import (
    AdoptedRuleSet,
    adopted_rule_sets,
    find_rule_set_on,
    get_preset,
    get_rule_set,
)
from community.volunteering.rules.rule_sets import RuleSet, find_mistakes, write_rule_set

DEFAULT_PRESET = "plain"


def adopt_rule_set(session: Session, actor: Actor, preset: str, valid_from: date) -> int:
    """Adopt a preset as it is; a community's first set may start today or earlier.

    Raises: UnknownPreset, StartsTooEarly.
    """
    actor.check(permissions.RULES.code)
    return _keep(session, actor, get_preset(preset).rules, valid_from)


def change_rule_set(session: Session, actor: Actor, rules: RuleSet, valid_from: date) -> int:
    """Adopt a changed copy from a day to come; what was decided before stays as it was.

    Raises: FiguresContradict, StartsTooEarly.
    """
    actor.check(permissions.RULES.code)
    return _keep(session, actor, rules, valid_from)


def withdraw_rule_set(session: Session, actor: Actor, rule_set_id: int) -> None:
    """Withdraw a set that has not started yet.

    Raises: NotFound, SetHasStarted.
    """
    actor.check(permissions.RULES.code)
    found = get_rule_set(session, actor.community_id, rule_set_id)
    if found.valid_from <= clock.today():
        raise SetHasStarted
    row = session.get_one(RuleSetRow, rule_set_id)
    row.withdrawn_at = row.withdrawn_at or clock.now()


def rule_set_for(session: Session, actor: Actor, day: date) -> AdoptedRuleSet:
    """Give the rule set that decides a day; a community without any starts with the plain one.

    For other commands: it adopts without asking for a permission.
    """
    found = find_rule_set_on(session, actor.community_id, day)
    if found is not None:
        return found
    rules = get_preset(DEFAULT_PRESET).rules
    return get_rule_set(session, actor.community_id, _keep_row(session, actor, rules, day))


def _keep(session: Session, actor: Actor, rules: RuleSet, valid_from: date) -> int:
    mistakes = find_mistakes(rules)
    if mistakes:
        raise FiguresContradict(fields="、".join(mistakes))
    tomorrow = clock.today() + timedelta(days=1)
    # Nobody's past is judged anew: only the first set of all may reach back.
    if valid_from < tomorrow and adopted_rule_sets(session, actor.community_id):
        raise StartsTooEarly(first_day=tomorrow.isoformat())
    return _keep_row(session, actor, rules, valid_from)


def _keep_row(session: Session, actor: Actor, rules: RuleSet, valid_from: date) -> int:
    plain = write_rule_set(rules)
    row = RuleSetRow(
        community_id=actor.community_id,
        name=rules.name,
        locality=rules.locality,
        legal_basis=rules.legal_basis,
        label=rules.label,
        figures={part: plain[part] for part in ("hours", "points", "time_bank")},
        valid_from=valid_from,
        adopted_by=actor.person_id,
        adopted_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.id
