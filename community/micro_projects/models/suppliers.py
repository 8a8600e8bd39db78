"""The organisations' register: who may be given a job, certificates, suspensions, ties."""

from __future__ import annotations

from datetime import date, datetime
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
from community.micro_projects.rules.suppliers import (
    AppealState,
    CertificateKind,
    CertificateState,
    SupplierState,
)


class Supplier(CommunityRow, Base):
    """An organisation in a community's register (单位名录); `kinds` are service, goods, works."""

    __tablename__ = "supplier"
    __table_args__ = (
        own_key(),
        UniqueConstraint("community_id", "organization_id"),
        Index("ix_supplier_state", "community_id", "state"),
        CheckConstraint("kinds <> '[]'", name="does_something"),
        CheckConstraint(
            "state <> 'active' OR admitted_at IS NOT NULL", name="admitted_at_a_moment"
        ),
    )

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    state: Mapped[SupplierState] = mapped_column(choice(SupplierState, "state"))
    kinds: Mapped[list[Any]] = mapped_column(PlainJson)
    about: Mapped[str] = mapped_column(String(300), default="")
    contact: Mapped[str] = mapped_column(String(60), default="")
    applied_at: Mapped[datetime]
    applied_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    admitted_at: Mapped[datetime | None]
    admitted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Why it was refused, or left.
    words: Mapped[str] = mapped_column(String(200), default="")


class SupplierCertificate(CommunityRow, Base):
    """A certificate (证照) of an organisation; `expires_on` is its last day."""

    __tablename__ = "supplier_certificate"
    __table_args__ = (
        own_key(),
        same_community("supplier_id", "supplier"),
        same_community("file_id", "stored_file"),
        Index("ix_supplier_certificate_supplier", "community_id", "supplier_id", "kind"),
        Index("ix_supplier_certificate_expiry", "community_id", "expires_on"),
        CheckConstraint("expires_on >= issued_on", name="expires_after_it_was_issued"),
        CheckConstraint("(state = 'waiting') = (checked_at IS NULL)", name="checked_at_a_moment"),
    )

    supplier_id: Mapped[int]
    kind: Mapped[CertificateKind] = mapped_column(choice(CertificateKind, "kind"))
    title: Mapped[str] = mapped_column(String(80))
    number: Mapped[str] = mapped_column(String(60), default="")
    file_id: Mapped[int | None]
    issued_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    state: Mapped[CertificateState] = mapped_column(choice(CertificateState, "state"))
    words: Mapped[str] = mapped_column(String(200), default="")
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checked_at: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]


class SupplierSuspension(CommunityRow, Base):
    """That an organisation is given nothing until a day (暂停资格), why, and its appeal."""

    __tablename__ = "supplier_suspension"
    __table_args__ = (
        own_key(),
        same_community("supplier_id", "supplier"),
        Index("ix_supplier_suspension_supplier", "community_id", "supplier_id"),
        CheckConstraint("until_on >= from_on", name="ends_after_it_begins"),
        CheckConstraint("(appeal = 'none') = (appealed_at IS NULL)", name="appealed_at_a_moment"),
        CheckConstraint(
            "(appeal IN ('upheld', 'rejected')) = (answered_at IS NOT NULL)",
            name="answered_at_a_moment",
        ),
        CheckConstraint("answered_by <> imposed_by", name="another_answers"),
    )

    supplier_id: Mapped[int]
    from_on: Mapped[date]
    until_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(300))
    imposed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    imposed_at: Mapped[datetime]
    appeal: Mapped[AppealState] = mapped_column(choice(AppealState, "appeal"))
    appeal_words: Mapped[str] = mapped_column(String(1_000), default="")
    appealed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    appealed_at: Mapped[datetime | None]
    appeal_due_on: Mapped[date | None]
    answer: Mapped[str] = mapped_column(String(500), default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]


class DeclaredConflict(CommunityRow, Base):
    """A tie between a person and an organisation (利益关系) that either side declared."""

    __tablename__ = "declared_conflict"
    __table_args__ = (
        own_key(),
        Index("ix_declared_conflict_organization", "community_id", "organization_id", "person_id"),
        Index("ix_declared_conflict_person", "community_id", "person_id"),
    )

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # Emptied only when a person's data is erased.
    words: Mapped[str] = mapped_column(String(200))
    declared_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    declared_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


triggers.refuse("supplier_kept", "supplier", "DELETE", "TRUE", "an entry of the register is kept")
triggers.refuse(
    "supplier_suspension_kept",
    "supplier_suspension",
    "DELETE",
    "TRUE",
    "a suspension is kept",
)
triggers.refuse(
    "supplier_suspension_stands",
    "supplier_suspension",
    "UPDATE",
    "NEW.supplier_id <> OLD.supplier_id OR NEW.from_on <> OLD.from_on"
    " OR NEW.until_on <> OLD.until_on OR NEW.reason <> OLD.reason"
    " OR (OLD.appealed_at IS NOT NULL AND NEW.appealed_at <> OLD.appealed_at)"
    " OR OLD.answered_at IS NOT NULL",
    "a suspension and its appeal stand",
)
triggers.refuse(
    "supplier_certificate_stands",
    "supplier_certificate",
    "UPDATE",
    "NEW.supplier_id <> OLD.supplier_id OR NEW.kind <> OLD.kind OR NEW.number <> OLD.number"
    " OR NEW.file_id <> OLD.file_id OR NEW.expires_on <> OLD.expires_on",
    "a certificate that changed is a new one",
)
