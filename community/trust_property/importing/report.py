"""What was understood of a statement as plain JSON values, the same for people and programs."""

from __future__ import annotations

from typing import Any

from community.trust_property.importing.statement import Statement, StatementLine


def as_json(found: Statement) -> dict[str, Any]:
    """Give everything that was understood; amounts in fen, days as 2026-03-01."""
    return {
        "bank": found.bank,
        "account": found.account,
        "currency": found.currency,
        "kind": found.kind,
        "encoding": found.encoding,
        "header_row": found.header_row,
        "columns": {
            each.column.value: {
                "column": each.place,
                "header": each.header,
                "confidence": each.confidence,
            }
            for each in found.columns
        },
        "sign": found.sign,
        "order": found.order,
        "since": found.since.isoformat() if found.since else None,
        "until": found.until.isoformat() if found.until else None,
        "opening_fen": found.opening_fen,
        "closing_fen": found.closing_fen,
        "fingerprint": found.fingerprint,
        "accounts": [
            {
                "account": each.account,
                "opening_fen": each.opening_fen,
                "closing_fen": each.closing_fen,
                "lines": each.lines,
            }
            for each in found.accounts
        ],
        "questions": [
            {"code": each.code, "question": each.sentence(), "options": list(each.options)}
            for each in found.questions
        ],
        "skipped": [
            {
                "row": each.row,
                "reason": each.code,
                "sentence": each.sentence,
                "amount_fen": each.amount_fen,
                "text": each.text,
                "sheet": each.sheet,
            }
            for each in found.skipped
        ],
        "lines": [line_as_json(line) for line in found.lines],
    }


def line_as_json(line: StatementLine) -> dict[str, Any]:
    """Give one entry."""
    return {
        "row": line.row,
        "date": line.day.isoformat(),
        "time": line.time,
        "amount_fen": line.amount_fen,
        "counterparty": line.counterparty,
        "counter_account": line.counter_account,
        "summary": line.summary,
        "note": line.note,
        "kind": line.kind,
        "balance_fen": line.balance_fen,
        "number": line.number,
        "fee_fen": line.fee_fen,
        "account": line.account,
        "sheet": line.sheet,
    }
