"""The pool of evaluators, lots of a tender, seats of panels and juries, their sheets of marks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import (
    Base,
    CommunityRow,
    PlainJson,
    choice,
    own_key,
    same_community,
)
from community.micro_projects.rules.panels import LotPurpose, SeatKind, SeatState, SeedSource


class Evaluator(CommunityRow, Base):
    """Somebody of the pool (评委库) from which panels are drawn."""

    __tablename__ = "evaluator"
    __table_args__ = (
        own_key(),
        UniqueConstraint("community_id", "person_id"),
        Index("ix_evaluator_kind", "community_id", "kind"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[SeatKind] = mapped_column(choice(SeatKind, "kind"))
    field: Mapped[str] = mapped_column(String(60), default="")
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


class TenderLot(CommunityRow, Base):
    """A lot (抽签): a tender's panel, which of tied bids comes first, or jurors of a call.

    The list's hash and the seed's source stand before anybody can know the seed.
    """

    __tablename__ = "tender_lot"
    __table_args__ = (
        own_key(),
        same_community("tender_id", "tender"),
        same_community("call_id", "venture_call"),
        UniqueConstraint("tender_id", "purpose", "number"),
        UniqueConstraint("call_id"),
        CheckConstraint("(tender_id IS NULL) = (call_id IS NOT NULL)", name="a_tender_or_a_call"),
        CheckConstraint("(purpose = 'jury') = (call_id IS NOT NULL)", name="a_jury_judges_a_call"),
        Index("ix_tender_lot_tender", "community_id", "tender_id"),
        CheckConstraint("(drawn_at IS NULL) = (seed IS NULL)", name="drawn_with_a_seed"),
        CheckConstraint("seed_at > listed_at", name="seed_after_the_list"),
        CheckConstraint("drawn_at >= seed_at", name="drawn_after_the_seed"),
        CheckConstraint(
            "purpose <> 'panel' OR (seats > 0 AND seats % 2 = 1 AND experts <= seats)",
            name="an_odd_panel",
        ),
        CheckConstraint("purpose = 'tie' OR candidates >= seats", name="enough_candidates"),
    )

    tender_id: Mapped[int | None]
    call_id: Mapped[int | None]
    purpose: Mapped[LotPurpose] = mapped_column(choice(LotPurpose, "purpose"))
    number: Mapped[int]
    seats: Mapped[int]
    experts: Mapped[int]
    candidates: Mapped[int]
    # How many of the pool could not be drawn, by reason.
    barred: Mapped[dict[str, Any]] = mapped_column(PlainJson)
    list_hash: Mapped[str] = mapped_column(String(64))
    listed_at: Mapped[datetime]
    listed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    record_id: Mapped[int]
    seed_source: Mapped[SeedSource] = mapped_column(choice(SeedSource, "seed_source"))
    seed_words: Mapped[str] = mapped_column(String(120), default="")
    seed_at: Mapped[datetime]
    seed: Mapped[str | None] = mapped_column(String(200))
    drawn_at: Mapped[datetime | None]
    # When the panel could no longer decide, and another was drawn.
    broken_at: Mapped[datetime | None]


class TenderLotLine(CommunityRow, Base):
    """One line of a published list: a token of the pool, or a tied bid."""

    __tablename__ = "tender_lot_line"
    __table_args__ = (
        own_key(),
        same_community("lot_id", "tender_lot"),
        same_community("bid_id", "bid"),
        UniqueConstraint("lot_id", "line"),
        UniqueConstraint("lot_id", "person_id"),
        UniqueConstraint("lot_id", "bid_id"),
        Index("ix_tender_lot_line_lot", "community_id", "lot_id"),
        CheckConstraint("(person_id IS NULL) = (bid_id IS NOT NULL)", name="a_person_or_a_bid"),
    )

    lot_id: Mapped[int]
    line: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    bid_id: Mapped[int | None]
    # The place a tied bid drew.
    place: Mapped[int | None]


class PanelSeat(CommunityRow, Base):
    """A seat (评委席位): of a tender's panel as it was drawn, or of the jury of a call."""

    __tablename__ = "panel_seat"
    __table_args__ = (
        own_key(),
        same_community("tender_id", "tender"),
        same_community("call_id", "venture_call"),
        same_community("lot_id", "tender_lot"),
        same_community("line_id", "tender_lot_line"),
        UniqueConstraint("lot_id", "number"),
        UniqueConstraint("lot_id", "person_id"),
        UniqueConstraint("call_id", "number"),
        UniqueConstraint("call_id", "person_id"),
        Index("ix_panel_seat_tender", "community_id", "tender_id", "state"),
        Index("ix_panel_seat_call", "community_id", "call_id", "state"),
        Index("ix_panel_seat_person", "community_id", "person_id"),
        CheckConstraint("(tender_id IS NULL) = (call_id IS NOT NULL)", name="a_tender_or_a_call"),
        CheckConstraint(
            "(tender_id IS NULL OR lot_id IS NOT NULL) AND (lot_id IS NULL) = (line_id IS NULL)",
            name="a_panel_is_drawn",
        ),
        CheckConstraint("kind <> 'official' OR call_id IS NOT NULL", name="officials_judge_calls"),
        CheckConstraint(
            "(state IN ('recused', 'void')) = (left_at IS NOT NULL)", name="left_at_a_moment"
        ),
        CheckConstraint("(left_at IS NULL) = (left_after IS NULL)", name="left_after_a_round"),
    )

    tender_id: Mapped[int | None]
    call_id: Mapped[int | None]
    lot_id: Mapped[int | None]
    line_id: Mapped[int | None]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[SeatKind] = mapped_column(choice(SeatKind, "kind"))
    number: Mapped[int]
    # 1 for the draw, and one more for each time a seat was filled again.
    round: Mapped[int]
    state: Mapped[SeatState] = mapped_column(choice(SeatState, "state"))
    seated_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    left_words: Mapped[str] = mapped_column(String(200), default="")
    # The last round drawn when the seat was given up.
    left_after: Mapped[int | None]


