"""A record as one line of a table, for those who open it in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from community.micro_projects.open_contracting.canonical import Json, fen_of, yuan
from community.micro_projects.open_contracting.performance import is_refund

# A spreadsheet would run what begins like this as a formula.
FORMULAS = ("=", "+", "-", "@", "\t")
HEADS = (
    "ocid",
    "project",
    "title",
    "category",
    "method",
    "tender_status",
    "budget_yuan",
    "deadline",
    "opened",
    "bids",
    "valid_bids",
    "supplier",
    "award_status",
    "award_yuan",
    "contract_status",
    "contract_yuan",
    "signed",
    "milestones",
    "milestones_met",
    "paid_yuan",
    "last_release",
)


def line_of(compiled: Json) -> list[str]:
    """Tell a compiled release in one line; the last award and contract stand for themselves."""
    tender = compiled.get("tender", {})
    award = _last(compiled.get("awards"))
    contract = _last(compiled.get("contracts"))
    done = contract.get("implementation", {})
    milestones = done.get("milestones", [])
    budget = compiled.get("planning", {}).get("budget", {})
    cells: list[Any] = [
        compiled["ocid"],
        budget.get("projectID"),
        compiled.get("title"),
        tender.get("mainProcurementCategory"),
        tender.get("procurementMethod"),
        tender.get("status"),
        budget.get("amount", {}).get("amount"),
        tender.get("tenderPeriod", {}).get("endDate"),
        tender.get("bidOpening", {}).get("date"),
        tender.get("numberOfTenderers"),
        _statistic(compiled, "validBids"),
        "；".join(each["name"] for each in award.get("suppliers", [])),
        award.get("status"),
        award.get("value", {}).get("amount"),
        contract.get("status"),
        contract.get("value", {}).get("amount"),
        contract.get("dateSigned"),
        len(milestones) or None,
        sum(each.get("status") == "met" for each in milestones) if milestones else None,
        _paid(done.get("transactions", []), (compiled.get("buyer") or {}).get("id")),
        compiled.get("date"),
    ]
    return ["" if each is None else str(each) for each in cells]


def write_lines(lines: Iterable[Sequence[str]]) -> bytes:
    """Write lines as CSV; what a person typed never becomes a formula."""
    written = io.StringIO()
    writer = csv.writer(written)
    for line in lines:
        writer.writerow([f"'{each}" if each.startswith(FORMULAS) else each for each in line])
    return written.getvalue().encode()


def _last(found: list[Json] | None) -> Json:
    return found[-1] if found else {}


def _statistic(compiled: Json, measure: str) -> Any:
    for each in compiled.get("bids", {}).get("statistics", []):
        if each["measure"] == measure:
            return each["value"]
    return None


def _paid(transactions: list[Json], buyer: Any) -> Any:
    """Add up what was paid, less what came back."""
    if not transactions:
        return None
    parts = (
        (fen_of(each["value"]["amount"]) or 0, is_refund(each, buyer)) for each in transactions
    )
    return yuan(sum(-fen if is_back else fen for fen, is_back in parts))
