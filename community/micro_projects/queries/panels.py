"""Reading the pool, lots, seats and sheets: nobody sees a mark before all have signed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity
from community.kernel.actor import Actor
from community.kernel.masks import mask_name
from community.micro_projects.errors.panels import LotNotFound, SeatNotFound
from community.micro_projects.models import (
    Award,
    PanelSeat,
    ScoreMark,
    ScoreSheet,
    TenderLot,
    TenderLotLine,
)
from community.micro_projects.rules.panels import (
    LotPurpose,
    SeatKind,
    SeatState,
    SeedSource,
)


@dataclass(frozen=True, slots=True)
class LotView:
    """A lot as everybody reads it: what was announced, and what came out."""

    id: int
    tender_id: int
    purpose: LotPurpose
    number: int
    seats: int
    experts: int
    candidates: int
    barred: dict[str, int]
    list_hash: str
    listed_at: datetime
    record_id: int
    seed_source: SeedSource
    seed_words: str
    seed_at: datetime
    seed: str
    drawn_at: datetime | None
    broken_at: datetime | None
    lines: tuple[str, ...]


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


def lots_of(session: Session, community_id: int, tender_id: int) -> tuple[LotView, ...]:
    """List a tender's lots, the first first."""
    rows = session.scalars(
        select(TenderLot)
        .where(TenderLot.community_id == community_id, TenderLot.tender_id == tender_id)
        .order_by(TenderLot.id)
    )
    return tuple(_lot(session, row) for row in rows)


def get_lot(session: Session, community_id: int, lot_id: int) -> LotView:
    """Give a lot.

    Raises: LotNotFound.
    """
    row = session.get(TenderLot, lot_id)
    if row is None or row.community_id != community_id:
        raise LotNotFound
    return _lot(session, row)


def panel_lot(session: Session, community_id: int, tender_id: int) -> LotView | None:
    """Find the lot of the panel that decides: the last one that is not broken."""
    found = [
        each
        for each in lots_of(session, community_id, tender_id)
        if each.purpose is LotPurpose.PANEL and each.broken_at is None
    ]
    return found[-1] if found else None


def draw_file(session: Session, community_id: int, lot_id: int) -> dict[str, Any]:
    """Give all that anybody needs to repeat a lot: list, seed, seats, and what came out.

    Raises: LotNotFound.
    """
    lot = get_lot(session, community_id, lot_id)
    rounds = []
    rows = _seat_rows(session, community_id, lot.tender_id, lot_id)
    lines = _lines(session, community_id, lot_id)
    for number in sorted({row.round for row in rows}):
        before = [row for row in rows if row.round < number]
        gone = {row.id for row in before if row.left_after is not None and row.left_after < number}
        rounds.append(
            {
                "kept": [lines[row.line_id or 0] for row in before if row.id not in gone],
                "left": [lines[row.line_id or 0] for row in before if row.id in gone],
                "drawn": [lines[row.line_id or 0] for row in rows if row.round == number],
            }
        )
    return {
        "format": "community-tender-lot/v1",
        "tender": lot.tender_id,
        "purpose": lot.purpose.value,
        "lines": list(lot.lines),
        "list_hash": lot.list_hash,
        "seed": lot.seed,
        "seed_source": lot.seed_source.value,
        "seed_words": lot.seed_words,
        "seats": lot.seats,
        "experts": lot.experts,
        "rounds": rounds,
    }


def seats_of(
    session: Session, community_id: int, tender_id: int, *, is_desk: bool = False
) -> tuple[SeatView, ...]:
    """List a tender's seats, of broken panels too; names are masked, or told to the desk.

    Until the award is posted nobody but the desk learns who sits on the panel.
    """
    rows = _seat_rows(session, community_id, tender_id)
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
    rows = _seat_rows(session, community_id, tender_id, lot.id)
    # A voided sheet's seat is not filled again; one left before scoring is, or stays missing.
    return lot.seats - sum(row.state in (SeatState.SIGNED, SeatState.VOID) for row in rows)


def sheets_of(session: Session, community_id: int, tender_id: int) -> tuple[SheetView, ...]:
    """Give the sheets of the panel that decides; none while anybody has still to sign."""
    if unsigned(session, community_id, tender_id) != 0:
        return ()
    lot = panel_lot(session, community_id, tender_id)
    assert lot is not None
    return read_sheets(session, community_id, _seat_rows(session, community_id, tender_id, lot.id))


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


def tie_order(session: Session, community_id: int, tender_id: int) -> dict[int, int]:
    """Give the places that lots gave to tied bids."""
    found: dict[int, int] = {}
    for lot in lots_of(session, community_id, tender_id):
        if lot.purpose is LotPurpose.TIE and lot.drawn_at is not None:
            rows = session.execute(
                select(TenderLotLine.bid_id, TenderLotLine.place).where(
                    TenderLotLine.community_id == community_id, TenderLotLine.lot_id == lot.id
                )
            )
            found |= {bid_id: place for bid_id, place in rows if bid_id and place}
    return found


def _is_posted(session: Session, community_id: int, tender_id: int) -> bool:
    found = session.scalar(
        select(Award.id)
        .where(Award.community_id == community_id, Award.tender_id == tender_id)
        .limit(1)
    )
    return found is not None


def _seat_rows(
    session: Session, community_id: int, tender_id: int, lot_id: int | None = None
) -> list[PanelSeat]:
    chosen = select(PanelSeat).where(
        PanelSeat.community_id == community_id, PanelSeat.tender_id == tender_id
    )
    if lot_id is not None:
        chosen = chosen.where(PanelSeat.lot_id == lot_id)
    return list(session.scalars(chosen.order_by(PanelSeat.lot_id, PanelSeat.number)))


def _lines(session: Session, community_id: int, lot_id: int) -> dict[int, str]:
    rows = session.execute(
        select(TenderLotLine.id, TenderLotLine.line).where(
            TenderLotLine.community_id == community_id, TenderLotLine.lot_id == lot_id
        )
    )
    return {line_id: line for line_id, line in rows}  # noqa: C416  mypy wants the pair unpacked


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
        for line_id, line in _lines(session, community_id, lot_id).items()
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


def _lot(session: Session, row: TenderLot) -> LotView:
    lines = _lines(session, row.community_id, row.id)
    return LotView(
        row.id,
        row.tender_id,
        row.purpose,
        row.number,
        row.seats,
        row.experts,
        row.candidates,
        {name: int(count) for name, count in row.barred.items()},
        row.list_hash,
        row.listed_at,
        row.record_id,
        row.seed_source,
        row.seed_words,
        row.seed_at,
        row.seed or "",
        row.drawn_at,
        row.broken_at,
        tuple(sorted(lines.values())),
    )
