"""Budgets: proposed with the decision's minutes, adopted by two keys; the books refuse the rest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.trust_property import permissions
from community.trust_property.errors.budget import (
    BudgetBelowUse,
    BudgetExists,
    BudgetUnclear,
    CarriedTooMuch,
    MinutesMissing,
    NoLastYear,
    YearOutOfRange,
)
from community.trust_property.models import Budget, BudgetLineRow, Fund, Matter
from community.trust_property.queries.budgets import BudgetView, find_budget
from community.trust_property.queries.policies import get_terms
from community.trust_property.rules.budget import (
    KINDS,
    BudgetKind,
    BudgetLine,
    interim_lines,
    lines_problem,
)
from community.trust_property.rules.fund import expense_path
from community.trust_property.rules.keys import KeySide
from community.trust_property.rules.matters import Fact, MatterKind, percent_text, yuan_text
from community.trust_property.service import books, matters
from community.trust_property.service.fund import load_fund
from community.trust_property.service.keys import check_key
from community.trust_property.service.publishing import publish
from community.trust_property.service.vouchers import KeptPaper, Paper, keep_papers


def propose_budget(
    session: Session,
    actor: Actor,
    fund_id: int,
    year: int,
    lines: tuple[BudgetLine, ...],
    reference: str,
    decided_on: date,
    papers: tuple[Paper, ...],
) -> int:
    """Put a year's budget, or another version of it, to the committee; gives the matter's id.

    `papers` begin with the minutes of the decision. Raises: FundNotFound, FundClosed, NoKey,
    YearOutOfRange, BudgetUnclear, MinutesMissing, MatterOpen.
    """
    actor.check(permissions.PREPARE.code)
    fund = load_fund(session, actor, fund_id)
    check_key(session, actor, fund_id, KeySide.TRUSTEE)
    check_lines(year, lines)
    if not papers:
        raise MinutesMissing
    old = find_budget(session, actor, fund_id, year)
    kept = keep_papers(session, actor, papers)
    draft = budget_draft(year, old, lines, (reference, decided_on), kept)
    return matters.raise_matter(session, actor, fund, draft).id


def budget_draft(
    year: int,
    old: BudgetView | None,
    lines: tuple[BudgetLine, ...],
    decision: tuple[str, date],
    kept: tuple[KeptPaper, ...],
) -> matters.Draft:
    """Show the committee a budget and its decision; without papers a vote of this site decided."""
    reference, decided_on = decision
    return matters.Draft(
        MatterKind.BUDGET.value,
        f"{year} 年{KINDS[_kind(old)]}",
        (
            *_facts(old, lines),
            Fact(N_("合计"), yuan_text(sum(each.whole_fen for each in lines)), _whole(old)),
            Fact(N_("依据"), reference),
            Fact(N_("通过日期"), decided_on.isoformat()),
        ),
        {
            "year": year,
            "lines": [[each.code, each.name, each.amount_fen, each.carried_fen] for each in lines],
            "reference": reference,
            "decided_on": decided_on.isoformat(),
            "minutes": kept[0].sha256 if kept else "",
        },
        subject_id=year,
        papers=kept,
    )


def open_interim(session: Session, actor: Actor, fund_id: int, year: int) -> int:
    """Let the voted share of last year's lines apply until this year's budget is adopted.

    Gives the version's id. Raises: FundNotFound, FundClosed, NoKey, RulesMissing, BudgetExists,
    NoLastYear, YearOutOfRange.
    """
    actor.check(permissions.PREPARE.code)
    fund = load_fund(session, actor, fund_id)
    check_key(session, actor, fund_id, KeySide.TRUSTEE)
    if year != clock.today().year:
        raise YearOutOfRange
    if find_budget(session, actor, fund_id, year) is not None:
        raise BudgetExists(year=year)
    last = find_budget(session, actor, fund_id, year - 1)
    if last is None or last.kind is BudgetKind.INTERIM:
        raise NoLastYear(year=year - 1)
    share = get_terms(session, actor.community_id, fund_id).interim_bp
    lines = interim_lines(last.lines, share)
    reference = f"资金规则：上年预算的 {percent_text(share)}"
    facts = {"reference": reference, "decided_on": None, "minutes_sha256": ""}
    return _write(session, actor, fund, (year, None, lines), BudgetKind.INTERIM, facts)


def check_lines(year: int, lines: Sequence[BudgetLine]) -> None:
    """Refuse lines that cannot be this or next year's budget.

    Raises: YearOutOfRange, BudgetUnclear.
    """
    if not 0 <= year - clock.today().year <= 1:
        raise YearOutOfRange
    problem = lines_problem(lines)
    if problem is not None:
        raise BudgetUnclear(problem=problem)


def _kind(old: BudgetView | None) -> BudgetKind:
    if old is None or old.kind is BudgetKind.INTERIM:
        return BudgetKind.ADOPTED
    return BudgetKind.AMENDED


def _facts(old: BudgetView | None, lines: Sequence[BudgetLine]) -> tuple[Fact, ...]:
    before = {} if old is None else {each.code: each for each in old.lines}
    shown = [
        Fact(
            f"{each.code} {each.name}",
            _line_text(each),
            _line_text(before[each.code]) if each.code in before else "",
        )
        for each in lines
    ]
    gone = set(before) - {each.code for each in lines}
    shown += [
        Fact(f"{code} {before[code].name}", "取消", _line_text(before[code]))
        for code in sorted(gone)
    ]
    return tuple(shown)


def _line_text(line: BudgetLine) -> str:
    carried = f"（含上年结转 {yuan_text(line.carried_fen)}）" if line.carried_fen else ""
    return f"{yuan_text(line.whole_fen)}{carried}"


def _whole(old: BudgetView | None) -> str:
    return "" if old is None else yuan_text(sum(each.whole_fen for each in old.lines))


def _made(session: Session, actor: Actor, matter: Matter, transaction_id: int | None) -> None:
    content: dict[str, Any] = matter.content
    fund = load_fund(session, actor, matter.fund_id)
    lines = tuple(BudgetLine(*each) for each in content["lines"])
    old = find_budget(session, actor, fund.id, content["year"])
    facts = {
        "reference": content["reference"],
        "decided_on": date.fromisoformat(content["decided_on"]),
        "minutes_sha256": content["minutes"],
        "matter_id": matter.id,
    }
    _write(session, actor, fund, (content["year"], old, lines), _kind(old), facts)


def _write(
    session: Session,
    actor: Actor,
    fund: Fund,
    about: tuple[int, BudgetView | None, tuple[BudgetLine, ...]],
    kind: BudgetKind,
    facts: dict[str, Any],
) -> int:
    """Write a version and let the books hold its lines."""
    year, old, lines = about
    _carry(session, actor, fund, about)
    _set_ceilings(session, actor, fund, about)
    row = Budget(
        community_id=actor.community_id,
        fund_id=fund.id,
        year=year,
        version=1 if old is None else old.version + 1,
        kind=kind,
        adopted_at=clock.now(),
        **facts,
    )
    session.add(row)
    session.flush()
    session.add_all(
        BudgetLineRow(
            community_id=actor.community_id,
            budget_id=row.id,
            position=position,
            code=each.code,
            name=each.name,
            amount_fen=each.amount_fen,
            carried_fen=each.carried_fen,
        )
        for position, each in enumerate(lines)
    )
    session.flush()
    _publish(session, actor, row, lines)
    return row.id


def _set_ceilings(
    session: Session,
    actor: Actor,
    fund: Fund,
    about: tuple[int, BudgetView | None, tuple[BudgetLine, ...]],
) -> None:
    """Let each line's account refuse what goes beyond it; a line that is gone takes nothing."""
    assert fund.book_id is not None
    year, old, lines = about
    wanted = {each.code: (each.name, each.whole_fen) for each in lines}
    for each in () if old is None else old.lines:
        wanted.setdefault(each.code, (each.name, 0))
    for code, (name, ceiling) in wanted.items():
        path = expense_path(year, code)
        account_id = books.expense_account(session, actor, fund.book_id, path, ceiling)
        try:
            ledger.change_limits(session, actor, account_id, 0, ceiling)
        except ledger.LimitBroken as refusal:
            raise BudgetBelowUse(line=name) from refusal


