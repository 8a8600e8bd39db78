"""Suspending an organisation with a reason and until a day, its appeal, and declared ties."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from community import identity, notices, transparency
from community.kernel import calendar, clock, events
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.permissions import Role
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.suppliers import (
    AppealLate,
    AppealNotOpen,
    ConflictNotFound,
    NotThisSupplier,
    OwnSuspension,
    SuspensionDaysWrong,
    SuspensionNotFound,
)
from community.micro_projects.events import SupplierChanged
from community.micro_projects.models import DeclaredConflict, SupplierSuspension
from community.micro_projects.queries.award_terms import award_terms
from community.micro_projects.rules.suppliers import AppealState
from community.micro_projects.service.suppliers import (
    load_supplier,
    own_firm,
    own_row,
    tell_staff,
)

SUSPENDED, ANSWERED = "supplier.suspended", "supplier.appeal"
LONGEST = timedelta(days=3 * 365)

transparency.name_kinds({SUSPENDED: N_("单位暂停资格"), ANSWERED: N_("暂停资格的申诉答复")})


def suspend_supplier(
    session: Session, actor: Actor, supplier_id: int, until_on: date, reason: str
) -> int:
    """Give an organisation nothing until a day; the reason is public. Gives the suspension's id.

    Raises: SupplierNotFound, SuspensionDaysWrong.
    """
    actor.check(permissions.SUSPEND.code)
    supplier = load_supplier(session, actor, supplier_id)
    today = clock.today()
    if not today <= until_on <= today + LONGEST:
        raise SuspensionDaysWrong
    row = SupplierSuspension(
        community_id=actor.community_id,
        supplier_id=supplier.id,
        from_on=today,
        until_on=until_on,
        reason=reason,
        imposed_by=actor.person_id,
        imposed_at=clock.now(),
        appeal=AppealState.NONE,
    )
    session.add(row)
    session.flush()
    told = {
        "supplier": supplier.id,
        "suspension": row.id,
        "organization": supplier.organization_id,
        "until": until_on.isoformat(),
        "reason": reason,
    }
    transparency.publish(session, actor.community_id, SUSPENDED, told, row.id)
    body = say(
        N_("到 {day} 为止不能投标和承接项目。理由：{reason}。不同意可以在“我的单位”里申诉。"),
        day=until_on.isoformat(),
        reason=reason,
    )
    title = say(N_("您的单位被暂停资格"))
    tell_staff(session, actor, supplier.organization_id, title, body, kind="warning")
    events.tell(session, SupplierChanged(actor.community_id, supplier.id))
    return row.id


def appeal_suspension(session: Session, actor: Actor, suspension_id: int, words: str) -> None:
    """Appeal against one's own organisation's suspension, once, while it runs.

    Raises: SuspensionNotFound, NotThisSupplier, AppealLate.
    """
    actor.check(permissions.SUPPLY.code)
    supplier = own_row(session, actor)
    row = _load(session, actor, suspension_id)
    if row.supplier_id != supplier.id:
        raise NotThisSupplier
    today = clock.today()
    if row.appeal is not AppealState.NONE or row.until_on < today:
        raise AppealLate
    days = award_terms(session, actor.community_id, today).appeal_days
    row.appeal, row.appeal_words = AppealState.OPEN, words
    row.appealed_at, row.appealed_by = clock.now(), actor.person_id
    row.appeal_due_on = calendar.add_working_days(session, actor.community_id, today, days)
    session.flush()
    title = say(N_("有单位对暂停资格提出申诉"))
    body = say(N_("请在 {day} 前答复：{words}"), day=row.appeal_due_on.isoformat(), words=words)
    for person_id in identity.people_with_role(session, actor.community_id, Role.STREET):
        notices.send(session, actor, person_id, title, body, "desk/complaints", "todo")


def answer_appeal(
    session: Session, actor: Actor, suspension_id: int, is_upheld: bool, answer: str
) -> None:
    """Answer an appeal, once and by somebody else; one that is upheld ends the suspension.

    Raises: SuspensionNotFound, AppealNotOpen, OwnSuspension.
    """
    actor.check(permissions.REVIEW.code)
    row = _load(session, actor, suspension_id)
    if row.imposed_by is not None and row.imposed_by == actor.person_id:
        raise OwnSuspension
    state = AppealState.UPHELD if is_upheld else AppealState.REJECTED
    done = session.execute(
        update(SupplierSuspension)
        .where(
            SupplierSuspension.community_id == row.community_id,
            SupplierSuspension.id == row.id,
            SupplierSuspension.appeal == AppealState.OPEN,
        )
        .values(appeal=state, answer=answer, answered_by=actor.person_id, answered_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result
        raise AppealNotOpen
    session.refresh(row)
    supplier = load_supplier(session, actor, row.supplier_id)
    told = {"suspension": row.id, "outcome": state.value, "answer": answer}
    transparency.publish(session, actor.community_id, ANSWERED, told, row.id)
    title = say(N_("申诉成立，暂停解除")) if is_upheld else say(N_("申诉不成立"))
    tell_staff(session, actor, supplier.organization_id, title, answer)
    events.tell(session, SupplierChanged(actor.community_id, supplier.id))


def declare_conflict(session: Session, actor: Actor, organization_id: int, words: str) -> int:
    """Declare one's own tie with an organisation: one is drawn for none of its tenders.

    Raises: NotFound.
    """
    actor.check(permissions.PROPOSE.code)
    identity.get_organization(session, actor.community_id, organization_id)
    return _declare(session, actor, organization_id, actor.subject_id or 0, words)


def declare_for_firm(session: Session, actor: Actor, person_id: int, words: str) -> int:
    """Declare the tie of a member of this community with the organisation one works for.

    Raises: NotThisSupplier, NotFound.
    """
    actor.check(permissions.SUPPLY.code)
    firm = own_firm(session, actor)
    identity.get_person(session, actor.community_id, person_id)
    return _declare(session, actor, firm, person_id, words)


def end_conflict(session: Session, actor: Actor, conflict_id: int) -> None:
    """Say that a tie one declared is over; what was drawn meanwhile stands.

    Raises: ConflictNotFound.
    """
    actor.check(permissions.PROPOSE.code)
    row = session.get(DeclaredConflict, conflict_id)
    # What a firm declared about somebody is not that person's to end: they could be drawn then.
    mine = row is not None and actor.person_id == row.declared_by
    if row is None or row.community_id != actor.community_id or not mine:
        raise ConflictNotFound
    row.ended_at = row.ended_at or clock.now()
    session.flush()


def _declare(
    session: Session, actor: Actor, organization_id: int, person_id: int, words: str
) -> int:
    row = DeclaredConflict(
        community_id=actor.community_id,
        organization_id=organization_id,
        person_id=person_id,
        words=words,
        declared_by=actor.person_id,
        declared_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.id


def _load(session: Session, actor: Actor, suspension_id: int) -> SupplierSuspension:
    row = session.get(SupplierSuspension, suspension_id)
    if row is None or row.community_id != actor.community_id:
        raise SuspensionNotFound
    return row
