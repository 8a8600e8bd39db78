"""Do awards, lots, panels and sheets keep what they promise? Told from rows alone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.kernel.lots import hash_candidates, rank
from community.micro_projects.models import (
    Award,
    AwardHold,
    Bid,
    Complaint,
    PanelSeat,
    ScoreMark,
    ScoreSheet,
    Tender,
    TenderLot,
    TenderLotLine,
)
from community.micro_projects.queries.lots import draw_file
from community.micro_projects.queries.panels import pair_of
from community.micro_projects.rules.awards import STANDING, AwardState
from community.micro_projects.rules.bids import BidState
from community.micro_projects.rules.panels import LotPurpose, SeatState, fill_seats, read_line
from community.micro_projects.rules.scores import write_marks
from community.micro_projects.rules.tenders import TenderMethod


def problems(session: Session) -> list[str]:
    """List what is wrong with awards, lots and sheets."""
    return [*_awards(session), *_lots(session), *_sheets(session)]


def _awards(session: Session) -> list[str]:
    found = []
    rows = session.execute(
        select(Award, Bid, Tender)
        .join(Bid, Bid.id == Award.bid_id)
        .join(Tender, Tender.id == Award.tender_id)
        .order_by(Award.id)
    )
    for award, bid, tender in rows:
        if award.state in STANDING and bid.state is not BidState.VALID:
            found.append(f"award {award.id} stands on a bid that is {bid.state.value}")
        if bid.price_fen != award.amount_fen or bid.organization_id != award.organization_id:
            found.append(f"award {award.id} is not what bid {bid.id} offered")
        is_sealed = tender.method is not TenderMethod.QUOTATION
        if is_sealed and (tender.opened_at is None or award.noticed_at < tender.opened_at):
            found.append(f"award {award.id} was given before the opening")
    for award in session.scalars(select(Award).where(Award.state == AwardState.ACTIVE)):
        found += _final(session, award)
    return found


def _final(session: Session, award: Award) -> list[str]:
    assert award.final_at is not None, "a constraint holds this"
    held = session.scalar(
        select(AwardHold.amount_fen).where(
            AwardHold.community_id == award.community_id, AwardHold.award_id == award.id
        )
    )
    late = session.scalar(
        select(func.count()).where(
            Complaint.award_id == award.id,
            Complaint.is_blocking,
            Complaint.made_at <= award.final_at,
            Complaint.answered_at > award.final_at,
        )
    )
    found = []
    if held != award.amount_fen:
        found.append(f"award {award.id} is final, and not its whole amount was set aside")
    if award.standstill_until is not None and award.final_at < award.standstill_until:
        found.append(f"award {award.id} became final inside its standstill")
    if late:
        found.append(f"award {award.id} became final before an objection was answered")
    return found


def _lots(session: Session) -> list[str]:
    found = []
    for lot in session.scalars(select(TenderLot).order_by(TenderLot.id)):
        rows = session.scalars(select(TenderLotLine).where(TenderLotLine.lot_id == lot.id))
        lines = {row.line: row for row in rows}
        if hash_candidates(list(lines)) != lot.list_hash:
            found.append(f"lot {lot.id}: the list does not have the published hash")
        if lot.seed is None:
            continue
        order = rank(lot.seed.encode(), list(lines))
        if lot.purpose is not LotPurpose.TIE:
            found += _rounds(session, lot, order)
        elif [lines[line].place for line in order] != list(range(1, len(order) + 1)):
            found.append(f"lot {lot.id}: the places are not what the seed gives")
    return found


def _rounds(session: Session, lot: TenderLot, order: Sequence[str]) -> list[str]:
    """Draw every round of a panel again."""
    found = []
    told = draw_file(session, lot.community_id, lot.id)
    candidates = [read_line(line) for line in order]
    for number, one in enumerate(told["rounds"], 1):
        kept, left = ([read_line(line).token for line in one[name]] for name in ("kept", "left"))
        again = fill_seats(candidates, lot.seats, lot.experts, kept, left) or ()
        if [each.line for each in again] != one["drawn"]:
            found.append(f"lot {lot.id}: round {number} gives others")
    return found


def _sheets(session: Session) -> list[str]:
    found = []
    rows = session.execute(
        select(ScoreSheet, PanelSeat).join(PanelSeat, PanelSeat.id == ScoreSheet.seat_id)
    )
    for sheet, seat in rows:
        marks = {
            pair_of(row): row.hundredths
            for row in session.scalars(select(ScoreMark).where(ScoreMark.seat_id == seat.id))
        }
        told = hashlib.sha256(sheet.salt + write_marks(seat.id, marks)).hexdigest()
        if told != sheet.sheet_hash:
            found.append(f"sheet of seat {seat.id} is not what was signed")
        if seat.state not in {SeatState.SIGNED, SeatState.VOID}:
            found.append(f"seat {seat.id} has a signed sheet and is {seat.state.value}")
    return found
