"""Reading the register: an organisation's certificates, suspensions and fitness on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.kernel.actor import Actor
from community.micro_projects.errors.suppliers import (
    CertificateNotFound,
    SupplierNotFound,
    SuspensionNotFound,
)
from community.micro_projects.models import (
    DeclaredConflict,
    Project,
    Supplier,
    SupplierCertificate,
    SupplierSuspension,
)
from community.micro_projects.rules.suppliers import (
    AppealState,
    Certificate,
    CertificateAge,
    CertificateKind,
    CertificateState,
    SupplierState,
    Unfit,
    age_of,
    is_suspended,
    missing_certificates,
)


@dataclass(frozen=True, slots=True)
class CertificateView:
    """A certificate and how it stands today."""

    id: int
    supplier_id: int
    kind: CertificateKind
    title: str
    number: str
    file_id: int | None
    issued_on: date | None
    expires_on: date | None
    state: CertificateState
    age: CertificateAge
    words: str


@dataclass(frozen=True, slots=True)
class SuspensionView:
    """A suspension with its reason, its last day and its appeal."""

    id: int
    supplier_id: int
    from_on: date
    until_on: date
    reason: str
    appeal: AppealState
    appeal_words: str
    appealed_at: datetime | None
    appeal_due_on: date | None
    answer: str
    answered_at: datetime | None
    is_running: bool


@dataclass(frozen=True, slots=True)
class SupplierView:
    """An organisation of the register as everybody reads it.

    `unfit` empty means that it may be given work of its kinds today.
    """

    id: int
    organization_id: int
    name: str
    credit_code: str
    state: SupplierState
    kinds: tuple[str, ...]
    about: str
    contact: str
    applied_at: datetime
    admitted_at: datetime | None
    words: str
    unfit: tuple[Unfit, ...]
    certificates: tuple[CertificateView, ...]
    suspensions: tuple[SuspensionView, ...]


@dataclass(frozen=True, slots=True)
class ConflictView:
    """A declared tie between a person and an organisation."""

    id: int
    organization_id: int
    organization_name: str
    person_id: int
    words: str
    declared_at: datetime


def suppliers(session: Session, community_id: int) -> tuple[SupplierView, ...]:
    """List the register, by name; those that were refused or left come last."""
    rows = session.scalars(select(Supplier).where(Supplier.community_id == community_id)).all()
    views = [_view(session, row) for row in rows]
    order = list(SupplierState)
    return tuple(sorted(views, key=lambda each: (order.index(each.state), each.name, each.id)))


def active_suppliers(session: Session, community_id: int) -> tuple[SupplierView, ...]:
    """List the organisations that were let into the register, for everybody."""
    found = suppliers(session, community_id)
    return tuple(each for each in found if each.state is SupplierState.ACTIVE)


def get_supplier(session: Session, community_id: int, supplier_id: int) -> SupplierView:
    """Get an organisation of the register.

    Raises: SupplierNotFound.
    """
    row = session.get(Supplier, supplier_id)
    if row is None or row.community_id != community_id:
        raise SupplierNotFound
    return _view(session, row)


def get_public_supplier(session: Session, community_id: int, supplier_id: int) -> SupplierView:
    """Get an organisation that was let into the register once.

    Raises: SupplierNotFound.
    """
    found = get_supplier(session, community_id, supplier_id)
    if found.admitted_at is None:
        raise SupplierNotFound
    return found


def find_supplier(session: Session, community_id: int, organization_id: int) -> SupplierView | None:
    """Find the register's entry of an organisation."""
    row = session.scalar(
        select(Supplier).where(
            Supplier.community_id == community_id, Supplier.organization_id == organization_id
        )
    )
    return None if row is None else _view(session, row)


def own_supplier(session: Session, actor: Actor) -> SupplierView | None:
    """Find the entry of the organisation the actor works for."""
    if actor.person_id is None or actor.on_behalf_of is not None:
        return None
    firm = identity.employer_of(session, actor.community_id, actor.person_id)
    return None if firm is None else find_supplier(session, actor.community_id, firm)


def bidder_fit(
    session: Session, community_id: int, organization_id: int, on: date, kind: str = ""
) -> tuple[Unfit, ...]:
    """Tell why an organisation may not be given work on a day; nothing means that it may.

    With `kind` it must do that kind of work, and its certificates are those of that kind alone.
    """
    row = session.scalar(
        select(Supplier).where(
            Supplier.community_id == community_id, Supplier.organization_id == organization_id
        )
    )
    if row is None:
        return (Unfit.UNKNOWN,)
    found = [_unfit(session, row, [kind] if kind else row.kinds, on)]
    if kind and kind not in row.kinds:
        found.append((Unfit.OTHER_KIND,))
    return tuple(reason for part in found for reason in part)


def unfit_for(
    session: Session, community_id: int, project_id: int, organization_id: int
) -> tuple[Unfit, ...]:
    """Tell why an organisation could not be given a project's work today; nothing means it may."""
    kind = session.get_one(Project, project_id).kind.value
    return bidder_fit(session, community_id, organization_id, clock.today(), kind)


