"""A contract that breaks off half-way: accepted work settled, the rest freed, a successor next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from community import transparency
from community.kernel import clock, events, files
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.micro_projects import permissions
from community.micro_projects.errors.contracts import (
    ClawBackAbovePaid,
    ClawBackNotFound,
    ClawBackSettled,
    DeliveryWaiting,
    NothingLeft,
    NothingToEnd,
    SamePerson,
)
from community.micro_projects.events import ClawBackSettled as Settled
from community.micro_projects.events import ContractEnded
from community.micro_projects.models import (
    ClawBack,
    Contract,
    Milestone,
    ProjectPayment,
)
from community.micro_projects.queries.contracting import get_hold
from community.micro_projects.queries.contracts import paid_of
from community.micro_projects.rules.closing import Outcome
from community.micro_projects.rules.contracts import (
    ContractState,
    Instalment,
    write_yuan,
)
from community.micro_projects.rules.milestones import LIVE, UNDONE, MilestoneState
from community.micro_projects.rules.payments import ClawBackState, PaymentState
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.service.award_steps import close_award
from community.micro_projects.service.contracts import (
    add_milestone,
    load_active,
    load_contract,
    step_contract,
)
from community.micro_projects.service.milestones import step_milestone
from community.micro_projects.service.money import take_back_money, trim_hold
from community.micro_projects.service.moving import load_project, move_project
from community.micro_projects.service.performances import record_performance
from community.micro_projects.service.quotas import free_unspent
from community.micro_projects.service.refunding import return_donations, share_rest

transparency.name_kinds({"contract.claw_back": N_("追回款")})
SETTLEMENT = "终止结算：已完成部分"


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a contract breaks off, what of the unfinished part is paid, and what comes next.

    With `is_continued` the rest goes back to choosing an organisation; else the project is judged
    as it stands.
    """

    reason: str
    settlement_fen: int
    is_continued: bool


def break_off(session: Session, actor: Actor, contract_id: int, ending: Ending) -> None:
    """End a contract half-way; accepted work stays payable, everything else is freed at once.

    Raises: ContractNotFound, ContractStepRefused, NothingLeft, DeliveryWaiting, NothingToEnd.
    """
    actor.check(permissions.END_CONTRACT.code)
    row = load_active(session, actor, contract_id)
    end_contract(session, actor, row, ending)
    to = ProjectState.PROCURING if ending.is_continued else ProjectState.EVALUATED
    move_project(session, actor, row.project_id, to, f"contract:{row.id}", ending.reason)


def end_contract(session: Session, actor: Actor, row: Contract, ending: Ending) -> None:
    """Drop what is not done, keep money for what is, free the rest, and write the record.

    Raises: NothingLeft, DeliveryWaiting, NothingToEnd, ContractStepRefused.
    """
    undone = _undone(session, row)
    left = sum(each.amount_fen for each in undone)
    if ending.settlement_fen > left:
        asked = write_yuan(ending.settlement_fen)
        raise NothingToEnd(asked=asked, left=write_yuan(left))
    for each in undone:
        step_milestone(session, each, MilestoneState.DROPPED)
    step_contract(session, row, ContractState.TERMINATED, ending.reason)
    if ending.settlement_fen:
        _add_settlement(session, row, ending.settlement_fen)
    close_award(session, actor, row.award_id)
    freed = _free_rest(session, actor, row)
    record_performance(session, actor, row, Outcome.TERMINATED, None)
    told = {
        "contract": row.id,
        "project": row.project_id,
        "organization": row.organization_id,
        "reason": ending.reason,
        "settlement_fen": ending.settlement_fen,
        "freed_fen": freed,
        "continued": ending.is_continued,
    }
    transparency.publish(session, actor.community_id, "contract.ended", told, row.id)
    events.tell(session, ContractEnded(actor.community_id, row.id))


def ask_back(
    session: Session, actor: Actor, contract_id: int, amount_fen: int, reason: str, due_on: date
) -> int:
    """Record money that a contractor owes back, never more than was paid; gives its id.

    Raises: ContractNotFound, ClawBackAbovePaid.
    """
    actor.check(permissions.END_CONTRACT.code)
    row = load_contract(session, actor, contract_id)
    paid = paid_of(session, actor.community_id, [contract_id]).get(contract_id, 0)
    asked = session.scalar(
        select(func.sum(ClawBack.amount_fen)).where(
            ClawBack.community_id == actor.community_id,
            ClawBack.contract_id == contract_id,
            ClawBack.state != ClawBackState.WAIVED,
        )
    )
    if amount_fen + int(asked or 0) > paid:
        raise ClawBackAbovePaid(paid=write_yuan(paid))
    claim = ClawBack(
        community_id=actor.community_id,
        contract_id=contract_id,
        amount_fen=amount_fen,
        state=ClawBackState.OPEN,
        reason=reason,
        due_on=due_on,
        asked_by=actor.person_id,
        asked_at=clock.now(),
    )
    session.add(claim)
    session.flush()
    _tell_claw_back(session, actor, row, claim)
    return claim.id


