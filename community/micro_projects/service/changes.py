"""Changes of a running contract: proposed by one person, approved by another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community import transparency
from community.kernel import clock, events, files
from community.kernel.actor import Actor
from community.micro_projects import permissions
from community.micro_projects.errors.contracts import (
    ChangeDecided,
    ChangeNotFound,
    ChangeOpen,
    ContractAboveAward,
    MilestoneAmountFixed,
    SamePerson,
)
from community.micro_projects.events import ContractChanged
from community.micro_projects.models import Contract, ContractChange, Milestone
from community.micro_projects.queries.contracts import read_plan
from community.micro_projects.rules.contracts import (
    ChangeState,
    Instalment,
    check_amounts,
    check_days,
    shares_of,
    write_yuan,
)
from community.micro_projects.rules.milestones import LIVE, UNDONE
from community.micro_projects.service.contracts import hash_content, load_active


@dataclass(frozen=True, slots=True)
class ChangeDraft:
    """What is to be different: amount, end, scope, and money and day of what is not done.

    `plan` names each undone milestone by its number: (number, amount in fen, last day).
    """

    reason: str
    amount_fen: int
    ends_on: date
    scope: str
    plan: tuple[tuple[int, int, date], ...]


def propose_change(
    session: Session,
    actor: Actor,
    contract_id: int,
    draft: ChangeDraft,
    paper: files.Ready | None = None,
) -> int:
    """Propose a change of a running contract; gives its id. Nothing changes yet.

    Raises: ContractNotFound, ContractStepRefused, ChangeOpen, ContractAboveAward,
    MilestoneAmountFixed, AmountsUneven, InstalmentEmpty, DatesReversed, PlanOutOfOrder.
    """
    actor.check(permissions.CONTRACT.code)
    row = load_active(session, actor, contract_id)
    waiting = session.scalar(
        select(ContractChange.id).where(
            ContractChange.community_id == actor.community_id,
            ContractChange.contract_id == contract_id,
            ContractChange.state == ChangeState.OPEN,
        )
    )
    if waiting is not None:
        raise ChangeOpen
    _apply(row, _live(session, row), draft.amount_fen, draft.ends_on, draft.plan)
    change = ContractChange(
        community_id=actor.community_id,
        contract_id=contract_id,
        version=row.version + 1,
        state=ChangeState.OPEN,
        reason=draft.reason,
        amount_fen=draft.amount_fen,
        ends_on=draft.ends_on,
        scope=draft.scope,
        plan=[[number, fen, clock.day_number(day)] for number, fen, day in draft.plan],
        file_id=None if paper is None else files.keep_file(session, actor, paper),
        proposed_by=actor.person_id,
        proposed_at=clock.now(),
    )
    session.add(change)
    session.flush()
    return change.id


def decide_change(
    session: Session, actor: Actor, change_id: int, is_approved: bool, words: str
) -> None:
    """Approve or refuse a change somebody else proposed; approved, it holds at once.

    Raises: ChangeNotFound, SamePerson, ChangeDecided, ContractStepRefused, and as
    `propose_change` where the contract moved on meanwhile.
    """
    actor.check(permissions.APPROVE_CHANGE.code)
    change = session.get(ContractChange, change_id)
    if change is None or change.community_id != actor.community_id:
        raise ChangeNotFound
    if actor.person_id is None or actor.person_id == change.proposed_by:
        raise SamePerson
    row = load_active(session, actor, change.contract_id)
    _claim(session, actor, change, is_approved, words)
    if not is_approved:
        return
    if change.version != row.version + 1:
        raise ChangeDecided
    live = _live(session, row)
    plan = _apply(row, live, change.amount_fen, change.ends_on, read_plan(change.plan))
    for each, new in zip(live, plan, strict=True):
        each.share_bp = new.share_bp
        if each.state in UNDONE:
            each.amount_fen, each.due_on = new.amount_fen, new.due_on
    row.amount_fen, row.ends_on, row.scope = change.amount_fen, change.ends_on, change.scope
    row.version = change.version
    row.content_sha256 = hash_content(row, plan)
    session.flush()
    told = {
        "contract": row.id,
        "version": row.version,
        "amount_fen": row.amount_fen,
        "ends_on": row.ends_on.isoformat(),
        "reason": change.reason,
        "content_sha256": row.content_sha256,
    }
    transparency.publish(session, actor.community_id, "contract.changed", told, row.id)
    events.tell(session, ContractChanged(actor.community_id, row.id))


def _claim(
    session: Session, actor: Actor, change: ContractChange, is_approved: bool, words: str
) -> None:
    """Decide a change that is still open; of two at once one is refused."""
    session.flush()
    claimed = session.execute(
        update(ContractChange)
        .where(
            ContractChange.community_id == actor.community_id,
            ContractChange.id == change.id,
            ContractChange.state == ChangeState.OPEN,
        )
        .values(
            state=ChangeState.APPROVED if is_approved else ChangeState.REFUSED,
            decided_by=actor.person_id,
            decided_at=clock.now(),
            words=words,
        )
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result
        raise ChangeDecided
    session.refresh(change)


def _live(session: Session, row: Contract) -> list[Milestone]:
    return list(
        session.scalars(
            select(Milestone)
            .where(
                Milestone.community_id == row.community_id,
                Milestone.contract_id == row.id,
                Milestone.state.in_(LIVE),
            )
            .order_by(Milestone.number)
        )
    )


def _apply(
    row: Contract,
    live: list[Milestone],
    amount_fen: int,
    ends_on: date,
    plan: tuple[tuple[int, int, date], ...],
) -> tuple[Instalment, ...]:
    """Give the whole plan as it will be; what is delivered stays as it is."""
    if amount_fen > row.awarded_fen:
        raise ContractAboveAward(amount=write_yuan(amount_fen), awarded=write_yuan(row.awarded_fen))
    asked = {number: (fen, day) for number, fen, day in plan}
    undone = {each.number for each in live if each.state in UNDONE}
    if set(asked) != undone or len(asked) != len(plan):
        raise MilestoneAmountFixed
    amounts = [asked.get(each.number, (each.amount_fen, each.due_on))[0] for each in live]
    days = [asked.get(each.number, (each.amount_fen, each.due_on))[1] for each in live]
    check_amounts(amount_fen, [(each.title, fen) for each, fen in zip(live, amounts, strict=True)])
    moved = [
        (each.title, day) for each, day in zip(live, days, strict=True) if each.number in undone
    ]
    check_days(moved, row.starts_on, ends_on)
    return tuple(
        Instalment(each.title, share, fen, day, each.criteria)
        for each, share, fen, day in zip(live, shares_of(amounts), amounts, days, strict=True)
    )
