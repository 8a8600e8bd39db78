"""Calls of the venture fund, what applies to them, and what others gave beside the grant."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, PlainJson, choice, own_key, same_community
from community.micro_projects.rules.projects import ProjectCategory, ProjectKind
from community.micro_projects.rules.states import steps_sql
from community.micro_projects.rules.venture_applications import (
    APPLICATION_STEPS,
    MATCH_STEPS,
    ApplicationState,
    MatchState,
)
from community.micro_projects.rules.venture_calls import CALL_STEPS, CallState


class VentureCall(CommunityRow, Base):
    """A call of the venture fund (公益创投征集); `reserved_fen` is what its chosen ones take.

    What was published stands: days, purse, caps, criteria and how the jury is made up.
    """

    __tablename__ = "venture_call"
    __table_args__ = (
        own_key(),
        UniqueConstraint("community_id", "number"),
        Index("ix_venture_call_state", "community_id", "state"),
        CheckConstraint("purse_fen > 0", name="purse_is_positive"),
        CheckConstraint("most_fen BETWEEN 1 AND purse_fen", name="cap_within_the_purse"),
        CheckConstraint("reserved_fen BETWEEN 0 AND purse_fen", name="never_beyond_the_purse"),
        CheckConstraint("pass_hundredths BETWEEN 0 AND 10000", name="pass_mark"),
        CheckConstraint("opens_at < closes_at AND closes_at <= pitch_at", name="days_in_order"),
        CheckConstraint("notice_days BETWEEN 5 AND 60", name="notice_days"),
        CheckConstraint("most_sponsored BETWEEN 0 AND 20", name="most_sponsored"),
        CheckConstraint(
            "experts > 0 AND residents > 0 AND officials > 0"
            " AND (experts + residents + officials) % 2 = 1"
            " AND experts + residents + officials BETWEEN 5 AND 21"
            " AND experts < residents + officials AND residents < experts + officials"
            " AND officials < experts + residents",
            name="mixed_odd_jury",
        ),
        CheckConstraint("(state = 'draft') = (number IS NULL)", name="numbered_once_published"),
        CheckConstraint("(state = 'draft') = (published_at IS NULL)", name="published_at_a_moment"),
        CheckConstraint(
            "(state IN ('closed', 'cancelled')) = (ended_at IS NOT NULL)", name="ended_at_a_moment"
        ),
        CheckConstraint("state <> 'cancelled' OR ended_words <> ''", name="cancelled_for_a_reason"),
        CheckConstraint("state NOT IN ('open', 'judging', 'cancelled') OR reserved_fen = 0",
                        name="nothing_reserved_before_the_choice"),
    )  # fmt: skip

    number: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(String(4_000))
    themes: Mapped[list[Any]] = mapped_column(PlainJson)
    basis: Mapped[str] = mapped_column(String(200), default="")
    purse_fen: Mapped[int]
    most_fen: Mapped[int]
    # Groups without a credit code that one organisation may sponsor.
    most_sponsored: Mapped[int]
    pass_hundredths: Mapped[int]
    experts: Mapped[int]
    residents: Mapped[int]
    officials: Mapped[int]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    pitch_at: Mapped[datetime]
    pitch_place: Mapped[str] = mapped_column(String(60))
    notice_days: Mapped[int]
    state: Mapped[CallState] = mapped_column(choice(CallState, "state"))
    reserved_fen: Mapped[int] = mapped_column(default=0)
    drafted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    drafted_at: Mapped[datetime]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    ended_words: Mapped[str] = mapped_column(String(500), default="")
    # Counted up by whoever holds the row: the clock is read only then.
    locks: Mapped[int] = mapped_column(default=0)


class VentureCriterion(CommunityRow, Base):
    """What a call is judged by (评审标准); a call's weights make up 10,000 basis points."""

    __tablename__ = "venture_criterion"
    __table_args__ = (
        own_key(),
        same_community("call_id", "venture_call"),
        UniqueConstraint("call_id", "number"),
        Index("ix_venture_criterion_call", "community_id", "call_id"),
        CheckConstraint("weight_bp BETWEEN 1 AND 10000", name="weight"),
    )

    call_id: Mapped[int]
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(String(300), default="")
    weight_bp: Mapped[int]


