"""Motions, amendments, speeches and counts: exact words, and how they were voted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from community.deliberation.rules.bodies import PassingBase
from community.deliberation.rules.meetings import CountWay, SpeechSide
from community.deliberation.rules.motions import MOTION_STEPS, MotionState, steps_sql
from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community

_RUNS = "started_at IS NOT NULL AND ended_at IS NULL"
_WAITS = "started_at IS NULL AND ended_at IS NULL"


class Motion(CommunityRow, Base):
    """A motion (动议): words that stand from the moment they are seconded.

    `final_words` are those words after the carried amendments.
    """

    __tablename__ = "motion"
    __table_args__ = (
        own_key(),
        same_community("meeting_id", "meeting"),
        same_community("agenda_item_id", "agenda_item"),
        UniqueConstraint("community_id", "meeting_id", "number"),
        CheckConstraint("seconder_id IS NULL OR seconder_id <> mover_id", name="two_people"),
        CheckConstraint(
            "state IN ('moved', 'withdrawn') OR seconder_id IS NOT NULL", name="seconded_first"
        ),
        CheckConstraint("length(words_sha256) = 64", name="words_have_their_hash"),
        CheckConstraint(
            "(state = 'voting') = (poll_id IS NOT NULL AND decided_at IS NULL)"
            " OR state IN ('carried', 'lost')",
            name="voting_by_a_poll",
        ),
        CheckConstraint(
            "(state IN ('carried', 'lost')) = (decided_at IS NOT NULL)", name="decided_at_a_moment"
        ),
    )

    meeting_id: Mapped[int]
    agenda_item_id: Mapped[int]
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    words: Mapped[str]
    words_sha256: Mapped[str] = mapped_column(String(64))
    final_words: Mapped[str]
    state: Mapped[MotionState] = mapped_column(choice(MotionState, "state"))
    mover_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    seconder_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    moved_at: Mapped[datetime]
    seconded_at: Mapped[datetime | None]
    poll_id: Mapped[int | None]
    decided_at: Mapped[datetime | None]


class Amendment(CommunityRow, Base):
    """An amendment (修正案): which words of a motion become which."""

    __tablename__ = "amendment"
    __table_args__ = (
        own_key(),
        same_community("motion_id", "motion"),
        UniqueConstraint("community_id", "motion_id", "number"),
        CheckConstraint("seconder_id IS NULL OR seconder_id <> mover_id", name="two_people"),
        CheckConstraint(
            "state IN ('moved', 'withdrawn') OR seconder_id IS NOT NULL", name="seconded_first"
        ),
        CheckConstraint(
            "(state IN ('carried', 'lost')) = (decided_at IS NOT NULL)", name="decided_at_a_moment"
        ),
    )

    motion_id: Mapped[int]
    number: Mapped[int]
    from_words: Mapped[str]
    to_words: Mapped[str]
    state: Mapped[MotionState] = mapped_column(choice(MotionState, "state"))
    mover_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    seconder_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    moved_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]


class VoteCount(CommunityRow, Base):
    """A count (计票) of a motion or of one of its amendments, with the figures it was judged by."""

    __tablename__ = "vote_count"
    __table_args__ = (
        own_key(),
        same_community("motion_id", "motion"),
        same_community("amendment_id", "amendment"),
        Index(
            "uq_vote_count_motion",
            "community_id",
            "motion_id",
            unique=True,
            sqlite_where=text("amendment_id IS NULL"),
            postgresql_where=text("amendment_id IS NULL"),
        ),
        UniqueConstraint("community_id", "amendment_id"),
        CheckConstraint("yes >= 0 AND no >= 0 AND abstain >= 0", name="votes_count_up"),
        CheckConstraint("yes + no + abstain <= present", name="no_more_votes_than_people"),
        CheckConstraint("present <= expected", name="no_more_present_than_expected"),
        CheckConstraint(
            "present * quorum_den >= expected * quorum_num", name="nothing_without_a_quorum"
        ),
        CheckConstraint("NOT passed OR yes > no", name="a_tie_fails"),
        CheckConstraint(
            "NOT passed OR yes * passing_den > base * passing_num"
            " OR (is_passing_inclusive AND yes * passing_den = base * passing_num)",
            name="passed_by_its_figures",
        ),
        CheckConstraint(
            "base = CASE passing_base WHEN 'members' THEN expected ELSE present END",
            name="base_is_told",
        ),
    )

    motion_id: Mapped[int]
    amendment_id: Mapped[int | None]
    way: Mapped[CountWay] = mapped_column(choice(CountWay, "way"))
    # The exact words that were voted.
    words_sha256: Mapped[str] = mapped_column(String(64))
    expected: Mapped[int]
    present: Mapped[int]
    yes: Mapped[int]
    no: Mapped[int]
    abstain: Mapped[int]
    quorum_num: Mapped[int]
    quorum_den: Mapped[int]
    passing_num: Mapped[int]
    passing_den: Mapped[int]
    is_passing_inclusive: Mapped[bool]
    passing_base: Mapped[PassingBase] = mapped_column(choice(PassingBase, "passing_base"))
    base: Mapped[int]
    passed: Mapped[bool]
    poll_id: Mapped[int | None]
    counted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    counted_at: Mapped[datetime]


class Speech(CommunityRow, Base):
    """A turn to speak (发言) for or against a motion."""

    __tablename__ = "speech"
    __table_args__ = (
        own_key(),
        same_community("meeting_id", "meeting"),
        same_community("motion_id", "motion"),
        Index(
            "uq_speech_runs",
            "community_id",
            "meeting_id",
            unique=True,
            sqlite_where=text(_RUNS),
            postgresql_where=text(_RUNS),
        ),
        Index(
            "uq_speech_waits",
            "community_id",
            "motion_id",
            "person_id",
            unique=True,
            sqlite_where=text(_WAITS),
            postgresql_where=text(_WAITS),
        ),
        CheckConstraint("seconds > 0", name="seconds_count_up"),
    )

    meeting_id: Mapped[int]
    motion_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    side: Mapped[SpeechSide] = mapped_column(choice(SpeechSide, "side"))
    seconds: Mapped[int]
    asked_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


triggers.append_only("vote_count")
for _table in ("motion", "amendment"):
    triggers.refuse(
        f"{_table}_steps",
        _table,
        "UPDATE OF state",
        steps_sql(MOTION_STEPS),
        "a motion goes only the steps of its table",
    )
triggers.refuse(
    "motion_words_stand",
    "motion",
    "UPDATE OF words, words_sha256, title, mover_id, agenda_item_id, meeting_id",
    "TRUE",
    "the words of a motion stand",
)
triggers.refuse(
    "motion_final_words_stand",
    "motion",
    "UPDATE OF final_words",
    "OLD.state <> 'seconded' AND NEW.final_words <> OLD.final_words",
    "words change by amendments alone, before the vote",
)
triggers.refuse(
    "motion_needs_a_count",
    "motion",
    "UPDATE OF state",
    "NEW.state IN ('carried', 'lost') AND NEW.state <> OLD.state AND NOT EXISTS (SELECT 1 FROM"
    " vote_count c WHERE c.motion_id = NEW.id AND c.amendment_id IS NULL"
    " AND ((NEW.state = 'carried' AND c.passed) OR (NEW.state = 'lost' AND NOT c.passed)))",
    "a motion is decided by its count",
)
triggers.refuse(
    "amendment_words_stand",
    "amendment",
    "UPDATE OF motion_id, number, from_words, to_words, mover_id",
    "TRUE",
    "the words of an amendment stand",
)
triggers.refuse(
    "amendment_needs_a_count",
    "amendment",
    "UPDATE OF state",
    "NEW.state IN ('carried', 'lost') AND NEW.state <> OLD.state AND NOT EXISTS (SELECT 1 FROM"
    " vote_count c WHERE c.amendment_id = NEW.id"
    " AND ((NEW.state = 'carried' AND c.passed) OR (NEW.state = 'lost' AND NOT c.passed)))",
    "an amendment is decided by its count",
)
