"""Loading a tender under its lock and moving it along its table of steps, with a trace."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.sentences import say
from community.micro_projects.errors.tenders import TenderNotFound, TenderStateWrong
from community.micro_projects.models import Tender, TenderStep
from community.micro_projects.rules.tenders import STATE_TITLES, TenderState, may_step, phase_at


def load_tender(session: Session, actor: Actor, tender_id: int) -> Tender:
    """Load a tender of the actor's community for a command.

    Raises: TenderNotFound.
    """
    row = session.get(Tender, tender_id)
    if row is None or row.community_id != actor.community_id:
        raise TenderNotFound
    return row


def lock_tender(session: Session, actor: Actor, tender_id: int) -> Tender:
    """Load a tender and hold its row: whoever wins it reads the clock only then.

    Counting up makes an act whose snapshot is older than the last winner's start again
    (PostgreSQL). Raises: TenderNotFound.
    """
    held = session.execute(
        update(Tender)
        .where(Tender.community_id == actor.community_id, Tender.id == tender_id)
        .values(locks=Tender.locks + 1)
        .execution_options(synchronize_session=False)
    )
    if held.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result
        raise TenderNotFound
    row = session.get(Tender, tender_id, populate_existing=True)
    assert row is not None
    return row


def phase_of(row: Tender) -> TenderState:
    """Tell where a tender stands by the clock; call it under the lock."""
    return phase_at(row.state, row.opens_at, row.deadline, clock.now())


def wrong_state(row: Tender) -> TenderStateWrong:
    """Make the refusal that names where the tender stands."""
    return TenderStateWrong(state=say(STATE_TITLES[phase_of(row)]))


def move_tender(
    session: Session,
    actor: Actor,
    tender_id: int,
    to: TenderState,
    ref: str = "",
    words: str = "",
) -> None:
    """Let a tender go a step and write it into its trace; who may do so is the caller's to check.

    Raises: TenderNotFound, TenderStateWrong.
    """
    claim_step(session, actor, load_tender(session, actor, tender_id), to, ref, words)


def claim_step(
    session: Session,
    actor: Actor,
    row: Tender,
    to: TenderState,
    ref: str = "",
    words: str = "",
    **values: object,
) -> None:
    """Take a tender from the state it was read in to another.

    Raises: TenderStateWrong for a step that is not in the table, or when somebody was faster.
    """
    if not may_step(row.method, row.state, to):
        raise wrong_state(row)
    session.flush()
    moved = session.execute(
        update(Tender)
        .where(
            Tender.community_id == row.community_id,
            Tender.id == row.id,
            Tender.state == row.state,
        )
        .values(state=to, **values)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result
        raise wrong_state(row)
    session.refresh(row)
    note_step(session, actor, row, to, ref, words)


def note_step(
    session: Session, actor: Actor, row: Tender, state: TenderState, ref: str = "", words: str = ""
) -> None:
    """Write a line into a tender's trace."""
    session.add(
        TenderStep(
            community_id=row.community_id,
            tender_id=row.id,
            state=state,
            ref=ref,
            words=words,
            stepped_by=actor.person_id,
            stepped_at=clock.now(),
        )
    )
    session.flush()
