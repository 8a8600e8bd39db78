"""Fiscal money by the street's slip (拨付单), and donations that match what residents pay in."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import transparency
from community.kernel import clock, files
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.micro_projects import permissions
from community.micro_projects.errors.funding import (
    DonationExceeds,
    DonationNotFound,
    GrantExceeds,
    NotFunded,
    SlipNumberTaken,
)
from community.micro_projects.models import Donation, FiscalSlip
from community.micro_projects.queries.funding import granted_fen, paid_fen
from community.micro_projects.rules.funding import match_due
from community.micro_projects.rules.money import MoneySource, yuan
from community.micro_projects.rules.states import FUNDED, OVER
from community.micro_projects.service.money import receive_money
from community.micro_projects.service.moving import load_public

transparency.name_kinds({"project.money": N_("项目资金来源")})


def grant_slip(
    session: Session,
    actor: Actor,
    project_id: int,
    number: str,
    amount_fen: int,
    granted_on: date,
    paper: files.Ready,
) -> int:
    """Enter fiscal money for an approved project by the street's slip with its paper.

    Only the street grants; all slips together stay within the project's fiscal part. Gives the
    slip's id. Raises: ProjectNotFound, NotFunded, SlipNumberTaken, GrantExceeds.
    """
    actor.check(permissions.REVIEW.code)
    row = load_public(session, actor, project_id)
    if row.state not in FUNDED or row.state in OVER:
        raise NotFunded
    taken = select(FiscalSlip.id).where(
        FiscalSlip.community_id == actor.community_id, FiscalSlip.number == number
    )
    if session.scalar(taken) is not None:
        raise SlipNumberTaken(number=number)
    whole = (row.budget_fen or 0) - row.cofunding_fen - row.matched_fen
    given = granted_fen(session, actor.community_id, row.id)
    if given + amount_fen > whole:
        raise GrantExceeds(whole=yuan(whole), given=yuan(given), left=yuan(whole - given))
    ref = f"slip:{number}"
    slip = FiscalSlip(
        community_id=actor.community_id,
        project_id=row.id,
        number=number,
        amount_fen=amount_fen,
        granted_on=granted_on,
        file_id=files.keep_file(session, actor, paper),
        transaction_id=receive_money(
            session, actor, row.id, MoneySource.FISCAL, amount_fen, ref, ref
        ),
        granted_by=actor.person_id,
        granted_at=clock.now(),
    )
    session.add(slip)
    session.flush()
    _publish_slip(session, slip)
    return slip.id


def _publish_slip(session: Session, slip: FiscalSlip) -> None:
    told = {
        "project": slip.project_id,
        "source": MoneySource.FISCAL.value,
        "slip": slip.number,
        "amount_fen": slip.amount_fen,
        "paper": files.get_file(session, slip.community_id, slip.file_id).sha256,
    }
    transparency.publish(session, slip.community_id, "project.money", told)


def note_donation(
    session: Session, actor: Actor, project_id: int, donor: str, match_bp: int, most_fen: int
) -> int:
    """Note a donor's promise to match what residents pay in; gives its id.

    Raises: ProjectNotFound, NotFunded for a project that is over.
    """
    actor.check(permissions.RUN.code)
    row = load_public(session, actor, project_id)
    if row.state in OVER or not row.matched_fen:
        raise NotFunded
    donation = Donation(
        community_id=actor.community_id,
        project_id=row.id,
        donor=donor,
        match_bp=match_bp,
        most_fen=most_fen,
        received_fen=0,
        promised_at=clock.now(),
        noted_by=actor.person_id,
    )
    session.add(donation)
    session.flush()
    return donation.id


def receive_donation(session: Session, actor: Actor, donation_id: int, amount_fen: int) -> int:
    """Enter what a donor paid, never more than is owed by now; gives the transaction.

    Raises: DonationNotFound, DonationExceeds, NotFunded.
    """
    actor.check(permissions.RUN.code)
    row = session.get(Donation, donation_id)
    if row is None or row.community_id != actor.community_id:
        raise DonationNotFound
    if load_public(session, actor, row.project_id).state in OVER:
        raise NotFunded
    paid = paid_fen(session, actor.community_id, row.project_id)
    due = match_due(paid, row.match_bp, row.most_fen) - row.received_fen
    if not 0 < amount_fen <= due:
        raise DonationExceeds(due=yuan(max(due, 0)))
    key = f"donation:{row.id}:{row.received_fen}"
    source = MoneySource.MATCHED
    transaction_id = receive_money(
        session, actor, row.project_id, source, amount_fen, f"donation:{row.id}", key
    )
    row.received_fen += amount_fen
    session.flush()
    told = {
        "project": row.project_id,
        "source": source.value,
        "donation": row.id,
        "amount_fen": amount_fen,
    }
    transparency.publish(session, actor.community_id, "project.money", told)
    return transaction_id
