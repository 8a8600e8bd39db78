"""Opening a satisfaction survey and answering it: residents of the community, once each."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.kernel.actor import Actor
from community.micro_projects import permissions
from community.micro_projects.errors.surveys import (
    AlreadyAnswered,
    NotAResident,
    SurveyExists,
    SurveyNotFound,
    SurveyOver,
    SurveyTooEarly,
    SurveyTooShort,
)
from community.micro_projects.models import Contract, Survey, SurveyAnswer
from community.micro_projects.queries.closing import closing_terms, find_survey, has_answered
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.rules.surveys import Satisfaction, is_open
from community.micro_projects.service.moving import load_project, move_project


def open_survey(
    session: Session, actor: Actor, project_id: int, place: str, closes_on: date
) -> int:
    """Open the survey of a project whose work is accepted, until a day's end; gives its id.

    Raises: ProjectNotFound, SurveyExists, SurveyTooEarly, SurveyTooShort.
    """
    actor.check(permissions.CONTRACT.code)
    project = load_project(session, actor, project_id)
    if find_survey(session, actor.community_id, project_id) is not None:
        raise SurveyExists
    if project.state not in {ProjectState.ACCEPTING, ProjectState.EVALUATED}:
        raise SurveyTooEarly
    terms = closing_terms(session, actor.community_id, clock.today())
    if closes_on < clock.today() + timedelta(days=terms.survey_days):
        raise SurveyTooShort(days=terms.survey_days)
    row = Survey(
        community_id=actor.community_id,
        project_id=project_id,
        place=place,
        threshold=terms.survey_threshold,
        opens_at=clock.now(),
        closes_at=clock.at(closes_on + timedelta(days=1)),
        opened_by=actor.person_id,
    )
    session.add(row)
    session.flush()
    if project.state is ProjectState.ACCEPTING:
        ref = f"survey:{row.id}"
        move_project(session, actor, project_id, ProjectState.EVALUATED, ref)
    return row.id


def answer_survey(
    session: Session, actor: Actor, project_id: int, level: Satisfaction, words: str
) -> None:
    """Answer once, while the survey is open; nobody of the contractors answers.

    Raises: SurveyNotFound, SurveyOver, NotAResident, AlreadyAnswered.
    """
    actor.check(permissions.JUDGE.code)
    survey = find_survey(session, actor.community_id, project_id)
    if survey is None:
        raise SurveyNotFound
    person_id = actor.subject_id
    if person_id is None or _works_on_it(session, actor, project_id, person_id):
        raise NotAResident
    if has_answered(session, actor.community_id, survey.id, person_id):
        raise AlreadyAnswered
    now = clock.now()
    if not is_open(survey.opens_at, survey.closes_at, now):
        opens, closes = clock.day_of(survey.opens_at), clock.day_of(survey.closes_at)
        last = closes - timedelta(days=1)
        raise SurveyOver(opens=opens.isoformat(), closes=last.isoformat())
    session.add(
        SurveyAnswer(
            community_id=actor.community_id,
            survey_id=survey.id,
            person_id=person_id,
            level=int(level),
            words=words,
            answered_at=now,
        )
    )
    session.flush()


def _works_on_it(session: Session, actor: Actor, project_id: int, person_id: int) -> bool:
    employer = identity.employer_of(session, actor.community_id, person_id)
    if employer is None:
        return False
    contractors = select(Contract.organization_id).where(
        Contract.community_id == actor.community_id, Contract.project_id == project_id
    )
    return employer in set(session.scalars(contractors))
