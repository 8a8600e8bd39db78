"""A call of the venture fund: drafted at the desk, published by the street, judged, ended."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from community import identity, notices, transparency
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.projects import ReasonMissing
from community.micro_projects.errors.venture import (
    CallNotWhole,
    CallOver,
    CapBeyondPurse,
    CriteriaTwice,
    CriteriaWanted,
    DaysOutOfOrder,
    JuryNotMixed,
    OwnCall,
    ProjectsGoing,
    StillTaking,
    ThemesWanted,
)
from community.micro_projects.models import (
    Project,
    VentureApplication,
    VentureCall,
    VentureCriterion,
)
from community.micro_projects.queries.suppliers import active_suppliers
from community.micro_projects.queries.venture_matches import call_sums
from community.micro_projects.rules.money import yuan
from community.micro_projects.rules.states import OVER
from community.micro_projects.rules.venture_applications import LIVING, ApplicationState
from community.micro_projects.rules.venture_calls import (
    MOST_CRITERIA,
    MOST_THEMES,
    WHOLE_BP,
    CallState,
    is_mixed_jury,
    is_whole,
    leverage_bp,
)
from community.micro_projects.service.moving import check_words
from community.micro_projects.service.suppliers import tell_staff
from community.micro_projects.service.venture_steps import (
    applications_at,
    claim_call,
    criteria_of_call,
    lock_at,
    told_moment,
)

PUBLISHED, ENDED, CANCELLED = "venture.published", "venture.ended", "venture.cancelled"
JUDGING = "venture.judging"
transparency.name_kinds(
    {
        PUBLISHED: N_("公益创投征集发布"),
        JUDGING: N_("公益创投截止，开始评审"),
        ENDED: N_("公益创投结束"),
        CANCELLED: N_("公益创投终止"),
    }
)


@dataclass(frozen=True, slots=True)
class CallCriterion:
    """A criterion and its weight, in basis points of the whole."""

    title: str
    weight_bp: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class CallDraft:
    """What a call says: for what, by which days, with which purse, judged how and by whom.

    `pass_hundredths` is the least total that can be chosen, in hundredths of a point.
    """

    title: str
    text: str
    themes: tuple[str, ...]
    purse_fen: int
    most_fen: int
    opens_at: datetime
    closes_at: datetime
    pitch_at: datetime
    pitch_place: str
    criteria: tuple[CallCriterion, ...]
    experts: int = 2
    residents: int = 2
    officials: int = 1
    pass_hundredths: int = 6_000
    most_sponsored: int = 2
    notice_days: int = 5
    basis: str = ""


def draft_call(session: Session, actor: Actor, draft: CallDraft) -> int:
    """Draft a call; gives its id.

    Raises: ThemesWanted, CriteriaWanted, CriteriaTwice, CapBeyondPurse, DaysOutOfOrder,
    JuryNotMixed, WordsPersonal.
    """
    actor.check(permissions.KEEP_CALLS.code)
    row = VentureCall(
        community_id=actor.community_id,
        state=CallState.DRAFT,
        drafted_by=actor.person_id,
        drafted_at=clock.now(),
    )
    _fill(session, actor, row, draft)
    session.add(row)
    session.flush()
    _write_criteria(session, row, draft.criteria)
    return row.id


def change_call(session: Session, actor: Actor, call_id: int, draft: CallDraft) -> None:
    """Change a draft; who changes it last is its drafter.

    Raises: CallNotFound, CallStateWrong, and as `draft_call`.
    """
    actor.check(permissions.KEEP_CALLS.code)
    row = lock_at(session, actor, call_id, CallState.DRAFT)
    _fill(session, actor, row, draft)
    row.drafted_by, row.drafted_at = actor.person_id, clock.now()
    session.flush()
    _drop_criteria(session, row)
    _write_criteria(session, row, draft.criteria)


def discard_call(session: Session, actor: Actor, call_id: int) -> None:
    """Delete a draft.

    Raises: CallNotFound, CallStateWrong.
    """
    actor.check(permissions.KEEP_CALLS.code)
    row = lock_at(session, actor, call_id, CallState.DRAFT)
    _drop_criteria(session, row)
    session.delete(row)
    session.flush()


def publish_call(session: Session, actor: Actor, call_id: int) -> int:
    """Publish a call for the street: from now on it stands. Gives its number.

    Raises: CallNotFound, CallStateWrong, OwnCall, CallNotWhole, CallOver.
    """
    actor.check(permissions.PUBLISH_CALL.code)
    row = lock_at(session, actor, call_id, CallState.DRAFT)
    if row.drafted_by is not None and row.drafted_by == actor.person_id:
        raise OwnCall
    criteria = criteria_of_call(session, row)
    weights = [each.weight_bp for each in criteria]
    if not is_whole(weights):
        whole, rest = divmod(sum(weights), 100)
        raise CallNotWhole(given=f"{whole}.{rest:02d}" if rest else str(whole))
    if clock.now() >= row.closes_at:
        raise CallOver
    last = session.scalar(
        select(func.max(VentureCall.number)).where(VentureCall.community_id == actor.community_id)
    )
    number = (last or 0) + 1
    claim_call(
        session,
        row,
        CallState.OPEN,
        number=number,
        published_by=actor.person_id,
        published_at=clock.now(),
    )
    told = {
        "call": row.id,
        "number": number,
        "title": row.title,
        "themes": list(row.themes),
        "purse_fen": row.purse_fen,
        "most_fen": row.most_fen,
        "opens_at": told_moment(row.opens_at),
        "closes_at": told_moment(row.closes_at),
        "pitch_at": told_moment(row.pitch_at),
        "pass_hundredths": row.pass_hundredths,
        "jury": {"expert": row.experts, "resident": row.residents, "official": row.officials},
        "criteria": [[each.title, each.weight_bp] for each in criteria],
    }
    transparency.publish(session, actor.community_id, PUBLISHED, told, row.id)
    _tell_organizations(session, actor, row)
    return number


def begin_judging(session: Session, actor: Actor, call_id: int) -> int:
    """Begin to judge a call whose end has passed; gives how many applications there are.

    What waited for its sponsor was not handed in. The jury is seated and applications are
    screened from now on.
    Raises: CallNotFound, CallStateWrong, StillTaking.
    """
    actor.check(permissions.KEEP_CALLS.code)
    row = lock_at(session, actor, call_id, CallState.OPEN)
    if clock.now() < row.closes_at:
        raise StillTaking(closes=told_moment(row.closes_at))
    claim_call(session, row, CallState.JUDGING)
    found = applications_at(session, row, ApplicationState.SUBMITTED)
    told = {
        "call": row.id,
        "applications": [[each.number, each.asked_fen, each.matched_fen] for each in found],
    }
    transparency.publish(session, actor.community_id, JUDGING, told, row.id)
    return len(found)


def cancel_call(session: Session, actor: Actor, call_id: int, reason: str) -> None:
    """Call a call off, with a reason everybody reads; those who applied are told.

    Raises: CallNotFound, CallStateWrong, ReasonMissing, WordsPersonal.
    """
    actor.check(permissions.KEEP_CALLS.code)
    row = lock_at(session, actor, call_id, CallState.OPEN, CallState.JUDGING)
    if not reason.strip():
        raise ReasonMissing
    check_words(session, actor, reason)
    claim_call(
        session,
        row,
        CallState.CANCELLED,
        ended_by=actor.person_id,
        ended_at=clock.now(),
        ended_words=reason.strip(),
    )
    told = {"call": row.id, "reason": reason.strip()}
    transparency.publish(session, actor.community_id, CANCELLED, told, row.id)
    title = say(N_("公益创投征集已终止"))
    for each in applications_at(session, row, *sorted(LIVING)):
        notices.send(session, actor, each.lead_id, title, reason, f"projects/calls/{row.id}")


def close_call(session: Session, actor: Actor, call_id: int, words: str) -> None:
    """End a call whose projects are all over, and publish what came of it.

    Raises: CallNotFound, CallStateWrong, ProjectsGoing, WordsPersonal.
    """
    actor.check(permissions.KEEP_CALLS.code)
    row = lock_at(session, actor, call_id, CallState.CHOSEN)
    check_words(session, actor, words)
    going = session.scalar(
        select(func.count())
        .select_from(VentureApplication)
        .outerjoin(Project, Project.id == VentureApplication.project_id)
        .where(
            VentureApplication.community_id == row.community_id,
            VentureApplication.call_id == row.id,
            Project.state.not_in(OVER) | (VentureApplication.state == ApplicationState.NAMED),
        )
    )
    if going:
        raise ProjectsGoing(count=going)
    claim_call(
        session,
        row,
        CallState.CLOSED,
        ended_by=actor.person_id,
        ended_at=clock.now(),
        ended_words=words.strip(),
    )
    sums = call_sums(session, row.community_id, row.id)
    told = {
        "call": row.id,
        "projects": sums.projects,
        "granted_fen": sums.granted_fen,
        "matched_fen": sums.matched_fen,
        "leverage_bp": leverage_bp(sums.matched_fen, sums.granted_fen),
    }
    transparency.publish(session, actor.community_id, ENDED, told, row.id)


def _fill(session: Session, actor: Actor, row: VentureCall, draft: CallDraft) -> None:
    themes = [each.strip() for each in draft.themes if each.strip()]
    if not 0 < len(themes) <= MOST_THEMES or len(set(themes)) != len(themes):
        raise ThemesWanted(most=MOST_THEMES)
    titles = [each.title for each in draft.criteria]
    if not 0 < len(titles) <= MOST_CRITERIA:
        raise CriteriaWanted(most=MOST_CRITERIA)
    for title in titles:
        if titles.count(title) > 1:
            raise CriteriaTwice(title=title)
    if draft.most_fen > draft.purse_fen:
        raise CapBeyondPurse(purse=yuan(draft.purse_fen))
    if not draft.opens_at < draft.closes_at <= draft.pitch_at:
        raise DaysOutOfOrder
    if not is_mixed_jury(draft.experts, draft.residents, draft.officials):
        raise JuryNotMixed
    words = [draft.title, draft.text, draft.pitch_place, draft.basis, *themes]
    words += [f"{each.title}\n{each.text}" for each in draft.criteria]
    check_words(session, actor, "\n".join(words))
    values = asdict(draft) | {"themes": themes}
    del values["criteria"]
    for name, value in values.items():
        setattr(row, name, value)


def _write_criteria(
    session: Session, row: VentureCall, criteria: tuple[CallCriterion, ...]
) -> None:
    for number, each in enumerate(criteria, 1):
        made = VentureCriterion(
            community_id=row.community_id,
            call_id=row.id,
            number=number,
            title=each.title,
            text=each.text,
            weight_bp=min(max(each.weight_bp, 1), WHOLE_BP),
        )
        session.add(made)
    session.flush()


def _drop_criteria(session: Session, row: VentureCall) -> None:
    session.execute(
        delete(VentureCriterion).where(
            VentureCriterion.community_id == row.community_id,
            VentureCriterion.call_id == row.id,
        )
    )


def _tell_organizations(session: Session, actor: Actor, row: VentureCall) -> None:
    """Tell the register and the desk that a call is out."""
    title = say(N_("公益创投开始征集"))
    body = say(
        N_("“{title}”，{day} 截止。可以自己申报，也可以为居民小组做依托单位。"),
        title=row.title,
        day=told_moment(row.closes_at),
    )
    link = f"projects/calls/{row.id}"
    for each in active_suppliers(session, row.community_id):
        tell_staff(session, actor, each.organization_id, title, body, link, "info")
    for person in identity.people_with_role(session, row.community_id, permissions.OFFICER):
        notices.send(session, actor, person, title, body, f"desk/calls/{row.id}", kind="info")
