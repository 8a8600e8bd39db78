"""A small fund's records, for the verifier alone: every kind it re-adds comes up once."""

import hashlib
from itertools import count
from typing import Any

from tests.transparency.written import record

NOON = 1_790_000_000_000_000  # 2026-09-21 in Shanghai
DAY = 86_400_000_000
VOUCHER = b"%PDF an invoice, names blacked out"
REPORT = b"%PDF the report of September"
TWIN = hashlib.sha256(VOUCHER).hexdigest()
ORIGINAL = hashlib.sha256(b"the invoice itself").hexdigest()

BANK, FEES, LIFT = 11, 13, 14
RECEIVABLE = -1  # the accounts of all units, told as one


class Writer:
    """Collects records with growing numbers."""

    def __init__(self) -> None:
        self.records: list[bytes] = []
        self.numbers = count(101)

    def add(self, kind: str, at: int = NOON, **fields: Any) -> None:
        self.records.append(record(kind, at, **fields))

    def post(self, lines: Any, act: str = "post", at: int = NOON, **more: Any) -> int:
        number = next(self.numbers)
        fields = {
            "act": act,
            "book": 3,
            "effective_on": "2026-09-21",
            "expires_at": None,
            "lines": lines,
            "proposal": None,
            "purpose": "trust.bill",
            "recorded_at": at,
            "resolves": None,
            "reverses": None,
            "source": f"bill:{number}",
            "transaction": number,
            **more,
        }
        self.add("ledger.transaction", at, **fields)
        return number


def write_setup(writer: Writer) -> None:
    writer.add("ledger.book", book=3, book_kind="trust", name="fund/1")
    accounts = [
        (BANK, "bank/1", "asset", 0, None),
        (RECEIVABLE, "receivable/unit", "asset", None, None),
        (FEES, "fee/property", "income", None, None),
        (LIFT, "expense/2026/lift", "expense", None, 900_000),
    ]
    for number, path, kind, floor, ceiling in accounts:
        writer.add(
            "ledger.account",
            account=number,
            book=3,
            unit="CNY",
            path=path,
            type=kind,
            floor=floor,
            ceiling=ceiling,
        )
    writer.add(
        "ledger.policy",
        policy=1,
        book=3,
        purpose="trust.spend",
        above=0,
        keys=1,
        role="committee",
        valid_from="2026-09-01",
        proposal=None,
    )


def write_month(writer: Writer) -> None:
    bill = writer.post([[RECEIVABLE, 1_000_000, 0], [FEES, -1_000_000, 0]])
    paid = [[BANK, 1_000_000, 0], [RECEIVABLE, -1_000_000, 0]]
    receipt = writer.post(paid, purpose="trust.receipt")
    writer.add("trust.receipt", number=1, amount=1_000_000, payer="0" * 64, transaction=receipt)
    hold = writer.post(
        [[LIFT, 0, 860_000], [BANK, 0, -860_000]],
        act="hold",
        purpose="trust.spend",
        expires_at=NOON + 30 * DAY,
    )
    writer.add("ledger.proposal", proposal=1, book=3, content_hash="ab", author="p1", purpose=None)
    writer.add(
        "ledger.approval", proposal=1, content_hash="ab", role="committee", person="p2", book=3
    )
    settled = writer.post(
        [[LIFT, 860_000, -860_000], [BANK, -860_000, 860_000]],
        act="settle",
        purpose="trust.spend",
        resolves=hold,
        proposal=1,
    )
    writer.add("ledger.carried_out", book=3, proposal=1, policy=1, transaction=settled)
    writer.add(
        "ledger.voucher",
        voucher=1,
        transaction=hold,
        sha256=ORIGINAL,
        redacted_sha256=TWIN,
        title="发票",
    )
    mirrored = [[RECEIVABLE, -1_000_000, 0], [FEES, 1_000_000, 0]]
    writer.post(mirrored, act="reverse", reverses=bill)
    writer.post([[RECEIVABLE, 1_200_000, 0], [FEES, -1_200_000, 0]])


def write_close(writer: Writer) -> None:
    later = NOON + 11 * DAY
    balances = [[BANK, 140_000], [RECEIVABLE, 200_000], [FEES, -1_200_000], [LIFT, 860_000]]
    writer.add("ledger.period", later, book=3, ends_on="2026-09-30", state="soft", balances=[])
    writer.add(
        "ledger.period", later, book=3, ends_on="2026-09-30", state="closed", balances=balances
    )
    for since, until, opening, closing in (
        ("2026-08-01", "2026-08-31", 0, 0),
        ("2026-09-01", "2026-09-30", 0, 140_000),
    ):
        writer.add(
            "trust.statement",
            later,
            bank_account=1,
            sha256="1" * 64,
            **{"from": since, "until": until},
            opening=opening,
            closing=closing,
            lines=2,
        )
    figures = {
        "3 closing bank": 140_000,
        "3 moved type:income": 1_200_000,
        "3 debits bank trust.receipt": 1_000_000,
        "3 credits bank": 860_000,
        "3 closing receivable/unit": 200_000,
        "3 held expense/2026": 0,
        "3 limit expense/2026/lift": 900_000,
        "3 opening bank": 0,
    }
    sha256 = hashlib.sha256(REPORT).hexdigest()
    writer.add(
        "trust.report", later, report="month", period="2026-09", sha256=sha256, figures=figures
    )


def fund_records() -> list[bytes]:
    """Write the records of one month of a fund, all in order."""
    writer = Writer()
    write_setup(writer)
    write_month(writer)
    write_close(writer)
    return writer.records
