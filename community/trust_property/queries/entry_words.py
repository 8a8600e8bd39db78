"""What a fund's accounts and entries are called by the people who made them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel.actor import Actor
from community.trust_property.models import (
    Agency,
    BankAccount,
    Budget,
    BudgetLineRow,
    Contract,
    ContractInstalment,
    Payee,
    Payment,
    SpendingRequest,
)
from community.trust_property.rules.fund import (
    bank_path,
    contract_path,
    expense_path,
    payable_path,
    taken_over_path,
)
from community.trust_property.rules.held_money import agency_path


def account_names(session: Session, actor: Actor, fund_id: int) -> dict[str, str]:
    """Tell what people called the subjects of a fund's account paths."""
    where = actor.community_id
    names: dict[str, str] = {}
    banks = select(BankAccount.id, BankAccount.bank_name, BankAccount.last_digits).where(
        BankAccount.community_id == where, BankAccount.fund_id == fund_id
    )
    names |= {bank_path(each.id): f"{each[1]} {each[2]}" for each in session.execute(banks)}
    payees = select(Payee.id, Payee.name).where(
        Payee.community_id == where, Payee.fund_id == fund_id
    )
    names |= {payable_path(each[0]): each[1] for each in session.execute(payees)}
    names |= {taken_over_path(each[0]): each[1] for each in session.execute(payees)}
    contracts = select(Contract.id, Contract.title).where(
        Contract.community_id == where, Contract.fund_id == fund_id
    )
    names |= {contract_path(each[0]): each[1] for each in session.execute(contracts)}
    agencies = select(Agency.id, Agency.name).where(
        Agency.community_id == where, Agency.fund_id == fund_id
    )
    names |= {agency_path(each[0]): each[1] for each in session.execute(agencies)}
    # A later version's name goes over an earlier one's.
    for row in session.execute(
        select(Budget.year, BudgetLineRow.code, BudgetLineRow.name)
        .join(BudgetLineRow, BudgetLineRow.budget_id == Budget.id)
        .where(
            Budget.community_id == where,
            BudgetLineRow.community_id == where,
            Budget.fund_id == fund_id,
        )
        .order_by(Budget.year, Budget.version)
    ):
        names[expense_path(row[0], row[1])] = row[2]
    return names


def words_of_entries(
    session: Session, actor: Actor, fund_id: int, transaction_ids: Sequence[int]
) -> dict[int, str]:
    """Tell what entries were for, in the words of who asked for them; nothing about households."""
    if not transaction_ids:
        return {}
    where, ids = actor.community_id, tuple(transaction_ids)
    found: dict[int, str] = {}
    asked = select(SpendingRequest.transaction_id, SpendingRequest.words).where(
        SpendingRequest.community_id == where,
        SpendingRequest.fund_id == fund_id,
        SpendingRequest.transaction_id.in_(ids),
    )
    found |= {each[0] or 0: each[1] for each in session.execute(asked)}
    paid = (
        select(Payment.transaction_id, SpendingRequest.words, Payee.name)
        .join(SpendingRequest, SpendingRequest.id == Payment.request_id)
        .join(Payee, Payee.id == SpendingRequest.payee_id)
        .where(Payment.community_id == where, Payment.transaction_id.in_(ids))
    )
    found |= {each[0]: f"{each[1]} · {each[2]}" for each in session.execute(paid)}
    earned = (
        select(ContractInstalment.transaction_id, Contract.title)
        .join(Contract, Contract.id == ContractInstalment.contract_id)
        .where(ContractInstalment.community_id == where, ContractInstalment.transaction_id.in_(ids))
    )
    found |= {each[0] or 0: each[1] for each in session.execute(earned)}
    return found


def receipt_number(source: str) -> str:
    """Tell a receipt's number from the source of its entry, as six digits; empty for others."""
    kind, _, number = source.partition(":")
    return f"{int(number):06d}" if kind == "receipt" and number.isdecimal() else ""
