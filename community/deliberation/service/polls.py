"""Commands of a poll's way up to its opening: draft, change, freeze, open, extend, withdraw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from community import sealing, transparency
from community.deliberation import permissions
from community.deliberation.errors.polls import (
    BadPollDraft,
    BadPollSetting,
    EndCannotMoveBack,
    NoticeTooShort,
    OpensTooSoon,
    RollHasGaps,
)
from community.deliberation.events import PollOpened
from community.deliberation.models import Poll, PollKind, PollOption, RollEntry
from community.deliberation.queries.polls import read_roll_size
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
    hash_of,
    roll_hash,
    tally_settings,
)
from community.deliberation.rules.sealed import (
    FEWEST_OPENERS,
    MOST_OPENERS,
    NEEDED,
    SEALED_KINDS,
    is_sealed,
)
from community.deliberation.service.poll_rows import check_state, get_poll_row, step
from community.deliberation.service.publishing import tell_frozen, tell_roll
from community.deliberation.service.rolls import keep_people
from community.deliberation.service.sealed import drop_box, keep_openers, prepare_box
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


def freeze_poll(session: Session, actor: Actor, poll_id: int, waiver: str = "") -> str:
    """Freeze a poll whose roll was posted, publish it with its hash, and open its private tree.

    `waiver` says, in public, why gaps of the roll are let stand. Gives the content's hash.
    Raises: PollNotFound, WrongPollState, RollHasGaps, NoticeTooShort, OpensTooSoon, RollTooLong,
    OpenerWithoutKey.
    """
    actor.check(permissions.CONVENE.code)
    row = get_poll_row(session, actor.community_id, poll_id)
    check_state(row, {PollState.ROLL_POSTED})
    now = clock.now()
    heads, area, gaps = read_roll_size(session, row)
    if gaps and not waiver.strip():
        raise RollHasGaps(gaps=gaps)
    _check_notice(row, now)
    _name_owners(session, row)
    entries = session.execute(
        select(RollEntry.number, RollEntry.area_centiares, RollEntry.owner_hash)
        .where(RollEntry.community_id == row.community_id, RollEntry.poll_id == row.id)
        .order_by(RollEntry.number)
    ).all()
    row.gaps_waived = waiver.strip() if gaps else ""
    hashed_roll = roll_hash([(number, size, owner) for number, size, owner in entries])
    openers = prepare_box(session, actor, row, heads) if is_sealed(row.settings) else []
    content = content_of(session, row, hashed_roll, openers)
    tree_id = transparency.open_private_tree(session, row.community_id, f"poll:{row.id}")
    row.tree_id = tree_id
    row.frozen_at, row.roll_hash, row.content_hash = now, hashed_roll, hash_of(content)
    step(session, row, PollState.FROZEN)
    tell_roll(session, row, [tuple(each) for each in entries])
    tell_frozen(session, row, content, heads, area)
    return row.content_hash


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
        raise EndCannotMoveBack(closes=_local(row.closes_at))
    told = {"poll": row.id, "from": _local(row.closes_at), "to": _local(closes_at)}
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


def content_of(
    session: Session, row: Poll, hashed_roll: str, openers: Sequence[str]
) -> dict[str, Any]:
    """Give what a poll's hash covers, as plain JSON; openers by the fingerprints of their keys."""
    options = session.scalars(
        select(PollOption).where(PollOption.poll_id == row.id).order_by(PollOption.number)
    )
    sealed = {"openers": list(openers)} if openers else {}
    return {
        **sealed,
        "closes": _local(row.closes_at),
        "kind": row.kind.value,
        "opens": _local(row.opens_at),
        "options": [[each.number, each.title, each.text, each.cost_fen] for each in options],
        "poll": row.id,
        "roll": hashed_roll,
        "secrecy": row.secrecy.value,
        "settings": dict(row.settings),
        "standing": row.standing.value,
        "text": row.text,
        "title": row.title,
        "turnout": row.turnout.value,
    }


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


def _check_notice(row: Poll, now: datetime) -> None:
    """Refuse an opening that comes too soon after the posting. Source: 指导规则 Art. 15."""
    if row.opens_at < now:
        raise OpensTooSoon
    days = int(row.settings["notice_days"])
    assert row.roll_posted_at is not None
    posted_on = clock.day_of(row.roll_posted_at)
    earliest = posted_on + timedelta(days=days)
    if clock.day_of(row.opens_at) < earliest:
        raise NoticeTooShort(days=days, earliest=earliest)


def _name_owners(session: Session, row: Poll) -> None:
    """Give every entry the hash by which the public log knows its owner."""
    entries = session.execute(
        select(RollEntry.id, RollEntry.owner_key).where(
            RollEntry.community_id == row.community_id, RollEntry.poll_id == row.id
        )
    ).all()
    for entry_id, key in entries:
        hidden = transparency.hide(session, row.community_id, f"poll:{row.id}|{key}")
        session.execute(
            update(RollEntry)
            .where(RollEntry.id == entry_id)
            .values(owner_hash=hidden)
            .execution_options(synchronize_session=False)
        )


def _local(instant: datetime) -> str:
    return instant.astimezone(clock.SHANGHAI).isoformat(timespec="minutes")
