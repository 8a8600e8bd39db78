"""Reading seats and sheets: nobody sees a mark before all have signed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity
from community.kernel.actor import Actor
from community.kernel.masks import mask_name
from community.micro_projects.errors.panels import SeatNotFound
from community.micro_projects.models import (
    Award,
    PanelSeat,
    ScoreMark,
    ScoreSheet,
)
from community.micro_projects.queries.lots import lot_lines, panel_lot, seat_rows
from community.micro_projects.rules.panels import SeatKind, SeatState


@dataclass(frozen=True, slots=True)
class SeatView:
    """A seat; who sits there is told to everybody only once the award is posted."""

    id: int
    tender_id: int | None
    call_id: int | None
    lot_id: int | None
    line: str
    name: str
    kind: SeatKind
    number: int
    round: int
    state: SeatState
    left_at: datetime | None
    left_words: str
    left_after: int | None
    signed_at: datetime | None
    sheet_hash: str
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class OwnSheet:
    """A member's own marks: (bid or application, criterion) -> hundredths."""

    seat: SeatView
    marks: dict[tuple[int, int], int]
    words: str
    is_signed: bool


@dataclass(frozen=True, slots=True)
class SheetView:
    """A signed sheet, told once all have signed."""

    seat_id: int
    number: int
    kind: SeatKind
    is_void: bool
    words: str
    salt: str
    sheet_hash: str
    marks: dict[tuple[int, int], int]


def seats_of(
    session: Session, community_id: int, tender_id: int, *, is_desk: bool = False
) -> tuple[SeatView, ...]:
    """List a tender's seats, of broken panels too; names are masked, or told to the desk.

    Until the award is posted nobody but the desk learns who sits on the panel.
    """
    rows = seat_rows(session, community_id, tender_id)
    told = is_desk or _is_posted(session, community_id, tender_id)
    return view_seats(session, community_id, rows, is_desk=is_desk, told=told)


def own_seats(session: Session, actor: Actor) -> tuple[SeatView, ...]:
    """List the seats of panels that are the actor's own, the newest first."""
    rows = session.scalars(
        select(PanelSeat)
        .where(
            PanelSeat.community_id == actor.community_id,
            PanelSeat.person_id == actor.person_id,
        )
        .order_by(PanelSeat.id.desc())
    )
    return view_seats(session, actor.community_id, list(rows), is_desk=True, told=True)


def tender_of_seat(session: Session, actor: Actor, seat_id: int) -> int:
    """Tell which tender a seat belongs to.

    Raises: SeatNotFound, for a seat of a jury too.
    """
    row = session.get(PanelSeat, seat_id)
    if row is None or row.community_id != actor.community_id or row.tender_id is None:
        raise SeatNotFound
    return row.tender_id


def own_sheet(session: Session, actor: Actor, seat_id: int) -> OwnSheet:
    """Give a member's own sheet; to nobody else, whatever they may do.

    Raises: SeatNotFound.
    """
    found = [each for each in own_seats(session, actor) if each.id == seat_id]
    if not found or actor.on_behalf_of is not None:
        raise SeatNotFound
    marks = _marks(session, actor.community_id, {seat_id})[seat_id]
    sheet = session.scalar(select(ScoreSheet).where(ScoreSheet.seat_id == seat_id))
    return OwnSheet(found[0], marks, sheet.words if sheet else "", sheet is not None)


def unsigned(session: Session, community_id: int, tender_id: int) -> int | None:
    """Count the seats from which no signed sheet came yet; None while there is no panel."""
    lot = panel_lot(session, community_id, tender_id)
    if lot is None or lot.drawn_at is None:
        return None
    rows = seat_rows(session, community_id, tender_id, lot.id)
    # A voided sheet's seat is not filled again; one left before scoring is, or stays missing.
    return lot.seats - sum(row.state in (SeatState.SIGNED, SeatState.VOID) for row in rows)


def sheets_of(session: Session, community_id: int, tender_id: int) -> tuple[SheetView, ...]:
    """Give the sheets of the panel that decides; none while anybody has still to sign."""
    if unsigned(session, community_id, tender_id) != 0:
        return ()
    lot = panel_lot(session, community_id, tender_id)
    assert lot is not None
    return read_sheets(session, community_id, seat_rows(session, community_id, tender_id, lot.id))


def read_sheets(
    session: Session, community_id: int, seats: Sequence[PanelSeat]
) -> tuple[SheetView, ...]:
    """Read the signed sheets of seats; that all have signed is the caller's to see to."""
    rows = {row.id: row for row in seats}
    sheets = session.scalars(
        select(ScoreSheet).where(ScoreSheet.seat_id.in_(rows)).order_by(ScoreSheet.seat_id)
    ).all()
    marks = _marks(session, community_id, set(rows))
    return tuple(
        SheetView(
            each.seat_id,
            rows[each.seat_id].number,
            rows[each.seat_id].kind,
            rows[each.seat_id].state is SeatState.VOID,
            each.words,
            each.salt.hex(),
            each.sheet_hash,
            marks[each.seat_id],
        )
        for each in sheets
    )


def _is_posted(session: Session, community_id: int, tender_id: int) -> bool:
    found = session.scalar(
        select(Award.id)
        .where(Award.community_id == community_id, Award.tender_id == tender_id)
        .limit(1)
    )
    return found is not None


def view_seats(
    session: Session,
    community_id: int,
    rows: Sequence[PanelSeat],
    *,
    is_desk: bool,
    told: bool,
) -> tuple[SeatView, ...]:
    """Show seats: with whole names to the desk, masked ones to others once they may be told."""
    cards = identity.people(session, community_id, {row.person_id for row in rows})
    lines = {
        line_id: line
        for lot_id in {row.lot_id for row in rows if row.lot_id is not None}
        for line_id, line in lot_lines(session, community_id, lot_id).items()
    }
    sheets = {
        each.seat_id: each
        for each in session.scalars(
            select(ScoreSheet).where(ScoreSheet.seat_id.in_({row.id for row in rows}))
        )
    }

    def name(row: PanelSeat) -> str:
        found = cards[row.person_id].name if row.person_id in cards else ""
        if is_desk:
            return found
        return mask_name(found) if told else ""

    return tuple(
        SeatView(
            row.id,
            row.tender_id,
            row.call_id,
            row.lot_id,
            lines.get(row.line_id or 0, ""),
            name(row),
            row.kind,
            row.number,
            row.round,
            row.state,
            row.left_at,
            row.left_words,
            row.left_after,
            sheets[row.id].signed_at if row.id in sheets else None,
            sheets[row.id].sheet_hash if row.id in sheets else "",
            row.person_id if is_desk else None,
        )
        for row in rows
    )


def pair_of(row: ScoreMark) -> tuple[int, int]:
    """Tell what a mark is for: bid and criterion, or application and the call's criterion."""
    return row.bid_id or row.application_id or 0, row.criterion_id or row.call_criterion_id or 0


def _marks(
    session: Session, community_id: int, seats: set[int]
) -> dict[int, dict[tuple[int, int], int]]:
    rows = session.scalars(
        select(ScoreMark).where(
            ScoreMark.community_id == community_id, ScoreMark.seat_id.in_(seats)
        )
    )
    found: dict[int, dict[tuple[int, int], int]] = defaultdict(dict)
    for row in rows:
        found[row.seat_id][pair_of(row)] = row.hundredths
    return found
