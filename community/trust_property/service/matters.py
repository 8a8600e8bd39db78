"""Putting a matter to the committee, and what its keys do.

Other files of this room say what happens once a kind of matter is approved or given up: `on`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock
from community.kernel.actor import Actor
from community.trust_property import permissions
from community.trust_property.errors.matters import (
    MatterClosed,
    MatterNotFound,
    MatterOpen,
    ReasonMissing,
)
from community.trust_property.models import Fund, Matter
from community.trust_property.rules.fund import Purpose
from community.trust_property.rules.keys import KeySide
from community.trust_property.rules.matters import Fact, MatterState, bound_facts
from community.trust_property.service.fund import load_fund
from community.trust_property.service.keys import check_key
from community.trust_property.service.vouchers import KeptPaper

Inner = ledger.Posting | ledger.Settlement | ledger.PolicyChange | ledger.Agreement


@dataclass(frozen=True, slots=True)
class Draft:
    """A matter as it is put to the committee: what is shown, and what is carried out."""

    kind: str
    title: str
    facts: tuple[Fact, ...]
    content: dict[str, Any] = field(default_factory=dict)
    subject_id: int | None = None
    amount_fen: int | None = None
    papers: tuple[KeptPaper, ...] = ()
    replaces_id: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a key did to a matter."""

    state: MatterState
    keys_given: int
    keys_needed: int


Approve = Callable[[Session, Actor, Matter, int | None], None]
GiveUp = Callable[[Session, Actor, Matter], None]


@dataclass(frozen=True, slots=True)
class Hooks:
    """What happens to a kind of matter: approved (with the ledger's transaction), or given up."""

    approved: Approve
    given_up: GiveUp


_hooks: dict[str, Hooks] = {}


def _nothing(session: Session, actor: Actor, matter: Matter) -> None:
    """Leave everything as it is: nothing was set aside for the matter."""


def on(kind: str, approved: Approve, given_up: GiveUp = _nothing) -> None:
    """Say what happens to a kind of matter; each file of this room does so for its own."""
    assert kind not in _hooks, f"two files answer for {kind}"
    _hooks[kind] = Hooks(approved, given_up)


def raise_matter(
    session: Session, actor: Actor, fund: Fund, draft: Draft, inner: Inner | None = None
) -> Matter:
    """Put a matter to the committee; `inner` is what the ledger carries out, if anything.

    Raises: MatterOpen when its subject is put to it already; and as `ledger.propose`.
    """
    assert fund.book_id is not None
    _check_free(session, actor, fund.id, draft)
    row = Matter(
        community_id=actor.community_id,
        fund_id=fund.id,
        kind=draft.kind,
        title=draft.title,
        facts=[[each.name, each.value, each.before] for each in draft.facts],
        content=draft.content,
        vouchers=[[each.title, each.file_id, each.sha256] for each in draft.papers],
        subject_id=draft.subject_id,
        amount_fen=draft.amount_fen,
        replaces_id=draft.replaces_id,
        state=MatterState.OPEN,
        raised_by=actor.person_id,
        raised_at=clock.now(),
    )
    session.add(row)
    session.flush()
    asked = inner or ledger.Agreement(fund.book_id, Purpose.CHANGE.value, f"matter:{row.id}")
    bound = ledger.Bound(
        asked,
        bound_facts(draft.kind, draft.title, draft.facts, draft.content),
        tuple(ledger.BoundVoucher(each.title, each.sha256) for each in draft.papers),
    )
    row.proposal_id = ledger.propose(session, actor, fund.book_id, bound, f"matter:{row.id}")
    found = ledger.get_proposal(session, actor.community_id, row.proposal_id)
    row.content_hash = found.content_hash
    session.flush()
    return row


