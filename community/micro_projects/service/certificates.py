"""Certificates of the register: handed in, checked, and warned of before they end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community.kernel import clock, events, files
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.suppliers import (
    CertificateChecked,
    CertificateEnded,
    CertificateNotFound,
    NotThisSupplier,
)
from community.micro_projects.events import SupplierChanged
from community.micro_projects.models import Supplier, SupplierCertificate
from community.micro_projects.rules.suppliers import (
    WARN_DAYS,
    CertificateAge,
    CertificateKind,
    CertificateState,
    SupplierState,
    age_of,
)
from community.micro_projects.service.suppliers import load_supplier, own_row, tell_staff


@dataclass(frozen=True, slots=True)
class CertificateDraft:
    """What a certificate proves and until when; no `expires_on` means for ever."""

    kind: CertificateKind
    title: str
    number: str = ""
    issued_on: date | None = None
    expires_on: date | None = None


def add_own_certificate(
    session: Session, actor: Actor, draft: CertificateDraft, upload: files.Ready | None = None
) -> int:
    """Hand in a certificate of the organisation one works for; the desk checks it.

    Raises: NotThisSupplier, CertificateEnded.
    """
    actor.check(permissions.SUPPLY.code)
    row = own_row(session, actor)
    return _add(session, actor, row, draft, upload, CertificateState.WAITING)


def add_certificate(
    session: Session,
    actor: Actor,
    supplier_id: int,
    draft: CertificateDraft,
    upload: files.Ready | None = None,
) -> int:
    """Write down a certificate of which the desk has seen the original: it is checked by that.

    Raises: SupplierNotFound, NotThisSupplier, CertificateEnded.
    """
    actor.check(permissions.KEEP_SUPPLIERS.code)
    row = load_supplier(session, actor, supplier_id)
    if actor.organization_id == row.organization_id:
        raise NotThisSupplier
    return _add(session, actor, row, draft, upload, CertificateState.ACCEPTED)


def check_certificate(
    session: Session, actor: Actor, certificate_id: int, is_good: bool, words: str = ""
) -> None:
    """Accept or refuse a certificate that was handed in; its organisation hears of it.

    Raises: CertificateNotFound, CertificateChecked, NotThisSupplier.
    """
    actor.check(permissions.KEEP_SUPPLIERS.code)
    row = session.get(SupplierCertificate, certificate_id)
    if row is None or row.community_id != actor.community_id:
        raise CertificateNotFound
    supplier = load_supplier(session, actor, row.supplier_id)
    if actor.organization_id == supplier.organization_id:
        raise NotThisSupplier
    done = session.execute(
        update(SupplierCertificate)
        .where(
            SupplierCertificate.community_id == row.community_id,
            SupplierCertificate.id == row.id,
            SupplierCertificate.state == CertificateState.WAITING,
        )
        .values(
            state=CertificateState.ACCEPTED if is_good else CertificateState.REFUSED,
            words=words,
            checked_by=actor.person_id,
            checked_at=clock.now(),
        )
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result
        raise CertificateChecked
    session.refresh(row)
    title = say(N_("证照已核对")) if is_good else say(N_("证照不合格"))
    body = say(N_("“{title}”：{words}"), title=row.title, words=words or title)
    tell_staff(session, actor, supplier.organization_id, title, body)
    events.tell(session, SupplierChanged(actor.community_id, supplier.id))


def warn_of_certificates(session: Session, actor: Actor) -> int:
    """Warn organisations once of each certificate that ends soon; gives how many."""
    rows = session.execute(
        select(SupplierCertificate, Supplier)
        .join(Supplier, Supplier.id == SupplierCertificate.supplier_id)
        .where(
            SupplierCertificate.community_id == actor.community_id,
            SupplierCertificate.state == CertificateState.ACCEPTED,
            SupplierCertificate.expires_on <= clock.today() + timedelta(days=WARN_DAYS),
            SupplierCertificate.warned_at.is_(None),
            Supplier.state == SupplierState.ACTIVE,
        )
        .order_by(SupplierCertificate.id)
    ).all()
    for row, supplier in rows:
        row.warned_at = clock.now()
        assert row.expires_on is not None
        tell_staff(
            session,
            actor,
            supplier.organization_id,
            say(N_("证照快到期了")),
            say(
                N_("“{title}”有效期到 {day}。过期以后不能投标和承接项目，请上传新的。"),
                title=row.title,
                day=row.expires_on.isoformat(),
            ),
            kind="warning",
        )
    session.flush()
    return len(rows)


def _add(
    session: Session,
    actor: Actor,
    supplier: Supplier,
    draft: CertificateDraft,
    upload: files.Ready | None,
    state: CertificateState,
) -> int:
    if age_of(draft.expires_on, clock.today()) is CertificateAge.ENDED:
        raise CertificateEnded
    seen = state is CertificateState.ACCEPTED
    row = SupplierCertificate(
        community_id=actor.community_id,
        supplier_id=supplier.id,
        kind=draft.kind,
        title=draft.title,
        number=draft.number,
        file_id=None if upload is None else files.keep_file(session, actor, upload),
        issued_on=draft.issued_on,
        expires_on=draft.expires_on,
        state=state,
        added_by=actor.person_id,
        added_at=clock.now(),
        checked_by=actor.person_id if seen else None,
        checked_at=clock.now() if seen else None,
    )
    session.add(row)
    session.flush()
    if seen:
        events.tell(session, SupplierChanged(actor.community_id, supplier.id))
    return row.id
