"""Audits: announced, drawn once, worked through, closed by one opinion; nothing is rewritten."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community
from community.trust_property.rules.audits import OpinionKind, SampleReason, Severity


class Audit(CommunityRow, Base):
    """An audit (审计) of a fund's entries of a period; `seed` comes after its announcement."""

    __tablename__ = "trust_audit"
    __table_args__ = (
        own_key(),
        same_community("fund_id", "trust_fund"),
        Index("ix_trust_audit_fund", "community_id", "fund_id"),
        CheckConstraint("since <= until", name="a_period_has_days"),
        CheckConstraint("at_least_fen > 0", name="amount_positive"),
        CheckConstraint("random_count BETWEEN 0 AND 500", name="some_at_random"),
        CheckConstraint("(seed = '') = (drawn_at IS NULL)", name="drawn_with_a_seed"),
        CheckConstraint("(seed = '') = (log_size IS NULL)", name="a_seed_has_its_tree"),
    )

    fund_id: Mapped[int]
    since: Mapped[date]
    until: Mapped[date]
    # Every entry of so much is looked at, and so many of the others.
    at_least_fen: Mapped[int]
    random_count: Mapped[int]
    # The root, in hexadecimal, of the first checkpoint over the announcement, and its size.
    seed: Mapped[str] = mapped_column(String(64), default="")
    log_size: Mapped[int | None]
    # How many entries the sample was drawn from.
    entry_count: Mapped[int | None]
    announced_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    announced_at: Mapped[datetime]
    drawn_at: Mapped[datetime | None]


class AuditSample(CommunityRow, Base):
    """An entry that an audit looks at; `checked_at` says when somebody did."""

    __tablename__ = "trust_sample"
    __table_args__ = (
        same_community("audit_id", "trust_audit"),
        UniqueConstraint("community_id", "audit_id", "transaction_id"),
        UniqueConstraint("community_id", "audit_id", "number"),
        CheckConstraint("(checked_by IS NULL) = (checked_at IS NULL)", name="checked_by_somebody"),
    )

    audit_id: Mapped[int]
    number: Mapped[int]
    transaction_id: Mapped[int] = mapped_column(ForeignKey("ledger_transaction.id"))
    amount_fen: Mapped[int]
    reason: Mapped[SampleReason] = mapped_column(choice(SampleReason, "reason"))
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checked_at: Mapped[datetime | None]


class Finding(CommunityRow, Base):
    """A finding (审计发现) about an entry of the sample."""

    __tablename__ = "trust_finding"
    __table_args__ = (
        own_key(),
        same_community("audit_id", "trust_audit"),
        UniqueConstraint("community_id", "audit_id", "number"),
    )

    audit_id: Mapped[int]
    number: Mapped[int]
    transaction_id: Mapped[int] = mapped_column(ForeignKey("ledger_transaction.id"))
    severity: Mapped[Severity] = mapped_column(choice(Severity, "severity"))
    words: Mapped[str] = mapped_column(String(1_000))
    found_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    found_at: Mapped[datetime]


class FindingReply(CommunityRow, Base):
    """What the property firm or the committee replies to a finding."""

    __tablename__ = "trust_finding_reply"
    __table_args__ = (
        same_community("finding_id", "trust_finding"),
        Index("ix_trust_finding_reply_finding", "community_id", "finding_id"),
    )

    finding_id: Mapped[int]
    side: Mapped[str] = mapped_column(String(16))
    words: Mapped[str] = mapped_column(String(1_000))
    replied_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    replied_at: Mapped[datetime]


class AuditOpinion(CommunityRow, Base):
    """The opinion (审计意见) that closes an audit."""

    __tablename__ = "trust_opinion"
    __table_args__ = (
        same_community("audit_id", "trust_audit"),
        UniqueConstraint("community_id", "audit_id"),
    )

    audit_id: Mapped[int]
    kind: Mapped[OpinionKind] = mapped_column(choice(OpinionKind, "kind"))
    words: Mapped[str] = mapped_column(String(4_000))
    given_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime]


for name in ("trust_finding", "trust_finding_reply", "trust_opinion"):
    triggers.append_only(name)
triggers.refuse(
    "trust_audit_stands",
    "trust_audit",
    "UPDATE OF community_id, fund_id, since, until, at_least_fen, random_count, announced_by,"
    " announced_at",
    "TRUE",
    "what was announced stands",
)
triggers.refuse(
    "trust_audit_drawn_once",
    "trust_audit",
    "UPDATE OF seed, log_size, entry_count, drawn_at",
    "OLD.drawn_at IS NOT NULL",
    "a sample is drawn once",
)
triggers.refuse("trust_audit_no_delete", "trust_audit", "DELETE", "TRUE", "an audit is kept")
triggers.refuse(
    "trust_sample_stands",
    "trust_sample",
    "UPDATE OF community_id, audit_id, number, transaction_id, amount_fen, reason",
    "TRUE",
    "a sample is frozen",
)
triggers.refuse(
    "trust_sample_checked_once",
    "trust_sample",
    "UPDATE OF checked_by, checked_at",
    "OLD.checked_at IS NOT NULL",
    "an entry is checked once",
)
triggers.refuse("trust_sample_no_delete", "trust_sample", "DELETE", "TRUE", "a sample is frozen")
_CLOSED = "EXISTS (SELECT 1 FROM trust_opinion o WHERE o.audit_id = NEW.audit_id)"
triggers.refuse(
    "trust_finding_before_opinion", "trust_finding", "INSERT", _CLOSED, "the audit is closed"
)
triggers.refuse(
    "trust_sample_frozen",
    "trust_sample",
    "INSERT",
    "EXISTS (SELECT 1 FROM trust_audit a WHERE a.id = NEW.audit_id AND a.drawn_at IS NOT NULL)",
    "a sample is frozen",
)
triggers.refuse(
    "trust_opinion_after_work",
    "trust_opinion",
    "INSERT",
    "EXISTS (SELECT 1 FROM trust_audit a WHERE a.id = NEW.audit_id AND a.drawn_at IS NULL)"
    " OR EXISTS (SELECT 1 FROM trust_sample s WHERE s.audit_id = NEW.audit_id"
    " AND s.checked_at IS NULL)",
    "an opinion follows the work",
)