class VentureApplication(CommunityRow, Base):
    """An application to a call (申报), by an organisation or by a group it sponsors.

    `organization_id` signs the contract and is paid: the applicant itself, or of the group that
    `group_name` names its sponsor (依托单位).
    """

    __tablename__ = "venture_application"
    __table_args__ = (
        own_key(),
        same_community("call_id", "venture_call"),
        same_community("project_id", "project"),
        same_community("succeeds_id", "venture_application"),
        same_community("paper_id", "stored_file"),
        UniqueConstraint("call_id", "number"),
        UniqueConstraint("project_id"),
        Index("ix_venture_application_call", "community_id", "call_id", "state"),
        Index("ix_venture_application_lead", "community_id", "lead_id"),
        Index("ix_venture_application_organization", "community_id", "organization_id"),
        Index(
            "uq_venture_application_organization",
            "call_id",
            "organization_id",
            unique=True,
            sqlite_where=text("group_name = '' AND state <> 'withdrawn'"),
            postgresql_where=text("group_name = '' AND state <> 'withdrawn'"),
        ),
        Index(
            "uq_venture_application_group",
            "call_id",
            "lead_id",
            unique=True,
            sqlite_where=text("group_name <> '' AND state <> 'withdrawn'"),
            postgresql_where=text("group_name <> '' AND state <> 'withdrawn'"),
        ),
        CheckConstraint("asked_fen > 0", name="asked_is_positive"),
        CheckConstraint("matched_fen >= 0", name="matched_is_not_negative"),
        CheckConstraint("granted_fen BETWEEN 1 AND asked_fen", name="never_more_than_asked"),
        CheckConstraint(
            "(state IN ('chosen', 'named', 'dropped')) = (granted_fen IS NOT NULL)",
            name="granted_if_chosen",
        ),
        CheckConstraint(
            "freed_fen >= 0 AND freed_fen <= COALESCE(granted_fen, 0)",
            name="no_more_freed_than_granted",
        ),
        CheckConstraint("state <> 'named' OR succeeds_id IS NOT NULL", name="named_after_another"),
        CheckConstraint("succeeds_id <> id", name="succeeds_another"),
        CheckConstraint("paper_id IS NULL OR recorded_by IS NOT NULL", name="a_paper_was_entered"),
        CheckConstraint(
            "recorded_by IS NULL OR group_name <> ''", name="the_desk_enters_for_groups"
        ),
        CheckConstraint(
            "project_id IS NULL OR state IN ('chosen', 'dropped')", name="a_project_if_chosen"
        ),
        CheckConstraint(
            "state IN ('draft', 'sponsoring') OR (submitted_at IS NOT NULL AND number IS NOT NULL)",
            name="submitted_at_a_moment",
        ),
        CheckConstraint(
            "group_name = '' OR state IN ('draft', 'sponsoring') OR agreed_at IS NOT NULL",
            name="a_group_with_its_sponsor",
        ),
        CheckConstraint(
            "state NOT IN ('ineligible', 'eligible', 'chosen', 'passed', 'named', 'dropped')"
            " OR screened_at IS NOT NULL",
            name="screened_at_a_moment",
        ),
        CheckConstraint(
            "state <> 'ineligible' OR screened_words <> ''", name="ineligible_for_a_reason"
        ),
    )

    call_id: Mapped[int]
    # Given in the order of handing in; pitches follow it.
    number: Mapped[int | None]
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    # Empty where the organisation itself applies.
    group_name: Mapped[str] = mapped_column(String(40), default="")
    lead_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    theme: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(60))
    need: Mapped[str] = mapped_column(String(2_000))
    plan: Mapped[str] = mapped_column(String(4_000))
    place: Mapped[str] = mapped_column(String(60), default="")
    kind: Mapped[ProjectKind] = mapped_column(choice(ProjectKind, "kind"))
    category: Mapped[ProjectCategory] = mapped_column(choice(ProjectCategory, "category"))
    # [what, fen]: what the grant is to pay.
    lines: Mapped[list[Any]] = mapped_column(PlainJson)
    asked_fen: Mapped[int]
    # What the applicant promises to bring beside the grant, and whence.
    matched_fen: Mapped[int] = mapped_column(default=0)
    match_words: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[ApplicationState] = mapped_column(choice(ApplicationState, "state"))
    kept_at: Mapped[datetime]
    # Who of the desk entered what a group wrote and signed on paper, and the paper.
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    paper_id: Mapped[int | None]
    submitted_at: Mapped[datetime | None]
    agreed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    agreed_at: Mapped[datetime | None]
    screened_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    screened_at: Mapped[datetime | None]
    screened_words: Mapped[str] = mapped_column(String(300), default="")
    # What was decided on, kept with the choice.
    place_in_call: Mapped[int | None]
    total_hundredths: Mapped[int | None]
    granted_fen: Mapped[int | None]
    chosen_words: Mapped[str] = mapped_column(String(300), default="")
    project_id: Mapped[int | None]
    # What its broken-off project left and others were given, and whose rest it is given itself.
    freed_fen: Mapped[int] = mapped_column(default=0)
    succeeds_id: Mapped[int | None]


class JuryOffer(CommunityRow, Base):
    """A resident who puts themselves forward to judge a call (评委自荐); a lot picks among them."""

    __tablename__ = "jury_offer"
    __table_args__ = (
        same_community("call_id", "venture_call"),
        UniqueConstraint("call_id", "person_id"),
        Index("ix_jury_offer_call", "community_id", "call_id"),
    )

    call_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    offered_at: Mapped[datetime]


