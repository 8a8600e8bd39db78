"""Reading audits: the sample with how it was drawn, findings with replies, the opinion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import transparency
from community.kernel.actor import Actor
from community.trust_property.errors.audits import AuditNotFound
from community.trust_property.models import (
    Audit,
    AuditOpinion,
    AuditSample,
    Finding,
    FindingReply,
)
from community.trust_property.queries.entry_words import words_of_entries
from community.trust_property.queries.fund import get_fund
from community.trust_property.rules.audits import (
    Entry,
    OpinionKind,
    SampleReason,
    Severity,
    entry_of,
    lot,
)

RECORD = "ledger.transaction"


@dataclass(frozen=True, slots=True)
class AuditView:
    """An audit as announced, and how far it is; `seed` is empty until the sample is drawn."""

    id: int
    fund_id: int
    since: date
    until: date
    at_least_fen: int
    random_count: int
    seed: str
    log_size: int | None
    entry_count: int | None
    announced_at: datetime
    drawn_at: datetime | None
    opinion: OpinionKind | None
    sampled: int
    checked: int


@dataclass(frozen=True, slots=True)
class SampleView:
    """An entry of a sample; `lot` is the hash by which a random one was drawn.

    Day and purpose are told as the public log has them, with the words of who asked for it.
    """

    number: int
    transaction_id: int
    amount_fen: int
    reason: SampleReason
    lot: str
    checked_at: datetime | None
    day: date
    purpose: str
    words: str


@dataclass(frozen=True, slots=True)
class ReplyView:
    """A reply to a finding, by its side: `property` or `committee`."""

    side: str
    words: str
    replied_at: datetime


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding with its replies, the oldest first."""

    id: int
    number: int
    transaction_id: int
    severity: Severity
    words: str
    found_at: datetime
    replies: tuple[ReplyView, ...]


@dataclass(frozen=True, slots=True)
class OpinionView:
    """The opinion and its reasons."""

    kind: OpinionKind
    words: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class AuditFile:
    """Everything of one audit."""

    audit: AuditView
    sample: tuple[SampleView, ...]
    findings: tuple[FindingView, ...]
    opinion: OpinionView | None


def audits(session: Session, actor: Actor, fund_id: int) -> tuple[AuditView, ...]:
    """List a fund's audits, the newest first.

    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    rows = session.scalars(
        select(Audit)
        .where(Audit.community_id == actor.community_id, Audit.fund_id == fund_id)
        .order_by(Audit.id.desc())
    )
    return tuple(_view(session, row) for row in rows)


def get_audit(session: Session, actor: Actor, fund_id: int, audit_id: int) -> AuditFile:
    """Get an audit with its sample, findings and opinion.

    Raises: FundNotFound, AuditNotFound.
    """
    get_fund(session, actor, fund_id)
    row = session.get(Audit, audit_id)
    if row is None or (row.community_id, row.fund_id) != (actor.community_id, fund_id):
        raise AuditNotFound
    opinion = _opinion(session, row)
    told = None if opinion is None else OpinionView(opinion.kind, opinion.words, opinion.given_at)
    sample = _told_sample(session, actor, row)
    return AuditFile(_view(session, row), sample, _findings(session, row), told)


def _told_sample(session: Session, actor: Actor, row: Audit) -> tuple[SampleView, ...]:
    sample = _sample(session, row)
    ids = [each.transaction_id for each in sample]
    records = transparency.find_records(session, actor.community_id, RECORD, ids)
    said = {number: record.fields for number, record in records.items()}
    words = words_of_entries(session, actor, row.fund_id, ids)
    return tuple(
        SampleView(
            each.number,
            each.transaction_id,
            each.amount_fen,
            each.reason,
            lot(row.seed, each.transaction_id),
            each.checked_at,
            date.fromisoformat(said[each.transaction_id]["effective_on"]),
            said[each.transaction_id]["purpose"],
            words.get(each.transaction_id, ""),
        )
        for each in sample
    )


def frame(
    session: Session, community_id: int, audit: Audit, books: tuple[int, int], log_size: int
) -> Iterator[Entry]:
    """Give the entries a sample is drawn from: those the seed's own tree covers."""
    for record in transparency.records_of(session, community_id, RECORD):
        if record.log_index is None or record.log_index >= log_size:
            continue
        entry = entry_of(record.fields, books, audit.since, audit.until)
        if entry is not None:
            yield entry


def _view(session: Session, row: Audit) -> AuditView:
    opinion = _opinion(session, row)
    sample = _sample(session, row)
    return AuditView(
        row.id,
        row.fund_id,
        row.since,
        row.until,
        row.at_least_fen,
        row.random_count,
        row.seed,
        row.log_size,
        row.entry_count,
        row.announced_at,
        row.drawn_at,
        None if opinion is None else opinion.kind,
        len(sample),
        sum(each.checked_at is not None for each in sample),
    )


def _sample(session: Session, row: Audit) -> tuple[AuditSample, ...]:
    rows = session.scalars(
        select(AuditSample)
        .where(AuditSample.community_id == row.community_id, AuditSample.audit_id == row.id)
        .order_by(AuditSample.number)
    )
    return tuple(rows)


def _opinion(session: Session, row: Audit) -> AuditOpinion | None:
    return session.scalar(
        select(AuditOpinion).where(
            AuditOpinion.community_id == row.community_id, AuditOpinion.audit_id == row.id
        )
    )


def _findings(session: Session, row: Audit) -> tuple[FindingView, ...]:
    found = session.scalars(
        select(Finding)
        .where(Finding.community_id == row.community_id, Finding.audit_id == row.id)
        .order_by(Finding.number)
    ).all()
    replies: dict[int, list[ReplyView]] = {}
    for each in session.scalars(
        select(FindingReply)
        .where(
            FindingReply.community_id == row.community_id,
            FindingReply.finding_id.in_([finding.id for finding in found]),
        )
        .order_by(FindingReply.id)
    ):
        told = ReplyView(each.side, each.words, each.replied_at)
        replies.setdefault(each.finding_id, []).append(told)
    return tuple(
        FindingView(
            each.id,
            each.number,
            each.transaction_id,
            each.severity,
            each.words,
            each.found_at,
            tuple(replies.get(each.id, ())),
        )
        for each in found
    )
