"""Reading a year's budget: voted, carried, held, spent and free per line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import ledger
from community.kernel.actor import Actor
from community.trust_property.errors.budget import BudgetMissing, LineNotFound
from community.trust_property.models import Budget, BudgetLineRow
from community.trust_property.queries.fund import FundView, find_path, get_fund
from community.trust_property.rules.budget import BudgetKind, BudgetLine
from community.trust_property.rules.fund import emergency_path, expense_path


@dataclass(frozen=True, slots=True)
class Use:
    """What has become of an account with a ceiling, in fen."""

    whole_fen: int
    spent_fen: int
    held_fen: int

    @property
    def free_fen(self) -> int:
        """Give what may still be asked for."""
        return self.whole_fen - self.spent_fen - self.held_fen


@dataclass(frozen=True, slots=True)
class LineStanding:
    """A budget line and what has become of it."""

    line: BudgetLine
    use: Use


@dataclass(frozen=True, slots=True)
class BudgetView:
    """A version of a year's budget."""

    id: int
    year: int
    version: int
    kind: BudgetKind
    reference: str
    decided_on: date | None
    minutes_sha256: str
    matter_id: int | None
    adopted_at: datetime
    lines: tuple[BudgetLine, ...]


@dataclass(frozen=True, slots=True)
class BudgetStanding:
    """A year's budget as it stands: the newest version, its lines, and the whole."""

    budget: BudgetView
    lines: tuple[LineStanding, ...]
    emergency: Use

    @property
    def whole(self) -> Use:
        """Add the lines up."""
        return Use(
            sum(each.use.whole_fen for each in self.lines),
            sum(each.use.spent_fen for each in self.lines),
            sum(each.use.held_fen for each in self.lines),
        )


def budget_versions(
    session: Session, actor: Actor, fund_id: int, year: int
) -> tuple[BudgetView, ...]:
    """List every version of a year's budget, the newest first.

    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    rows = session.scalars(
        select(Budget)
        .where(
            Budget.community_id == actor.community_id,
            Budget.fund_id == fund_id,
            Budget.year == year,
        )
        .order_by(Budget.version.desc())
    ).all()
    lines = session.scalars(
        select(BudgetLineRow)
        .where(
            BudgetLineRow.community_id == actor.community_id,
            BudgetLineRow.budget_id.in_([row.id for row in rows]),
        )
        .order_by(BudgetLineRow.position)
    ).all()
    return tuple(_view(row, [each for each in lines if each.budget_id == row.id]) for row in rows)


def budget_years(session: Session, actor: Actor, fund_id: int) -> tuple[int, ...]:
    """List the years that have a budget, the newest first."""
    return tuple(
        session.scalars(
            select(Budget.year)
            .where(Budget.community_id == actor.community_id, Budget.fund_id == fund_id)
            .distinct()
            .order_by(Budget.year.desc())
        )
    )


def find_budget(session: Session, actor: Actor, fund_id: int, year: int) -> BudgetView | None:
    """Find the budget in force for a year: its newest version."""
    return next(iter(budget_versions(session, actor, fund_id, year)), None)


def get_line(session: Session, actor: Actor, fund_id: int, year: int, code: str) -> BudgetLine:
    """Get a line of a year's budget.

    Raises: FundNotFound, BudgetMissing, LineNotFound.
    """
    found = find_budget(session, actor, fund_id, year)
    if found is None:
        raise BudgetMissing(year=year)
    for each in found.lines:
        if each.code == code:
            return each
    raise LineNotFound(year=year)


def budget_standing(
    session: Session, actor: Actor, fund_id: int, year: int
) -> BudgetStanding | None:
    """Tell how a year's budget stands, None when there is none.

    Raises: FundNotFound.
    """
    fund = get_fund(session, actor, fund_id)
    budget = find_budget(session, actor, fund_id, year)
    if budget is None:
        return None
    lines = tuple(
        LineStanding(line, use_of(session, actor, fund, expense_path(year, line.code)))
        for line in budget.lines
    )
    emergency = use_of(session, actor, fund, emergency_path(year))
    return BudgetStanding(budget, lines, emergency)


def use_of(session: Session, actor: Actor, fund: FundView, path: str) -> Use:
    """Tell what has become of an account with a ceiling; nothing when there is none."""
    account_id = find_path(session, actor, fund, path)
    if account_id is None:
        return Use(0, 0, 0)
    found = ledger.get_account(session, actor.community_id, account_id)
    return Use(found.ceiling or 0, found.balance.total, found.incoming)


def _view(row: Budget, lines: list[BudgetLineRow]) -> BudgetView:
    return BudgetView(
        row.id,
        row.year,
        row.version,
        row.kind,
        row.reference,
        row.decided_on,
        row.minutes_sha256,
        row.matter_id,
        row.adopted_at,
        tuple(
            BudgetLine(each.code, each.name, each.amount_fen, each.carried_fen) for each in lines
        ),
    )
