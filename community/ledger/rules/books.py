"""Decisions on plain values: lines, lots, allocation, and the canonical form of a posting."""

from __future__ import annotations

import hashlib
import json
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from community.ledger.errors import BadPosting, Unbalanced

# 10^15 fen is ten times China's yearly output; sums of many stay inside 64 bits.
MOST_AMOUNT = 10**15
MOST_LINES = 20_100  # an opening day signed as one: two for each of 10,000 homes
MOST_TEXT = 200
MOST_KEY = 120

UNITS = {"CNY": 2, "MIN": 0, "PTS": 0}


class BookKind(StrEnum):
    """What a book is about; what is kept in different books cannot be mixed."""

    HOURS = "hours"
    POINTS = "points"
    TIME = "time"
    TRUST = "trust"
    RESERVE = "reserve"
    PROJECT = "project"
    REWARD_BUDGET = "reward_budget"

    @property
    def is_public(self) -> bool:
        """Tell whether every act on such a book becomes a public record."""
        return self in PUBLIC


# The public trust rests on these; points and hours are the residents' own affair.
PUBLIC = frozenset({BookKind.TRUST, BookKind.RESERVE, BookKind.PROJECT, BookKind.REWARD_BUDGET})


# The unit that a book's lots are counted in.
LOT_UNIT = {
    BookKind.HOURS: "MIN",
    BookKind.POINTS: "PTS",
    BookKind.TIME: "MIN",
    BookKind.TRUST: "CNY",
    BookKind.RESERVE: "CNY",
    BookKind.PROJECT: "CNY",
    BookKind.REWARD_BUDGET: "CNY",
}


class AccountType(StrEnum):
    """The five kinds of account; the first and the last grow by debits."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"


class AccountState(StrEnum):
    """Whether an account takes entries."""

    OPEN = "open"
    CLOSED = "closed"


class TransactionKind(StrEnum):
    """What a transaction does to the accounts."""

    POST = "post"
    HOLD = "hold"
    SETTLE = "settle"
    RELEASE = "release"
    EXPIRE = "expire"
    REVERSE = "reverse"


class PeriodState(StrEnum):
    """How far a period is closed; soft-closed still takes adjustments."""

    SOFT = "soft"
    CLOSED = "closed"


class ProposalState(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"
    POSTED = "posted"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"


def normal_side(kind: AccountType) -> int:
    """Tell the sign of an account's natural balance: 1 when debits make it grow, else -1."""
    return 1 if kind in {AccountType.ASSET, AccountType.EXPENSE} else -1


@dataclass(frozen=True, slots=True)
class Line:
    """One side of a posting: an account and a signed amount, debits positive."""

    account_id: int
    amount: int


def debit(account_id: int, amount: int) -> Line:
    """Make a debit line of a positive amount.

    Raises: BadPosting.
    """
    return Line(account_id, _positive(amount))


def credit(account_id: int, amount: int) -> Line:
    """Make a credit line of a positive amount.

    Raises: BadPosting.
    """
    return Line(account_id, -_positive(amount))


def check_amount(amount: int) -> None:
    """Refuse anything but a whole positive amount.

    Raises: BadPosting.
    """
    _positive(amount)


def _positive(amount: int) -> int:
    if type(amount) is not int or not 0 < amount <= MOST_AMOUNT:
        raise BadPosting
    return amount


@dataclass(frozen=True, slots=True)
class Posting:
    """A transaction as asked for.

    `purpose` and `source` are opaque text of the room that asks; `key` names the request within
    the book; `effective_on` is the day it counts (today when None); an adjusting posting may
    still enter a soft-closed period.
    """

    book_id: int
    lines: tuple[Line, ...]
    purpose: str
    source: str
    key: str
    effective_on: date | None = None
    is_adjusting: bool = False


