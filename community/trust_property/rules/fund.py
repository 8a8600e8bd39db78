"""The fund's states, its account paths and the purposes of its entries."""

from __future__ import annotations

from enum import StrEnum


class FundState(StrEnum):
    """Whether a fund is being set up, at work, or over."""

    PREPARING = "preparing"
    OPEN = "open"
    CLOSED = "closed"


class BankUse(StrEnum):
    """Which book a bank account belongs to; money of the two is never mixed."""

    OPERATING = "operating"
    RESERVE = "reserve"


class Purpose(StrEnum):
    """Why an entry was made, as the ledger and the public log carry it."""

    BILL = "trust.bill"
    RECEIPT = "trust.receipt"
    SPEND = "trust.spend"
    PAYMENT = "trust.payment"
    # What was approved and not paid is taken back: an expense only ever becomes less.
    VOID = "trust.void"
    EMERGENCY = "trust.emergency"
    REMUNERATION = "trust.remuneration"
    UNEXPLAINED = "trust.unexplained"
    OPENING = "trust.opening"
    REFUND = "trust.refund"
    SURPLUS = "trust.surplus"
    CONTRACT = "trust.contract"
    INTEREST = "trust.interest"
    CHARGE = "trust.charge"
    TRANSFER = "trust.transfer"
    AGENCY = "trust.agency"
    DEPOSIT = "trust.deposit"
    # A deposit that is not given back becomes income: only the committee may say so.
    FORFEIT = "trust.forfeit"
    CASH = "trust.cash"
    CORRECTION = "trust.correction"
    # What two keys agree to outside the books: rules, budgets, payees.
    CHANGE = "trust.change"


# Facts of the bank and of bills need no second key: they are checked against statements and
# rates. A payment moves only what approvals put on the payee's account, whose floor is zero; an
# emergency is bounded by its account's ceiling and ratified afterwards.
WITHOUT_KEYS = (
    Purpose.BILL,
    Purpose.RECEIPT,
    Purpose.PAYMENT,
    Purpose.VOID,
    Purpose.EMERGENCY,
    Purpose.UNEXPLAINED,
    Purpose.CONTRACT,
    Purpose.INTEREST,
    Purpose.CHARGE,
    Purpose.TRANSFER,
    Purpose.AGENCY,
    Purpose.DEPOSIT,
    # A difference in the cash box: what is missing the trustee owes.
    Purpose.CASH,
)

OPENING = "opening"
UNIDENTIFIED = "unidentified"
UNEXPLAINED = "unexplained"
INTEREST = "interest"
OTHER = "other"
TRUSTEE_OWES = "receivable/trustee"
BANK_CHARGES = "bank-charges"
REMUNERATION_DUE = "payable/remuneration"


def book_name(fund_id: int) -> str:
    """Name the books of a fund."""
    return f"fund/{fund_id}"


def bank_path(bank_account_id: int) -> str:
    """Name the account of what lies in a bank account."""
    return f"bank/{bank_account_id}"


def payable_path(payee_id: int) -> str:
    """Name the account of what a payee is owed."""
    return f"payable/{payee_id}"


def taken_over_path(payee_id: int) -> str:
    """Name the account of what a payee was owed on opening day and nobody asked to pay yet."""
    return f"payable/opening/{payee_id}"


def expense_path(year: int, code: str) -> str:
    """Name the account of a budget line."""
    return f"expense/{year}/{code}"


def emergency_path(year: int) -> str:
    """Name the account of a year's emergency spending."""
    return f"expense/{year}/emergency"


def remuneration_path(year: int) -> str:
    """Name the account of a year's remuneration."""
    return f"remuneration/{year}"


def contract_path(contract_id: int) -> str:
    """Name the account of what a contract's payer owes."""
    return f"receivable/contract/{contract_id}"


def common_path(kind: str) -> str:
    """Name the account of one kind of common income."""
    return f"common/{kind}"
