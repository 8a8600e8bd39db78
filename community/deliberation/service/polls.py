"""Commands of a poll's way up to its opening: draft, change, freeze, open, extend, withdraw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from community import sealing, transparency
from community.deliberation import permissions
from community.deliberation.errors.polls import (
    BadPollDraft,
    BadPollSetting,
    EndCannotMoveBack,
)
from community.deliberation.events import PollOpened
from community.deliberation.models import Poll, PollKind, PollOption, RollWorkKind
from community.deliberation.queries.sealed import box_of
from community.deliberation.rules.poll_words import DRAFT_REASONS, OWN_OPTIONS
from community.deliberation.rules.polls import (
    OWNERS_NOTICE_DAYS,
    PROCEDURE,
    OptionDraft,
    PollState,
    Prevailing,
    RollKind,
    Secrecy,
    Standing,
    Turnout,
    tally_settings,
)
from community.deliberation.rules.sealed import (
    FEWEST_OPENERS,
    MOST_OPENERS,
    NEEDED,
    SEALED_KINDS,
    is_sealed,
)
from community.deliberation.service.freezing import check_freeze, freeze_row, hash_roll, local_time
from community.deliberation.service.poll_rows import check_state, get_poll_row, step
from community.deliberation.service.publishing import name_owners, tell_roll
from community.deliberation.service.roll_works import MOST_AT_ONCE, begin, check_idle, give_up
from community.deliberation.service.rolls import keep_people
from community.deliberation.service.sealed import drop_box, keep_openers
from community.deliberation.tallies import BadSetting, BudgetRule, check_setting, is_countable
from community.kernel import clock, events
from community.kernel.actor import Actor

MOST_TEXT = 8_000
MOST_OPTIONS = 200


@dataclass(frozen=True, slots=True)
class PollDraft:
    """What is to be asked, of whom, and by which rules.

    `settings` are the count's (see `tallies.check_setting`) and the procedure's: `notice_days`,
    `prevailing` (online or paper), `has_paper`, and `openers_needed`: of the openers so many open
    the ballots together, which voters' browsers seal. Kinds with options of their own bring none.
    """

    kind: PollKind
    title: str
    text: str
    options: tuple[OptionDraft, ...]
    roll_kind: RollKind
    opens_at: datetime
    closes_at: datetime
    body_id: int | None = None
    people: tuple[int, ...] = ()
    settings: Mapping[str, int | str | bool] = field(default_factory=dict)
    standing: Standing = Standing.CONSULTATIVE
    secrecy: Secrecy = Secrecy.NAMED
    turnout: Turnout = Turnout.HIDDEN
    subject: str = ""
    openers: tuple[int, ...] = ()


def draft_poll(session: Session, actor: Actor, draft: PollDraft) -> int:
    """Write a poll as a draft, which only the desk sees; gives its id.

    Raises: BadPollDraft, BadPollSetting.
    """
    actor.check(permissions.CONVENE.code)
    settings = _check(draft)
    row = Poll(
        community_id=actor.community_id,
        state=PollState.DRAFT,
        drafted_by=actor.person_id,
        made_at=clock.now(),
        **_columns(draft, settings),
    )
    session.add(row)
    session.flush()
    _write_options(session, row, draft)
    keep_people(session, row, draft.people)
    keep_openers(session, row, draft.openers)
    return row.id


def change_draft(session: Session, actor: Actor, poll_id: int, draft: PollDraft) -> None:
    """Write a draft anew; one whose roll is posted goes back to a draft, the roll with it.

    Raises: PollNotFound, WrongPollState, BadPollDraft, BadPollSetting.
    """
    actor.check(permissions.CONVENE.code)
    row = get_poll_row(session, actor.community_id, poll_id)
    check_state(row, {PollState.DRAFT, PollState.ROLL_POSTED})
    check_idle(session, row)
    give_up(session, row)
    settings = _check(draft)
    for name, value in _columns(draft, settings).items():
        setattr(row, name, value)
    row.roll_posted_at = None
    if row.state is PollState.ROLL_POSTED:
        step(session, row, PollState.DRAFT)
    session.execute(delete(PollOption).where(PollOption.poll_id == row.id))
    _write_options(session, row, draft)
    keep_people(session, row, draft.people)
    keep_openers(session, row, draft.openers)


def freeze_poll(
    session: Session,
    actor: Actor,
    poll_id: int,
    waiver: str = "",
    most_at_once: int = MOST_AT_ONCE,
) -> str:
    """Freeze a poll whose roll was posted, publish it with its hash, and open its private tree.

    `waiver` says, in public, why gaps of the roll are let stand. Gives the content's hash; a roll
    longer than `most_at_once` is frozen by a job, and "" is given.
    Raises: PollNotFound, WrongPollState, RollAtWork, RollHasGaps, NoticeTooShort, OpensTooSoon,
    RollTooLong, OpenerWithoutKey.
    """
    actor.check(permissions.CONVENE.code)
    row = get_poll_row(session, actor.community_id, poll_id)
    check_idle(session, row)
    heads, _, _ = check_freeze(session, row, waiver)
    if heads > most_at_once:
        begin(session, actor, row, RollWorkKind.FREEZE, waiver.strip()[:200])
        return ""
    give_up(session, row)
    name_owners(session, row, heads)
    roll = hash_roll(session, row)
    assert roll is not None, "an entry without its owner's hash"
    hashed = freeze_row(session, actor, row, waiver, roll)
    told = 0
    while told < heads:
        told = tell_roll(session, row, told, heads)
    return hashed


def open_poll(session: Session, actor: Actor, poll_id: int) -> None:
    """Note that a frozen poll's time has come; ballots are judged by the clock either way.

    Raises: PollNotFound, WrongPollState, OpensTooSoon.
    """
    actor.check(permissions.CONVENE.code)
    row = get_poll_row(session, actor.community_id, poll_id)
    check_state(row, {PollState.FROZEN})
    now = clock.now()
    if now < row.opens_at:
        check_state(row, ())
    row.opened_at = now
    step(session, row, PollState.OPEN)
    events.tell(session, PollOpened(row.community_id, row.id, row.subject))


def extend_poll(session: Session, actor: Actor, poll_id: int, closes_at: datetime) -> None:
    """Give a running poll more time, in public; reminders follow the new end.

    Raises: PollNotFound, WrongPollState, EndCannotMoveBack.
    """
    actor.check(permissions.CONVENE.code)
    row = get_poll_row(session, actor.community_id, poll_id)
    check_state(row, {PollState.FROZEN, PollState.OPEN})
    if closes_at <= row.closes_at or clock.now() >= row.closes_at:
        raise EndCannotMoveBack(closes=local_time(row.closes_at))
    told = {"poll": row.id, "from": local_time(row.closes_at), "to": local_time(closes_at)}
    row.closes_at = closes_at
    if is_sealed(row.settings):
        sealing.extend_box(session, actor, box_of(session, row).id, closes_at)
    transparency.publish(session, row.community_id, "poll.extended", told, row.id)


def withdraw_poll(session: Session, actor: Actor, poll_id: int, reason: str) -> None:
    """Take a poll back with a public reason; ballots cast so far are never counted.

    Raises: PollNotFound, WrongPollState, BadPollDraft.
    """
    actor.check(permissions.CONVENE.code)
    if not reason.strip():
        raise BadPollDraft(reason="")
    row = get_poll_row(session, actor.community_id, poll_id)
    check_state(row, {PollState.DRAFT, PollState.ROLL_POSTED, PollState.FROZEN, PollState.OPEN})
    check_idle(session, row)
    row.withdrawn_reason = reason.strip()[:200]
    was_frozen = row.frozen_at is not None
    step(session, row, PollState.WITHDRAWN)
    if was_frozen:
        if is_sealed(row.settings):
            drop_box(session, actor, row)
        assert row.tree_id is not None
        transparency.close_private_tree(session, row.community_id, row.tree_id)
        told = {"poll": row.id, "reason": row.withdrawn_reason}
        transparency.publish(session, row.community_id, "poll.withdrawn", told, row.id)


def open_due_polls(session: Session, actor: Actor) -> int:
    """Note every frozen poll whose time has come; gives how many."""
    due = session.scalars(
        select(Poll.id).where(
            Poll.community_id == actor.community_id,
            Poll.state == PollState.FROZEN,
            Poll.opens_at <= clock.now(),
            Poll.closes_at > clock.now(),
        )
    ).all()
    for poll_id in due:
        open_poll(session, actor, poll_id)
    return len(due)


def _check(draft: PollDraft) -> dict[str, Any]:
    """Refuse a draft that is not whole; give its settings, all of them named."""
    wrong = next((name for name, is_wrong in _mistakes(draft) if is_wrong), None)
    if wrong is not None:
        raise BadPollDraft(reason=DRAFT_REASONS[wrong])
    try:
        settled = check_setting(draft.kind, tally_settings(draft.settings))
    except BadSetting as problem:
        raise BadPollSetting(setting=str(problem.facts.get("setting", ""))) from problem
    is_law = draft.kind is PollKind.OWNERS and draft.standing is Standing.STATUTORY
    procedure = dict(PROCEDURE)
    if is_law:
        procedure["notice_days"] = OWNERS_NOTICE_DAYS
    chosen = {name: draft.settings[name] for name in PROCEDURE if name in draft.settings}
    return {**settled.values, **procedure, **chosen}


def _mistakes(draft: PollDraft) -> tuple[tuple[str, bool], ...]:
    own = draft.kind.value in OWN_OPTIONS and not draft.settings.get("seats")
    days = draft.settings.get("notice_days", 0)
    prevailing = draft.settings.get("prevailing", Prevailing.ONLINE.value)
    named = draft.roll_kind is RollKind.OWNERS and draft.secrecy is Secrecy.NAMED
    return (
        ("no_title", not draft.title.strip()),
        ("too_long", len(draft.title) > 80 or len(draft.text) > MOST_TEXT),
        ("too_long", any(len(one.title) > 80 or len(one.text) > 500 for one in draft.options)),
        ("own_options", own and bool(draft.options)),
        ("options", not own and not 2 <= len(draft.options) <= MOST_OPTIONS),
        ("options", any(not each.title.strip() for each in draft.options)),
        ("hours", draft.closes_at <= draft.opens_at),
        ("owners_named", draft.kind is PollKind.OWNERS and not named),
        ("no_body", draft.roll_kind is RollKind.BODY and draft.body_id is None),
        ("no_people", draft.roll_kind is RollKind.LIST and not draft.people),
        ("no_budget", draft.kind is PollKind.BUDGET and not draft.settings.get("budget")),
        ("too_fine", _is_too_fine(draft)),
        ("notice", type(days) is not int or not 0 <= days <= 60),
        ("notice", prevailing not in set(Prevailing)),
        ("notice", type(draft.settings.get("has_paper", False)) is not bool),
        *_sealing_mistakes(draft),
    )


def _sealing_mistakes(draft: PollDraft) -> tuple[tuple[str, bool], ...]:
    """Tell what a sealed poll cannot be: everything is cast in a browser that checks it first."""
    needed = draft.settings.get(NEEDED, 0)
    if needed == 0 and type(needed) is int:
        return (("openers", bool(draft.openers)),)
    many = len(set(draft.openers))
    is_whole = type(needed) is int and many == len(draft.openers)
    return (
        ("sealed_kind", draft.kind.value not in SEALED_KINDS),
        ("sealed_paper", bool(draft.settings.get("has_paper", False))),
        ("openers", not is_whole or not FEWEST_OPENERS <= int(needed) <= many <= MOST_OPENERS),
    )


def _is_too_fine(draft: PollDraft) -> bool:
    """Tell whether the best set of projects might never be found: costs have too many sums."""
    budget = draft.settings.get("budget", 0)
    is_asked = draft.kind is PollKind.BUDGET and draft.settings.get("rule") == BudgetRule.KNAPSACK
    costs = [each.cost_fen for each in draft.options if each.cost_fen]
    return is_asked and isinstance(budget, int) and not is_countable(costs, budget)


def _columns(draft: PollDraft, settings: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": draft.kind,
        "title": draft.title.strip(),
        "text": draft.text.strip(),
        "subject": draft.subject,
        "settings": dict(settings),
        "standing": draft.standing,
        "secrecy": draft.secrecy,
        "turnout": draft.turnout,
        "roll_kind": draft.roll_kind,
        "body_id": draft.body_id,
        "opens_at": draft.opens_at,
        "closes_at": draft.closes_at,
    }


def _write_options(session: Session, row: Poll, draft: PollDraft) -> None:
    own = OWN_OPTIONS.get(draft.kind.value, ()) if not draft.options else ()
    options = draft.options or tuple(OptionDraft(title) for title in own)
    session.add_all(
        PollOption(
            community_id=row.community_id,
            poll_id=row.id,
            number=number,
            title=each.title.strip(),
            text=each.text.strip(),
            cost_fen=each.cost_fen,
        )
        for number, each in enumerate(options, start=1)
    )
    session.flush()
