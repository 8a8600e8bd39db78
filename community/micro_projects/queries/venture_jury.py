"""The jury of a call: who sits, who is missing, and its sheets once all have signed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel.errors import NotFound
from community.micro_projects.models import PanelSeat, VentureApplication, VentureCall
from community.micro_projects.queries.panels import (
    SeatView,
    SheetView,
    read_sheets,
    view_seats,
)
from community.micro_projects.rules.panels import SeatKind, SeatState
from community.micro_projects.rules.venture_applications import ApplicationState
from community.micro_projects.rules.venture_calls import CallState, open_seats, still_decides
from community.micro_projects.rules.venture_choice import (
    Scored,
    Standing,
    rank_applications,
    seed_of,
)

# A seat whose sheet was voided stays taken: whoever sat there has marked, and nobody follows.
_TAKEN = frozenset({SeatState.SEATED, SeatState.SIGNED, SeatState.VOID})
_RANKED = (ApplicationState.ELIGIBLE, ApplicationState.CHOSEN, ApplicationState.PASSED,
           ApplicationState.NAMED, ApplicationState.DROPPED)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CallRanking:
    """The places of a call's applications, and whether enough sheets are left to decide."""

    lines: tuple[Standing, ...]
    is_quorate: bool
    seed: str


def jury_wanted(call: VentureCall) -> dict[SeatKind, int]:
    """Tell how many of each kind sit on a call's jury."""
    return {
        SeatKind.EXPERT: call.experts,
        SeatKind.RESIDENT: call.residents,
        SeatKind.OFFICIAL: call.officials,
    }


def jury_gaps(session: Session, call: VentureCall) -> dict[SeatKind, int]:
    """Tell how many seats of each kind are still to be filled."""
    taken = [row.kind for row in jury_rows(session, call) if row.state in _TAKEN]
    return open_seats(jury_wanted(call), taken)


def jury_unsigned(session: Session, call: VentureCall) -> int:
    """Count the seats from which no signed sheet came yet, empty ones among them."""
    rows = jury_rows(session, call)
    done = sum(row.state in (SeatState.SIGNED, SeatState.VOID) for row in rows)
    return sum(jury_wanted(call).values()) - done


def jury_seats(
    session: Session, community_id: int, call_id: int, *, is_desk: bool = False
) -> tuple[SeatView, ...]:
    """List a call's jurors; until the choice is posted only the desk learns who they are."""
    call = _get(session, community_id, call_id)
    told = call.state in {CallState.NOTICE, CallState.CHOSEN, CallState.CLOSED}
    rows = jury_rows(session, call)
    return view_seats(session, community_id, rows, is_desk=is_desk, told=told)


def jury_sheets(session: Session, community_id: int, call_id: int) -> tuple[SheetView, ...]:
    """Give the jury's sheets; none while anybody has still to sign."""
    call = _get(session, community_id, call_id)
    if jury_unsigned(session, call) != 0:
        return ()
    return read_sheets(session, community_id, jury_rows(session, call))


def find_call_ranking(session: Session, community_id: int, call_id: int) -> CallRanking | None:
    """Work out a call's ranking; None before every juror has signed."""
    call = _get(session, community_id, call_id)
    told = jury_sheets(session, community_id, call_id)
    if not told:
        return None
    sheets = [each for each in told if not each.is_void]
    rows = session.scalars(
        select(VentureApplication)
        .where(
            VentureApplication.community_id == community_id,
            VentureApplication.call_id == call_id,
            VentureApplication.state.in_(_RANKED),
        )
        .order_by(VentureApplication.number)
    )
    scored = [
        Scored(
            row.id,
            row.number or 0,
            row.asked_fen,
            row.matched_fen,
            tuple(
                sum(points for (entry, _), points in each.marks.items() if entry == row.id)
                for each in sheets
            ),
        )
        for row in rows
    ]
    seed = seed_of(each.sheet_hash for each in told)
    return CallRanking(
        rank_applications(scored, call.pass_hundredths, seed),
        still_decides([each.kind for each in sheets]),
        seed,
    )


def jury_rows(session: Session, call: VentureCall) -> list[PanelSeat]:
    """List the rows of a call's seats in their order."""
    found = session.scalars(
        select(PanelSeat)
        .where(PanelSeat.community_id == call.community_id, PanelSeat.call_id == call.id)
        .order_by(PanelSeat.number)
    )
    return list(found)


def _get(session: Session, community_id: int, call_id: int) -> VentureCall:
    row = session.get(VentureCall, call_id)
    if row is None or row.community_id != community_id:
        raise NotFound
    return row
