"""A member's own sheet: marks kept as they come, signed once; no other eye until all signed."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from community import transparency
from community.kernel import clock, events
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.micro_projects import permissions
from community.micro_projects.errors.awards import NotEvaluating, ReviewOpen
from community.micro_projects.errors.panels import (
    MarkOutOfRange,
    SeatLeft,
    SeatNotFound,
    SheetIncomplete,
)
from community.micro_projects.events import ScoresChanged
from community.micro_projects.models import (
    Bid,
    PanelSeat,
    ScoreMark,
    ScoreSheet,
    Tender,
    TenderCriterion,
)
from community.micro_projects.queries.panels import sheets_of
from community.micro_projects.queries.reviews import pending_bids
from community.micro_projects.rules.bids import BidState
from community.micro_projects.rules.panels import SeatState
from community.micro_projects.rules.scores import write_marks
from community.micro_projects.rules.tenders import CriterionKind, TenderState
from community.micro_projects.service.tender_steps import load_tender, lock_tender

SIGNED, SCORES = "panel.signed", "panel.scores"
SALT_LENGTH = 16

transparency.name_kinds({SIGNED: N_("评委签字（评分保密）"), SCORES: N_("评委评分公开")})


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark for a bid on a criterion, in hundredths of a point."""

    bid_id: int
    criterion_id: int
    hundredths: int


def keep_marks(session: Session, actor: Actor, seat_id: int, marks: Sequence[Mark]) -> None:
    """Keep one's own marks until they are signed; they may be changed until then.

    Raises: SeatNotFound, SeatLeft, NotEvaluating, ReviewOpen, MarkOutOfRange.
    """
    actor.check(permissions.SCORE.code)
    seat, _ = _own_seat(session, actor, seat_id)
    weights = _criteria(session, seat)
    bids = set(_valid(session, seat))
    for each in marks:
        criterion = weights.get(each.criterion_id)
        if criterion is None or each.bid_id not in bids:
            raise SeatNotFound
        if not 0 <= each.hundredths <= criterion.weight * 100:
            raise MarkOutOfRange(title=criterion.title, most=criterion.weight)
    for each in marks:
        _keep(session, seat, each)


def sign_sheet(session: Session, actor: Actor, seat_id: int, words: str = "") -> str:
    """Sign one's own sheet, once; gives its salted hash, which goes into the public log.

    When the last member signs, all sheets are told with their salts.
    Raises: SeatNotFound, SeatLeft, NotEvaluating, ReviewOpen, SheetIncomplete.
    """
    actor.check(permissions.SCORE.code)
    seat, tender = _own_seat(session, actor, seat_id)
    wanted = {(bid, each) for bid in _valid(session, seat) for each in _criteria(session, seat)}
    rows = session.scalars(
        select(ScoreMark).where(
            ScoreMark.community_id == actor.community_id, ScoreMark.seat_id == seat.id
        )
    ).all()
    marks = {(row.bid_id, row.criterion_id): row.hundredths for row in rows}
    missing = len(wanted - set(marks))
    if missing:
        raise SheetIncomplete(count=missing)
    _drop_strange(session, seat, set(marks) - wanted)
    salt = secrets.token_bytes(SALT_LENGTH)
    told = write_marks(seat.id, {pair: marks[pair] for pair in wanted})
    sheet_hash = hashlib.sha256(salt + told).hexdigest()
    record = {"tender": tender.id, "seat": seat.number, "lot": seat.lot_id, "hash": sheet_hash}
    record_id = transparency.publish(session, actor.community_id, SIGNED, record, seat.id)
    sheet = ScoreSheet(
        community_id=actor.community_id,
        seat_id=seat.id,
        words=words,
        salt=salt,
        sheet_hash=sheet_hash,
        record_id=record_id,
        signed_at=clock.now(),
    )
    session.add(sheet)
    session.flush()
    done = session.execute(
        update(PanelSeat)
        .where(PanelSeat.id == seat.id, PanelSeat.state == SeatState.SEATED)
        .values(state=SeatState.SIGNED)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result
        raise SeatLeft
    session.expire_all()
    _tell_scores(session, actor, tender.id)
    return sheet_hash


def _tell_scores(session: Session, actor: Actor, tender_id: int) -> None:
    """Publish every sheet once the last member has signed."""
    sheets = sheets_of(session, actor.community_id, tender_id)
    for each in sheets:
        told = {
            "tender": tender_id,
            "seat": each.number,
            "salt": each.salt,
            "hash": each.sheet_hash,
            "void": each.is_void,
            "marks": [
                [bid, criterion, points] for (bid, criterion), points in sorted(each.marks.items())
            ],
        }
        transparency.publish(session, actor.community_id, SCORES, told, each.seat_id)
    if sheets:
        events.tell(session, ScoresChanged(actor.community_id, tender_id))


def _own_seat(session: Session, actor: Actor, seat_id: int) -> tuple[PanelSeat, Tender]:
    row = session.get(PanelSeat, seat_id)
    mine = row is not None and row.person_id == actor.person_id and actor.on_behalf_of is None
    if row is None or row.community_id != actor.community_id or not mine:
        raise SeatNotFound
    if load_tender(session, actor, row.tender_id).state is not TenderState.EVALUATING:
        raise NotEvaluating
    tender = lock_tender(session, actor, row.tender_id)
    session.refresh(row)
    if row.state is not SeatState.SEATED:
        raise SeatLeft
    waits = pending_bids(session, actor.community_id, tender.id)
    if waits:
        raise ReviewOpen(count=waits)
    return row, tender


def _criteria(session: Session, seat: PanelSeat) -> dict[int, TenderCriterion]:
    rows = session.scalars(
        select(TenderCriterion).where(
            TenderCriterion.community_id == seat.community_id,
            TenderCriterion.tender_id == seat.tender_id,
            TenderCriterion.kind != CriterionKind.PRICE,
        )
    )
    return {row.id: row for row in rows}


def _valid(session: Session, seat: PanelSeat) -> list[int]:
    rows = session.scalars(
        select(Bid.id)
        .where(
            Bid.community_id == seat.community_id,
            Bid.tender_id == seat.tender_id,
            Bid.state == BidState.VALID,
        )
        .order_by(Bid.id)
    )
    return list(rows)


def _keep(session: Session, seat: PanelSeat, mark: Mark) -> None:
    row = session.scalar(
        select(ScoreMark).where(
            ScoreMark.seat_id == seat.id,
            ScoreMark.bid_id == mark.bid_id,
            ScoreMark.criterion_id == mark.criterion_id,
        )
    )
    if row is None:
        row = ScoreMark(
            community_id=seat.community_id,
            seat_id=seat.id,
            bid_id=mark.bid_id,
            criterion_id=mark.criterion_id,
        )
        session.add(row)
    row.hundredths = mark.hundredths
    session.flush()


def _drop_strange(session: Session, seat: PanelSeat, pairs: set[tuple[int, int]]) -> None:
    """Take marks away for bids that no longer count."""
    for bid_id, criterion_id in pairs:
        session.execute(
            delete(ScoreMark).where(
                ScoreMark.seat_id == seat.id,
                ScoreMark.bid_id == bid_id,
                ScoreMark.criterion_id == criterion_id,
            )
        )