class ScoreMark(CommunityRow, Base):
    """A member's mark for a bid or an application on a criterion, in hundredths; once for each."""

    __tablename__ = "score_mark"
    __table_args__ = (
        same_community("seat_id", "panel_seat"),
        same_community("bid_id", "bid"),
        same_community("criterion_id", "tender_criterion"),
        same_community("application_id", "venture_application"),
        same_community("call_criterion_id", "venture_criterion"),
        UniqueConstraint("seat_id", "bid_id", "criterion_id"),
        UniqueConstraint("seat_id", "application_id", "call_criterion_id"),
        Index("ix_score_mark_bid", "community_id", "bid_id"),
        Index("ix_score_mark_application", "community_id", "application_id"),
        CheckConstraint(
            "(bid_id IS NULL) = (application_id IS NOT NULL)"
            " AND (bid_id IS NULL) = (criterion_id IS NULL)"
            " AND (application_id IS NULL) = (call_criterion_id IS NULL)",
            name="of_a_bid_or_an_application",
        ),
        CheckConstraint("hundredths BETWEEN 0 AND 10000", name="hundredths"),
    )

    seat_id: Mapped[int]
    bid_id: Mapped[int | None]
    criterion_id: Mapped[int | None]
    application_id: Mapped[int | None]
    call_criterion_id: Mapped[int | None]
    hundredths: Mapped[int]


class ScoreSheet(CommunityRow, Base):
    """A member's signed sheet (评分表): its marks stand; salted, its hash is in the public log."""

    __tablename__ = "score_sheet"
    __table_args__ = (
        own_key(),
        same_community("seat_id", "panel_seat"),
        UniqueConstraint("seat_id"),
        Index("ix_score_sheet_seat", "community_id", "seat_id"),
    )

    seat_id: Mapped[int]
    words: Mapped[str] = mapped_column(String(500), default="")
    salt: Mapped[bytes]
    sheet_hash: Mapped[str] = mapped_column(String(64))
    record_id: Mapped[int]
    signed_at: Mapped[datetime]


