"""What decides who does the work: reviews, low prices, awards, objections and complaints."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
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
from community.micro_projects.rules.awards import AWARD_STEPS, AwardState, DirectGround
from community.micro_projects.rules.complaints import (
    ComplaintGround,
    ComplaintKind,
    ComplaintState,
    Remedy,
)
from community.micro_projects.rules.states import steps_sql
from community.micro_projects.rules.tenders import TenderMethod


class BidReview(CommunityRow, Base):
    """Whether a bid meets what the tender demands (符合性审查), and why not; the last counts."""

    __tablename__ = "bid_review"
    __table_args__ = (
        own_key(),
        same_community("bid_id", "bid"),
        Index("ix_bid_review_bid", "community_id", "bid_id", "id"),
        CheckConstraint("is_responsive OR reason <> ''", name="disqualified_for_a_reason"),
    )

    bid_id: Mapped[int]
    is_responsive: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(300), default="")
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reviewed_at: Mapped[datetime]


triggers.append_only("bid_review")


class LowPriceQuery(CommunityRow, Base):
    """That a bidder was asked to explain an abnormally low price, the answer and the decision."""

    __tablename__ = "low_price_query"
    __table_args__ = (
        own_key(),
        same_community("bid_id", "bid"),
        UniqueConstraint("bid_id"),
        Index("ix_low_price_query_bid", "community_id", "bid_id"),
        CheckConstraint("(decided_at IS NULL) = (is_accepted IS NULL)", name="decided_at_a_moment"),
        CheckConstraint(
            "is_accepted IS NULL OR NOT is_accepted OR answered_at IS NOT NULL",
            name="accepted_with_an_answer",
        ),
    )

    bid_id: Mapped[int]
    # The other compliant prices it was measured against, in fen.
    others: Mapped[list[Any]] = mapped_column(PlainJson)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    answer: Mapped[str] = mapped_column(String(1_000), default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    is_accepted: Mapped[bool | None]
    decision: Mapped[str] = mapped_column(String(300), default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]


class Award(CommunityRow, Base):
    """Who is to do the work (中选结果) and for how much; of a tender's bid, or given directly.

    An objection before `standstill_until` blocks the contract. `closed_at` tells that its contract
    broke off and the project may find a successor.
    """

    __tablename__ = "award"
    __table_args__ = (
        own_key(),
        same_community("project_id", "project"),
        same_community("tender_id", "tender"),
        same_community("bid_id", "bid"),
        Index("ix_award_project", "community_id", "project_id"),
        Index("ix_award_organization", "community_id", "organization_id"),
        Index("ix_award_state", "community_id", "state", "standstill_until"),
        Index(
            "uq_award_standing_tender",
            "community_id",
            "tender_id",
            unique=True,
            sqlite_where=text("state IN ('pending', 'active') AND tender_id IS NOT NULL"),
            postgresql_where=text("state IN ('pending', 'active') AND tender_id IS NOT NULL"),
        ),
        Index(
            "uq_award_standing_project",
            "community_id",
            "project_id",
            unique=True,
            sqlite_where=text("state IN ('pending', 'active') AND closed_at IS NULL"),
            postgresql_where=text("state IN ('pending', 'active') AND closed_at IS NULL"),
        ),
        CheckConstraint("amount_fen > 0", name="amount_is_positive"),
        CheckConstraint("(tender_id IS NULL) = (method = 'direct')", name="direct_has_no_tender"),
        CheckConstraint("(tender_id IS NULL) = (bid_id IS NULL)", name="a_tender_has_a_bid"),
        CheckConstraint("(ground IS NULL) = (method <> 'direct')", name="direct_has_a_ground"),
        CheckConstraint("reason <> ''", name="a_public_reason"),
        CheckConstraint("state <> 'active' OR final_at IS NOT NULL", name="final_at_a_moment"),
        CheckConstraint(
            "(state IN ('cancelled', 'refused')) = (ended_at IS NOT NULL)", name="ended_at_a_moment"
        ),
    )

    project_id: Mapped[int]
    tender_id: Mapped[int | None]
    bid_id: Mapped[int | None]
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    method: Mapped[TenderMethod] = mapped_column(choice(TenderMethod, "method"))
    amount_fen: Mapped[int]
    state: Mapped[AwardState] = mapped_column(choice(AwardState, "state"))
    # The bid's place in the ranking; 1 where there was none.
    place: Mapped[int]
    ground: Mapped[DirectGround | None] = mapped_column(choice(DirectGround, "ground"))
    reason: Mapped[str] = mapped_column(String(300))
    # Earlier small jobs of the same kind at the same place, and why this is not one job split.
    near_jobs: Mapped[list[Any]] = mapped_column(PlainJson)
    split_words: Mapped[str] = mapped_column(String(300), default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    noticed_at: Mapped[datetime]
    standstill_until: Mapped[datetime | None]
    final_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_words: Mapped[str] = mapped_column(String(300), default="")
    closed_at: Mapped[datetime | None]


# The jury of a call decides who does a venture project, and nobody else.
triggers.refuse(
    "award_of_a_call",
    "award",
    "INSERT",
    "(NEW.ground IS NOT NULL AND NEW.ground = 'call') <> EXISTS (SELECT 1 FROM project p"
    " WHERE p.id = NEW.project_id AND p.funding = 'venture')",
    "a venture project is done by whom its call chose",
)


class Complaint(CommunityRow, Base):
    """An objection (异议) to the community, or a complaint (投诉) to the street after it."""

    __tablename__ = "complaint"
    __table_args__ = (
        own_key(),
        same_community("tender_id", "tender"),
        same_community("award_id", "award"),
        same_community("after_id", "complaint"),
        UniqueConstraint("after_id"),
        Index("ix_complaint_award", "community_id", "award_id", "state"),
        Index("ix_complaint_state", "community_id", "state", "due_on"),
        Index("ix_complaint_person", "community_id", "made_by"),
        CheckConstraint(
            "tender_id IS NOT NULL OR award_id IS NOT NULL", name="against_a_tender_or_an_award"
        ),
        CheckConstraint("(kind = 'complaint') = (after_id IS NOT NULL)", name="objection_first"),
        CheckConstraint(
            "(state IN ('upheld', 'rejected')) = (answered_at IS NOT NULL)",
            name="answered_at_a_moment",
        ),
        CheckConstraint("(state = 'upheld') = (remedy IS NOT NULL)", name="upheld_with_a_remedy"),
        CheckConstraint("answered_by <> made_by", name="another_answers"),
    )

    kind: Mapped[ComplaintKind] = mapped_column(choice(ComplaintKind, "kind"))
    tender_id: Mapped[int | None]
    award_id: Mapped[int | None]
    # The objection that a complaint follows.
    after_id: Mapped[int | None]
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ground: Mapped[ComplaintGround] = mapped_column(choice(ComplaintGround, "ground"))
    # Emptied only when the writer's data is erased.
    words: Mapped[str] = mapped_column(String(1_000))
    made_at: Mapped[datetime]
    due_on: Mapped[date]
    # Made inside the standstill, so that it blocks the contract until it is answered.
    is_blocking: Mapped[bool]
    state: Mapped[ComplaintState] = mapped_column(choice(ComplaintState, "state"))
    remedy: Mapped[Remedy | None] = mapped_column(choice(Remedy, "remedy"))
    answer: Mapped[str] = mapped_column(String(1_000), default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]


_VALID_BID = (
    "EXISTS (SELECT 1 FROM bid b JOIN tender t ON t.id = b.tender_id WHERE b.id = NEW.bid_id"
    " AND b.tender_id = NEW.tender_id AND b.state = 'valid' AND b.price_fen = NEW.amount_fen"
    " AND b.organization_id = NEW.organization_id AND t.project_id = NEW.project_id"
    " AND (t.method = 'quotation' OR t.opened_at IS NOT NULL))"
)
triggers.refuse(
    "award_valid_bid",
    "award",
    "INSERT",
    f"NEW.tender_id IS NOT NULL AND NOT {_VALID_BID}",
    "an award is given on a valid bid, for its price",
)
triggers.refuse(
    "award_stays_valid",
    "award",
    "UPDATE OF state",
    f"NEW.state IN ('pending', 'active') AND NEW.tender_id IS NOT NULL AND NOT {_VALID_BID}",
    "an award is given on a valid bid, for its price",
)
triggers.refuse(
    "award_steps",
    "award",
    "UPDATE OF state",
    steps_sql("state", AWARD_STEPS),
    "an award goes only the steps of its table",
)
triggers.refuse(
    "award_stands",
    "award",
    "UPDATE",
    "NEW.community_id <> OLD.community_id OR NEW.project_id <> OLD.project_id"
    " OR NEW.organization_id <> OLD.organization_id OR NEW.amount_fen <> OLD.amount_fen"
    " OR NEW.bid_id <> OLD.bid_id OR NEW.method <> OLD.method OR NEW.reason <> OLD.reason"
    " OR NEW.noticed_at <> OLD.noticed_at OR NEW.standstill_until < OLD.standstill_until"
    " OR (OLD.closed_at IS NOT NULL AND (NEW.closed_at IS NULL"
    " OR NEW.closed_at <> OLD.closed_at))",
    "what was awarded stands",
)
triggers.refuse(
    "award_blocked",
    "award",
    "UPDATE OF state",
    "NEW.state = 'active' AND OLD.state = 'pending' AND EXISTS (SELECT 1 FROM complaint c"
    " WHERE c.award_id = NEW.id AND c.state = 'open' AND c.is_blocking)",
    "an objection inside the standstill is answered first",
)
triggers.refuse("award_kept", "award", "DELETE", "TRUE", "an award is kept")
triggers.refuse(
    "bid_awarded",
    "bid",
    "UPDATE OF state",
    "OLD.state = 'valid' AND NEW.state <> 'valid' AND EXISTS (SELECT 1 FROM award a"
    " WHERE a.bid_id = OLD.id AND a.state IN ('pending', 'active'))",
    "a bid with a standing award stays valid",
)
triggers.refuse("complaint_kept", "complaint", "DELETE", "TRUE", "a complaint is kept")
triggers.refuse(
    "complaint_stands",
    "complaint",
    "UPDATE",
    "NEW.kind <> OLD.kind OR NEW.award_id <> OLD.award_id OR NEW.made_at <> OLD.made_at"
    " OR NEW.due_on <> OLD.due_on OR NEW.ground <> OLD.ground"
    " OR NEW.words NOT IN ('', OLD.words) OR (OLD.answered_at IS NOT NULL AND"
    " (NEW.state <> OLD.state OR NEW.answer <> OLD.answer OR NEW.answered_at <> OLD.answered_at))",
    "what was complained of and answered stands",
)
triggers.refuse("low_price_query_kept", "low_price_query", "DELETE", "TRUE", "a query is kept")
