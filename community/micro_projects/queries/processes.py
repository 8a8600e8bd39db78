"""Reading a contracting process whole from the rows: everything public about it at this moment.

What is sealed is not read at all: bids come in with the opening, scores when all have signed.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from community import identity
from community.kernel.tables import Community
from community.micro_projects.models import Award, Contract, OcdsProcess, Project, Tender
from community.micro_projects.open_contracting import facts
from community.micro_projects.open_contracting.canonical import read_json, write_json
from community.micro_projects.open_contracting.changes import ALWAYS, changed_parts
from community.micro_projects.open_contracting.writing import write_process
from community.micro_projects.queries.open_data import find_record
from community.micro_projects.queries.process_awards import read_awards
from community.micro_projects.queries.process_contracts import read_contracts
from community.micro_projects.queries.process_tenders import (
    read_bids,
    read_direct,
    read_tender,
)
from community.micro_projects.rules.contracts import ContractState
from community.micro_projects.rules.tenders import UNPUBLISHED, TenderState

PRIOR, REPLACEMENT = "prior", "replacementProcess"


def find_process(
    session: Session, community_id: int, tender_id: int | None, award_id: int | None
) -> facts.Process | None:
    """Read a tender's process, or a direct award's; None while nothing of it is public."""
    if tender_id is not None:
        return _of_tender(session, session.get_one(Tender, tender_id))
    assert award_id is not None, "a process is a tender's or a direct award's"
    return _of_direct(session, session.get_one(Award, award_id))


def processes_of_project(
    session: Session, community_id: int, project_id: int
) -> tuple[tuple[int | None, int | None], ...]:
    """List a project's published processes as (tender, direct award)."""
    rows = session.execute(
        select(OcdsProcess.tender_id, OcdsProcess.award_id)
        .where(OcdsProcess.community_id == community_id, OcdsProcess.project_id == project_id)
        .order_by(OcdsProcess.attempt)
    )
    return tuple((tender_id, award_id) for tender_id, award_id in rows)


@dataclass(frozen=True, slots=True)
class ProcessKey:
    """Whose process it is: a tender's, or a direct award's."""

    community_id: int
    tender_id: int | None
    award_id: int | None


def process_keys(
    session: Session, community_id: int, ocids: AbstractSet[str]
) -> tuple[tuple[int | None, int | None], ...]:
    """Give processes by their numbers as (tender, direct award), in the order they began."""
    rows = session.execute(
        select(OcdsProcess.tender_id, OcdsProcess.award_id)
        .where(OcdsProcess.community_id == community_id, OcdsProcess.ocid.in_(ocids))
        .order_by(OcdsProcess.id)
    )
    return tuple((tender_id, award_id) for tender_id, award_id in rows)


def all_processes(session: Session) -> tuple[ProcessKey, ...]:
    """List every published process of every community."""
    rows = session.execute(
        select(OcdsProcess.community_id, OcdsProcess.tender_id, OcdsProcess.award_id).order_by(
            OcdsProcess.id
        )
    )
    return tuple(ProcessKey(*row) for row in rows)


def stale_processes(session: Session, community_id: int) -> tuple[str, ...]:
    """Name the processes whose last release no longer says what the rows say.

    Names and addresses are left aside: an organization may be called otherwise since, and a site
    may have moved; so are the words of a project whose author was erased.
    """
    found = []
    for row in session.scalars(
        select(OcdsProcess).where(OcdsProcess.community_id == community_id).order_by(OcdsProcess.id)
    ):
        process = find_process(session, community_id, row.tender_id, row.award_id)
        told = find_record(session, community_id, row.ocid).compile()
        now = read_json(write_json(write_process(process))) if process else {}
        is_erased = not session.get_one(Project, row.project_id).title
        aside = _ERASED if is_erased else _MOVED
        parts = changed_parts(_without(told, aside), _without(now, aside)) if process else {}
        if parts:
            found.append(f"{row.ocid}: {', '.join(sorted(set(parts) - set(ALWAYS)))}")
    return tuple(found)


_MOVED = frozenset({"url"})
_ERASED = _MOVED | {"title", "project"}


def _without(value: Any, aside: AbstractSet[str]) -> Any:
    if isinstance(value, list):
        return [_without(each, aside) for each in value]
    if not isinstance(value, dict):
        return value
    names = {"name", "legalName"} if "id" in value else set()
    return {key: _without(each, aside) for key, each in value.items() if key not in names | aside}


