"""A member's own sheet as its page shows it: what is judged, how, and what it waits for."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.kernel.actor import Actor
from community.micro_projects.errors.panels import SeatNotFound
from community.micro_projects.models import VentureApplication, VentureCall, VentureCriterion
from community.micro_projects.queries import award_pages
from community.micro_projects.queries.panels import OwnSheet, SeatView, own_sheet
from community.micro_projects.queries.venture_jury import jury_gaps
from community.micro_projects.rules.bids import BidState
from community.micro_projects.rules.tenders import CriterionKind
from community.micro_projects.rules.venture_applications import ApplicationState
from community.micro_projects.rules.venture_calls import CallState


@dataclass(frozen=True, slots=True)
class Entry:
    """What is marked: whose it is, and its words."""

    id: int
    number: int | None
    title: str
    whose: str
    words: str
    asked_fen: int | None = None
    matched_fen: int | None = None


@dataclass(frozen=True, slots=True)
class SheetCriterion:
    """A criterion and the most it gives, in hundredths of a point."""

    id: int
    title: str
    text: str
    most: int


@dataclass(frozen=True, slots=True)
class SheetPage:
    """All that a member needs to mark on a phone.

    `unscreened` entries and `missing` members keep everybody waiting, `pitch` the whole jury.
    """

    sheet: OwnSheet
    title: str
    is_call: bool
    is_judged: bool
    entries: tuple[Entry, ...]
    criteria: tuple[SheetCriterion, ...]
    unscreened: int
    missing: int
    waits_for_pitch: bool

    @property
    def may_mark(self) -> bool:
        """Tell whether marks are taken now."""
        return (
            self.is_judged and not self.unscreened and not self.missing and not self.waits_for_pitch
        )


def sheet_page(session: Session, actor: Actor, seat_id: int) -> SheetPage:
    """Give a member's own sheet with what it judges.

    Raises: SeatNotFound.
    """
    sheet = own_sheet(session, actor, seat_id)
    if sheet.seat.tender_id is not None:
        return _of_tender(session, actor, sheet, sheet.seat.tender_id)
    return _of_call(session, actor, sheet, sheet.seat)


def _of_tender(session: Session, actor: Actor, sheet: OwnSheet, tender_id: int) -> SheetPage:
    found = award_pages.evaluation(session, actor, tender_id)
    bids = [each for each in found.bids if each.state is BidState.VALID]
    criteria = [each for each in found.criteria if each.kind is not CriterionKind.PRICE]
    return SheetPage(
        sheet,
        found.tender.title,
        False,
        True,
        tuple(Entry(each.id, None, each.organization_name, "", each.proposal) for each in bids),
        tuple(
            SheetCriterion(each.id, each.title, each.text, each.weight * 100) for each in criteria
        ),
        sum(each.state is BidState.PENDING for each in found.bids),
        0,
        False,
    )


def _of_call(session: Session, actor: Actor, sheet: OwnSheet, seat: SeatView) -> SheetPage:
    call = session.get(VentureCall, seat.call_id or 0)
    if call is None:
        raise SeatNotFound
    here = (VentureApplication.community_id == actor.community_id,)
    rows = session.scalars(
        select(VentureApplication)
        .where(*here, VentureApplication.call_id == call.id)
        .order_by(VentureApplication.number, VentureApplication.id)
    ).all()
    shown = ApplicationState.ELIGIBLE
    names = {each.id: each.name for each in identity.organizations(session, actor.community_id)}
    criteria = session.scalars(
        select(VentureCriterion)
        .where(
            VentureCriterion.community_id == actor.community_id,
            VentureCriterion.call_id == call.id,
        )
        .order_by(VentureCriterion.number)
    )
    marked = {entry for entry, _ in sheet.marks}
    return SheetPage(
        sheet,
        call.title,
        True,
        call.state is CallState.JUDGING,
        tuple(
            Entry(
                row.id,
                row.number,
                row.title,
                row.group_name or names.get(row.organization_id, ""),
                f"{row.need}\n\n{row.plan}",
                row.asked_fen,
                row.matched_fen,
            )
            for row in rows
            if row.state is shown or row.id in marked
        ),
        tuple(SheetCriterion(row.id, row.title, row.text, row.weight_bp) for row in criteria),
        sum(row.state is ApplicationState.SUBMITTED for row in rows),
        sum(jury_gaps(session, call).values()),
        clock.now() < call.pitch_at,
    )
