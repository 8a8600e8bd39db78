"""Is every closed project paid, freed and reported, and did nobody judge twice?"""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.micro_projects.models import (
    AwardHold,
    ClosingReport,
    Contract,
    Payout,
    Performance,
    Project,
    ProjectPayment,
    SurveyAnswer,
)
from community.micro_projects.rules.contracts import ContractState
from community.micro_projects.rules.payments import PaymentState
from community.micro_projects.rules.states import ProjectState

_OVER = frozenset({ContractState.TERMINATED, ContractState.COMPLETE})


def problems(session: Session) -> list[str]:
    """List closed projects with open ends, and answers that count twice."""
    return [*_closed(session), *_twice(session), *_paid_twice(session), *_unrecorded(session)]


def _closed(session: Session) -> list[str]:
    held = set(
        session.scalars(select(AwardHold.project_id).where(AwardHold.ledger_hold_id.is_not(None)))
    )
    reported = set(session.scalars(select(ClosingReport.project_id)))
    closed = session.scalars(select(Project.id).where(Project.state == ProjectState.CLOSED))
    return [
        f"project {project_id}: closed without a report, or with money still held"
        for project_id in closed
        if project_id not in reported or project_id in held
    ]


def _twice(session: Session) -> list[str]:
    rows = session.execute(
        select(SurveyAnswer.survey_id, SurveyAnswer.person_id)
        .group_by(SurveyAnswer.survey_id, SurveyAnswer.person_id)
        .having(func.count() > 1)
    )
    return [
        f"survey {survey_id}: person {person_id} answered twice" for survey_id, person_id in rows
    ]


def _paid_twice(session: Session) -> list[str]:
    """Each payment of a contract is one of the money's own payouts, and one a milestone."""
    rows = session.scalars(
        select(ProjectPayment.id).where(
            ProjectPayment.state == PaymentState.PAID,
            ProjectPayment.transaction_id.not_in(select(Payout.transaction_id)),
        )
    )
    found = [
        f"payment {payment_id}: the project's money knows nothing of it" for payment_id in rows
    ]
    twice = session.execute(
        select(ProjectPayment.milestone_id)
        .where(ProjectPayment.state == PaymentState.PAID)
        .group_by(ProjectPayment.milestone_id)
        .having(func.count() > 1)
    )
    return found + [f"milestone {row[0]}: paid twice" for row in twice]


def _unrecorded(session: Session) -> list[str]:
    recorded = select(Performance.contract_id)
    rows = session.scalars(
        select(Contract.id).where(Contract.state.in_(_OVER), Contract.id.not_in(recorded))
    )
    return [f"contract {contract_id}: ended without a record of it" for contract_id in rows]
