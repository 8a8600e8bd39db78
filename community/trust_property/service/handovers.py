"""Handover: one side's keys end at one moment, what is open is listed for both signatures."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.kernel.actor import Actor
from community.trust_property import permissions
from community.trust_property.errors.handovers import (
    HandoverConfirmed,
    HandoverNotFound,
    NobodyTakesOver,
)
from community.trust_property.errors.keys import NoKey
from community.trust_property.models import Fund, Handover, KeyHolder, Matter, SpendingRequest
from community.trust_property.queries.handovers import open_items
from community.trust_property.queries.keys import find_key
from community.trust_property.rules.keys import KeySide
from community.trust_property.rules.matters import Fact, MatterKind, MatterState
from community.trust_property.rules.spending import RequestState
from community.trust_property.service import matters, spending
from community.trust_property.service.fund import load_fund
from community.trust_property.service.keys import SIDE_NAMES, add_holder, end_holder
from community.trust_property.service.publishing import hidden_person, publish
from community.trust_property.service.vouchers import KeptPaper, Paper, keep_papers

REASON = "持钥人交接，须由新的持钥人重新办理"


def hand_over(
    session: Session,
    actor: Actor,
    fund_id: int,
    side: KeySide,
    person_ids: tuple[int, ...],
    reference: str,
    trustee_id: int | None = None,
) -> int:
    """End all keys of a side now, give them to others, and list what is open; gives its id.

    With another property firm (`trustee_id`) the fund is entrusted to that firm. What waits for
    keys goes back: approvals of the old side count for nothing.
    Raises: FundNotFound, FundClosed, NobodyTakesOver, NotFound, RoleMissing, NotOfTheTrustee,
    HoldsBothKeys.
    """
    actor.check(permissions.FOUND.code)
    fund = load_fund(session, actor, fund_id)
    if not person_ids:
        raise NobodyTakesOver
    listed = open_items(session, actor, fund_id)
    ended = _end_keys(session, actor, fund_id, side)
    _send_back(session, actor, fund)
    if trustee_id is not None and side is KeySide.TRUSTEE:
        identity.get_organization(session, actor.community_id, trustee_id)
        fund.trustee_id = trustee_id
        session.flush()
    begun = [
        add_holder(session, actor, fund, side, person_id, reference)
        for person_id in dict.fromkeys(person_ids)
    ]
    row = Handover(
        community_id=actor.community_id,
        fund_id=fund_id,
        side=side,
        reference=reference,
        handed_at=clock.now(),
        handed_by=actor.person_id,
        ended=ended,
        begun=begun,
        open_items=[[each.kind, each.title, each.amount_fen] for each in listed],
    )
    session.add(row)
    session.flush()
    _publish(session, actor, row)
    return row.id


def confirm_handover(session: Session, actor: Actor, fund_id: int, handover_id: int) -> None:
    """Let one who took over confirm the list of what is open.

    Raises: FundNotFound, HandoverNotFound, HandoverConfirmed, NoKey.
    """
    actor.check(permissions.READ.code)
    load_fund(session, actor, fund_id)
    row = _handover(session, actor, fund_id, handover_id)
    if find_key(session, actor, fund_id) is not row.side:
        raise NoKey(side=SIDE_NAMES[row.side])
    if row.confirmed_at is not None:
        raise HandoverConfirmed
    row.confirmed_at, row.confirmed_by = clock.now(), actor.person_id
    session.flush()
    _publish(session, actor, row)


def keep_signed_handover(
    session: Session, actor: Actor, fund_id: int, handover_id: int, paper: Paper
) -> None:
    """Keep the scan of the list that both sides signed.

    Raises: FundNotFound, HandoverNotFound, HandoverConfirmed.
    """
    actor.check(permissions.FOUND.code)
    load_fund(session, actor, fund_id)
    row = _handover(session, actor, fund_id, handover_id)
    if row.signed_at is not None:
        raise HandoverConfirmed
    kept = keep_papers(session, actor, (paper,))[0]
    row.signed_at, row.signed_sha256, row.signed_file_id = clock.now(), kept.sha256, kept.file_id
    session.flush()
    _publish(session, actor, row)


def _handover(session: Session, actor: Actor, fund_id: int, handover_id: int) -> Handover:
    row = session.get(Handover, handover_id)
    if row is None or (row.community_id, row.fund_id) != (actor.community_id, fund_id):
        raise HandoverNotFound
    return row


def _end_keys(session: Session, actor: Actor, fund_id: int, side: KeySide) -> list[int]:
    rows = session.scalars(
        select(KeyHolder)
        .where(
            KeyHolder.community_id == actor.community_id,
            KeyHolder.fund_id == fund_id,
            KeyHolder.side == side,
            or_(KeyHolder.until_at.is_(None), KeyHolder.until_at > clock.now()),
        )
        .order_by(KeyHolder.id)
    ).all()
    for row in rows:
        end_holder(session, actor, row)
    return [row.id for row in rows]


def _send_back(session: Session, actor: Actor, fund: Fund) -> None:
    """Void every open matter: its author or an approver may be among those who leave."""
    rows = session.scalars(
        select(Matter)
        .where(
            Matter.community_id == actor.community_id,
            Matter.fund_id == fund.id,
            Matter.state == MatterState.OPEN,
        )
        .order_by(Matter.id)
    ).all()
    for row in rows:
        matters.drop_matter(session, actor, row, REASON)
        if row.kind == MatterKind.SPEND:
            request = session.get_one(SpendingRequest, row.subject_id)
            spending.step(session, actor, request, RequestState.RETURNED, REASON)
        elif row.kind == MatterKind.RATIFY:
            # The money is spent: it must be ratified or paid back, whoever holds the keys.
            request = session.get_one(SpendingRequest, row.subject_id)
            request.matter_id = _raise_again(session, actor, fund, row)
            session.flush()
        else:
            matters.give_up(session, actor, row)


def _raise_again(session: Session, actor: Actor, fund: Fund, row: Matter) -> int:
    draft = matters.Draft(
        row.kind,
        row.title,
        tuple(Fact(*each) for each in row.facts),
        row.content,
        row.subject_id,
        row.amount_fen,
        tuple(KeptPaper(*each) for each in row.vouchers),
        row.id,
    )
    system = Actor.system(actor.community_id)
    return matters.raise_matter(session, system, fund, draft).id


def _publish(session: Session, actor: Actor, row: Handover) -> None:
    fields = {
        "fund": row.fund_id,
        "handover": row.id,
        "side": row.side.value,
        "reference": row.reference,
        "handed_at": clock.micros(row.handed_at),
        "ended": row.ended,
        "begun": row.begun,
        "open_items": len(row.open_items),
        "confirmed_by": hidden_person(session, actor, row.confirmed_by),
        "signed_sha256": row.signed_sha256,
    }
    publish(session, actor, "handover", fields)