def fitting_suppliers(
    session: Session, community_id: int, kind: str, on: date
) -> tuple[SupplierView, ...]:
    """List the organisations that may be given work of a kind on a day."""
    return tuple(
        each
        for each in active_suppliers(session, community_id)
        if not bidder_fit(session, community_id, each.organization_id, on, kind)
    )


def get_certificate(session: Session, actor: Actor, certificate_id: int) -> CertificateView:
    """Give a certificate, for the desk and for the organisation's own staff.

    Raises: CertificateNotFound.
    """
    row = session.get(SupplierCertificate, certificate_id)
    if row is None or row.community_id != actor.community_id:
        raise CertificateNotFound
    return _certificate(row)


def get_suspension(session: Session, community_id: int, suspension_id: int) -> SuspensionView:
    """Give a suspension.

    Raises: SuspensionNotFound.
    """
    row = session.get(SupplierSuspension, suspension_id)
    if row is None or row.community_id != community_id:
        raise SuspensionNotFound
    return _suspension(row)


def open_appeals(session: Session, community_id: int) -> tuple[SuspensionView, ...]:
    """List the appeals that wait for an answer, the first due first."""
    rows = session.scalars(
        select(SupplierSuspension)
        .where(
            SupplierSuspension.community_id == community_id,
            SupplierSuspension.appeal == AppealState.OPEN,
        )
        .order_by(SupplierSuspension.appeal_due_on, SupplierSuspension.id)
    )
    return tuple(_suspension(row) for row in rows)


def conflicts_of(
    session: Session,
    community_id: int,
    organization_id: int | None = None,
    person_id: int | None = None,
) -> tuple[ConflictView, ...]:
    """List the declared ties that hold, of an organisation or of a person."""
    chosen = select(DeclaredConflict).where(
        DeclaredConflict.community_id == community_id, DeclaredConflict.ended_at.is_(None)
    )
    if organization_id is not None:
        chosen = chosen.where(DeclaredConflict.organization_id == organization_id)
    if person_id is not None:
        chosen = chosen.where(DeclaredConflict.person_id == person_id)
    names = {each.id: each.name for each in identity.organizations(session, community_id)}
    return tuple(
        ConflictView(
            row.id,
            row.organization_id,
            names.get(row.organization_id, ""),
            row.person_id,
            row.words,
            row.declared_at,
        )
        for row in session.scalars(chosen.order_by(DeclaredConflict.id))
    )


def _unfit(session: Session, row: Supplier, kinds: Iterable[str], on: date) -> tuple[Unfit, ...]:
    found: list[Unfit] = []
    if row.state is not SupplierState.ACTIVE:
        found.append(Unfit.NOT_ACTIVE)
    spans = [
        (each.from_on, each.until_on)
        for each in _suspension_rows(session, row)
        if each.appeal is not AppealState.UPHELD
    ]
    if is_suspended(spans, on):
        found.append(Unfit.SUSPENDED)
    certificates = [
        Certificate(each.kind, each.state, each.expires_on)
        for each in _certificate_rows(session, row)
    ]
    return (*found, *missing_certificates(kinds, certificates, on))


def _certificate_rows(session: Session, row: Supplier) -> list[SupplierCertificate]:
    chosen = select(SupplierCertificate).where(
        SupplierCertificate.community_id == row.community_id,
        SupplierCertificate.supplier_id == row.id,
    )
    return list(session.scalars(chosen.order_by(SupplierCertificate.id)))


def _suspension_rows(session: Session, row: Supplier) -> list[SupplierSuspension]:
    chosen = select(SupplierSuspension).where(
        SupplierSuspension.community_id == row.community_id,
        SupplierSuspension.supplier_id == row.id,
    )
    return list(session.scalars(chosen.order_by(SupplierSuspension.id)))


def _view(session: Session, row: Supplier) -> SupplierView:
    firms = identity.organizations(session, row.community_id, None, row.organization_id)
    firm = firms[0] if firms else None
    return SupplierView(
        row.id,
        row.organization_id,
        firm.name if firm else "",
        firm.credit_code if firm else "",
        row.state,
        tuple(row.kinds),
        row.about,
        row.contact,
        row.applied_at,
        row.admitted_at,
        row.words,
        _unfit(session, row, row.kinds, clock.today()),
        tuple(_certificate(each) for each in _certificate_rows(session, row)),
        tuple(_suspension(each) for each in _suspension_rows(session, row)),
    )


def _certificate(row: SupplierCertificate) -> CertificateView:
    return CertificateView(
        row.id,
        row.supplier_id,
        row.kind,
        row.title,
        row.number,
        row.file_id,
        row.issued_on,
        row.expires_on,
        row.state,
        age_of(row.expires_on, clock.today()),
        row.words,
    )


def _suspension(row: SupplierSuspension) -> SuspensionView:
    spans = [(row.from_on, row.until_on)]
    return SuspensionView(
        row.id,
        row.supplier_id,
        row.from_on,
        row.until_on,
        row.reason,
        row.appeal,
        row.appeal_words,
        row.appealed_at,
        row.appeal_due_on,
        row.answer,
        row.answered_at,
        row.appeal is not AppealState.UPHELD and is_suspended(spans, clock.today()),
    )