def settle_claw_back(
    session: Session,
    actor: Actor,
    claw_back_id: int,
    is_received: bool,
    words: str,
    slip: files.Ready | None = None,
) -> None:
    """Enter that the money came back, into the project's book; or waive it with the reason.

    Somebody else than who asked does so. Raises: ClawBackNotFound, SamePerson, ClawBackSettled.
    """
    actor.check(permissions.CHECK_PAYMENT.code)
    claim = session.get(ClawBack, claw_back_id)
    if claim is None or claim.community_id != actor.community_id:
        raise ClawBackNotFound
    if actor.person_id is None or actor.person_id == claim.asked_by:
        raise SamePerson
    state = ClawBackState.RECEIVED if is_received else ClawBackState.WAIVED
    settled = session.execute(
        update(ClawBack)
        .where(
            ClawBack.community_id == actor.community_id,
            ClawBack.id == claw_back_id,
            ClawBack.state == ClawBackState.OPEN,
        )
        .values(
            state=state,
            words=words,
            file_id=None if slip is None else files.keep_file(session, actor, slip),
            settled_by=actor.person_id,
            settled_at=clock.now(),
        )
        .execution_options(synchronize_session=False)
    )
    if settled.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result
        raise ClawBackSettled
    session.refresh(claim)
    row = load_contract(session, actor, claim.contract_id)
    if is_received:
        hold = get_hold(session, actor.community_id, row.award_id)
        assert hold is not None, "what was paid was set aside first"
        take_back_money(session, actor, hold.id, claim.amount_fen, f"claw_back:{claim.id}")
        project = load_project(session, actor, row.project_id)
        free_unspent(session, actor, project)
        share_rest(session, actor, project)
        return_donations(session, actor, project)
    _tell_claw_back(session, actor, row, claim)
    events.tell(session, Settled(actor.community_id, claim.id))


def _undone(session: Session, row: Contract) -> list[Milestone]:
    """Give the milestones nobody has delivered; there must be some, and none may wait."""
    found = session.scalars(
        select(Milestone)
        .where(
            Milestone.community_id == row.community_id,
            Milestone.contract_id == row.id,
            Milestone.state.in_(LIVE),
        )
        .order_by(Milestone.number)
    ).all()
    for each in found:
        if each.state is MilestoneState.SUBMITTED:
            raise DeliveryWaiting(title=each.title)
    undone = [each for each in found if each.state in UNDONE]
    if not undone:
        raise NothingLeft
    return undone


def _add_settlement(session: Session, row: Contract, amount_fen: int) -> None:
    """Add what is paid of the unfinished part; it is delivered and accepted like any other."""
    last = session.scalar(
        select(func.max(Milestone.number)).where(
            Milestone.community_id == row.community_id, Milestone.contract_id == row.id
        )
    )
    share = amount_fen * 10_000 // row.amount_fen
    today = clock.today()
    add_milestone(
        session, row, int(last or 0) + 1, Instalment(SETTLEMENT, share, amount_fen, today)
    )
    session.flush()


def _free_rest(session: Session, actor: Actor, row: Contract) -> int:
    """Free what no live milestone needs; gives how many fen."""
    needed = session.scalar(
        select(func.sum(Milestone.amount_fen))
        .outerjoin(
            ProjectPayment,
            (ProjectPayment.community_id == Milestone.community_id)
            & (ProjectPayment.milestone_id == Milestone.id)
            & (ProjectPayment.state == PaymentState.PAID),
        )
        .where(
            Milestone.community_id == row.community_id,
            Milestone.contract_id == row.id,
            Milestone.state.in_(LIVE),
            ProjectPayment.id.is_(None),
        )
    )
    hold = get_hold(session, actor.community_id, row.award_id)
    return 0 if hold is None else trim_hold(session, actor, hold.id, int(needed or 0))


def _tell_claw_back(session: Session, actor: Actor, row: Contract, claim: ClawBack) -> None:
    told = {
        "claw_back": claim.id,
        "contract": row.id,
        "organization": row.organization_id,
        "amount_fen": claim.amount_fen,
        "state": claim.state.value,
        "reason": claim.reason,
        "due_on": claim.due_on.isoformat(),
    }
    transparency.publish(session, actor.community_id, "contract.claw_back", told, claim.id)
