"""What a question or a finding is about: a thing of one fund, found by its kind and id."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import transparency
from community.kernel.actor import Actor
from community.trust_property.errors.questions import SubjectNotFound
from community.trust_property.errors.reports import ReportNotFound
from community.trust_property.models import BankAccount, BankLine, Receipt, SpendingRequest
from community.trust_property.queries.fund import get_fund
from community.trust_property.queries.reports import get_published_report
from community.trust_property.rules.questions import SubjectKind, read_report_line_id
from community.trust_property.rules.reports import ReportLine

RECORD = "ledger.transaction"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is asked about; `number` is the one people know it by, `words` what is public of it.

    Of a published report's line, `words` is the period, `number` the line's place in the report.
    """

    kind: SubjectKind
    id: int
    number: int
    words: str = ""
    line: ReportLine | None = None


def get_subject(
    session: Session, actor: Actor, fund_id: int, kind: SubjectKind, subject_id: int
) -> Subject:
    """Get a thing of a fund.

    Raises: FundNotFound, SubjectNotFound.
    """
    fund = get_fund(session, actor, fund_id)
    if kind is SubjectKind.FUND and subject_id == fund_id:
        return Subject(kind, fund_id, fund_id, fund.name)
    if kind is SubjectKind.ENTRY:
        record = transparency.find_record(session, actor.community_id, RECORD, subject_id)
        books = (fund.book_id, fund.reserve_book_id)
        if record is not None and record.fields["book"] in books:
            return Subject(kind, subject_id, subject_id)
    if kind is SubjectKind.REQUEST:
        return _request(session, actor, fund_id, subject_id)
    if kind is SubjectKind.RECEIPT:
        return _receipt(session, actor, fund_id, subject_id)
    if kind is SubjectKind.BANK_LINE and _is_bank_line(session, actor, fund_id, subject_id):
        return Subject(kind, subject_id, subject_id)
    if kind is SubjectKind.REPORT_LINE:
        return _report_line(session, actor, fund_id, subject_id)
    raise SubjectNotFound


def _report_line(session: Session, actor: Actor, fund_id: int, number: int) -> Subject:
    report_id, place = read_report_line_id(number)
    try:
        report = get_published_report(session, actor, fund_id, report_id)
    except ReportNotFound as missing:
        raise SubjectNotFound from missing
    if not 0 < place <= len(report.lines):
        raise SubjectNotFound
    line = report.lines[place - 1]
    return Subject(SubjectKind.REPORT_LINE, number, place, report.period, line)


def _request(session: Session, actor: Actor, fund_id: int, request_id: int) -> Subject:
    row = session.execute(
        select(SpendingRequest.number, SpendingRequest.words).where(
            SpendingRequest.community_id == actor.community_id,
            SpendingRequest.fund_id == fund_id,
            SpendingRequest.id == request_id,
        )
    ).first()
    if row is None:
        raise SubjectNotFound
    return Subject(SubjectKind.REQUEST, request_id, row.number, row.words)


def _receipt(session: Session, actor: Actor, fund_id: int, receipt_id: int) -> Subject:
    number = session.scalar(
        select(Receipt.number).where(
            Receipt.community_id == actor.community_id,
            Receipt.fund_id == fund_id,
            Receipt.id == receipt_id,
        )
    )
    if number is None:
        raise SubjectNotFound
    return Subject(SubjectKind.RECEIPT, receipt_id, number)


def _is_bank_line(session: Session, actor: Actor, fund_id: int, line_id: int) -> bool:
    found = session.scalar(
        select(BankLine.id)
        .join(BankAccount, BankAccount.id == BankLine.bank_account_id)
        .where(
            BankLine.community_id == actor.community_id,
            BankAccount.fund_id == fund_id,
            BankLine.id == line_id,
        )
    )
    return found is not None
