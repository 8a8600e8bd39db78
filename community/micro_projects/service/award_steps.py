"""Moving an award along its table: posted, final with its money held, refused, cancelled."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from community import transparency
from community.kernel import clock, events
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.micro_projects.errors.awards import (
    AwardNotFound,
    AwardStands,
    AwardStateWrong,
    SupplierUnfit,
)
from community.micro_projects.errors.venture import VentureHasWinner
from community.micro_projects.events import AwardCancelled, AwardFinal, AwardNoticed
from community.micro_projects.models import Award, Project
from community.micro_projects.queries.awards import standing_award
from community.micro_projects.queries.money import holds_of
from community.micro_projects.queries.suppliers import bidder_fit, find_supplier
from community.micro_projects.rules.awards import AWARD_STEPS, AWARD_TITLES, AwardState
from community.micro_projects.rules.projects import Funding
from community.micro_projects.rules.suppliers import UNFIT_TITLES
from community.micro_projects.service.money import free_hold, hold_award

NOTICED, FINAL, CANCELLED = "award.noticed", "award.final", "award.cancelled"

transparency.name_kinds(
    {NOTICED: N_("中选结果公示"), FINAL: N_("中选结果确定"), CANCELLED: N_("中选结果撤销")}
)


def load_award(session: Session, actor: Actor, award_id: int) -> Award:
    """Load an award of the actor's community for a command.

    Raises: AwardNotFound.
    """
    row = session.get(Award, award_id)
    if row is None or row.community_id != actor.community_id:
        raise AwardNotFound
    return row


def check_vacant(session: Session, actor: Actor, project_id: int) -> None:
    """Refuse a second award beside one that stands.

    Raises: AwardStands.
    """
    if standing_award(session, actor.community_id, project_id) is not None:
        raise AwardStands


def check_bought(project: Project) -> None:
    """Refuse to buy what a call has already given to somebody.

    Raises: VentureHasWinner.
    """
    if project.funding is Funding.VENTURE:
        raise VentureHasWinner


def check_fit(session: Session, actor: Actor, organization_id: int, kind: str) -> None:
    """Refuse an organisation that may not be given work of a kind today.

    Raises: SupplierUnfit.
    """
    reasons = bidder_fit(session, actor.community_id, organization_id, clock.today(), kind)
    if reasons:
        known = find_supplier(session, actor.community_id, organization_id)
        raise SupplierUnfit(
            name=known.name if known else f"#{organization_id}",
            reasons="、".join(str(say(UNFIT_TITLES[one])) for one in reasons),
        )


def post_award(session: Session, actor: Actor, row: Award) -> None:
    """Write an award and post it in the public log; it is told at once."""
    session.add(row)
    session.flush()
    told = {
        "award": row.id,
        "project": row.project_id,
        "tender": row.tender_id,
        "bid": row.bid_id,
        "organization": row.organization_id,
        "amount_fen": row.amount_fen,
        "method": row.method.value,
        "place": row.place,
        "reason": row.reason,
        "near": list(row.near_jobs),
        "split_words": row.split_words,
        "standstill_until": None
        if row.standstill_until is None
        else row.standstill_until.isoformat(),
    }
    transparency.publish(session, row.community_id, NOTICED, told, row.id)
    events.tell(session, AwardNoticed(row.community_id, row.id))


def make_final(session: Session, actor: Actor, row: Award) -> None:
    """Let an award be final: its whole amount is set aside in the same act, or nothing is written.

    Raises: AwardStateWrong, ProjectMoneyShort.
    """
    claim_award(session, row, AwardState.ACTIVE, final_at=clock.now())
    hold_award(session, actor, row.project_id, row.id, row.amount_fen)
    told = {"award": row.id, "organization": row.organization_id, "amount_fen": row.amount_fen}
    transparency.publish(session, row.community_id, FINAL, told, row.id)
    events.tell(session, AwardFinal(row.community_id, row.id))


def fall_award(session: Session, actor: Actor, row: Award, to: AwardState, words: str) -> None:
    """Let an award fall, with its public reason; what was set aside for it is free again.

    Raises: AwardStateWrong.
    """
    was_active = row.state is AwardState.ACTIVE
    claim_award(session, row, to, ended_at=clock.now(), ended_words=words)
    if was_active:
        for held in holds_of(session, row.community_id, row.project_id):
            if held.award_id == row.id:
                free_hold(session, actor, held.id)
    told = {"award": row.id, "state": to.value, "reason": words}
    transparency.publish(session, row.community_id, CANCELLED, told, row.id)
    events.tell(session, AwardCancelled(row.community_id, row.id))


def claim_award(session: Session, row: Award, to: AwardState, **values: object) -> None:
    """Take an award from the state it was read in to another.

    Raises: AwardStateWrong for a step that is not in the table, or when somebody was faster.
    """
    refusal = AwardStateWrong(state=say(AWARD_TITLES[row.state]))
    if to not in AWARD_STEPS[row.state]:
        raise refusal
    session.flush()
    done = session.execute(
        update(Award)
        .where(Award.community_id == row.community_id, Award.id == row.id, Award.state == row.state)
        .values(state=to, **values)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result
        raise refusal
    session.refresh(row)


def close_award(session: Session, actor: Actor, award_id: int) -> None:
    """Let a project find a successor: the contract on this award broke off half-way.

    The award itself stays what it was. Called inside the commands of contracts.
    Raises: AwardNotFound.
    """
    row = load_award(session, actor, award_id)
    row.closed_at = row.closed_at or clock.now()
    session.flush()


def last_day(until: datetime) -> date:
    """Give the last whole day of a time that ends, half-open, at a moment."""
    return clock.day_of(until - timedelta(microseconds=1))
