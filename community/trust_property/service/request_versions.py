"""What a spending request asked in each version: its papers, and what the committee is shown."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.trust_property.models import RequestPaper, RequestVersion, SpendingRequest
from community.trust_property.queries.payees import PayeeView
from community.trust_property.rules.budget import BudgetLine
from community.trust_property.rules.matters import Fact, MatterKind, yuan_text
from community.trust_property.rules.spending import PaperKind
from community.trust_property.service import matters
from community.trust_property.service.vouchers import KeptPaper, Paper, keep_papers


def matter_draft(
    row: SpendingRequest,
    line: BudgetLine,
    payee: PayeeView,
    papers: tuple[KeptPaper, ...],
    replaced: int | None,
) -> matters.Draft:
    """Show the committee what, to whom, how much and from which line; bind all of it."""
    facts = [
        Fact(N_("事由"), row.words),
        Fact(N_("金额"), yuan_text(row.amount_fen)),
        Fact(N_("收款方"), payee.name),
        Fact(N_("收款账户"), f"{payee.bank_name} 尾号 {payee.last_digits}"),
        Fact(N_("预算科目"), f"{row.year} 年 {line.code} {line.name}"),
    ]
    if row.vote_reference:
        facts.append(Fact(N_("表决文号"), row.vote_reference))
    return matters.Draft(
        MatterKind.SPEND.value,
        f"用款申请 {row.number} 号：{row.words[:40]}",
        tuple(facts),
        {
            "request": row.id,
            "version": row.version,
            "line": row.line_code,
            "year": row.year,
            "payee": payee.id,
            "payee_account": payee.account_id,
            "account_number": payee.account_number,
            "amount_fen": row.amount_fen,
            "vote": row.vote_reference,
        },
        subject_id=row.id,
        amount_fen=row.amount_fen,
        papers=papers,
        replaces_id=replaced,
    )


def gather(
    session: Session,
    actor: Actor,
    row: SpendingRequest,
    quotes: tuple[Paper, ...],
    vouchers: tuple[Paper, ...],
) -> tuple[tuple[PaperKind, KeptPaper], ...]:
    """Keep new papers; of a kind that brings none, those of the version before stay."""
    found: list[tuple[PaperKind, KeptPaper]] = []
    for kind, given in ((PaperKind.QUOTE, quotes), (PaperKind.VOUCHER, vouchers)):
        if given:
            found += [(kind, each) for each in keep_papers(session, actor, given)]
        elif row.version:
            before = session.scalars(
                select(RequestPaper)
                .where(
                    RequestPaper.community_id == actor.community_id,
                    RequestPaper.request_id == row.id,
                    RequestPaper.version == row.version,
                    RequestPaper.kind == kind,
                )
                .order_by(RequestPaper.id)
            )
            found += [(kind, KeptPaper(old.title, old.file_id, old.sha256)) for old in before]
    return tuple(found)


def keep(
    session: Session,
    actor: Actor,
    row: SpendingRequest,
    papers: tuple[tuple[PaperKind, KeptPaper], ...],
) -> None:
    """Write down a version with its papers, for good."""
    session.add(
        RequestVersion(
            community_id=actor.community_id,
            request_id=row.id,
            version=row.version,
            year=row.year,
            line_code=row.line_code,
            payee_id=row.payee_id,
            amount_fen=row.amount_fen,
            words=row.words,
            matter_id=row.matter_id,
            made_by=actor.person_id,
            made_at=clock.now(),
        )
    )
    session.add_all(
        RequestPaper(
            community_id=actor.community_id,
            request_id=row.id,
            version=row.version,
            kind=kind,
            title=paper.title,
            file_id=paper.file_id,
            sha256=paper.sha256,
        )
        for kind, paper in papers
    )
    session.flush()
