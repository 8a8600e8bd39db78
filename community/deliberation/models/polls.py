"""Polls, what they ask, and what came out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.deliberation.rules.polls import PollState, RollKind, Secrecy, Standing, Turnout
from community.deliberation.tallies import PollKind
from community.kernel import triggers
from community.kernel.tables import (
    Base,
    CommunityRow,
    PlainJson,
    choice,
    own_key,
    same_community,
)


class Poll(CommunityRow, Base):
    """One question put to a roll, from its draft to its result.

    Ballots sealed to k of n openers (`settings["openers_needed"]` is k, `PollOpener` has the n)
    keep their envelope in a box of the room sealing where others keep their pairs.
    """

    __tablename__ = "poll"
    __table_args__ = (
        own_key(),
        same_community("tree_id", "transparency_private_tree"),
        Index("ix_poll_community_id_state", "community_id", "state", "closes_at"),
        Index("ix_poll_community_id_subject", "community_id", "subject"),
        CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
        CheckConstraint("kind <> 'owners' OR secrecy = 'named'", name="owners_vote_by_name"),
        CheckConstraint("kind <> 'owners' OR roll_kind = 'owners'", name="owners_have_a_roll"),
        CheckConstraint("roll_kind <> 'body' OR body_id IS NOT NULL", name="body_named"),
        CheckConstraint(
            "(frozen_at IS NULL) = (content_hash IS NULL)"
            " AND (frozen_at IS NULL) = (roll_hash IS NULL)"
            " AND (frozen_at IS NULL) = (tree_id IS NULL)",
            name="frozen_with_its_hashes",
        ),
        CheckConstraint(
            "state NOT IN ('frozen', 'open', 'closed', 'decided') OR frozen_at IS NOT NULL",
            name="frozen_before_it_opens",
        ),
        CheckConstraint(
            "state NOT IN ('closed', 'decided') OR closed_at IS NOT NULL", name="closed_at_a_time"
        ),
        CheckConstraint("closed_at IS NULL OR closed_at >= closes_at", name="closed_when_due"),
    )

    kind: Mapped[PollKind] = mapped_column(choice(PollKind, "kind"))
    title: Mapped[str] = mapped_column(String(80))
    text: Mapped[str]
    # What the decision is for, as its asker writes it: "motion:12".
    subject: Mapped[str] = mapped_column(String(120), default="")
    settings: Mapped[dict[str, Any]] = mapped_column(PlainJson)
    standing: Mapped[Standing] = mapped_column(choice(Standing, "standing"))
    secrecy: Mapped[Secrecy] = mapped_column(choice(Secrecy, "secrecy"))
    turnout: Mapped[Turnout] = mapped_column(choice(Turnout, "turnout"))
    roll_kind: Mapped[RollKind] = mapped_column(choice(RollKind, "roll_kind"))
    body_id: Mapped[int | None]
    state: Mapped[PollState] = mapped_column(choice(PollState, "state"))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    drafted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    roll_posted_at: Mapped[datetime | None]
    # Why entries without a voter were let stand, as it was published.
    gaps_waived: Mapped[str] = mapped_column(String(200), default="")
    frozen_at: Mapped[datetime | None]
    content_hash: Mapped[str | None] = mapped_column(String(64))
    roll_hash: Mapped[str | None] = mapped_column(String(64))
    tree_id: Mapped[int | None]
    opened_at: Mapped[datetime | None]
    reminded_for: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(String(200), default="")


class PollOption(CommunityRow, Base):
    """Something to choose, by its number; the cost is a project's."""

    __tablename__ = "poll_option"
    __table_args__ = (
        same_community("poll_id", "poll"),
        UniqueConstraint("poll_id", "number"),
        Index("ix_poll_option_community_id_poll_id", "community_id", "poll_id"),
        CheckConstraint("number >= 1 AND cost_fen >= 0", name="numbers"),
    )

    poll_id: Mapped[int]
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(default="")
    cost_fen: Mapped[int] = mapped_column(default=0)


class PollResult(CommunityRow, Base):
    """What a poll came to: the outcome as it was counted, and its hash; never changed."""

    __tablename__ = "poll_result"
    __table_args__ = (
        same_community("poll_id", "poll"),
        UniqueConstraint("poll_id"),
        Index("ix_poll_result_community_id", "community_id", "poll_id"),
        CheckConstraint("ballots >= 0", name="ballots_counted"),
    )

    poll_id: Mapped[int]
    outcome: Mapped[dict[str, Any]] = mapped_column(PlainJson)
    outcome_hash: Mapped[str] = mapped_column(String(64))
    ballots: Mapped[int]
    # How many ballots came in by each way; what they say is never split.
    origins: Mapped[dict[str, Any]] = mapped_column(PlainJson)
    decided_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


triggers.append_only("poll_result")
triggers.refuse("poll_kept", "poll", "DELETE", "OLD.frozen_at IS NOT NULL", "a poll is kept")
# Only the end may move, and only to a later day.
triggers.refuse(
    "poll_frozen",
    "poll",
    "UPDATE",
    "OLD.frozen_at IS NOT NULL AND (NEW.title <> OLD.title OR NEW.text <> OLD.text"
    " OR NEW.kind <> OLD.kind OR NEW.settings <> OLD.settings OR NEW.standing <> OLD.standing"
    " OR NEW.secrecy <> OLD.secrecy OR NEW.turnout <> OLD.turnout"
    " OR NEW.roll_kind <> OLD.roll_kind OR NEW.subject <> OLD.subject"
    " OR NEW.opens_at <> OLD.opens_at OR NEW.closes_at < OLD.closes_at"
    " OR NEW.frozen_at IS NULL OR NEW.content_hash <> OLD.content_hash"
    " OR NEW.roll_hash <> OLD.roll_hash OR NEW.tree_id <> OLD.tree_id)",
    "a frozen poll keeps its words",
)
triggers.refuse(
    "poll_closed",
    "poll",
    "UPDATE",
    "OLD.closed_at IS NOT NULL AND (NEW.closed_at IS NULL OR NEW.closed_at <> OLD.closed_at"
    " OR NEW.closes_at <> OLD.closes_at OR (NEW.state NOT IN ('closed', 'decided')"
    " AND NOT (NEW.state = 'withdrawn'"
    " AND EXISTS (SELECT 1 FROM poll_opener o WHERE o.poll_id = NEW.id)))"
    " OR (OLD.state = 'decided' AND NEW.state <> 'decided'))",
    "a closed poll stays closed",
)
_FROZEN = "EXISTS (SELECT 1 FROM poll p WHERE p.id = {row}.poll_id AND p.frozen_at IS NOT NULL)"
for _event, _row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
    triggers.refuse(
        f"poll_option_frozen_{_event.lower()}",
        "poll_option",
        _event,
        _FROZEN.format(row=_row),
        "a frozen poll keeps its options",
    )
