"""Reading what waits for the committee's key, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import identity, ledger
from community.kernel.actor import Actor
from community.trust_property.errors.matters import MatterNotFound
from community.trust_property.models import Matter
from community.trust_property.queries.fund import get_fund
from community.trust_property.rules.matters import Fact, MatterKind, MatterState

MOST = 200


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper a matter rests on."""

    title: str
    file_id: int
    sha256: str


@dataclass(frozen=True, slots=True)
class MatterView:
    """A matter as an approver sees it; `content_hash` (hexadecimal) is what the key binds to."""

    id: int
    fund_id: int
    kind: str
    title: str
    facts: tuple[Fact, ...]
    papers: tuple[PaperView, ...]
    subject_id: int | None
    amount_fen: int | None
    content_hash: str
    replaces_id: int | None
    state: MatterState
    raised_by: str
    raised_by_id: int | None
    raised_at: datetime
    approved_by: tuple[str, ...]
    approver_ids: tuple[int, ...]
    keys_needed: int
    closed_at: datetime | None
    closed_by: str
    reason: str


def matters(
    session: Session, actor: Actor, fund_id: int, state: MatterState | None = None
) -> tuple[MatterView, ...]:
    """List a fund's matters, the newest first; open ones the oldest first.

    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    chosen = select(Matter).where(
        Matter.community_id == actor.community_id, Matter.fund_id == fund_id
    )
    if state is not None:
        chosen = chosen.where(Matter.state == state)
    order = Matter.id if state is MatterState.OPEN else Matter.id.desc()
    rows = session.scalars(chosen.order_by(order).limit(MOST)).all()
    return _views(session, actor, list(rows))


def get_matter(session: Session, actor: Actor, fund_id: int, matter_id: int) -> MatterView:
    """Get a matter of a fund.

    Raises: FundNotFound, MatterNotFound.
    """
    get_fund(session, actor, fund_id)
    row = session.get(Matter, matter_id)
    if row is None or (row.community_id, row.fund_id) != (actor.community_id, fund_id):
        raise MatterNotFound
    return _views(session, actor, [row])[0]


def matters_of(
    session: Session, actor: Actor, fund_id: int, kind: MatterKind, subject_id: int
) -> tuple[MatterView, ...]:
    """List every matter about one subject, the newest first: old approvals stay visible."""
    get_fund(session, actor, fund_id)
    rows = session.scalars(
        select(Matter)
        .where(
            Matter.community_id == actor.community_id,
            Matter.fund_id == fund_id,
            Matter.kind == kind.value,
            Matter.subject_id == subject_id,
        )
        .order_by(Matter.id.desc())
    ).all()
    return _views(session, actor, list(rows))


def count_open(session: Session, actor: Actor) -> int:
    """Count what waits for a key in all funds of the community."""
    found = session.scalar(
        select(func.count())
        .select_from(Matter)
        .where(Matter.community_id == actor.community_id, Matter.state == MatterState.OPEN)
    )
    return int(found or 0)


def _views(session: Session, actor: Actor, rows: list[Matter]) -> tuple[MatterView, ...]:
    asked = [
        ledger.get_proposal(session, actor.community_id, row.proposal_id)
        for row in rows
        if row.proposal_id is not None
    ]
    approvers = {each.proposal_id: each.approved_by for each in asked}
    needed = {each.proposal_id: each.keys_needed for each in asked}
    ids = {row.raised_by for row in rows} | {row.closed_by for row in rows}
    ids |= {person_id for each in approvers.values() for person_id in each}
    known = identity.people(session, actor.community_id, {each for each in ids if each})
    names = {person_id: card.name for person_id, card in known.items()}
    return tuple(
        _view(
            row,
            approvers.get(row.proposal_id or 0, ()),
            needed.get(row.proposal_id or 0, 1),
            names,
        )
        for row in rows
    )


def _view(
    row: Matter, approvers: tuple[int, ...], keys_needed: int, names: dict[int, str]
) -> MatterView:
    return MatterView(
        row.id,
        row.fund_id,
        row.kind,
        row.title,
        tuple(Fact(name, value, before) for name, value, before in row.facts),
        tuple(PaperView(*each) for each in row.vouchers),
        row.subject_id,
        row.amount_fen,
        (row.content_hash or b"").hex(),
        row.replaces_id,
        row.state,
        names.get(row.raised_by or 0, ""),
        row.raised_by,
        row.raised_at,
        tuple(names.get(each, "") for each in approvers),
        approvers,
        keys_needed,
        row.closed_at,
        names.get(row.closed_by or 0, ""),
        row.reason,
    )
