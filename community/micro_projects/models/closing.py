"""The residents' judgement, the papers and the report of a project's end, and the year's end."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community
from community.micro_projects.rules.closing import Outcome, YearEndWay
from community.micro_projects.rules.milestones import PaperKind


class Survey(CommunityRow, Base):
    """A satisfaction survey (满意度调查) by QR code at the place."""

    __tablename__ = "survey"
    __table_args__ = (
        own_key(),
        same_community("project_id", "project"),
        UniqueConstraint("community_id", "project_id"),
        CheckConstraint("threshold >= 1", name="threshold_is_positive"),
        CheckConstraint("opens_at < closes_at", name="closes_after_it_opens"),
    )

    project_id: Mapped[int]
    place: Mapped[str] = mapped_column(String(80))
    # Fewer answers are not shown as a percentage.
    threshold: Mapped[int]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


triggers.append_only("survey")


class SurveyAnswer(CommunityRow, Base):
    """What a resident answered (评价), once; the public never learns who."""

    __tablename__ = "survey_answer"
    __table_args__ = (
        same_community("survey_id", "survey"),
        UniqueConstraint("community_id", "survey_id", "person_id"),
        Index("ix_survey_answer_person", "community_id", "person_id"),
        CheckConstraint("level BETWEEN 1 AND 5", name="one_of_five"),
    )

    survey_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    level: Mapped[int]
    # Emptied only when the writer's data is erased.
    words: Mapped[str] = mapped_column(String(300), default="")
    answered_at: Mapped[datetime]


triggers.refuse(
    "survey_answer_stands",
    "survey_answer",
    "UPDATE",
    "NEW.survey_id <> OLD.survey_id OR NEW.level <> OLD.level OR NEW.words NOT IN ('', OLD.words)",
    "an answer stands",
)
triggers.refuse("survey_answer_no_delete", "survey_answer", "DELETE", "TRUE", "an answer is kept")
triggers.refuse(
    "survey_answer_in_time",
    "survey_answer",
    "INSERT",
    "NOT EXISTS (SELECT 1 FROM survey s WHERE s.community_id = NEW.community_id"
    " AND s.id = NEW.survey_id AND s.opens_at <= NEW.answered_at"
    " AND NEW.answered_at < s.closes_at)",
    "an answer comes while the survey is open",
)


class ProjectPaper(CommunityRow, Base):
    """A picture or paper of a project (项目资料): before, after, sign-in sheet, minutes."""

    __tablename__ = "project_paper"
    __table_args__ = (
        own_key(),
        same_community("project_id", "project"),
        same_community("file_id", "stored_file"),
        Index("ix_project_paper_project", "community_id", "project_id", "kind"),
        UniqueConstraint("community_id", "project_id", "kind", "sha256"),
    )

    project_id: Mapped[int]
    kind: Mapped[PaperKind] = mapped_column(choice(PaperKind, "kind"))
    title: Mapped[str] = mapped_column(String(80))
    file_id: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]


triggers.append_only("project_paper")


class ClosingReport(CommunityRow, Base):
    """What a project came to in the end (结项报告)."""

    __tablename__ = "closing_report"
    __table_args__ = (
        same_community("project_id", "project"),
        UniqueConstraint("community_id", "project_id"),
        CheckConstraint("freed_fen >= 0", name="freed_nothing_or_more"),
        CheckConstraint("served_people >= 0", name="served_nobody_or_more"),
    )

    project_id: Mapped[int]
    words: Mapped[str] = mapped_column(String(2_000))
    served_people: Mapped[int]
    paid_fen: Mapped[int]
    freed_fen: Mapped[int]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime]
    closed_on: Mapped[date]


triggers.append_only("closing_report")


class Performance(CommunityRow, Base):
    """How an organisation did on a contract (履约记录), written when the contract ends."""

    __tablename__ = "performance"
    __table_args__ = (
        same_community("contract_id", "contract"),
        UniqueConstraint("community_id", "contract_id"),
        Index("ix_performance_organization", "community_id", "organization_id"),
        CheckConstraint("content_bp BETWEEN 0 AND 10000", name="a_share_of_the_answers"),
    )

    contract_id: Mapped[int]
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome, "outcome"))
    amount_fen: Mapped[int]
    milestones: Mapped[int]
    late: Mapped[int]
    late_days: Mapped[int]
    returned: Mapped[int]
    problems: Mapped[int]
    # The share of content answers; None below the survey's threshold, or without a survey.
    content_bp: Mapped[int | None]
    recorded_at: Mapped[datetime]


triggers.append_only("performance")


class YearEnd(CommunityRow, Base):
    """What the year's end meant for a running contract (年末结转): carried over, or lapsed."""

    __tablename__ = "year_end"
    __table_args__ = (
        same_community("contract_id", "contract"),
        UniqueConstraint("community_id", "contract_id", "year"),
        CheckConstraint("unpaid_fen >= 0", name="unpaid_nothing_or_more"),
    )

    contract_id: Mapped[int]
    year: Mapped[int]
    way: Mapped[YearEndWay] = mapped_column(choice(YearEndWay, "way"))
    unpaid_fen: Mapped[int]
    # Until when carried money may be spent; None when it lapsed.
    until_on: Mapped[date | None]
    # The rule set that decided.
    rule: Mapped[str] = mapped_column(String(120))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]


triggers.append_only("year_end")


class ClosingRules(CommunityRow, Base):
    """What holds for surveys and years' ends from a day on (结项规则), as the street set it."""

    __tablename__ = "closing_rules"
    __table_args__ = (
        Index("ix_closing_rules_valid_from", "community_id", "valid_from"),
        CheckConstraint("survey_days BETWEEN 1 AND 90", name="survey_days"),
        CheckConstraint("survey_threshold BETWEEN 1 AND 1000", name="survey_threshold"),
        CheckConstraint("carry_month BETWEEN 0 AND 12", name="carry_month"),
        CheckConstraint("carry_day BETWEEN 1 AND 31", name="carry_day"),
    )

    survey_days: Mapped[int]
    survey_threshold: Mapped[int]
    carry_month: Mapped[int]
    carry_day: Mapped[int]
    locality: Mapped[str] = mapped_column(String(60), default="")
    basis: Mapped[str] = mapped_column(String(200))
    valid_from: Mapped[date]
    set_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]


triggers.append_only("closing_rules")
