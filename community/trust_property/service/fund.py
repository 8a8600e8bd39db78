"""Preparing a fund: its books, the buildings that pay into it, and its bank accounts."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import NotFound
from community.trust_property import permissions
from community.trust_property.errors.fund import (
    BankAccountKnown,
    BuildingTaken,
    FundClosed,
    FundNameTaken,
    FundNotFound,
    NoBuildings,
)
from community.trust_property.models import BankAccount, Fund, FundBuilding
from community.trust_property.rules.fund import BankUse, FundState
from community.trust_property.service import books


def prepare_fund(
    session: Session, actor: Actor, name: str, trustee_id: int, building_ids: tuple[int, ...]
) -> int:
    """Prepare the fund of an estate with its books and base accounts; gives its id.

    `trustee_id` is the property firm at work in the community.
    Raises: FundNameTaken, NoBuildings, BuildingTaken, NotFound.
    """
    actor.check(permissions.FOUND.code)
    identity.get_organization(session, actor.community_id, trustee_id)
    taken = select(Fund.id).where(Fund.community_id == actor.community_id, Fund.name == name)
    if session.scalar(taken) is not None:
        raise FundNameTaken(name=name)
    fund = Fund(
        community_id=actor.community_id,
        name=name,
        trustee_id=trustee_id,
        state=FundState.PREPARING,
        prepared_at=clock.now(),
        prepared_by=actor.person_id,
    )
    session.add(fund)
    session.flush()
    books.open_books(session, actor, fund)
    _add_buildings(session, actor, fund.id, building_ids)
    session.flush()
    return fund.id


def add_trustee(session: Session, actor: Actor, name: str, credit_code: str) -> int:
    """Let a property firm work in the community, so that it can be entrusted with a fund.

    Raises: CreditCodeWrong, OrganizationKnown.
    """
    actor.check(permissions.FOUND.code)
    kind = identity.OrganizationKind.PROPERTY
    return identity.add_organization(session, actor, name, kind, credit_code)


def add_bank_account(
    session: Session, actor: Actor, fund_id: int, bank_name: str, last_digits: str, use: BankUse
) -> int:
    """Register a bank account of a fund by its last four digits; gives its id.

    Raises: FundNotFound, FundClosed, BankAccountKnown.
    """
    actor.check(permissions.FOUND.code)
    fund = load_fund(session, actor, fund_id)
    known = select(BankAccount.id).where(
        BankAccount.community_id == actor.community_id,
        BankAccount.fund_id == fund_id,
        BankAccount.bank_name == bank_name,
        BankAccount.last_digits == last_digits,
    )
    if session.scalar(known) is not None:
        raise BankAccountKnown(bank=bank_name, digits=last_digits)
    row = BankAccount(
        community_id=actor.community_id,
        fund_id=fund_id,
        use=use,
        bank_name=bank_name,
        last_digits=last_digits,
        added_at=clock.now(),
        added_by=actor.person_id,
    )
    session.add(row)
    session.flush()
    book_id = fund.book_id if use is BankUse.OPERATING else fund.reserve_book_id
    assert book_id is not None
    row.account_id = books.bank_account(session, actor, book_id, row.id)
    session.flush()
    return row.id


def load_fund(session: Session, actor: Actor, fund_id: int) -> Fund:
    """Load a fund that is not closed, for a command.

    Raises: FundNotFound, FundClosed.
    """
    row = session.get(Fund, fund_id)
    if row is None or row.community_id != actor.community_id:
        raise FundNotFound
    if row.state is FundState.CLOSED:
        raise FundClosed
    return row


def _add_buildings(
    session: Session, actor: Actor, fund_id: int, building_ids: tuple[int, ...]
) -> None:
    if not building_ids:
        raise NoBuildings
    known = {each.id: each.name for each in identity.buildings(session, actor.community_id)}
    taken = set(
        session.scalars(
            select(FundBuilding.building_id).where(FundBuilding.community_id == actor.community_id)
        )
    )
    for building_id in dict.fromkeys(building_ids):
        if building_id not in known:
            raise NotFound
        if building_id in taken:
            raise BuildingTaken(building=known[building_id])
        row = FundBuilding(
            community_id=actor.community_id, fund_id=fund_id, building_id=building_id
        )
        session.add(row)