def approve_matter(
    session: Session, actor: Actor, fund_id: int, matter_id: int, content_hash: str
) -> Outcome:
    """Turn the committee's key on what one has seen; the last key needed carries it out.

    `content_hash` is the matter's, in hexadecimal. Raises: FundNotFound, MatterNotFound,
    MatterClosed, NoKey, ledger.ProposalChanged, ledger.NotYourKey, and what carrying out raises.
    """
    actor.check(permissions.APPROVE.code)
    load_fund(session, actor, fund_id)
    row = open_matter(session, actor, fund_id, matter_id)
    check_key(session, actor, fund_id, KeySide.COMMITTEE)
    assert row.proposal_id is not None
    try:
        seen = bytes.fromhex(content_hash)
    except ValueError as error:
        raise ledger.ProposalChanged from error
    done = ledger.approve(session, actor, row.proposal_id, seen)
    if done.state is ledger.ProposalState.POSTED:
        _close(session, actor, row, MatterState.MADE, "")
        _hooks[row.kind].approved(session, actor, row, done.transaction_id)
        session.flush()
    return Outcome(row.state, done.keys_given, done.keys_needed)


def reject_matter(
    session: Session, actor: Actor, fund_id: int, matter_id: int, reason: str
) -> None:
    """Send a matter back with a reason that everybody sees.

    Raises: FundNotFound, MatterNotFound, MatterClosed, NoKey, ReasonMissing.
    """
    actor.check(permissions.APPROVE.code)
    load_fund(session, actor, fund_id)
    row = open_matter(session, actor, fund_id, matter_id)
    check_key(session, actor, fund_id, KeySide.COMMITTEE)
    if not reason.strip():
        raise ReasonMissing
    assert row.proposal_id is not None
    ledger.reject(session, actor, row.proposal_id)
    _close(session, actor, row, MatterState.REJECTED, reason)
    _hooks[row.kind].given_up(session, actor, row)
    session.flush()


def withdraw_matter(
    session: Session, actor: Actor, fund_id: int, matter_id: int, reason: str
) -> None:
    """Withdraw what the trustee put to the committee; its approvals fall away.

    Raises: FundNotFound, MatterNotFound, MatterClosed, NoKey.
    """
    actor.check(permissions.PREPARE.code)
    load_fund(session, actor, fund_id)
    row = open_matter(session, actor, fund_id, matter_id)
    check_key(session, actor, fund_id, KeySide.TRUSTEE)
    drop_matter(session, actor, row, reason)
    _hooks[row.kind].given_up(session, actor, row)
    session.flush()


def drop_matter(session: Session, actor: Actor, row: Matter, reason: str) -> None:
    """Withdraw a matter for an edit or a handover: what it stood for goes on without it."""
    assert row.proposal_id is not None
    ledger.withdraw(session, Actor.system(actor.community_id), row.proposal_id)
    _close(session, actor, row, MatterState.WITHDRAWN, reason)


def give_up(session: Session, actor: Actor, row: Matter) -> None:
    """Let the kind of a matter that was dropped undo what it had set aside."""
    _hooks[row.kind].given_up(session, actor, row)
    session.flush()


def open_matter(session: Session, actor: Actor, fund_id: int, matter_id: int) -> Matter:
    """Load a matter that waits for keys.

    Raises: MatterNotFound, MatterClosed.
    """
    row = session.get(Matter, matter_id)
    if row is None or (row.community_id, row.fund_id) != (actor.community_id, fund_id):
        raise MatterNotFound
    if row.state is not MatterState.OPEN:
        raise MatterClosed
    return row


def _check_free(session: Session, actor: Actor, fund_id: int, draft: Draft) -> None:
    if draft.subject_id is None:
        return
    waiting = select(Matter.id).where(
        Matter.community_id == actor.community_id,
        Matter.fund_id == fund_id,
        Matter.kind == draft.kind,
        Matter.subject_id == draft.subject_id,
        Matter.state == MatterState.OPEN,
    )
    if session.scalar(waiting) is not None:
        raise MatterOpen


def _close(session: Session, actor: Actor, row: Matter, state: MatterState, reason: str) -> None:
    row.state = state
    row.closed_at = clock.now()
    row.closed_by = actor.person_id
    row.reason = reason
    session.flush()
