"""Contracts: drafted on an award, signed by both sides with a scan, or given up unsigned."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from community import identity, transparency
from community.kernel import clock, events, files
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.contracts import (
    ContractAboveAward,
    ContractExists,
    ContractNotFound,
    ContractStepRefused,
    NotTheContractor,
    SideSigned,
    SignedLater,
)
from community.micro_projects.errors.surveys import SupervisorIsContractor
from community.micro_projects.events import ContractSigned
from community.micro_projects.models import Contract, ContractChange, ContractSignature, Milestone
from community.micro_projects.queries.contracting import get_contractable
from community.micro_projects.rules.contracts import (
    SIDES,
    TITLES,
    ChangeState,
    ContractableAward,
    ContractState,
    Instalment,
    PlannedMilestone,
    Side,
    check_signable,
    may_step,
    plan_instalments,
    write_yuan,
)
from community.micro_projects.rules.milestones import MilestoneState
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.rules.tenders import TenderState
from community.micro_projects.service.moving import move_project
from community.micro_projects.service.tender_steps import move_tender

transparency.name_kinds(
    {
        "contract.signed": N_("合同签订"),
        "contract.changed": N_("合同变更"),
        "contract.ended": N_("合同终止"),
    }
)


@dataclass(frozen=True, slots=True)
class ContractDraft:
    """What a contract says; `amount_fen` None is the award's whole amount."""

    title: str
    scope: str
    terms: str
    starts_on: date
    ends_on: date
    plan: tuple[PlannedMilestone, ...]
    amount_fen: int | None = None
    supervisor_id: int | None = None


def draft_contract(session: Session, actor: Actor, award_id: int, draft: ContractDraft) -> int:
    """Draft a contract on an award that stands; gives its id.

    A project whose last contract failed half-way gets its successor, linked to it.
    Raises: AwardNotFound, AwardNotReady, StandstillRunning, ContractExists, ContractAboveAward,
    SupervisorIsContractor, and as `plan_instalments`.
    """
    actor.check(permissions.CONTRACT.code)
    award = get_contractable(session, actor.community_id, award_id)
    check_signable(award, clock.now())
    _check_free(session, actor, award_id)
    amount = award.amount_fen if draft.amount_fen is None else draft.amount_fen
    if amount > award.amount_fen:
        raise ContractAboveAward(amount=write_yuan(amount), awarded=write_yuan(award.amount_fen))
    if draft.supervisor_id == award.organization_id:
        raise SupervisorIsContractor
    if draft.supervisor_id is not None:
        identity.get_organization(session, actor.community_id, draft.supervisor_id)
    plan = plan_instalments(amount, draft.plan, draft.starts_on, draft.ends_on)
    row = _contract(session, actor, award, draft, amount, plan)
    session.add(row)
    session.flush()
    for number, each in enumerate(plan, start=1):
        add_milestone(session, row, number, each)
    session.flush()
    return row.id


def sign_contract(
    session: Session,
    actor: Actor,
    contract_id: int,
    sides: tuple[Side, ...],
    signed_on: date,
    scan: files.Ready,
) -> ContractState:
    """Record that a side, or both on one paper, signed; with both the contract runs.

    The contractor's own people record their side; the community's officer may record either.
    Raises: ContractNotFound, ContractStepRefused, NotTheContractor, SideSigned, SignedLater,
    AwardNotReady, StandstillRunning.
    """
    row = load_contract(session, actor, contract_id)
    _check_signer(session, actor, row, sides)
    if row.state is not ContractState.PENDING:
        raise ContractStepRefused(state=say(TITLES[row.state]))
    if signed_on > clock.today():
        raise SignedLater
    award = get_contractable(session, actor.community_id, row.award_id)
    check_signable(award, clock.now())
    check_signable(award, clock.at(signed_on, 23, 59))
    kept = signed_sides(session, actor, contract_id)
    if set(sides) & kept:
        raise SideSigned
    file_id = files.keep_file(session, actor, scan)
    for side in sides:
        session.add(
            ContractSignature(
                community_id=actor.community_id,
                contract_id=contract_id,
                side=side,
                signed_on=signed_on,
                content_sha256=row.content_sha256,
                file_id=file_id,
                sha256=scan.sha256,
                recorded_by=actor.person_id,
                recorded_at=clock.now(),
            )
        )
    session.flush()
    if kept | set(sides) == set(SIDES):
        _begin(session, actor, row, award)
    return row.state


def cancel_contract(session: Session, actor: Actor, contract_id: int, reason: str) -> None:
    """Give up a contract that not both have signed; its award may then go to the next bidder.

    Raises: ContractNotFound, ContractStepRefused.
    """
    actor.check(permissions.CONTRACT.code)
    row = load_contract(session, actor, contract_id)
    step_contract(session, row, ContractState.CANCELLED, reason)


def load_contract(session: Session, actor: Actor, contract_id: int) -> Contract:
    """Load a contract for a command.

    Raises: ContractNotFound.
    """
    row = session.get(Contract, contract_id)
    if row is None or row.community_id != actor.community_id:
        raise ContractNotFound
    return row


def load_active(session: Session, actor: Actor, contract_id: int) -> Contract:
    """Load a contract that runs.

    Raises: ContractNotFound, ContractStepRefused.
    """
    row = load_contract(session, actor, contract_id)
    if row.state is not ContractState.ACTIVE:
        raise ContractStepRefused(state=say(TITLES[row.state]))
    return row


