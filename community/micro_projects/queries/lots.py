"""Reading a tender's lots: what was announced, what came out, and how to repeat it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.micro_projects.errors.panels import LotNotFound
from community.micro_projects.models import PanelSeat, TenderLot, TenderLotLine
from community.micro_projects.rules.panels import LotPurpose, SeatState, SeedSource


@dataclass(frozen=True, slots=True)
class LotView:
    """A lot as everybody reads it: what was announced, and what came out."""

    id: int
    tender_id: int | None
    call_id: int | None
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


def lots_of(session: Session, community_id: int, tender_id: int) -> tuple[LotView, ...]:
    """List a tender's lots, the first first."""
    rows = session.scalars(
        select(TenderLot)
        .where(TenderLot.community_id == community_id, TenderLot.tender_id == tender_id)
        .order_by(TenderLot.id)
    )
    return tuple(view_lot(session, row) for row in rows)


def get_lot(session: Session, community_id: int, lot_id: int) -> LotView:
    """Give a lot.

    Raises: LotNotFound.
    """
    row = session.get(TenderLot, lot_id)
    if row is None or row.community_id != community_id:
        raise LotNotFound
    return view_lot(session, row)


def panel_lot(session: Session, community_id: int, tender_id: int) -> LotView | None:
    """Find the lot of the panel that decides: the last one that is not broken."""
    found = [
        each
        for each in lots_of(session, community_id, tender_id)
        if each.purpose is LotPurpose.PANEL and each.broken_at is None
    ]
    return found[-1] if found else None


def community_of_lot(session: Session, lot_id: int) -> int:
    """Tell whose a lot is, for the command line.

    Raises: LotNotFound.
    """
    row = session.get(TenderLot, lot_id)
    if row is None:
        raise LotNotFound
    return row.community_id


def draw_file(session: Session, community_id: int, lot_id: int) -> dict[str, Any]:
    """Give all that anybody needs to repeat a lot: list, seed, seats, and what came out.

    Raises: LotNotFound.
    """
    lot = get_lot(session, community_id, lot_id)
    told = _tie_rounds if lot.purpose is LotPurpose.TIE else _panel_rounds
    rounds = told(session, community_id, lot)
    return {
        "format": "community-tender-lot/v1",
        **({"tender": lot.tender_id} if lot.call_id is None else {"call": lot.call_id}),
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


def _panel_rounds(session: Session, community_id: int, lot: LotView) -> list[dict[str, list[str]]]:
    """Tell what each round of a panel's lot drew, and who sat or had left before it."""
    rows = seat_rows(session, community_id, lot.tender_id, lot.id)
    lines = lot_lines(session, community_id, lot.id)
    rounds = []
    for number in sorted({row.round for row in rows}):
        before = [row for row in rows if row.round < number]
        # Whoever left after signing keeps the seat taken: nobody follows there.
        gone = {
            row.id
            for row in before
            if row.state is SeatState.RECUSED
            and row.left_after is not None
            and row.left_after < number
        }
        rounds.append(
            {
                "kept": [lines[row.line_id or 0] for row in before if row.id not in gone],
                "left": [lines[row.line_id or 0] for row in before if row.id in gone],
                "drawn": [lines[row.line_id or 0] for row in rows if row.round == number],
            }
        )
    return rounds


def _tie_rounds(session: Session, community_id: int, lot: LotView) -> list[dict[str, list[str]]]:
    """Tell in which order a tie's lot put the bids; nothing before it is drawn."""
    rows = session.execute(
        select(TenderLotLine.line)
        .where(
            TenderLotLine.community_id == community_id,
            TenderLotLine.lot_id == lot.id,
            TenderLotLine.place.is_not(None),
        )
        .order_by(TenderLotLine.place)
    )
    order = [line for (line,) in rows]
    return [{"kept": [], "left": [], "drawn": order}] if order else []


def seat_rows(
    session: Session, community_id: int, tender_id: int | None, lot_id: int | None = None
) -> list[PanelSeat]:
    """Load the seats of a tender, or of one lot, in their order; a call's lot has no tender."""
    chosen = select(PanelSeat).where(
        PanelSeat.community_id == community_id, PanelSeat.tender_id == tender_id
    )
    if lot_id is not None:
        chosen = chosen.where(PanelSeat.lot_id == lot_id)
    return list(session.scalars(chosen.order_by(PanelSeat.lot_id, PanelSeat.number)))


def lot_lines(session: Session, community_id: int, lot_id: int) -> dict[int, str]:
    """Give the lines of a lot's list by their ids."""
    rows = session.execute(
        select(TenderLotLine.id, TenderLotLine.line).where(
            TenderLotLine.community_id == community_id, TenderLotLine.lot_id == lot_id
        )
    )
    return {line_id: line for line_id, line in rows}  # noqa: C416  mypy wants the pair unpacked


def view_lot(session: Session, row: TenderLot) -> LotView:
    """Tell a lot as everybody reads it."""
    lines = lot_lines(session, row.community_id, row.id)
    return LotView(
        row.id,
        row.tender_id,
        row.call_id,
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