@dataclass(frozen=True, slots=True)
class Posted:
    """A transaction as recorded."""

    transaction_id: int
    effective_on: date
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Settlement:
    """A hold to be settled once approved; `amount` None is all of it."""

    hold_id: int
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Reversal:
    """A transaction to be reversed once approved."""

    transaction_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Tier:
    """A larger amount and how many people must approve what is above it."""

    above: int
    keys: int


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """A policy to come: `keys` people of a role approve what is above an amount, from a day on.

    `purpose` is empty for every purpose without a policy of its own, or POLICY_CHANGE; `tiers`
    ask for other numbers of keys above larger amounts, in rising order.
    """

    book_id: int
    purpose: str
    above: int
    keys: int
    role: str
    valid_from: date
    tiers: tuple[Tier, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """What keys agree to outside the books; the room that asks carries it out.

    Without an amount it needs keys whatever the limits.
    """

    book_id: int
    purpose: str
    source: str
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class BoundVoucher:
    """A stored file, by its SHA-256 in hexadecimal, on which a proposal rests."""

    title: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Bound:
    """A content with the facts and vouchers it rests on: a key binds to all of them together.

    `facts` are opaque names and values of the room that asks: payee, budget line, words.
    """

    content: Posting | Settlement | Reversal | PolicyChange | Agreement
    facts: tuple[tuple[str, str], ...] = ()
    vouchers: tuple[BoundVoucher, ...] = ()


# The purpose under which a book says who may change its policy.
POLICY_CHANGE = "policy_change"

Proposed = Posting | Settlement | Reversal | PolicyChange | Agreement | Bound


@dataclass(frozen=True, slots=True)
class Balance:
    """What an owner has: total, of which pending on hold, the rest available."""

    available: int = 0
    pending: int = 0
    total: int = 0


def check_posting(posting: Posting) -> None:
    """Refuse a posting that cannot be read, or whose lines do not add up.

    Raises: BadPosting, Unbalanced.
    """
    if not 2 <= len(posting.lines) <= MOST_LINES:
        raise BadPosting
    check_texts(posting.purpose, posting.source, posting.key)
    total = 0
    for line in posting.lines:
        amount = line.amount
        if type(amount) is not int or not amount or not -MOST_AMOUNT <= amount <= MOST_AMOUNT:
            raise BadPosting
        total += amount
    if total:
        raise Unbalanced(difference=abs(total))


def check_texts(purpose: str, source: str, key: str) -> None:
    """Refuse texts that are too long, a missing purpose or a missing key.

    Raises: BadPosting.
    """
    if not (
        0 < len(purpose) <= MOST_TEXT and len(source) <= MOST_TEXT and 0 < len(key) <= MOST_KEY
    ):
        raise BadPosting


def allocate(total: int, shares: Sequence[int]) -> tuple[int, ...]:
    """Split a total over shares by the largest remainder: the parts add up to the total exactly.

    Each share gets its whole part; what is left goes, one each, to the largest remainders, the
    earlier share first when they are equal. A negative total is split as its opposite.

    Raises: BadPosting when a share is negative or all are zero.
    """
    whole = sum(shares)
    if whole <= 0 or min(shares) < 0:
        raise BadPosting
    if total < 0:
        return tuple(-part for part in allocate(-total, shares))
    parts = [total * share // whole for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: (-(total * shares[i] % whole), i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return tuple(parts)


def lot_end(expires_on: date | None) -> date | None:
    """Tell the last day of a lot: lots go by month, rounded in the owner's favour."""
    if expires_on is None:
        return None
    return expires_on.replace(day=monthrange(expires_on.year, expires_on.month)[1])


def lot_path(owner_path: str, ends_on: date | None) -> str:
    """Name the sub-account of a lot: `person/7/lot/202612`, or `…/lot/never`."""
    month = "never" if ends_on is None else f"{ends_on.year:04d}{ends_on.month:02d}"
    return f"{owner_path}/lot/{month}"


def owner_path(owner: str) -> str:
    """Name the summary account of an owner: `person:7` has `person/7`."""
    return owner.replace(":", "/")


def take_oldest(available: Sequence[tuple[int, int]], amount: int) -> tuple[tuple[int, int], ...]:
    """Take an amount from (account, available) in the order given, or as much as there is."""
    taken = []
    for account_id, free in available:
        part = min(free, amount)
        if part > 0:
            taken.append((account_id, part))
            amount -= part
        if amount == 0:
            break
    return tuple(taken)


def canonical(facts: object) -> bytes:
    """Write facts as canonical UTF-8 JSON: sorted keys, no spaces, whole numbers only."""
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def digest(content: bytes) -> bytes:
    """Hash canonical bytes (SHA-256)."""
    return hashlib.sha256(content).digest()


quote = json.encoder.encode_basestring  # json's own C function


def asked_bytes(kind: str, posting: Posting) -> bytes:
    """Write what a posting asks in canonical form; its hash tells a repeated request.

    The same as `canonical` would write, put together by hand: this is the hot path.
    """
    lines = ",".join([f"[{line.account_id},{line.amount}]" for line in posting.lines])
    day = "null" if posting.effective_on is None else f'"{posting.effective_on.isoformat()}"'
    return (
        f'{{"adjusting":{"true" if posting.is_adjusting else "false"},"book":{posting.book_id},'
        f'"effective_on":{day},"kind":"{kind}","lines":[{lines}],'
        f'"purpose":{quote(posting.purpose)},"source":{quote(posting.source)}}}'
    ).encode()


@dataclass(slots=True)
class Facts:
    """What a transaction records beside its lines; instants in microseconds."""

    kind: str
    actor_id: int | None
    on_behalf_of: int | None
    effective_on: date
    recorded_at: int
    reverses: int | None = None
    resolves: int | None = None
    expires_at: int | None = None
    # The proposal it carries out; the public log tells it, the books know it by the proposal.
    proposal_id: int | None = None


def record_bytes(posting: Posting, facts: Facts) -> bytes:
    """Write a transaction as recorded in canonical form: the bytes that its seal hashes."""
    lines = ",".join([f"[{line.account_id},{line.amount}]" for line in posting.lines])
    return (
        f'{{"actor":{number(facts.actor_id)},"book":{posting.book_id},'
        f'"effective_on":"{facts.effective_on.isoformat()}",'
        f'"expires_at":{number(facts.expires_at)},'
        f'"key":{quote(posting.key)},"kind":"{facts.kind}","lines":[{lines}],'
        f'"on_behalf_of":{number(facts.on_behalf_of)},"purpose":{quote(posting.purpose)},'
        f'"recorded_at":{facts.recorded_at},"resolves":{number(facts.resolves)},'
        f'"reverses":{number(facts.reverses)},"source":{quote(posting.source)}}}'
    ).encode()


def number(value: int | None) -> str:
    """Write a whole number, or null."""
    return "null" if value is None else str(value)
