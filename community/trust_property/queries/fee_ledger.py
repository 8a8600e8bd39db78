"""Reading the office's fee ledger that was taken in for opening day."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy.orm import Session

from community.kernel.actor import Actor
from community.kernel.files.intake import path_of
from community.trust_property.importing.fee_ledger import FeeChoices, FeeLedger, read_fee_ledger
from community.trust_property.importing.fee_units import KnownUnit
from community.trust_property.models import Opening
from community.trust_property.queries.estate import fund_units
from community.trust_property.queries.opening import live_row
from community.trust_property.rules.bills import month_number


def find_fee_ledger(session: Session, actor: Actor, fund_id: int) -> FeeLedger | None:
    """Find what was understood of the ledger of a fund's opening; None when none was taken in.

    Raises: UnreadableFile.
    """
    row = live_row(session, actor, fund_id)
    if row is None or row.ledger_file_id is None:
        return None
    return understood(session, actor, row)


def understood(session: Session, actor: Actor, row: Opening) -> FeeLedger:
    """Read the kept ledger with the answers given about it."""
    said = row.ledger_choices or {}
    choices = FeeChoices(
        int(said.get("year", 0)), str(said.get("meaning", "")), int(said.get("older_month", 0))
    )
    last_month = month_number(row.opening_on)
    units = known_units(session, actor, row.fund_id)
    return _read(row.ledger_sha256, units, last_month, choices, row.ledger_name)


def known_units(session: Session, actor: Actor, fund_id: int) -> tuple[KnownUnit, ...]:
    """List the fund's units as a ledger may name them."""
    return tuple(
        KnownUnit(each.unit_id, each.building, each.name)
        for each in fund_units(session, actor, fund_id)
    )


@lru_cache(maxsize=4)
def _read(
    sha256: str, units: tuple[KnownUnit, ...], last_month: int, choices: FeeChoices, name: str
) -> FeeLedger:
    """Read a file once for the page, the command and the page again."""
    return read_fee_ledger(path_of(sha256).read_bytes(), units, last_month, choices, name)