_MARK = "EXISTS (SELECT 1 FROM score_sheet s WHERE s.seat_id = {row}.seat_id)"
_FITS = (
    "EXISTS (SELECT 1 FROM panel_seat p JOIN tender t ON t.id = p.tender_id"
    " JOIN bid b ON b.tender_id = t.id JOIN tender_criterion c ON c.tender_id = t.id"
    " WHERE p.id = NEW.seat_id AND p.state = 'seated' AND b.id = NEW.bid_id"
    " AND b.state = 'valid' AND c.id = NEW.criterion_id AND c.kind <> 'price'"
    " AND NEW.hundredths <= c.weight * 100 AND t.opened_at IS NOT NULL)"
)
# A basis point of a call's criterion is a hundredth of a point.
_FITS_CALL = (
    "EXISTS (SELECT 1 FROM panel_seat p JOIN venture_call t ON t.id = p.call_id"
    " JOIN venture_application a ON a.call_id = t.id"
    " JOIN venture_criterion c ON c.call_id = t.id"
    " WHERE p.id = NEW.seat_id AND p.state = 'seated' AND a.id = NEW.application_id"
    " AND a.state = 'eligible' AND c.id = NEW.call_criterion_id"
    " AND NEW.hundredths <= c.weight_bp AND t.state = 'judging')"
)
for _event in ("INSERT", "UPDATE"):
    triggers.refuse(
        f"score_mark_fits_{_event.lower()}",
        "score_mark",
        _event,
        f"{_MARK.format(row='NEW')} OR NOT ({_FITS} OR {_FITS_CALL})",
        "a mark is given to a valid bid after the opening, or to an eligible application of a call"
        " being judged, within its criterion, before signing",
    )
triggers.refuse(
    "score_mark_kept", "score_mark", "DELETE", _MARK.format(row="OLD"), "a signed sheet stands"
)
triggers.refuse("score_sheet_kept", "score_sheet", "DELETE", "TRUE", "a signed sheet is kept")
triggers.refuse(
    "score_sheet_stands",
    "score_sheet",
    "UPDATE",
    "NEW.seat_id <> OLD.seat_id OR NEW.salt <> OLD.salt OR NEW.sheet_hash <> OLD.sheet_hash"
    " OR NEW.signed_at <> OLD.signed_at OR NEW.words NOT IN ('', OLD.words)",
    "a signed sheet stands",
)
triggers.refuse(
    "tender_lot_stands",
    "tender_lot",
    "UPDATE",
    "NEW.tender_id <> OLD.tender_id OR NEW.seats <> OLD.seats OR NEW.experts <> OLD.experts"
    " OR NEW.list_hash <> OLD.list_hash OR NEW.listed_at <> OLD.listed_at"
    " OR NEW.seed_source <> OLD.seed_source OR NEW.seed_words <> OLD.seed_words"
    " OR NEW.seed_at <> OLD.seed_at OR NEW.record_id <> OLD.record_id"
    " OR (OLD.seed IS NOT NULL AND (NEW.seed IS NULL OR NEW.seed <> OLD.seed"
    " OR NEW.drawn_at <> OLD.drawn_at))",
    "what was announced of a lot stands, and it is drawn once",
)
triggers.refuse("tender_lot_kept", "tender_lot", "DELETE", "TRUE", "a lot is kept")
triggers.refuse(
    "tender_lot_line_stands",
    "tender_lot_line",
    "UPDATE",
    "NEW.lot_id <> OLD.lot_id OR NEW.line <> OLD.line OR NEW.bid_id <> OLD.bid_id"
    " OR NEW.place <> OLD.place",
    "the list is published",
)
triggers.refuse("tender_lot_line_kept", "tender_lot_line", "DELETE", "TRUE", "the list is kept")
triggers.refuse("panel_seat_kept", "panel_seat", "DELETE", "TRUE", "a seat is kept")
triggers.refuse(
    "panel_seat_early",
    "panel_seat",
    "INSERT",
    "NOT EXISTS (SELECT 1 FROM tender_lot l WHERE l.id = NEW.lot_id"
    " AND l.tender_id = NEW.tender_id AND l.drawn_at IS NOT NULL)"
    " AND NOT EXISTS (SELECT 1 FROM venture_call c WHERE c.id = NEW.call_id"
    " AND c.state = 'judging')",
    "a seat is drawn, or of the jury of a call being judged",
)
