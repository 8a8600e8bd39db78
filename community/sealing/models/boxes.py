"""Boxes with their period and openers; a deadline only moves later, and what is shut stays shut."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, PlainJson, choice, own_key, same_community
from community.sealing.rules.boxes import BoxLevel


class Box(CommunityRow, Base):
    """A box that takes envelopes in [opens_at, deadline); `subject` is opaque text."""

    __tablename__ = "sealing_box"
    __table_args__ = (
        own_key(),
        UniqueConstraint("community_id", "subject"),
        UniqueConstraint("token"),
        CheckConstraint("opens_at < deadline AND deadline <= self_until", "period"),
        CheckConstraint("(level = 'l2') = (k >= 2) AND k >= 0", "openers"),
        CheckConstraint("frozen_at >= deadline AND opened_at >= deadline", "after_deadline"),
        CheckConstraint(
            "(frozen_at IS NULL) = (set_hash IS NULL)"
            " AND (frozen_at IS NULL) = (envelope_count IS NULL)"
            " AND (opened_at IS NULL OR frozen_at IS NOT NULL)"
            " AND (discarded_at IS NULL OR (frozen_at IS NOT NULL AND opened_at IS NULL))"
            " AND (opened_at IS NULL OR envelope_count >= least_envelopes)",
            "stages",
        ),
    )

    subject: Mapped[str] = mapped_column(String(120))
    level: Mapped[BoxLevel] = mapped_column(choice(BoxLevel, "level"))
    # Random: an envelope is bound to it, so that it fits no box of any other installation.
    token: Mapped[str] = mapped_column(String(32))
    opens_at: Mapped[datetime]
    deadline: Mapped[datetime]
    # Until then an owner may open the own envelope, and what waits for openers stays shut.
    self_until: Mapped[datetime]
    k: Mapped[int]
    least_envelopes: Mapped[int]
    # (name, kind, label) of what the sealing page asks; see rules.words.
    form: Mapped[list[list[str]]] = mapped_column(PlainJson)
    # Counted up by whoever takes the row's lock before looking at the clock.
    locks: Mapped[int] = mapped_column(default=0)
    frozen_at: Mapped[datetime | None]
    set_hash: Mapped[bytes | None]
    envelope_count: Mapped[int | None]
    opened_at: Mapped[datetime | None]
    discarded_at: Mapped[datetime | None]
    # False: the opening itself hands the contents out once, and then destroys what tells them.
    keeps_contents: Mapped[bool] = mapped_column(default=True)


class Opener(Base):
    """One of the n people to whose keys the envelopes of a box are sealed; places count from 1."""

    __tablename__ = "sealing_opener"
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "box_id", "place"),
        UniqueConstraint("community_id", "box_id", "public_key"),
        same_community("box_id", "sealing_box"),
        CheckConstraint("place >= 1 AND LENGTH(public_key) = 65", "whole"),
    )

    community_id: Mapped[int]
    box_id: Mapped[int]
    place: Mapped[int]
    person_id: Mapped[int]
    public_key: Mapped[bytes]
    fingerprint: Mapped[str] = mapped_column(String(60))


triggers.refuse("sealing_box_kept", "sealing_box", "DELETE", "TRUE", "a box is never deleted")
triggers.refuse(
    "sealing_box_stays",
    "sealing_box",
    "UPDATE",
    "NEW.subject <> OLD.subject OR NEW.form <> OLD.form"
    " OR NEW.level <> OLD.level OR NEW.token <> OLD.token"
    " OR NEW.opens_at <> OLD.opens_at OR NEW.k <> OLD.k"
    " OR NEW.keeps_contents <> OLD.keeps_contents"
    " OR NEW.least_envelopes <> OLD.least_envelopes OR NEW.community_id <> OLD.community_id"
    " OR NEW.deadline < OLD.deadline OR NEW.self_until < OLD.self_until"
    " OR (OLD.frozen_at IS NOT NULL AND (NEW.frozen_at IS NULL OR NEW.frozen_at <> OLD.frozen_at"
    " OR NEW.set_hash <> OLD.set_hash OR NEW.envelope_count <> OLD.envelope_count"
    " OR NEW.deadline <> OLD.deadline OR NEW.self_until <> OLD.self_until))"
    " OR (OLD.opened_at IS NOT NULL AND (NEW.opened_at IS NULL OR NEW.opened_at <> OLD.opened_at))"
    " OR (OLD.discarded_at IS NOT NULL AND (NEW.discarded_at IS NULL"
    " OR NEW.discarded_at <> OLD.discarded_at))",
    "what a box was opened with stays, and what is shut stays shut",
)
# Who a person is may change when duplicates are merged; the key they were chosen for may not.
triggers.refuse(
    "sealing_opener_stays",
    "sealing_opener",
    "UPDATE",
    "NEW.public_key <> OLD.public_key OR NEW.place <> OLD.place OR NEW.box_id <> OLD.box_id"
    " OR NEW.fingerprint <> OLD.fingerprint",
    "an opener keeps place and key",
)
triggers.refuse(
    "sealing_opener_kept", "sealing_opener", "DELETE", "TRUE", "an opener is never deleted"
)
