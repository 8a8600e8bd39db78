"""Commands of appeals: an author's, once each hiding, decided by somebody else."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community import identity, notices
from community.deliberation import permissions
from community.deliberation.errors.discussion import (
    AppealDecided,
    AppealedAlready,
    AppealNotFound,
    DecidedBySameHand,
    NotHidden,
)
from community.deliberation.errors.topics import NotTheAuthor
from community.deliberation.models import Appeal, Moderation
from community.deliberation.queries.topic_terms import topic_terms
from community.deliberation.rules.discussion import AppealState, ModerationKind
from community.deliberation.service.targets import (
    appeal_of,
    last_hiding,
    load_target,
    opening_words,
    show_again,
)
from community.deliberation.service.topic_steps import check_words, own_id
from community.kernel import calendar, clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.permissions import Role
from community.kernel.sentences import say


def appeal_hiding(session: Session, actor: Actor, moderation_id: int, words: str) -> int:
    """Appeal against the hiding of one's own words, once; gives the appeal's id.

    Raises: AppealNotFound, NotTheAuthor, NotHidden, AppealedAlready.
    """
    actor.check(permissions.PROPOSE.code)
    act = session.get(Moderation, moderation_id)
    if act is None or act.community_id != actor.community_id:
        raise AppealNotFound
    if act.kind is not ModerationKind.HIDE:
        raise NotHidden
    target = load_target(session, actor, act.topic_id, act.argument_id)
    if target.author_id != own_id(actor):
        raise NotTheAuthor
    last = last_hiding(session, actor, act.topic_id, act.argument_id)
    if not target.is_hidden or last.id != act.id:
        raise NotHidden
    if appeal_of(session, act) is not None:
        raise AppealedAlready
    days = topic_terms(session, actor.community_id).appeal_days
    row = Appeal(
        community_id=actor.community_id,
        moderation_id=act.id,
        words=words,
        appealed_by=own_id(actor),
        appealed_at=clock.now(),
        hidden_by=act.moderated_by,
        due_on=calendar.add_working_days(session, actor.community_id, clock.today(), days),
        state=AppealState.OPEN,
    )
    session.add(row)
    session.flush()
    _tell_deciders(session, actor, row)
    return row.id


def decide_appeal(
    session: Session, actor: Actor, appeal_id: int, restores: bool, words: str
) -> AppealState:
    """Decide an appeal, by neither the one who hid nor the one who wrote.

    Raises: AppealNotFound, DecidedBySameHand, AppealDecided, WordsPersonal.
    """
    actor.check(permissions.DECIDE_APPEAL.code)
    row = session.get(Appeal, appeal_id)
    if row is None or row.community_id != actor.community_id:
        raise AppealNotFound
    person = own_id(actor)
    if person in {row.hidden_by, row.appealed_by} or actor.on_behalf_of is not None:
        raise DecidedBySameHand
    if row.state is not AppealState.OPEN:
        raise AppealDecided
    check_words(session, actor, words)
    act = session.get_one(Moderation, row.moderation_id)
    row.state = AppealState.RESTORED if restores else AppealState.UPHELD
    row.decision, row.decided_by, row.decided_at = words, person, clock.now()
    session.flush()
    target = load_target(session, actor, act.topic_id, act.argument_id)
    if restores:
        show_again(session, actor, target, act.topic_id, act.argument_id, words)
    else:
        title, link = say(N_("申诉结果：维持隐藏")), f"topics/{act.topic_id}"
        body = say(N_("“{words}”：{why}"), words=opening_words(target), why=words)
        notices.send(session, actor, row.appealed_by, title, body, link, kind="change")
    return row.state


def _tell_deciders(session: Session, actor: Actor, row: Appeal) -> None:
    people = {
        person
        for role in (Role.STAFF, Role.COMMITTEE)
        for person in identity.people_with_role(session, actor.community_id, role)
    }
    body = say(N_("请在 {day} 前决定：{words}"), day=row.due_on.isoformat(), words=row.words)
    for person in sorted(people - {row.hidden_by, row.appealed_by}):
        title, link = say(N_("有申诉等您决定")), "desk/topics/appeals"
        notices.send(session, actor, person, title, body, link, kind="todo")
