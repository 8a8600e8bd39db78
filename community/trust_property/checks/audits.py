"""Every audit stands as it was told, and its sample can be drawn again from the public log."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import transparency
from community.trust_property.models import (
    Audit,
    AuditOpinion,
    AuditSample,
    Finding,
    FindingReply,
    Fund,
)
from community.trust_property.queries.audits import frame
from community.trust_property.rules.audits import draw


def problems(session: Session) -> Iterator[str]:
    """Name audits, samples, findings, replies and opinions that are not what was told."""
    for audit in session.scalars(select(Audit).order_by(Audit.id)):
        yield from _audit(session, audit)
    for finding in session.scalars(select(Finding).order_by(Finding.id)):
        told = (finding.audit_id, finding.transaction_id, finding.severity.value, finding.words)
        names = ("audit", "transaction", "severity", "text")
        where = (finding.community_id, "finding", finding.id)
        yield from _told(session, where, names, told)
    for reply in session.scalars(select(FindingReply).order_by(FindingReply.id)):
        where = (reply.community_id, "finding_reply", reply.id)
        said = (reply.finding_id, reply.side, reply.words)
        yield from _told(session, where, ("finding", "side", "text"), said)
    for opinion in session.scalars(select(AuditOpinion).order_by(AuditOpinion.id)):
        where = (opinion.community_id, "opinion", opinion.id)
        given = (opinion.audit_id, opinion.kind.value, opinion.words)
        yield from _told(session, where, ("audit", "kind_of_opinion", "text"), given)


def _audit(session: Session, audit: Audit) -> Iterator[str]:
    announced = (
        audit.fund_id,
        audit.since.isoformat(),
        audit.until.isoformat(),
        audit.at_least_fen,
        audit.random_count,
    )
    names = ("fund", "since", "until", "at_least_fen", "random_count")
    yield from _told(session, (audit.community_id, "audit", audit.id), names, announced)
    if audit.log_size is None:
        return
    fund = session.get_one(Fund, audit.fund_id)
    assert fund.book_id is not None
    assert fund.reserve_book_id is not None
    books = (fund.book_id, fund.reserve_book_id)
    entries = frame(session, audit.community_id, audit, books, audit.log_size)
    drawn = [
        (each.entry.id, each.entry.amount_fen, each.reason)
        for each in draw(entries, audit.seed, audit.at_least_fen, audit.random_count)
    ]
    rows = session.scalars(
        select(AuditSample)
        .where(AuditSample.community_id == audit.community_id, AuditSample.audit_id == audit.id)
        .order_by(AuditSample.number)
    )
    if drawn != [(row.transaction_id, row.amount_fen, row.reason) for row in rows]:
        yield f"trust: the sample of audit {audit.id} is not what its seed draws"
    record = transparency.find_record(session, audit.community_id, "trust.audit", audit.id)
    seed = record and transparency.next_checkpoint(session, audit.community_id, record.id)
    if not seed or (seed.root.hex(), seed.size) != (audit.seed, audit.log_size):
        yield f"trust: the seed of audit {audit.id} is not the checkpoint after its announcement"


def _told(
    session: Session,
    where: tuple[int, str, int],
    names: tuple[str, ...],
    values: tuple[object, ...],
) -> Iterator[str]:
    community_id, word, row_id = where
    record = transparency.find_record(session, community_id, f"trust.{word}", row_id)
    if record is None:
        yield f"trust: {word} {row_id} is not in the public log"
    elif tuple(record.fields[name] for name in names) != values:
        yield f"trust: {word} {row_id} is not as the public log tells it"
