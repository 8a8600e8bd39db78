"""Collections for others (代收代付): taken in and passed on, never more than was taken."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock
from community.kernel.actor import Actor
from community.trust_property.errors.held_money import AgencyKnown, AgencyNotFound, AgencyShort
from community.trust_property.models import Agency, AgencyMove, Fund
from community.trust_property.rules import held_money as rules
from community.trust_property.rules.fund import Purpose
from community.trust_property.service import books
from community.trust_property.service.money_ways import (
    Way,
    available,
    check_cash,
    load_for_trustee,
    money_account,
    post_move,
    yuan,
)
from community.trust_property.service.publishing import publish

_LIABILITY = ledger.AccountType.LIABILITY


def add_agency(session: Session, actor: Actor, fund_id: int, name: str) -> int:
    """Begin to collect something for somebody else; gives its id.

    Raises: FundNotFound, FundClosed, NoKey, AgencyKnown.
    """
    fund = load_for_trustee(session, actor, fund_id)
    if _find_agency(session, actor, fund_id, name) is not None:
        raise AgencyKnown(name=name)
    return _write_agency(session, actor, fund, name).id


def collect_for_others(
    session: Session,
    actor: Actor,
    fund_id: int,
    agency_id: int,
    amount_fen: int,
    way: Way,
    words: str = "",
) -> int:
    """Take in what belongs to somebody else; gives the ledger's transaction.

    Raises: FundNotFound, FundClosed, NoKey, AgencyNotFound, BankAccountNeeded,
    BankAccountNotFound, MovedInFuture, PeriodClosed.
    """
    return _move(session, actor, fund_id, agency_id, amount_fen, way, words, is_collected=True)


def pass_on(
    session: Session,
    actor: Actor,
    fund_id: int,
    agency_id: int,
    amount_fen: int,
    way: Way,
    words: str = "",
) -> int:
    """Pass on what was collected, never more than that; gives the ledger's transaction.

    Raises: as `collect_for_others`; AgencyShort, CashShort.
    """
    return _move(session, actor, fund_id, agency_id, amount_fen, way, words, is_collected=False)


def _move(
    session: Session,
    actor: Actor,
    fund_id: int,
    agency_id: int,
    amount_fen: int,
    way: Way,
    words: str,
    *,
    is_collected: bool,
) -> int:
    fund = load_for_trustee(session, actor, fund_id)
    agency = session.get(Agency, agency_id)
    if agency is None or (agency.community_id, agency.fund_id) != (actor.community_id, fund_id):
        raise AgencyNotFound
    assert agency.account_id is not None
    money = money_account(session, actor, fund, way)
    if is_collected:
        moved = (money, agency.account_id, amount_fen)
    else:
        left = available(session, actor, agency.account_id)
        if amount_fen > left:
            raise AgencyShort(name=agency.name, left=yuan(left))
        check_cash(session, actor, money, way, amount_fen)
        moved = (agency.account_id, money, amount_fen)
    source = f"agency:{agency_id}"
    done = post_move(session, actor, fund, moved, Purpose.AGENCY, source, way.on)
    session.add(
        AgencyMove(
            community_id=actor.community_id,
            agency_id=agency_id,
            is_collected=is_collected,
            amount_fen=amount_fen,
            channel=way.channel,
            bank_account_id=way.bank_account_id,
            moved_on=way.on,
            words=words,
            transaction_id=done,
            made_by=actor.person_id,
        )
    )
    session.flush()
    return done


def agency_account(session: Session, actor: Actor, fund: Fund, name: str) -> int:
    """Give the account of a collection by its name, begun if there is none."""
    row = _find_agency(session, actor, fund.id, name) or _write_agency(session, actor, fund, name)
    assert row.account_id is not None
    return row.account_id


def _find_agency(session: Session, actor: Actor, fund_id: int, name: str) -> Agency | None:
    return session.scalar(
        select(Agency).where(
            Agency.community_id == actor.community_id,
            Agency.fund_id == fund_id,
            Agency.name == name,
        )
    )


def _write_agency(session: Session, actor: Actor, fund: Fund, name: str) -> Agency:
    assert fund.book_id is not None
    row = Agency(community_id=actor.community_id, fund_id=fund.id, name=name, added_at=clock.now())
    session.add(row)
    session.flush()
    path = rules.agency_path(row.id)
    row.account_id = books.open_account(session, actor, fund.book_id, path, _LIABILITY)
    session.flush()
    publish(session, actor, "agency", {"fund": fund.id, "agency": row.id, "name": name})
    return row