def step_contract(session: Session, row: Contract, to: ContractState, reason: str = "") -> None:
    """Let a contract go a step; of two at once one is refused.

    Raises: ContractStepRefused.
    """
    if not may_step(row.state, to):
        raise ContractStepRefused(state=say(TITLES[row.state]))
    session.flush()
    is_signed = to is ContractState.ACTIVE
    moved = session.execute(
        update(Contract)
        .where(
            Contract.community_id == row.community_id,
            Contract.id == row.id,
            Contract.state == row.state,
        )
        .values(
            state=to,
            signed_at=clock.now() if is_signed else row.signed_at,
            ended_at=None if is_signed else clock.now(),
            end_reason=reason,
        )
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result
        raise ContractStepRefused(state=say(TITLES[row.state]))
    session.refresh(row)
    if not is_signed:
        _lapse_changes(session, row)


def _lapse_changes(session: Session, row: Contract) -> None:
    """Let a change that waits, whoever proposed it, end with the contract."""
    session.execute(
        update(ContractChange)
        .where(
            ContractChange.community_id == row.community_id,
            ContractChange.contract_id == row.id,
            ContractChange.state == ChangeState.OPEN,
        )
        .values(state=ChangeState.LAPSED, decided_at=clock.now())
        .execution_options(synchronize_session="fetch")
    )


def add_milestone(session: Session, row: Contract, number: int, each: Instalment) -> None:
    """Add a milestone to a contract."""
    session.add(
        Milestone(
            community_id=row.community_id,
            contract_id=row.id,
            number=number,
            state=MilestoneState.PLANNED,
            title=each.title,
            criteria=each.criteria,
            share_bp=each.share_bp,
            amount_fen=each.amount_fen,
            due_on=each.due_on,
        )
    )


def hash_content(row: Contract, plan: tuple[Instalment, ...]) -> str:
    """Hash all that a contract says; its paper prints it and both signatures carry it."""
    content = {
        "amount_fen": row.amount_fen,
        "award": row.award_id,
        "ends_on": row.ends_on.isoformat(),
        "milestones": [
            [each.title, each.criteria, each.amount_fen, each.due_on.isoformat()] for each in plan
        ],
        "number": row.number,
        "party": [row.organization_id, row.party_name, row.party_code],
        "project": row.project_id,
        "scope": row.scope,
        "starts_on": row.starts_on.isoformat(),
        "terms": row.terms,
        "title": row.title,
        "version": row.version,
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def signed_sides(session: Session, actor: Actor, contract_id: int) -> set[Side]:
    """Tell which sides have signed."""
    return set(
        session.scalars(
            select(ContractSignature.side).where(
                ContractSignature.community_id == actor.community_id,
                ContractSignature.contract_id == contract_id,
            )
        )
    )


def works_for(session: Session, actor: Actor, organization_id: int | None) -> bool:
    """Tell whether the actor works for an organisation today."""
    if actor.person_id is None or organization_id is None:
        return False
    employer = identity.employer_of(session, actor.community_id, actor.person_id)
    return employer == organization_id


def _check_free(session: Session, actor: Actor, award_id: int) -> None:
    standing = session.scalar(
        select(Contract.id).where(
            Contract.community_id == actor.community_id,
            Contract.award_id == award_id,
            Contract.state != ContractState.CANCELLED,
        )
    )
    if standing is not None:
        raise ContractExists


def _contract(
    session: Session,
    actor: Actor,
    award: ContractableAward,
    draft: ContractDraft,
    amount: int,
    plan: tuple[Instalment, ...],
) -> Contract:
    last = session.scalar(
        select(func.max(Contract.number)).where(Contract.community_id == actor.community_id)
    )
    predecessor = session.scalar(
        select(func.max(Contract.id)).where(
            Contract.community_id == actor.community_id,
            Contract.project_id == award.project_id,
            Contract.state == ContractState.TERMINATED,
        )
    )
    party = identity.get_organization(session, actor.community_id, award.organization_id)
    row = Contract(
        community_id=actor.community_id,
        project_id=award.project_id,
        award_id=award.id,
        organization_id=award.organization_id,
        party_name=party.name,
        party_code=party.credit_code,
        supervisor_id=draft.supervisor_id,
        predecessor_id=predecessor,
        number=int(last or 0) + 1,
        version=1,
        state=ContractState.PENDING,
        title=draft.title,
        scope=draft.scope,
        terms=draft.terms,
        amount_fen=amount,
        awarded_fen=award.amount_fen,
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
        drafted_by=actor.person_id,
        drafted_at=clock.now(),
    )
    row.content_sha256 = hash_content(row, plan)
    return row


def _check_signer(session: Session, actor: Actor, row: Contract, sides: tuple[Side, ...]) -> None:
    if actor.may(permissions.CONTRACT.code):
        return
    actor.check(permissions.DELIVER.code)
    if set(sides) != {Side.ORGANIZATION} or not works_for(session, actor, row.organization_id):
        raise NotTheContractor


def _begin(session: Session, actor: Actor, row: Contract, award: ContractableAward) -> None:
    """Let a contract that both have signed run, and tell it."""
    step_contract(session, row, ContractState.ACTIVE)
    move_project(session, actor, row.project_id, ProjectState.DELIVERING, f"contract:{row.id}")
    if award.tender_id is not None:
        ref = f"contract:{row.id}"
        move_tender(session, actor, award.tender_id, TenderState.CONTRACTED, ref)
    told = {
        "contract": row.id,
        "number": row.number,
        "project": row.project_id,
        "award": row.award_id,
        "organization": row.organization_id,
        "amount_fen": row.amount_fen,
        "content_sha256": row.content_sha256,
        "predecessor": row.predecessor_id,
    }
    transparency.publish(session, actor.community_id, "contract.signed", told, row.id)
    events.tell(session, ContractSigned(actor.community_id, row.id))
