"""Listening to the room's own events: whatever happens to a process, its release follows at once.

An event only says where to look; what is published is the difference between the rows now and what
was published before, so hearing an event twice, or one that changed nothing public, is harmless.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from community.kernel import events
from community.kernel.actor import Actor
from community.micro_projects import events as told
from community.micro_projects.models import (
    Award,
    Bid,
    ClawBack,
    Complaint,
    Contract,
    Milestone,
    ProjectPayment,
    Tender,
    TenderAmendment,
    TenderQuestion,
)
from community.micro_projects.open_contracting.facts import Process
from community.micro_projects.queries.processes import (
    PRIOR,
    find_process,
    process_keys,
    processes_of_project,
)
from community.micro_projects.queries.public_addresses import use_site
from community.micro_projects.service.releasing import release_state, use_prefix

Find = Callable[[Session, Any], None]


def _tell_tender(session: Session, tender_id: int) -> str | None:
    row = session.get_one(Tender, tender_id)
    community_id, project_id = row.community_id, row.project_id
    process = find_process(session, community_id, tender_id, None)
    if process is None:
        return None
    told = release_state(session, community_id, project_id, process, tender_id=tender_id)
    _tell_followed(session, community_id, process)
    return told


def _tell_award(session: Session, award_id: int) -> str | None:
    row = session.get_one(Award, award_id)
    if row.tender_id is not None:
        return _tell_tender(session, row.tender_id)
    community_id, project_id = row.community_id, row.project_id
    process = find_process(session, community_id, None, award_id)
    if process is None:
        return None
    told = release_state(session, community_id, project_id, process, award_id=award_id)
    _tell_followed(session, community_id, process)
    return told


def _tell_followed(session: Session, community_id: int, process: Process) -> None:
    """Let a process whose contract broke off name the one that follows it, as this one names it."""
    followed = {each.ocid for each in process.related if each.kind == PRIOR}
    if not followed:
        return
    for tender_id, award_id in process_keys(session, community_id, followed):
        if tender_id is not None:
            _tell_tender(session, tender_id)
        elif award_id is not None:
            _tell_award(session, award_id)


def _of_tender(session: Session, event: Any) -> None:
    _tell_tender(session, event.tender_id)


def _of_amendment(session: Session, event: told.TenderAmended) -> None:
    _tell_tender(session, session.get_one(TenderAmendment, event.amendment_id).tender_id)


def _of_question(session: Session, event: told.EnquiryAnswered) -> None:
    _tell_tender(session, session.get_one(TenderQuestion, event.question_id).tender_id)


def _of_bid(session: Session, event: told.BidJudged) -> None:
    _tell_tender(session, session.get_one(Bid, event.bid_id).tender_id)


def _of_award(session: Session, event: Any) -> None:
    _tell_award(session, event.award_id)


def _of_complaint(session: Session, event: Any) -> None:
    row = session.get_one(Complaint, event.complaint_id)
    if row.award_id is not None:
        _tell_award(session, row.award_id)
    elif row.tender_id is not None:
        _tell_tender(session, row.tender_id)


def _of_contract(session: Session, event: Any) -> None:
    _tell_award(session, session.get_one(Contract, event.contract_id).award_id)


def _of_milestone(session: Session, event: told.MilestoneAccepted) -> None:
    contract_id = session.get_one(Milestone, event.milestone_id).contract_id
    _tell_award(session, session.get_one(Contract, contract_id).award_id)


def _of_payment(session: Session, event: told.PaymentMade) -> None:
    contract_id = session.get_one(ProjectPayment, event.payment_id).contract_id
    _tell_award(session, session.get_one(Contract, contract_id).award_id)


def _of_claw_back(session: Session, event: told.ClawBackSettled) -> None:
    contract_id = session.get_one(ClawBack, event.claw_back_id).contract_id
    _tell_award(session, session.get_one(Contract, contract_id).award_id)


def _of_project(session: Session, event: Any) -> None:
    """Say again what the project's own moves changed of processes that are public already."""
    for tender_id, award_id in processes_of_project(session, event.community_id, event.project_id):
        if tender_id is not None:
            _tell_tender(session, tender_id)
        elif award_id is not None:
            _tell_award(session, award_id)


LISTENERS: dict[type, Find] = {
    told.TenderPublished: _of_tender,
    told.TenderAmended: _of_amendment,
    told.EnquiryAnswered: _of_question,
    told.TenderFrozen: _of_tender,
    told.TenderOpened: _of_tender,
    told.TenderFailed: _of_tender,
    told.TenderCancelled: _of_tender,
    told.PanelDrawn: _of_tender,
    told.ScoresChanged: _of_tender,
    told.BidJudged: _of_bid,
    told.AwardNoticed: _of_award,
    told.AwardFinal: _of_award,
    told.AwardCancelled: _of_award,
    told.ComplaintMade: _of_complaint,
    told.ComplaintAnswered: _of_complaint,
    told.ContractSigned: _of_contract,
    told.ContractChanged: _of_contract,
    told.ContractEnded: _of_contract,
    told.MilestoneAccepted: _of_milestone,
    told.PaymentMade: _of_payment,
    told.ClawBackSettled: _of_claw_back,
    told.ProjectMoved: _of_project,
    told.ProjectClosed: _of_project,
}


def tell_again(
    session: Session, actor: Actor, tender_id: int | None, award_id: int | None
) -> str | None:
    """Publish what a process's last release does not say yet, as after a change of this program.

    Gives the release's id, or None where nothing is missing.
    """
    if tender_id is not None:
        return _tell_tender(session, tender_id)
    return None if award_id is None else _tell_award(session, award_id)


def begin_releases(prefix: str, site: str) -> None:
    """Hear everything of the room from now on, and number new processes under a prefix.

    `site` is the address under which public files are named. Hearing twice counts once.
    """
    use_prefix(prefix)
    use_site(site)
    for event, listener in LISTENERS.items():
        events.subscribe(event, listener)
