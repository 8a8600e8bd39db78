"""Commands of an audit: announce, draw, look at an entry, note what was found, conclude."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import transparency
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_, NotAllowed
from community.trust_property import permissions
from community.trust_property.errors.audits import (
    AlreadyDrawn,
    AuditClosed,
    AuditNotFound,
    EntryNotSampled,
    FindingNotFound,
    KeyHolderAudits,
    NotDrawn,
    PeriodUnclear,
    SampleTooLarge,
    SampleUnfinished,
    SeedNotYet,
)
from community.trust_property.models import (
    Audit,
    AuditOpinion,
    AuditSample,
    Finding,
    FindingReply,
)
from community.trust_property.queries.audits import frame
from community.trust_property.queries.fund import FundView, get_fund
from community.trust_property.queries.keys import find_key
from community.trust_property.rules.audits import (
    MOST_SAMPLED,
    OpinionKind,
    SampleReason,
    Severity,
    draw,
)
from community.trust_property.service.publishing import publish
from community.trust_property.service.questions import answering_side, check_words


@dataclass(frozen=True, slots=True)
class AuditPlan:
    """What an audit will look at: days, every entry of an amount, so many of the others."""

    since: date
    until: date
    at_least_fen: int
    random_count: int


def announce_audit(session: Session, actor: Actor, fund_id: int, plan: AuditPlan) -> int:
    """Announce an audit; the next checkpoint of the log will decide what is drawn at random.

    Raises: FundNotFound, KeyHolderAudits, PeriodUnclear.
    """
    _, person_id = _check(session, actor, fund_id)
    if not plan.since <= plan.until <= clock.today():
        raise PeriodUnclear
    row = Audit(
        community_id=actor.community_id,
        fund_id=fund_id,
        since=plan.since,
        until=plan.until,
        at_least_fen=plan.at_least_fen,
        random_count=plan.random_count,
        seed="",
        announced_by=person_id,
        announced_at=clock.now(),
    )
    session.add(row)
    session.flush()
    fields = {
        "fund": fund_id,
        "audit": row.id,
        "since": plan.since.isoformat(),
        "until": plan.until.isoformat(),
        "at_least_fen": plan.at_least_fen,
        "random_count": plan.random_count,
        "seed": "next-checkpoint-root",
    }
    publish(session, actor, "audit", fields)
    return row.id


def draw_sample(session: Session, actor: Actor, fund_id: int, audit_id: int) -> int:
    """Draw the sample by the first checkpoint over the announcement; tells its size.

    Raises: FundNotFound, AuditNotFound, KeyHolderAudits, AlreadyDrawn, SeedNotYet,
    SampleTooLarge.
    """
    fund, _ = _check(session, actor, fund_id)
    row = _load(session, actor, fund_id, audit_id)
    if row.drawn_at is not None:
        raise AlreadyDrawn
    told = transparency.find_record(session, actor.community_id, "trust.audit", row.id)
    assert told is not None, "an announcement is published with its row"
    seed = transparency.next_checkpoint(session, actor.community_id, told.id)
    if seed is None:
        raise SeedNotYet
    books = (fund.book_id, fund.reserve_book_id)
    entries = tuple(frame(session, actor.community_id, row, books, seed.size))
    drawn = draw(entries, seed.root.hex(), row.at_least_fen, row.random_count)
    if len(drawn) > MOST_SAMPLED:
        raise SampleTooLarge(most=MOST_SAMPLED)
    for number, each in enumerate(drawn, 1):
        session.add(
            AuditSample(
                community_id=actor.community_id,
                audit_id=row.id,
                number=number,
                transaction_id=each.entry.id,
                amount_fen=each.entry.amount_fen,
                reason=each.reason,
            )
        )
    session.flush()
    row.seed, row.log_size = seed.root.hex(), seed.size
    row.entry_count, row.drawn_at = len(entries), clock.now()
    session.flush()
    fields = {
        "fund": fund_id,
        "audit": row.id,
        "seed": row.seed,
        "log_size": seed.size,
        "entries": len(entries),
        "by_size": [each.entry.id for each in drawn if each.reason is SampleReason.SIZE],
        "at_random": [each.entry.id for each in drawn if each.reason is SampleReason.RANDOM],
    }
    publish(session, actor, "sample", fields)
    return len(drawn)


def check_entry(
    session: Session, actor: Actor, fund_id: int, audit_id: int, transaction_id: int
) -> None:
    """Note that an entry of the sample was looked at.

    Raises: FundNotFound, AuditNotFound, KeyHolderAudits, AuditClosed, EntryNotSampled.
    """
    _, person_id = _check(session, actor, fund_id)
    row = _load_open(session, actor, fund_id, audit_id)
    sampled = _sampled(session, row, transaction_id)
    if sampled.checked_at is None:
        sampled.checked_by, sampled.checked_at = person_id, clock.now()
        session.flush()


def add_finding(
    session: Session,
    actor: Actor,
    fund_id: int,
    audit_id: int,
    transaction_id: int,
    severity: Severity,
    words: str,
) -> int:
    """Attach a finding to an entry of the sample, which is checked with it; gives its id.

    Raises: FundNotFound, AuditNotFound, KeyHolderAudits, AuditClosed, EntryNotSampled,
    PersonalWords.
    """
    _, person_id = _check(session, actor, fund_id)
    audit = _load_open(session, actor, fund_id, audit_id)
    check_entry(session, actor, fund_id, audit_id, transaction_id)
    check_words(session, actor, words)
    last = session.scalar(
        select(func.max(Finding.number)).where(
            Finding.community_id == actor.community_id, Finding.audit_id == audit.id
        )
    )
    row = Finding(
        community_id=actor.community_id,
        audit_id=audit.id,
        number=int(last or 0) + 1,
        transaction_id=transaction_id,
        severity=severity,
        words=words,
        found_by=person_id,
        found_at=clock.now(),
    )
    session.add(row)
    session.flush()
    fields = {
        "fund": fund_id,
        "audit": audit.id,
        "finding": row.id,
        "number": row.number,
        "transaction": transaction_id,
        "severity": severity.value,
        "text": words,
    }
    publish(session, actor, "finding", fields)
    return row.id


def reply_to_finding(
    session: Session, actor: Actor, fund_id: int, audit_id: int, finding_id: int, words: str
) -> int:
    """Reply to a finding in public for the firm or the committee; gives the reply's id.

    Raises: FundNotFound, AuditNotFound, FindingNotFound, NotTheirs, PersonalWords.
    """
    actor.check(permissions.ANSWER.code)
    fund = get_fund(session, actor, fund_id)
    audit = _load(session, actor, fund_id, audit_id)
    finding = session.get(Finding, finding_id)
    if finding is None or (finding.community_id, finding.audit_id) != (
        actor.community_id,
        audit.id,
    ):
        raise FindingNotFound
    side = answering_side(actor, fund.trustee_id)
    if actor.person_id is None:
        raise NotAllowed
    check_words(session, actor, words)
    row = FindingReply(
        community_id=actor.community_id,
        finding_id=finding_id,
        side=side.value,
        words=words,
        replied_by=actor.person_id,
        replied_at=clock.now(),
    )
    session.add(row)
    session.flush()
    fields = {
        "fund": fund_id,
        "audit": audit.id,
        "finding": finding_id,
        "finding_reply": row.id,
        "side": side.value,
        "text": words,
    }
    publish(session, actor, "finding_reply", fields)
    return row.id


def give_opinion(
    session: Session, actor: Actor, fund_id: int, audit_id: int, kind: OpinionKind, words: str
) -> int:
    """Close an audit with its opinion, once, when every entry was looked at; gives its id.

    Raises: FundNotFound, AuditNotFound, KeyHolderAudits, AuditClosed, NotDrawn,
    SampleUnfinished, PersonalWords.
    """
    _, person_id = _check(session, actor, fund_id)
    audit = _load_open(session, actor, fund_id, audit_id)
    if audit.drawn_at is None:
        raise NotDrawn
    left = session.scalar(
        select(func.count())
        .select_from(AuditSample)
        .where(
            AuditSample.community_id == actor.community_id,
            AuditSample.audit_id == audit.id,
            AuditSample.checked_at.is_(None),
        )
    )
    if left:
        raise SampleUnfinished(left=left)
    check_words(session, actor, words)
    row = AuditOpinion(
        community_id=actor.community_id,
        audit_id=audit.id,
        kind=kind,
        words=words,
        given_by=person_id,
        given_at=clock.now(),
    )
    session.add(row)
    session.flush()
    fields = {"fund": fund_id, "audit": audit.id, "opinion": row.id, "kind_of_opinion": kind.value}
    publish(session, actor, "opinion", fields | {"text": words})
    return row.id


def _check(session: Session, actor: Actor, fund_id: int) -> tuple[FundView, int]:
    actor.check(permissions.AUDIT.code)
    fund = get_fund(session, actor, fund_id)
    if actor.person_id is None:
        raise NotAllowed
    if find_key(session, actor, fund_id) is not None:
        raise KeyHolderAudits
    return fund, actor.person_id


def _load(session: Session, actor: Actor, fund_id: int, audit_id: int) -> Audit:
    row = session.get(Audit, audit_id)
    if row is None or (row.community_id, row.fund_id) != (actor.community_id, fund_id):
        raise AuditNotFound
    return row


def _load_open(session: Session, actor: Actor, fund_id: int, audit_id: int) -> Audit:
    row = _load(session, actor, fund_id, audit_id)
    closed = select(AuditOpinion.id).where(
        AuditOpinion.community_id == actor.community_id, AuditOpinion.audit_id == row.id
    )
    if session.scalar(closed) is not None:
        raise AuditClosed
    return row


def _sampled(session: Session, audit: Audit, transaction_id: int) -> AuditSample:
    found = session.scalar(
        select(AuditSample).where(
            AuditSample.community_id == audit.community_id,
            AuditSample.audit_id == audit.id,
            AuditSample.transaction_id == transaction_id,
        )
    )
    if found is None:
        raise EntryNotSampled
    return found


transparency.name_kinds(
    {
        "trust.audit": N_("审计公告"),
        "trust.sample": N_("审计抽样"),
        "trust.finding": N_("审计发现"),
        "trust.finding_reply": N_("对审计发现的答复"),
        "trust.opinion": N_("审计意见"),
    }
)