def _carry(
    session: Session,
    actor: Actor,
    fund: Fund,
    about: tuple[int, BudgetView | None, tuple[BudgetLine, ...]],
) -> None:
    """Take what is carried over from last year's lines, so that it is not spent twice."""
    assert fund.book_id is not None
    year, old, lines = about
    before = {} if old is None else {each.code: each.carried_fen for each in old.lines}
    after = {each.code: each for each in lines}
    for code in sorted(set(before) | set(after)):
        name = after[code].name if code in after else code
        more = (after[code].carried_fen if code in after else 0) - before.get(code, 0)
        if not more:
            continue
        path = expense_path(year - 1, code)
        last_id = books.find_account(session, actor, fund, path)
        if last_id is None:
            raise CarriedTooMuch(line=name)
        last = ledger.get_account(session, actor.community_id, last_id)
        try:
            left = (last.ceiling or 0) - more
            ledger.change_limits(session, actor, last_id, 0, left)
        except ledger.LimitBroken as refusal:
            raise CarriedTooMuch(line=name) from refusal


def _publish(session: Session, actor: Actor, row: Budget, lines: tuple[BudgetLine, ...]) -> None:
    fields = {
        "fund": row.fund_id,
        "budget": row.id,
        "year": row.year,
        "version": row.version,
        "budget_kind": row.kind.value,
        "reference": row.reference,
        "decided_on": None if row.decided_on is None else row.decided_on.isoformat(),
        "minutes_sha256": row.minutes_sha256,
        "lines": [[each.code, each.name, each.amount_fen, each.carried_fen] for each in lines],
    }
    publish(session, actor, "budget", fields)


matters.on(MatterKind.BUDGET.value, _made)
