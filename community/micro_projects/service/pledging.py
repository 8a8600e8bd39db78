"""Residents' co-funding (众筹): pledged until a last day, paid in with vote and target reached."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.funding import (
    DriveOver,
    NotCollecting,
    NotPledging,
    PledgeFixed,
    PledgeNotFound,
    PledgeOutOfRange,
)
from community.micro_projects.errors.joining import AdultsOnly
from community.micro_projects.models import Pledge, Project
from community.micro_projects.queries.funding import pledged_fen
from community.micro_projects.rules.funding import (
    LEAST_PLEDGE_FEN,
    MOST_PLEDGE_FEN,
    PLEDGE_TITLES,
    PLEDGING,
    PledgeState,
    is_drive_over,
    may_collect,
)
from community.micro_projects.rules.joining import is_adult
from community.micro_projects.rules.money import MoneySource, yuan
from community.micro_projects.service.money import receive_money
from community.micro_projects.service.moving import load_public, own_id


def pledge_money(session: Session, actor: Actor, project_id: int, amount_fen: int) -> int:
    """Promise money to a project that is voted on or reviewed; again changes one's promise.

    Gives the pledge's id. Nobody pays before vote and target are reached.
    Raises: ProjectNotFound, NotPledging, DriveOver, AdultsOnly, PledgeOutOfRange, PledgeFixed.
    """
    actor.check(permissions.PROPOSE.code)
    return _keep(session, actor, project_id, own_id(actor), amount_fen)


def record_pledge(
    session: Session, actor: Actor, project_id: int, person_id: int, amount_fen: int
) -> int:
    """Write down at the desk what a resident without a phone promises.

    Raises: as `pledge_money`; NotFound.
    """
    actor.check(permissions.RUN.code)
    return _keep(session, actor, project_id, person_id, amount_fen)


def withdraw_pledge(session: Session, actor: Actor, project_id: int) -> None:
    """Take one's promise back before it was paid.

    Raises: ProjectNotFound, PledgeNotFound, PledgeFixed, DriveOver.
    """
    actor.check(permissions.PROPOSE.code)
    project = load_public(session, actor, project_id)
    row = _find(session, actor, project_id, own_id(actor))
    if row is None:
        raise PledgeNotFound
    if row.state is not PledgeState.PLEDGED:
        raise PledgeFixed(state=say(PLEDGE_TITLES[row.state]))
    _check_day(project)
    row.state = PledgeState.WITHDRAWN
    session.flush()


def take_pledge(session: Session, actor: Actor, pledge_id: int) -> int:
    """Enter a pledge as paid into the project's own money; gives the transaction. Once only.

    Raises: PledgeNotFound, PledgeFixed, NotCollecting.
    """
    actor.check(permissions.RUN.code)
    row = session.get(Pledge, pledge_id)
    if row is None or row.community_id != actor.community_id:
        raise PledgeNotFound
    if row.state is not PledgeState.PLEDGED:
        raise PledgeFixed(state=say(PLEDGE_TITLES[row.state]))
    project = load_public(session, actor, row.project_id)
    pledged = pledged_fen(session, actor.community_id, project.id)
    # After the last day nothing is added, so a drive that failed stays below its target for good.
    if not may_collect(project.state, pledged, project.cofunding_fen):
        raise NotCollecting(pledged=yuan(pledged), target=yuan(project.cofunding_fen))
    name = f"pledge:{row.id}"
    source = MoneySource.COFUNDING
    row.paid_transaction_id = receive_money(
        session, actor, project.id, source, row.amount_fen, name, name
    )
    row.state, row.paid_at, row.taken_by = PledgeState.PAID, clock.now(), actor.person_id
    session.flush()
    return row.paid_transaction_id


def _keep(session: Session, actor: Actor, project_id: int, person_id: int, amount_fen: int) -> int:
    project = load_public(session, actor, project_id)
    if project.state not in PLEDGING or not project.cofunding_fen:
        raise NotPledging
    _check_day(project)
    card = identity.get_person(session, actor.community_id, person_id)
    if not is_adult(card.birth_year, clock.today()) or card.has_left or card.died_on is not None:
        raise AdultsOnly
    row = _find(session, actor, project_id, person_id)
    own = row.amount_fen if row is not None and row.state is PledgeState.PLEDGED else 0
    wanted = project.cofunding_fen - pledged_fen(session, actor.community_id, project.id) + own
    most = min(MOST_PLEDGE_FEN, wanted)
    if row is not None and row.state not in {PledgeState.PLEDGED, PledgeState.WITHDRAWN}:
        raise PledgeFixed(state=say(PLEDGE_TITLES[row.state]))
    if not min(LEAST_PLEDGE_FEN, most) <= amount_fen <= most or amount_fen <= 0:
        raise PledgeOutOfRange(least=yuan(min(LEAST_PLEDGE_FEN, most)), most=yuan(most))
    if row is None:
        row = Pledge(
            community_id=actor.community_id,
            project_id=project_id,
            person_id=person_id,
            amount_fen=amount_fen,
            state=PledgeState.PLEDGED,
            pledged_at=clock.now(),
        )
        session.add(row)
    else:
        row.amount_fen, row.state, row.pledged_at = amount_fen, PledgeState.PLEDGED, clock.now()
    session.flush()
    return row.id


def _check_day(project: Project) -> None:
    if is_drive_over(project.pledge_until, clock.today()):
        assert project.pledge_until is not None, "a drive that is over had a last day"
        raise DriveOver(day=project.pledge_until.isoformat())


def _find(session: Session, actor: Actor, project_id: int, person_id: int) -> Pledge | None:
    return session.scalar(
        select(Pledge).where(
            Pledge.community_id == actor.community_id,
            Pledge.project_id == project_id,
            Pledge.person_id == person_id,
        )
    )
