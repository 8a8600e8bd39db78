"""Writing into an organisation's history how it did on a contract."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.actor import Actor
from community.micro_projects.models import (
    Contract,
    Delivery,
    DeliveryAcceptance,
    Milestone,
    Performance,
    SiteNote,
)
from community.micro_projects.rules.closing import Outcome
from community.micro_projects.rules.milestones import (
    Finding,
    MilestoneState,
    Verdict,
    late_days,
)


def record_performance(
    session: Session, actor: Actor, row: Contract, outcome: Outcome, content_bp: int | None
) -> None:
    """Write how a contract went: milestones, lateness, returns, problems seen at the site.

    `content_bp` is None where too few residents answered, or none were asked.
    """
    milestones = session.scalars(
        select(Milestone).where(
            Milestone.community_id == row.community_id, Milestone.contract_id == row.id
        )
    ).all()
    today = clock.today()
    days = [
        late_days(each.due_on, each.delivered_on or today)
        for each in milestones
        if each.state is MilestoneState.ACCEPTED or each.due_on < today
    ]
    late = [each for each in days if each]
    session.add(
        Performance(
            community_id=actor.community_id,
            contract_id=row.id,
            organization_id=row.organization_id,
            outcome=outcome,
            amount_fen=row.amount_fen,
            milestones=sum(each.state is MilestoneState.ACCEPTED for each in milestones),
            late=len(late),
            late_days=sum(late),
            returned=_returned(session, row),
            problems=_problems(session, row),
            content_bp=content_bp,
            recorded_at=clock.now(),
        )
    )
    session.flush()


def _returned(session: Session, row: Contract) -> int:
    found = session.scalar(
        select(func.count())
        .select_from(DeliveryAcceptance)
        .join(
            Delivery,
            (Delivery.community_id == DeliveryAcceptance.community_id)
            & (Delivery.id == DeliveryAcceptance.delivery_id),
        )
        .join(
            Milestone,
            (Milestone.community_id == Delivery.community_id)
            & (Milestone.id == Delivery.milestone_id),
        )
        .where(
            Milestone.community_id == row.community_id,
            Milestone.contract_id == row.id,
            DeliveryAcceptance.verdict == Verdict.RETURNED,
        )
    )
    return int(found or 0)


def _problems(session: Session, row: Contract) -> int:
    found = session.scalar(
        select(func.count()).where(
            SiteNote.community_id == row.community_id,
            SiteNote.contract_id == row.id,
            SiteNote.finding == Finding.PROBLEM,
        )
    )
    return int(found or 0)
