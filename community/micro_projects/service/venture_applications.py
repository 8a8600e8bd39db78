"""Applying to a call: by an organisation, or by residents whom an organisation sponsors."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import identity, notices
from community.kernel import clock, files
from community.kernel.actor import Actor
from community.kernel.errors import N_, NotFound
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.deciding import LinesMissing
from community.micro_projects.errors.venture import (
    ApplicationNotFound,
    ApplicationStateWrong,
    AppliedAlready,
    AsksTooMuch,
    GroupNameMissing,
    NoApplicant,
    NotTaking,
    NotTheApplicant,
    NotTheSponsor,
    SponsorFull,
    SponsorUnknown,
    ThemeUnknown,
)
from community.micro_projects.models import VentureApplication, VentureCall
from community.micro_projects.queries.suppliers import active_suppliers
from community.micro_projects.rules.deciding import MOST_LINES, sum_of
from community.micro_projects.rules.money import yuan
from community.micro_projects.rules.projects import ProjectCategory, ProjectKind
from community.micro_projects.rules.venture_applications import (
    APPLICATION_TITLES,
    CHANGEABLE,
    HANDED_IN,
    LIVING,
    ApplicationState,
)
from community.micro_projects.rules.venture_calls import CallPhase, CallState, phase_of
from community.micro_projects.service.moving import check_words, own_id
from community.micro_projects.service.suppliers import tell_staff
from community.micro_projects.service.venture_steps import (
    claim_application,
    is_of_applicant,
    load_application,
    lock_call,
    told_moment,
    works_for,
)


@dataclass(frozen=True, slots=True)
class ApplicationDraft:
    """What is applied for: `lines` say what the grant pays, in fen; their sum is what is asked.

    With a `sponsor_id` residents apply as the group `group_name`; without one the actor's own
    organisation applies.
    """

    theme: str
    title: str
    need: str
    plan: str
    kind: ProjectKind
    category: ProjectCategory
    lines: tuple[tuple[str, int], ...]
    place: str = ""
    matched_fen: int = 0
    match_words: str = ""
    group_name: str = ""
    sponsor_id: int | None = None


def write_application(session: Session, actor: Actor, call_id: int, draft: ApplicationDraft) -> int:
    """Begin an application as a draft that only those who apply see; gives its id.

    Raises: CallNotFound, NotTaking, NoApplicant, GroupNameMissing, SponsorUnknown, ThemeUnknown,
    LinesMissing, AsksTooMuch, AppliedAlready, WordsPersonal.
    """
    actor.check(permissions.APPLY.code)
    call = _taking(session, actor, call_id)
    row = VentureApplication(
        community_id=actor.community_id,
        call_id=call.id,
        lead_id=own_id(actor),
        state=ApplicationState.DRAFT,
        kept_at=clock.now(),
    )
    _fill(session, actor, call, row, draft)
    _check_only_one(session, row)
    session.add(row)
    session.flush()
    return row.id


def record_application(
    session: Session,
    actor: Actor,
    call_id: int,
    person_id: int,
    draft: ApplicationDraft,
    paper: files.Ready,
) -> int:
    """Enter what a residents' group wrote and its lead signed on paper, and ask its sponsor.

    The lead is told and counts as who applies; the desk changes it in the lead's stead. Gives its
    id. Raises: NotFound for nobody of this community, and as `write_application`,
    `submit_application`.
    """
    actor.check(permissions.KEEP_CALLS.code)
    card = identity.get_person(session, actor.community_id, person_id)
    if card.has_left or card.died_on is not None:
        raise NotFound
    call = _taking(session, actor, call_id)
    if draft.sponsor_id is None:
        raise NoApplicant
    row = VentureApplication(
        community_id=actor.community_id,
        call_id=call.id,
        lead_id=person_id,
        state=ApplicationState.DRAFT,
        kept_at=clock.now(),
        recorded_by=actor.person_id,
        paper_id=files.keep_file(session, actor, paper),
    )
    _fill(session, actor, call, row, draft)
    _check_only_one(session, row)
    session.add(row)
    session.flush()
    _ask_sponsor(session, actor, call, row)
    notices.send(
        session,
        actor,
        person_id,
        say(N_("社区替您的小组录入了申报")),
        say(N_("“{title}”，请核对；依托单位同意后才算提交。"), title=row.title),
        f"projects/applications/{row.id}",
        kind="change",
    )
    return row.id


def change_application(
    session: Session, actor: Actor, application_id: int, draft: ApplicationDraft
) -> None:
    """Change a draft.

    Raises: ApplicationNotFound, ApplicationStateWrong, NotTaking, and as `write_application`.
    """
    row = _load_own(session, actor, application_id)
    call = _taking(session, actor, row.call_id)
    _check_state(row, *CHANGEABLE)
    if row.recorded_by is not None and draft.sponsor_id is None:
        raise NoApplicant
    _fill(session, actor, call, row, draft)
    _check_only_one(session, row)
    row.kept_at = clock.now()
    session.flush()


def discard_application(session: Session, actor: Actor, application_id: int) -> None:
    """Delete a draft.

    Raises: ApplicationNotFound, ApplicationStateWrong.
    """
    row = _load_own(session, actor, application_id)
    _check_state(row, *CHANGEABLE)
    session.delete(row)
    session.flush()
    if row.paper_id is not None:
        files.drop_file(session, actor, row.paper_id)


def submit_application(session: Session, actor: Actor, application_id: int) -> bool:
    """Hand an application in; a group's goes to its sponsor first. Tells whether it is in now.

    The time is read while the call's row is held, [opens_at, closes_at).
    Raises: ApplicationNotFound, ApplicationStateWrong, NotTaking, SponsorFull.
    """
    row = _load_own(session, actor, application_id)
    call = _taking(session, actor, row.call_id)
    _check_state(row, ApplicationState.DRAFT)
    if not row.group_name:
        _hand_in(session, call, row)
        return True
    _ask_sponsor(session, actor, call, row)
    return False


def _ask_sponsor(
    session: Session, actor: Actor, call: VentureCall, row: VentureApplication
) -> None:
    _check_sponsor(session, actor, call, row)
    claim_application(session, row, ApplicationState.SPONSORING)
    tell_staff(
        session,
        actor,
        row.organization_id,
        say(N_("有居民小组请您做依托单位")),
        say(
            N_("“{group}”申报“{title}”，请在 {day} 前答复；同意后才算提交。"),
            group=row.group_name,
            title=row.title,
            day=told_moment(call.closes_at),
        ),
        f"projects/applications/{row.id}",
        "todo",
    )


def take_back(session: Session, actor: Actor, application_id: int) -> None:
    """Take an application back before the end, to change it; it has to be handed in anew.

    Raises: ApplicationNotFound, ApplicationStateWrong, NotTaking.
    """
    row = _load_own(session, actor, application_id)
    _taking(session, actor, row.call_id)
    _check_state(row, ApplicationState.SPONSORING, ApplicationState.SUBMITTED)
    claim_application(session, row, ApplicationState.DRAFT, agreed_by=None, agreed_at=None)


def withdraw_application(session: Session, actor: Actor, application_id: int) -> None:
    """Take an application back for good, as long as nothing is chosen.

    Raises: ApplicationNotFound, ApplicationStateWrong.
    """
    row = _load_own(session, actor, application_id)
    call = lock_call(session, actor, row.call_id)
    session.refresh(row)
    if call.state not in {CallState.OPEN, CallState.JUDGING}:
        raise ApplicationStateWrong(state=say(APPLICATION_TITLES[row.state]))
    claim_application(session, row, ApplicationState.WITHDRAWN)


def answer_sponsoring(session: Session, actor: Actor, application_id: int, agrees: bool) -> None:
    """Answer for the sponsor: agreeing hands the group's application in, within the call's days.

    Raises: ApplicationNotFound, NotTheSponsor, ApplicationStateWrong, NotTaking, SponsorFull.
    """
    actor.check(permissions.APPLY.code)
    row = load_application(session, actor, application_id)
    if not works_for(session, actor, row.organization_id):
        raise NotTheSponsor if row.lead_id == actor.person_id else ApplicationNotFound
    call = _taking(session, actor, row.call_id)
    session.refresh(row)
    _check_state(row, ApplicationState.SPONSORING)
    if agrees:
        _check_sponsor(session, actor, call, row)
        _hand_in(session, call, row, agreed_by=actor.person_id, agreed_at=clock.now())
    else:
        claim_application(session, row, ApplicationState.DRAFT)
    title = say(N_("依托单位同意了")) if agrees else say(N_("依托单位没有同意"))
    told = (
        say(N_("“{title}”已经提交。"), title=row.title)
        if agrees
        else say(N_("“{title}”退回给您，可以换一家依托单位再提交。"), title=row.title)
    )
    link = f"projects/applications/{row.id}"
    notices.send(session, actor, row.lead_id, title, told, link, kind="change")


def _hand_in(
    session: Session, call: VentureCall, row: VentureApplication, **values: object
) -> None:
    last = session.scalar(
        select(func.max(VentureApplication.number)).where(
            VentureApplication.community_id == row.community_id,
            VentureApplication.call_id == call.id,
        )
    )
    # An application that was taken back keeps its number.
    number = row.number or (last or 0) + 1
    claim_application(
        session,
        row,
        ApplicationState.SUBMITTED,
        number=number,
        submitted_at=clock.now(),
        **values,
    )


def _taking(session: Session, actor: Actor, call_id: int) -> VentureCall:
    """Hold a call that takes applications now."""
    call = lock_call(session, actor, call_id)
    if phase_of(call.state, call.opens_at, call.closes_at, clock.now()) is not CallPhase.TAKING:
        raise NotTaking(opens=told_moment(call.opens_at), closes=told_moment(call.closes_at))
    return call


def _load_own(session: Session, actor: Actor, application_id: int) -> VentureApplication:
    row = load_application(session, actor, application_id)
    if row.recorded_by is not None and actor.may(permissions.KEEP_CALLS.code):
        return row
    actor.check(permissions.APPLY.code)
    if not is_of_applicant(session, actor, row):
        is_known = row.state in HANDED_IN or works_for(session, actor, row.organization_id)
        raise NotTheApplicant if is_known else ApplicationNotFound
    return row


def _check_state(row: VentureApplication, *states: ApplicationState) -> None:
    if row.state not in states:
        raise ApplicationStateWrong(state=say(APPLICATION_TITLES[row.state]))


def _fill(
    session: Session,
    actor: Actor,
    call: VentureCall,
    row: VentureApplication,
    draft: ApplicationDraft,
) -> None:
    if draft.theme not in call.themes:
        raise ThemeUnknown
    is_whole = all(name.strip() and amount > 0 for name, amount in draft.lines)
    if not 0 < len(draft.lines) <= MOST_LINES or not is_whole:
        raise LinesMissing(most=MOST_LINES)
    asked = sum_of(draft.lines)
    if asked > call.most_fen:
        raise AsksTooMuch(asked=yuan(asked), most=yuan(call.most_fen))
    firm, group = _applicant(session, actor, draft)
    words = (draft.title, draft.need, draft.plan, draft.place, draft.match_words, group)
    check_words(session, actor, "\n".join((*words, *(name for name, _ in draft.lines))))
    values = asdict(draft) | {"lines": [list(each) for each in draft.lines], "group_name": group}
    del values["sponsor_id"]
    for name, value in values.items():
        setattr(row, name, value)
    row.organization_id, row.asked_fen = firm, asked


def _applicant(session: Session, actor: Actor, draft: ApplicationDraft) -> tuple[int, str]:
    """Tell which organisation answers for an application, and the name of the group it is for."""
    group = draft.group_name.strip()
    if draft.sponsor_id is None:
        person = actor.person_id if actor.on_behalf_of is None else None
        firm = person and identity.employer_of(session, actor.community_id, person)
        if not firm or group:
            raise NoApplicant
        return firm, ""
    if not group:
        raise GroupNameMissing
    known = {each.organization_id for each in active_suppliers(session, actor.community_id)}
    if draft.sponsor_id not in known:
        raise SponsorUnknown
    return draft.sponsor_id, group


def _check_only_one(session: Session, row: VentureApplication) -> None:
    """Hold an organisation, and a group's lead, to one application a call."""
    same = (
        VentureApplication.lead_id == row.lead_id
        if row.group_name
        else VentureApplication.organization_id == row.organization_id
    )
    with session.no_autoflush:
        found = session.scalar(
            select(VentureApplication.id).where(
                VentureApplication.community_id == row.community_id,
                VentureApplication.call_id == row.call_id,
                VentureApplication.state.in_(LIVING),
                (VentureApplication.group_name != "") == bool(row.group_name),
                same,
                VentureApplication.id != (row.id or 0),
            )
        )
    if found is not None:
        raise AppliedAlready


def _check_sponsor(
    session: Session, actor: Actor, call: VentureCall, row: VentureApplication
) -> None:
    carried = session.scalar(
        select(func.count()).where(
            VentureApplication.community_id == row.community_id,
            VentureApplication.call_id == call.id,
            VentureApplication.organization_id == row.organization_id,
            VentureApplication.group_name != "",
            VentureApplication.state.in_(HANDED_IN),
            VentureApplication.id != row.id,
        )
    )
    if (carried or 0) >= call.most_sponsored:
        firm = identity.get_organization(session, actor.community_id, row.organization_id)
        raise SponsorFull(name=firm.name, most=call.most_sponsored)
