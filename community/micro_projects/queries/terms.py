"""The figures a community's projects are held to on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.actor import Actor
from community.micro_projects.models import Project, ProjectRuleSet
from community.micro_projects.rules.terms import FIRST, ProjectTerms, from_figures


@dataclass(frozen=True, slots=True)
class RuleSetView:
    """A dated rule set; `id` is None where a community has adopted none."""

    id: int | None
    locality: str
    basis: str
    valid_from: date | None
    valid_to: date | None
    terms: ProjectTerms


def rule_set_on(session: Session, community_id: int, day: date) -> RuleSetView:
    """Give the rule set in force on a day; the newest of those that hold."""
    row = session.scalar(
        select(ProjectRuleSet)
        .where(
            ProjectRuleSet.community_id == community_id,
            ProjectRuleSet.valid_from <= day,
            or_(ProjectRuleSet.valid_to.is_(None), ProjectRuleSet.valid_to >= day),
        )
        .order_by(ProjectRuleSet.valid_from.desc(), ProjectRuleSet.id.desc())
        .limit(1)
    )
    if row is None:
        return RuleSetView(None, FIRST.locality, FIRST.basis, None, None, FIRST.terms)
    return _view(row)


def terms_of(session: Session, community_id: int, rule_set_id: int | None) -> ProjectTerms:
    """Give the figures a project was submitted under."""
    if rule_set_id is None:
        return FIRST.terms
    return from_figures(session.get_one(ProjectRuleSet, rule_set_id).figures)


def rule_sets(session: Session, actor: Actor) -> tuple[RuleSetView, ...]:
    """List a community's rule sets, the newest first, and the one shipped last."""
    rows = session.scalars(
        select(ProjectRuleSet)
        .where(ProjectRuleSet.community_id == actor.community_id)
        .order_by(ProjectRuleSet.valid_from.desc(), ProjectRuleSet.id.desc())
    )
    return tuple(_view(row) for row in rows)


def present_rules(session: Session, actor: Actor) -> RuleSetView:
    """Give the rule set in force today."""
    return rule_set_on(session, actor.community_id, clock.today())


def _view(row: ProjectRuleSet) -> RuleSetView:
    return RuleSetView(
        row.id,
        row.locality,
        row.basis,
        row.valid_from,
        row.valid_to,
        from_figures(row.figures),
    )


def terms_for(session: Session, community_id: int, project_id: int) -> ProjectTerms:
    """Give the figures a project is held to."""
    row = session.get_one(Project, project_id)
    return terms_of(session, community_id, row.rule_set_id)