class VentureMatch(CommunityRow, Base):
    """Money others gave to a chosen project (配套资金), counted once somebody else confirms it."""

    __tablename__ = "venture_match"
    __table_args__ = (
        own_key(),
        same_community("application_id", "venture_application"),
        same_community("file_id", "stored_file"),
        Index("ix_venture_match_application", "community_id", "application_id"),
        CheckConstraint("amount_fen > 0", name="amount_is_positive"),
        CheckConstraint("(state = 'reported') = (decided_at IS NULL)", name="decided_at_a_moment"),
        CheckConstraint("decided_by IS NULL OR decided_by <> reported_by", name="two_people"),
        CheckConstraint("state <> 'refused' OR decided_words <> ''", name="refused_for_a_reason"),
    )

    application_id: Mapped[int]
    giver: Mapped[str] = mapped_column(String(80))
    amount_fen: Mapped[int]
    received_on: Mapped[date]
    file_id: Mapped[int]
    state: Mapped[MatchState] = mapped_column(choice(MatchState, "state"))
    reported_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reported_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decided_words: Mapped[str] = mapped_column(String(300), default="")


for _table, _condition in (
    ("venture_call", steps_sql("state", CALL_STEPS)),
    ("venture_application", steps_sql("state", APPLICATION_STEPS)),
    ("venture_match", steps_sql("state", MATCH_STEPS)),
):
    triggers.refuse(
        f"{_table}_steps",
        _table,
        "UPDATE OF state",
        _condition,
        "it goes only the steps of its table",
    )
triggers.refuse(
    "venture_call_no_delete", "venture_call", "DELETE", "OLD.state <> 'draft'", "a call is kept"
)
triggers.refuse(
    "venture_call_whole",
    "venture_call",
    "UPDATE OF state",
    "OLD.state = 'draft' AND NEW.state <> 'draft' AND (SELECT COALESCE(SUM(c.weight_bp), 0)"
    " FROM venture_criterion c WHERE c.call_id = NEW.id) <> 10000",
    "the weights of a call make up the whole",
)
triggers.refuse(
    "venture_call_stands",
    "venture_call",
    "UPDATE",
    "OLD.state <> 'draft' AND (NEW.number <> OLD.number OR NEW.title <> OLD.title"
    " OR NEW.text <> OLD.text OR NEW.themes <> OLD.themes OR NEW.purse_fen <> OLD.purse_fen"
    " OR NEW.most_fen <> OLD.most_fen OR NEW.most_sponsored <> OLD.most_sponsored"
    " OR NEW.pass_hundredths <> OLD.pass_hundredths OR NEW.experts <> OLD.experts"
    " OR NEW.residents <> OLD.residents OR NEW.officials <> OLD.officials"
    " OR NEW.opens_at <> OLD.opens_at OR NEW.closes_at <> OLD.closes_at"
    " OR NEW.pitch_at <> OLD.pitch_at OR NEW.notice_days <> OLD.notice_days)",
    "what was published of a call stands",
)
_PUBLISHED = (
    "NOT EXISTS (SELECT 1 FROM venture_call c WHERE c.id = {row}.call_id AND c.state = 'draft')"
)
for _event, _row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
    triggers.refuse(
        f"venture_criterion_stands_{_event.lower()}",
        "venture_criterion",
        _event,
        _PUBLISHED.format(row=_row),
        "the criteria of a published call stand",
    )
triggers.refuse(
    "venture_application_in_time",
    "venture_application",
    "UPDATE OF state",
    "NEW.state = 'submitted' AND NOT EXISTS (SELECT 1 FROM venture_call c"
    " WHERE c.id = NEW.call_id AND c.state = 'open' AND NEW.submitted_at >= c.opens_at"
    " AND NEW.submitted_at < c.closes_at AND NEW.asked_fen <= c.most_fen)",
    "an application is handed in while its call is open, within its cap",
)
triggers.refuse(
    "venture_application_begun",
    "venture_application",
    "INSERT",
    "NEW.state <> 'draft'",
    "an application begins as a draft",
)
triggers.refuse(
    "venture_application_stands",
    "venture_application",
    "UPDATE",
    "OLD.state NOT IN ('draft', 'sponsoring') AND NEW.state NOT IN ('draft', 'sponsoring')"
    " AND (NEW.asked_fen <> OLD.asked_fen OR NEW.matched_fen <> OLD.matched_fen"
    " OR NEW.organization_id <> OLD.organization_id OR NEW.number <> OLD.number"
    " OR NEW.lines <> OLD.lines OR NEW.submitted_at <> OLD.submitted_at)",
    "what was handed in stands",
)
triggers.refuse(
    "venture_application_kept",
    "venture_application",
    "DELETE",
    "OLD.state <> 'draft'",
    "what was handed in is kept",
)
triggers.refuse("venture_match_kept", "venture_match", "DELETE", "TRUE", "a report is kept")
triggers.refuse(
    "venture_match_stands",
    "venture_match",
    "UPDATE",
    "NEW.amount_fen <> OLD.amount_fen OR NEW.application_id <> OLD.application_id"
    " OR NEW.file_id <> OLD.file_id OR OLD.state <> 'reported' AND NEW.state <> OLD.state",
    "a report stands",
)
triggers.refuse(
    "venture_match_of_chosen",
    "venture_match",
    "INSERT",
    "NEW.state <> 'reported' OR NOT EXISTS (SELECT 1 FROM venture_application a"
    " WHERE a.id = NEW.application_id AND a.project_id IS NOT NULL)",
    "what others gave is reported for a chosen project",
)
