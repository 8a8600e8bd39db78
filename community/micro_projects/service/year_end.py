"""A year's end: running contracts carry their unspent money over, or it lapses, by the rule set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import transparency
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.contracts import YearNotOver
from community.micro_projects.models import ClosingRules, Contract, Milestone, YearEnd
from community.micro_projects.queries.closing import closing_terms
from community.micro_projects.queries.contracts import paid_of
from community.micro_projects.rules.closing import ClosingTerms, YearEndWay, year_end_way
from community.micro_projects.rules.contracts import ContractState
from community.micro_projects.rules.milestones import UNDONE, MilestoneState
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.service.endings import Ending, end_contract
from community.micro_projects.service.moving import move_project

transparency.name_kinds({"contract.year_end": N_("年末结转")})
LAPSED = N_("年末到期，未实施部分收回")


@dataclass(frozen=True, slots=True)
class YearEndCount:
    """How many contracts carried over, lapsed, and wait for an acceptance first."""

    carried: int
    lapsed: int
    waiting: int


def set_closing_rules(session: Session, actor: Actor, terms: ClosingTerms) -> int:
    """Set what holds from a day on for surveys and years' ends; gives the rule set's id."""
    actor.check(permissions.REVIEW.code)
    row = ClosingRules(
        community_id=actor.community_id,
        survey_days=terms.survey_days,
        survey_threshold=terms.survey_threshold,
        carry_month=terms.carry_month,
        carry_day=terms.carry_day,
        locality=terms.locality,
        basis=terms.basis,
        valid_from=terms.valid_from,
        set_by=actor.person_id,
        set_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.id


def close_year(session: Session, actor: Actor, year: int) -> YearEndCount:
    """Decide each running contract of a year that ends, once, by the rules of its last day.

    One whose delivery waits for a verdict is left for after it; running this again takes it up.
    Raises: YearNotOver.
    """
    actor.check(permissions.END_CONTRACT.code)
    last = date(year, 12, 31)
    if clock.today() < last:
        raise YearNotOver(year=year)
    terms = closing_terms(session, actor.community_id, last)
    count = {YearEndWay.CARRIED: 0, YearEndWay.LAPSED: 0}
    waiting = 0
    for row in _running(session, actor, year):
        states = _states(session, row)
        # What is delivered stays payable whatever the rule says.
        is_delivered = not states & (UNDONE | {MilestoneState.SUBMITTED})
        way = year_end_way(row.ends_on, terms.carries_until(year))
        way = YearEndWay.CARRIED if is_delivered else way
        if way is YearEndWay.LAPSED and MilestoneState.SUBMITTED in states:
            waiting += 1
            continue
        _decide(session, actor, row, year, way, terms)
        if way is YearEndWay.LAPSED:
            end_contract(session, actor, row, Ending(LAPSED, 0, is_continued=False))
            ref = f"contract:{row.id}"
            move_project(session, actor, row.project_id, ProjectState.EVALUATED, ref, say(LAPSED))
        count[way] += 1
    return YearEndCount(count[YearEndWay.CARRIED], count[YearEndWay.LAPSED], waiting)


def _running(session: Session, actor: Actor, year: int) -> list[Contract]:
    decided = select(YearEnd.contract_id).where(
        YearEnd.community_id == actor.community_id, YearEnd.year == year
    )
    return list(
        session.scalars(
            select(Contract)
            .where(
                Contract.community_id == actor.community_id,
                Contract.state == ContractState.ACTIVE,
                Contract.signed_at < clock.at(date(year + 1, 1, 1)),
                Contract.id.not_in(decided),
            )
            .order_by(Contract.id)
        )
    )


def _states(session: Session, row: Contract) -> set[MilestoneState]:
    return set(
        session.scalars(
            select(Milestone.state).where(
                Milestone.community_id == row.community_id, Milestone.contract_id == row.id
            )
        )
    )


def _decide(
    session: Session, actor: Actor, row: Contract, year: int, way: YearEndWay, terms: ClosingTerms
) -> None:
    paid = paid_of(session, actor.community_id, [row.id]).get(row.id, 0)
    until = terms.carries_until(year) if way is YearEndWay.CARRIED else None
    session.add(
        YearEnd(
            community_id=actor.community_id,
            contract_id=row.id,
            year=year,
            way=way,
            unpaid_fen=row.amount_fen - paid,
            until_on=until,
            rule=terms.basis[:120],
            decided_by=actor.person_id,
            decided_at=clock.now(),
        )
    )
    session.flush()
    told = {
        "contract": row.id,
        "year": year,
        "way": way.value,
        "unpaid_fen": row.amount_fen - paid,
        "until_on": until and until.isoformat(),
        "rule": terms.basis,
    }
    transparency.publish(session, actor.community_id, "contract.year_end", told, row.id)
