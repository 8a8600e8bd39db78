"""Vouchers (凭证) by the hash of their file, with the twin that the public may see."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Statements
from community.ledger.errors import BadPosting, UnknownTransaction, UnknownVoucher
from community.ledger.rules import BoundVoucher
from community.ledger.service.publishing import publish

DIGEST_LENGTH = 64


def add_voucher(
    session: Session,
    actor: Actor,
    transaction_id: int,
    title: str,
    sha256: str,
    redacted_sha256: str | None = None,
) -> int:
    """Attach a stored file, by its SHA-256 in hexadecimal, to a transaction as its voucher.

    Gives the voucher's id. Raises: BadPosting, UnknownTransaction.
    """
    check_voucher(title, sha256)
    at = db.statements(session)
    sql = "SELECT book_id FROM ledger_transaction WHERE id = ? AND community_id = ?"
    found = at.one(sql, (transaction_id, actor.community_id))
    if found is None:
        raise UnknownTransaction
    voucher_id = at.insert(
        "INSERT INTO ledger_voucher (community_id, transaction_id, title, sha256, redacted_sha256,"
        " added_at) VALUES (?, ?, ?, ?, ?, ?)",
        (
            actor.community_id,
            transaction_id,
            title,
            sha256,
            redacted_sha256,
            clock.micros(clock.now()),
        ),
    )
    assert voucher_id is not None
    files = {"sha256": sha256, "redacted_sha256": redacted_sha256}
    told = {"voucher": voucher_id, "transaction": transaction_id, "title": title, **files}
    publish(at, actor.community_id, found[0], "ledger.voucher", {**told, "proposal": None})
    return voucher_id


def check_voucher(title: str, sha256: str) -> None:
    """Refuse a voucher without a title or a whole hash.

    Raises: BadPosting.
    """
    if not 0 < len(title) <= 120 or len(sha256) != DIGEST_LENGTH:
        raise BadPosting


def keep_bound(
    at: Statements,
    actor: Actor,
    book_id: int,
    proposal_id: int,
    vouchers: tuple[BoundVoucher, ...],
) -> None:
    """Write down the vouchers that a proposal rests on."""
    for voucher in vouchers:
        voucher_id = at.insert(
            "INSERT INTO ledger_voucher (community_id, proposal_id, title, sha256, added_at)"
            " VALUES (?, ?, ?, ?, ?)",
            (
                actor.community_id,
                proposal_id,
                voucher.title,
                voucher.sha256,
                clock.micros(clock.now()),
            ),
        )
        files = {"sha256": voucher.sha256, "redacted_sha256": None}
        told = {"voucher": voucher_id, "proposal": proposal_id, "title": voucher.title, **files}
        publish(at, actor.community_id, book_id, "ledger.voucher", {**told, "transaction": None})


def redact_voucher(session: Session, actor: Actor, voucher_id: int, reason: str) -> None:
    """Log that a voucher's file is taken away, and why; once.

    Raises: BadPosting, UnknownVoucher.
    """
    if not 0 < len(reason) <= 200:
        raise BadPosting
    at = db.statements(session)
    sql = (
        "SELECT COALESCE(t.book_id, p.book_id) FROM ledger_voucher v"
        " LEFT JOIN ledger_transaction t ON t.id = v.transaction_id"
        " LEFT JOIN ledger_proposal p ON p.id = v.proposal_id"
        " WHERE v.id = ? AND v.community_id = ?"
    )
    found = at.one(sql, (voucher_id, actor.community_id))
    if found is None:
        raise UnknownVoucher
    redacted = at.run(
        "INSERT INTO ledger_voucher_redaction (community_id, voucher_id, reason, redacted_by,"
        " redacted_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (community_id, voucher_id) DO NOTHING",
        (
            actor.community_id,
            voucher_id,
            reason,
            actor.person_id,
            clock.micros(clock.now()),
        ),
    )
    if redacted:
        told = {"voucher": voucher_id, "redaction": voucher_id, "reason": reason}
        publish(at, actor.community_id, found[0], "ledger.redaction", told)
