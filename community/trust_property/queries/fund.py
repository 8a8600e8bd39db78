"""Reading funds, their buildings and their bank accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity, ledger
from community.kernel.actor import Actor
from community.trust_property.errors.fund import BankAccountNotFound, FundNotFound
from community.trust_property.models import BankAccount, Fund, FundBuilding
from community.trust_property.rules.fund import BankUse, FundState, bank_path


@dataclass(frozen=True, slots=True)
class FundView:
    """A fund; `book_id` is its operating book, `reserve_book_id` that of its reserve."""

    id: int
    name: str
    trustee_id: int
    trustee: str
    state: FundState
    opened_on: date | None
    book_id: int
    reserve_book_id: int


@dataclass(frozen=True, slots=True)
class BankAccountView:
    """A bank account of a fund; `account_id` and `path` are its account in the books."""

    id: int
    fund_id: int
    use: BankUse
    bank_name: str
    last_digits: str
    account_id: int
    path: str
    opening_on: date | None
    opening_fen: int | None
    is_closed: bool


def funds(session: Session, actor: Actor) -> tuple[FundView, ...]:
    """List the funds of the actor's community."""
    rows = session.scalars(
        select(Fund).where(Fund.community_id == actor.community_id).order_by(Fund.id)
    ).all()
    firms = {each.id: each.name for each in identity.organizations(session, actor.community_id)}
    return tuple(_view(row, firms) for row in rows)


def find_fund(session: Session, actor: Actor, fund_id: int) -> FundView | None:
    """Find a fund of the actor's community."""
    row = session.get(Fund, fund_id)
    if row is None or row.community_id != actor.community_id:
        return None
    firm = identity.organizations(session, actor.community_id, organization_id=row.trustee_id)
    return _view(row, {each.id: each.name for each in firm})


def get_fund(session: Session, actor: Actor, fund_id: int) -> FundView:
    """Get a fund of the actor's community.

    Raises: FundNotFound.
    """
    found = find_fund(session, actor, fund_id)
    if found is None:
        raise FundNotFound
    return found


def community_of(session: Session, fund_id: int) -> int | None:
    """Tell the community of a fund, for commands at the terminal."""
    return session.scalar(select(Fund.community_id).where(Fund.id == fund_id))


def fund_buildings(session: Session, actor: Actor, fund_id: int) -> tuple[identity.Building, ...]:
    """List the buildings that pay into a fund, in their order.

    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    chosen = set(
        session.scalars(
            select(FundBuilding.building_id).where(
                FundBuilding.community_id == actor.community_id, FundBuilding.fund_id == fund_id
            )
        )
    )
    return tuple(
        each for each in identity.buildings(session, actor.community_id) if each.id in chosen
    )


def funds_of_buildings(session: Session, actor: Actor) -> dict[int, int]:
    """Tell which fund each building pays into."""
    rows = session.execute(
        select(FundBuilding.building_id, FundBuilding.fund_id).where(
            FundBuilding.community_id == actor.community_id
        )
    )
    return {row[0]: row[1] for row in rows}


def bank_accounts(session: Session, actor: Actor, fund_id: int) -> tuple[BankAccountView, ...]:
    """List the bank accounts of a fund, closed ones too.

    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    rows = session.scalars(
        select(BankAccount)
        .where(BankAccount.community_id == actor.community_id, BankAccount.fund_id == fund_id)
        .order_by(BankAccount.id)
    )
    return tuple(_account(row) for row in rows)


def get_bank_account(
    session: Session, actor: Actor, fund_id: int, bank_account_id: int
) -> BankAccountView:
    """Get a bank account of a fund.

    Raises: BankAccountNotFound.
    """
    for each in bank_accounts(session, actor, fund_id):
        if each.id == bank_account_id:
            return each
    raise BankAccountNotFound


def find_path(session: Session, actor: Actor, fund: FundView, path: str) -> int | None:
    """Find the account of a path in a fund's operating book."""
    kind = ledger.BookKind.TRUST
    name = f"fund/{fund.id}"
    return ledger.find_account(session, actor.community_id, kind, path, name)


def _view(row: Fund, firms: dict[int, str]) -> FundView:
    assert row.book_id is not None
    assert row.reserve_book_id is not None
    return FundView(
        row.id,
        row.name,
        row.trustee_id,
        firms.get(row.trustee_id, ""),
        row.state,
        row.opened_on,
        row.book_id,
        row.reserve_book_id,
    )


def _account(row: BankAccount) -> BankAccountView:
    assert row.account_id is not None
    return BankAccountView(
        row.id,
        row.fund_id,
        row.use,
        row.bank_name,
        row.last_digits,
        row.account_id,
        bank_path(row.id),
        row.opening_on,
        row.opening_fen,
        row.closed_at is not None,
    )
