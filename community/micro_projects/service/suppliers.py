"""Commands upon the register: organisations ask in or are written in, are let in, and leave."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community import identity, notices
from community.kernel import clock, events
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.suppliers import (
    NotThisSupplier,
    SupplierCodeWrong,
    SupplierKindsWanted,
    SupplierKnown,
    SupplierNotFound,
    SupplierStateWrong,
)
from community.micro_projects.events import SupplierChanged
from community.micro_projects.models import Supplier
from community.micro_projects.rules.projects import ProjectKind
from community.micro_projects.rules.suppliers import SUPPLIER_TITLES, SupplierState

OWN_PAGE = "projects/my-organization"


@dataclass(frozen=True, slots=True)
class SupplierDraft:
    """What an organisation does, in words, and whom to call."""

    kinds: tuple[ProjectKind, ...]
    about: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class NewOrganization:
    """An organisation that is not at work in the community yet."""

    name: str
    credit_code: str
    kind: identity.OrganizationKind = identity.OrganizationKind.SUPPLIER
    phone_number: str = ""


def register_supplier(
    session: Session,
    actor: Actor,
    draft: SupplierDraft,
    organization_id: int | None = None,
    new: NewOrganization | None = None,
) -> int:
    """Write an organisation into the register and let it in; gives the entry's id.

    It is one that is at work here, or a `new` one, whose credit code's check digit is verified.
    Raises: SupplierCodeWrong, SupplierKnown, SupplierKindsWanted, NotFound.
    """
    actor.check(permissions.KEEP_SUPPLIERS.code)
    if new is not None:
        code = new.credit_code.strip().upper()
        if not identity.is_credit_code(code):
            raise SupplierCodeWrong(code=code)
        organization_id = _known(session, actor, code) or identity.add_organization(
            session, actor, new.name, new.kind, code, "", new.phone_number
        )
    if organization_id is None:
        raise SupplierNotFound
    row = _write(session, actor, organization_id, draft)
    row.state, row.admitted_at = SupplierState.ACTIVE, clock.now()
    row.admitted_by = actor.person_id
    session.flush()
    events.tell(session, SupplierChanged(actor.community_id, row.id))
    return row.id


def apply_supplier(session: Session, actor: Actor, draft: SupplierDraft) -> int:
    """Ask for the register to take in the organisation one works for; gives the entry's id.

    Raises: NotThisSupplier, SupplierKnown, SupplierKindsWanted.
    """
    actor.check(permissions.SUPPLY.code)
    row = _write(session, actor, own_firm(session, actor), draft)
    return row.id


def change_supplier(session: Session, actor: Actor, draft: SupplierDraft) -> None:
    """Change what one's own organisation does, in words, and whom to call.

    Raises: NotThisSupplier, SupplierKindsWanted.
    """
    actor.check(permissions.SUPPLY.code)
    row = own_row(session, actor)
    _fill(row, draft)
    session.flush()
    events.tell(session, SupplierChanged(actor.community_id, row.id))


def admit_supplier(session: Session, actor: Actor, supplier_id: int) -> None:
    """Let an organisation in that asked, or that left; its staff hear of it.

    Raises: SupplierNotFound, SupplierCodeWrong, SupplierStateWrong.
    """
    actor.check(permissions.KEEP_SUPPLIERS.code)
    row = load_supplier(session, actor, supplier_id)
    firm = identity.get_organization(session, actor.community_id, row.organization_id)
    if not identity.is_credit_code(firm.credit_code):
        raise SupplierCodeWrong(code=firm.credit_code)
    _step(session, actor, row, SupplierState.ACTIVE, "")
    words = say(N_("您的单位已列入社区的单位名录，可以承接微实事项目。"))
    tell_staff(session, actor, row.organization_id, words, words)


def refuse_supplier(session: Session, actor: Actor, supplier_id: int, words: str) -> None:
    """Refuse an organisation that asked, or strike one off, with a reason its staff read.

    Raises: SupplierNotFound, SupplierStateWrong.
    """
    actor.check(permissions.KEEP_SUPPLIERS.code)
    row = load_supplier(session, actor, supplier_id)
    waits = row.state is SupplierState.WAITING
    _step(session, actor, row, SupplierState.REFUSED if waits else SupplierState.LEFT, words)
    tell_staff(session, actor, row.organization_id, say(N_("单位名录登记有变化")), words)


def employ_for_supplier(session: Session, actor: Actor, supplier_id: int, person_id: int) -> None:
    """Give a member an account of an organisation's staff (单位人员).

    Raises: SupplierNotFound, NotFound, StaffKnown.
    """
    actor.check(permissions.KEEP_SUPPLIERS.code)
    row = load_supplier(session, actor, supplier_id)
    identity.employ_staff(session, actor, row.organization_id, person_id)


def dismiss_from_supplier(session: Session, actor: Actor, supplier_id: int, person_id: int) -> None:
    """End a staff account of an organisation.

    Raises: SupplierNotFound, NotFound.
    """
    actor.check(permissions.KEEP_SUPPLIERS.code)
    row = load_supplier(session, actor, supplier_id)
    identity.dismiss_staff(session, actor, row.organization_id, person_id)


def own_firm(session: Session, actor: Actor) -> int:
    """Give the organisation the actor works for; nobody acts here for another person.

    Raises: NotThisSupplier.
    """
    if actor.person_id is None or actor.on_behalf_of is not None:
        raise NotThisSupplier
    found = identity.employer_of(session, actor.community_id, actor.person_id)
    if found is None:
        raise NotThisSupplier
    return found


def own_row(session: Session, actor: Actor) -> Supplier:
    """Load the entry of the organisation the actor works for.

    Raises: NotThisSupplier.
    """
    row = session.scalar(
        select(Supplier).where(
            Supplier.community_id == actor.community_id,
            Supplier.organization_id == own_firm(session, actor),
        )
    )
    if row is None:
        raise NotThisSupplier
    return row


def load_supplier(session: Session, actor: Actor, supplier_id: int) -> Supplier:
    """Load an entry of the community's register for a command.

    Raises: SupplierNotFound.
    """
    row = session.get(Supplier, supplier_id)
    if row is None or row.community_id != actor.community_id:
        raise SupplierNotFound
    return row


def tell_staff(
    session: Session,
    actor: Actor,
    organization_id: int,
    title: str,
    body: str,
    link: str = OWN_PAGE,
    kind: str = "change",
) -> None:
    """Tell everybody who works for an organisation here."""
    for person_id in identity.staff_of(session, actor.community_id, organization_id):
        notices.send(session, actor, person_id, title, body, link, kind)


def _known(session: Session, actor: Actor, code: str) -> int | None:
    """Find an organisation at work here by its code."""
    here = identity.organizations(session, actor.community_id)
    return next((each.id for each in here if each.credit_code == code), None)


def _write(session: Session, actor: Actor, organization_id: int, draft: SupplierDraft) -> Supplier:
    firm = identity.get_organization(session, actor.community_id, organization_id)
    known = session.scalar(
        select(Supplier.id).where(
            Supplier.community_id == actor.community_id,
            Supplier.organization_id == organization_id,
        )
    )
    if known is not None:
        raise SupplierKnown(name=firm.name)
    if not identity.is_credit_code(firm.credit_code):
        raise SupplierCodeWrong(code=firm.credit_code)
    row = Supplier(
        community_id=actor.community_id,
        organization_id=organization_id,
        state=SupplierState.WAITING,
        applied_at=clock.now(),
        applied_by=actor.person_id,
    )
    _fill(row, draft)
    session.add(row)
    session.flush()
    return row


def _fill(row: Supplier, draft: SupplierDraft) -> None:
    if not draft.kinds:
        raise SupplierKindsWanted
    row.kinds = sorted({each.value for each in draft.kinds})
    row.about, row.contact = draft.about, draft.contact


# Which way an entry may go; whoever left or was refused may be let in again.
_STEPS = {
    SupplierState.WAITING: {SupplierState.ACTIVE, SupplierState.REFUSED},
    SupplierState.ACTIVE: {SupplierState.LEFT},
    SupplierState.REFUSED: {SupplierState.ACTIVE},
    SupplierState.LEFT: {SupplierState.ACTIVE},
}


def _step(session: Session, actor: Actor, row: Supplier, target: SupplierState, words: str) -> None:
    refusal = SupplierStateWrong(state=say(SUPPLIER_TITLES[row.state]))
    if target not in _STEPS[row.state]:
        raise refusal
    values: dict[str, object] = {"state": target, "words": words}
    if target is SupplierState.ACTIVE and row.admitted_at is None:
        values |= {"admitted_at": clock.now(), "admitted_by": actor.person_id}
    done = session.execute(
        update(Supplier)
        .where(
            Supplier.community_id == row.community_id,
            Supplier.id == row.id,
            Supplier.state == row.state,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result
        raise refusal
    session.refresh(row)
    events.tell(session, SupplierChanged(actor.community_id, row.id))