def _of_tender(session: Session, tender: Tender) -> facts.Process | None:
    awards = session.scalars(
        select(Award)
        .where(Award.community_id == tender.community_id, Award.tender_id == tender.id)
        .order_by(Award.id)
    ).all()
    is_hidden = tender.state in {*UNPUBLISHED, TenderState.CANCELLED} and not tender.published_at
    if is_hidden and not awards:
        return None
    names = _names(session, tender.community_id)
    bids = read_bids(session, tender, awards, names)
    own = OcdsProcess.tender_id == tender.id
    return facts.Process(
        buyer=_buyer(session, tender.community_id),
        plan=_plan(session, tender.project_id, tender.title),
        tender=read_tender(session, tender, awards),
        bids=bids,
        awards=read_awards(session, awards, names),
        contracts=read_contracts(
            session, awards, names, _successors(session, tender.project_id, own)
        ),
        related=_followed(
            _failed_before(session, tender),
            _broken_off(session, tender.project_id, tender.drafted_at, own),
        ),
    )


def _of_direct(session: Session, award: Award) -> facts.Process:
    names = _names(session, award.community_id)
    project = session.get_one(Project, award.project_id)
    own = OcdsProcess.award_id == award.id
    return facts.Process(
        buyer=_buyer(session, award.community_id),
        plan=_plan(session, award.project_id, project.title),
        tender=read_direct(award, project),
        awards=read_awards(session, [award], names),
        contracts=read_contracts(
            session, [award], names, _successors(session, award.project_id, own)
        ),
        related=_followed(None, _broken_off(session, award.project_id, award.noticed_at, own)),
    )


def _buyer(session: Session, community_id: int) -> facts.Organization:
    found = session.get_one(Community, community_id)
    return facts.Organization(f"community-{found.slug}", found.name)


def _names(session: Session, community_id: int) -> dict[int, facts.Organization]:
    """Give every organization that was ever at work here as a party."""
    return {
        each.id: facts.Organization(f"organization-{each.id}", each.name, each.credit_code)
        for each in identity.known_organizations(session, community_id)
    }


def _plan(session: Session, project_id: int, title: str) -> facts.Plan:
    project = session.get_one(Project, project_id)
    # A resident's own words stay on the project's page, where they can be erased.
    return facts.Plan(
        project_number=str(project.number or ""),
        title=project.title or title,
        need="",
        budget_fen=project.budget_fen or 0,
    )


def _followed(failed: str | None, broken_off: str | None) -> tuple[facts.Related, ...]:
    """Name the failed tender this one repeats, and the broken-off contract it finishes.

    Source: OCDS 1.1, relatedProcess.csv: `prior` is the process that this one replaces.
    """
    named = ((failed, "unsuccessfulProcess"), (broken_off, PRIOR))
    known = [(ocid, kind) for ocid, kind in named if ocid]
    return tuple(
        facts.Related(str(number), ocid, kind) for number, (ocid, kind) in enumerate(known, 1)
    )


def _successors(
    session: Session, project_id: int, own: ColumnElement[bool]
) -> tuple[facts.Related, ...]:
    """Name the later processes that say they finish what this one's contract left undone.

    Source: OCDS 1.1, relatedProcess.csv: a contract's `replacementProcess`.
    """
    process = session.scalar(select(OcdsProcess).where(OcdsProcess.project_id == project_id, own))
    if process is None:
        return ()
    later = session.execute(
        select(OcdsProcess, func.coalesce(Tender.drafted_at, Award.noticed_at))
        .outerjoin(Tender, Tender.id == OcdsProcess.tender_id)
        .outerjoin(Award, Award.id == OcdsProcess.award_id)
        .where(OcdsProcess.project_id == project_id, OcdsProcess.id > process.id)
        .order_by(OcdsProcess.id)
    ).all()
    named = [
        row.ocid
        for row, begun_at in later
        if _broken_off(session, project_id, begun_at, OcdsProcess.id == row.id) == process.ocid
    ]
    return tuple(
        facts.Related(str(number), ocid, REPLACEMENT) for number, ocid in enumerate(named, 1)
    )


def _broken_off(
    session: Session, project_id: int, begun_at: datetime, own: ColumnElement[bool]
) -> str | None:
    """Find the process whose contract had broken off last when another one began."""
    own_id = session.scalar(select(OcdsProcess.id).where(OcdsProcess.project_id == project_id, own))
    return session.scalar(
        select(OcdsProcess.ocid)
        .join(
            Award,
            (Award.community_id == OcdsProcess.community_id)
            & ((Award.id == OcdsProcess.award_id) | (Award.tender_id == OcdsProcess.tender_id)),
        )
        .join(
            Contract,
            (Contract.community_id == Award.community_id) & (Contract.award_id == Award.id),
        )
        .where(
            OcdsProcess.project_id == project_id,
            Contract.state == ContractState.TERMINATED,
            Contract.ended_at <= begun_at,
            *(() if own_id is None else (OcdsProcess.id < own_id,)),
        )
        .order_by(Contract.ended_at.desc(), Contract.id.desc())
        .limit(1)
    )


def _failed_before(session: Session, tender: Tender) -> str | None:
    if tender.retender_of_id is None:
        return None
    return session.scalar(
        select(OcdsProcess.ocid).where(
            OcdsProcess.community_id == tender.community_id,
            OcdsProcess.tender_id == tender.retender_of_id,
        )
    )
