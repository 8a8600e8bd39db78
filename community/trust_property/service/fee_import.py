"""Taking the office's fee ledger into the opening: kept, looked at, then written in one piece."""

from __future__ import annotations

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from community.kernel import clock, files
from community.kernel.actor import Actor
from community.trust_property.errors.opening import (
    AnswerNeeded,
    LedgerMissing,
    LedgerUnread,
    RowsUnmatched,
)
from community.trust_property.importing.fee_ledger import FeeLedger
from community.trust_property.models import Opening, OpeningEntry
from community.trust_property.queries.fee_ledger import understood
from community.trust_property.rules.opening import OpeningKind
from community.trust_property.service.opening_drafts import clear_imported, load_draft


def keep_fee_ledger(session: Session, actor: Actor, fund_id: int, ready: files.Ready) -> None:
    """Keep a fee ledger beside the draft; nothing of it is written yet.

    What an earlier one wrote stays until this one is confirmed. Raises: as `load_draft`.
    """
    row = load_draft(session, actor, fund_id)
    row.ledger_file_id = files.keep_file(session, actor, ready)
    row.ledger_sha256, row.ledger_name = ready.sha256, ready.name[:200]
    row.ledger_choices = {}
    row.ledger_written_at = None
    session.flush()


def answer_fee_ledger(
    session: Session, actor: Actor, fund_id: int, year: int, meaning: str, older_month: int
) -> None:
    """Note the answers to what the ledger leaves open; 0 and "" leave it to us.

    Raises: as `load_draft`; LedgerMissing.
    """
    row = _with_ledger(session, actor, fund_id)
    given = {"year": year, "meaning": meaning, "older_month": older_month}
    answered = {name: value for name, value in given.items() if value}
    row.ledger_choices = {**row.ledger_choices, **answered}
    session.flush()


def write_fee_ledger(session: Session, actor: Actor, fund_id: int, left_out: int = 0) -> int:
    """Write what the ledger says into the draft, in place of what one wrote before.

    Gives the number of items. An item entered by hand stands against the ledger's.
    Raises: as `load_draft`; LedgerMissing, LedgerUnread, AnswerNeeded, and RowsUnmatched unless
    `left_out` is how many rows that nobody can place the user agreed to leave out.
    """
    row = _with_ledger(session, actor, fund_id)
    found = understood(session, actor, row)
    if found.questions:
        raise AnswerNeeded(question=found.questions[0].sentence())
    if len(found.problems) != left_out:
        raise RowsUnmatched(count=len(found.problems))
    clear_imported(session, actor, row.id)
    rows = _rows(session, actor, row, found)
    if not rows:
        raise LedgerUnread
    session.execute(insert(OpeningEntry), rows)
    row.ledger_written_at = clock.now()
    session.flush()
    return len(rows)


def _with_ledger(session: Session, actor: Actor, fund_id: int) -> Opening:
    row = load_draft(session, actor, fund_id)
    if row.ledger_file_id is None:
        raise LedgerMissing
    return row


def _rows(
    session: Session, actor: Actor, row: Opening, found: FeeLedger
) -> list[dict[str, object]]:
    by_hand = {
        (kind, unit_id, month)
        for kind, unit_id, month in session.execute(
            select(OpeningEntry.kind, OpeningEntry.unit_id, OpeningEntry.month).where(
                OpeningEntry.community_id == actor.community_id,
                OpeningEntry.opening_id == row.id,
            )
        )
    }
    told: list[tuple[OpeningKind, int, int | None, int]] = [
        (OpeningKind.ARREARS, *each) for each in found.arrears
    ]
    told += [(OpeningKind.PREPAID, unit_id, None, fen) for unit_id, fen in found.prepaid]
    return [
        {
            "community_id": actor.community_id,
            "opening_id": row.id,
            "kind": kind,
            "unit_id": unit_id,
            "month": month,
            "label": "",
            "amount_fen": fen,
            "is_imported": True,
            "is_typed": False,
            "paper_sha256": "",
        }
        for kind, unit_id, month, fen in told
        if (kind, unit_id, month) not in by_hand
    ]
