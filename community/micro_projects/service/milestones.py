"""Handing in a milestone's evidence, and accepting it: never one's own work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from community import identity, transparency
from community.kernel import clock, events, files
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.contracts import (
    ContractStepRefused,
    EvidenceMissing,
    MilestoneNotFound,
    MilestoneStepRefused,
    NotesOpen,
    NotTheContractor,
    TooManyFiles,
)
from community.micro_projects.events import MilestoneAccepted, MilestoneSubmitted
from community.micro_projects.models import (
    Contract,
    Delivery,
    DeliveryAcceptance,
    Milestone,
    MilestoneEvidence,
)
from community.micro_projects.queries.deliveries import waiting_notes
from community.micro_projects.rules import contracts as contract_rules
from community.micro_projects.rules.contracts import ContractState
from community.micro_projects.rules.milestones import (
    LIVE,
    MOST_FILES,
    TITLES,
    MilestoneState,
    Verdict,
    check_judge,
    may_step,
)
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.service.contracts import load_contract, works_for
from community.micro_projects.service.moving import load_project, move_project

transparency.name_kinds(
    {
        "milestone.submitted": N_("项目节点提交成果"),
        "milestone.accepted": N_("项目节点验收"),
    }
)
# A contract that broke off half-way still settles what was agreed for the work done.
_DELIVERING = frozenset({ContractState.ACTIVE, ContractState.TERMINATED})


@dataclass(frozen=True, slots=True)
class DeliveryDraft:
    """What a contractor hands in: words, where and when if they say so, photos and papers."""

    words: str
    evidence: tuple[files.Ready, ...]
    place: str = ""
    happened_at: datetime | None = None


def submit_milestone(
    session: Session, actor: Actor, milestone_id: int, draft: DeliveryDraft
) -> int:
    """Hand in a milestone with its evidence; gives the delivery's id.

    The contractor's people do; an officer may for a contractor without a phone, and then another
    officer accepts. Raises: MilestoneNotFound, ContractStepRefused, MilestoneStepRefused,
    NotTheContractor, EvidenceMissing, TooManyFiles.
    """
    milestone, contract = load_milestone(session, actor, milestone_id)
    if not works_for(session, actor, contract.organization_id):
        if not actor.may(permissions.CONTRACT.code):
            raise NotTheContractor
    else:
        actor.check(permissions.DELIVER.code)
    if not draft.evidence:
        raise EvidenceMissing
    if len(draft.evidence) > MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)
    step_milestone(session, milestone, MilestoneState.SUBMITTED, delivered_on=clock.today())
    attempt = session.scalar(
        select(func.count()).where(
            Delivery.community_id == actor.community_id, Delivery.milestone_id == milestone_id
        )
    )
    row = Delivery(
        community_id=actor.community_id,
        milestone_id=milestone_id,
        attempt=int(attempt or 0) + 1,
        words=draft.words,
        place=draft.place,
        happened_at=draft.happened_at,
        submitted_by=actor.person_id,
        submitted_at=clock.now(),
    )
    session.add(row)
    session.flush()
    hashes = _keep_evidence(session, actor, row.id, draft.evidence)
    told = {
        "milestone": milestone_id,
        "contract": contract.id,
        "attempt": row.attempt,
        "evidence": hashes,
    }
    transparency.publish(session, actor.community_id, "milestone.submitted", told, milestone_id)
    events.tell(session, MilestoneSubmitted(actor.community_id, milestone_id))
    return row.id


def judge_delivery(
    session: Session, actor: Actor, delivery_id: int, verdict: Verdict, words: str
) -> None:
    """Accept a delivery, or return it with what is missing.

    Somebody else than who submitted, and nobody of the contractor. Problems noted at the site are
    answered first. Raises: MilestoneNotFound, MilestoneStepRefused, OwnWork, ContractorsOwn,
    NotesOpen.
    """
    actor.check(permissions.ACCEPT.code)
    delivery = session.get(Delivery, delivery_id)
    if delivery is None or delivery.community_id != actor.community_id:
        raise MilestoneNotFound
    milestone, contract = load_milestone(session, actor, delivery.milestone_id)
    employer = identity.employer_of(session, actor.community_id, actor.person_id or 0)
    check_judge(actor.person_id, delivery.submitted_by, employer, contract.organization_id)
    is_accepted = verdict is Verdict.ACCEPTED
    waiting = waiting_notes(session, actor.community_id, contract.id)
    if is_accepted and waiting:
        raise NotesOpen(count=waiting)
    _check_last(session, delivery)
    session.add(
        DeliveryAcceptance(
            community_id=actor.community_id,
            delivery_id=delivery_id,
            verdict=verdict,
            words=words,
            submitted_by=delivery.submitted_by,
            accepted_by=actor.person_id,
            accepted_at=clock.now(),
            accepted_on=clock.today(),
        )
    )
    session.flush()
    to = MilestoneState.ACCEPTED if is_accepted else MilestoneState.RETURNED
    step_milestone(
        session,
        milestone,
        to,
        delivered_on=milestone.delivered_on if is_accepted else None,
        accepted_on=clock.today() if is_accepted else None,
    )
    if is_accepted:
        _accepted(session, actor, milestone, contract, delivery)


def load_milestone(session: Session, actor: Actor, milestone_id: int) -> tuple[Milestone, Contract]:
    """Load a milestone of a contract that runs or is being settled.

    Raises: MilestoneNotFound, ContractStepRefused.
    """
    row = session.get(Milestone, milestone_id)
    if row is None or row.community_id != actor.community_id:
        raise MilestoneNotFound
    contract = load_contract(session, actor, row.contract_id)
    if contract.state not in _DELIVERING:
        raise ContractStepRefused(state=say(contract_rules.TITLES[contract.state]))
    return row, contract


def step_milestone(session: Session, row: Milestone, to: MilestoneState, **values: object) -> None:
    """Let a milestone go a step; of two at once one is refused.

    Raises: MilestoneStepRefused.
    """
    if not may_step(row.state, to):
        raise MilestoneStepRefused(state=say(TITLES[row.state]))
    session.flush()
    moved = session.execute(
        update(Milestone)
        .where(
            Milestone.community_id == row.community_id,
            Milestone.id == row.id,
            Milestone.state == row.state,
        )
        .values(state=to, **values)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result
        raise MilestoneStepRefused(state=say(TITLES[row.state]))
    session.refresh(row)


def all_accepted(session: Session, contract: Contract) -> bool:
    """Tell whether nothing of a contract is left to be delivered or accepted."""
    left = session.scalar(
        select(func.count()).where(
            Milestone.community_id == contract.community_id,
            Milestone.contract_id == contract.id,
            Milestone.state.in_(LIVE - {MilestoneState.ACCEPTED}),
        )
    )
    return not left


def _keep_evidence(
    session: Session, actor: Actor, delivery_id: int, evidence: tuple[files.Ready, ...]
) -> list[str]:
    """Keep each file of a delivery once, and give their hashes."""
    hashes: list[str] = []
    for each in evidence:
        if each.sha256 in hashes:
            continue
        hashes.append(each.sha256)
        session.add(
            MilestoneEvidence(
                community_id=actor.community_id,
                delivery_id=delivery_id,
                file_id=files.keep_file(session, actor, each),
                sha256=each.sha256,
            )
        )
    session.flush()
    return hashes


def _check_last(session: Session, delivery: Delivery) -> None:
    """Refuse a verdict on an attempt that was judged, or that a newer one replaced."""
    last = session.scalar(
        select(func.max(Delivery.attempt)).where(
            Delivery.community_id == delivery.community_id,
            Delivery.milestone_id == delivery.milestone_id,
        )
    )
    judged = session.scalar(
        select(DeliveryAcceptance.id).where(
            DeliveryAcceptance.community_id == delivery.community_id,
            DeliveryAcceptance.delivery_id == delivery.id,
        )
    )
    if judged is not None or last != delivery.attempt:
        row = session.get_one(Milestone, delivery.milestone_id)
        raise MilestoneStepRefused(state=say(TITLES[row.state]))


def _accepted(
    session: Session, actor: Actor, milestone: Milestone, contract: Contract, delivery: Delivery
) -> None:
    told = {
        "milestone": milestone.id,
        "contract": contract.id,
        "number": milestone.number,
        "attempt": delivery.attempt,
        "amount_fen": milestone.amount_fen,
        "accepted_by": transparency.hide(
            session, actor.community_id, f"milestone:{milestone.id}|person:{actor.person_id}"
        ),
    }
    transparency.publish(session, actor.community_id, "milestone.accepted", told, milestone.id)
    project = load_project(session, actor, contract.project_id)
    is_running = contract.state is ContractState.ACTIVE
    if is_running and project.state is ProjectState.DELIVERING and all_accepted(session, contract):
        ref = f"contract:{contract.id}"
        move_project(session, actor, contract.project_id, ProjectState.ACCEPTING, ref)
    events.tell(session, MilestoneAccepted(actor.community_id, milestone.id))
