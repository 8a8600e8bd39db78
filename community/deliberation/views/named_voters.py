"""A roll of named people (指定名单), as somebody at the desk writes or pastes it."""

from __future__ import annotations

from dataclasses import replace

from community import identity
from community.deliberation.errors.polls import ListedNobody, ListedSeveral, ListTooLong
from community.deliberation.queries import posted_rolls
from community.deliberation.queries.polls import PollView
from community.deliberation.rules.polls import RollKind
from community.deliberation.service.polls import PollDraft
from community.web.access import the_actor
from community.web.extensions import db

# Each line is looked up by itself, in a few milliseconds.
MOST_LINES = 300


def with_named_voters(draft: PollDraft, typed: str) -> PollDraft:
    """Give a draft the people that were written, a line each: name, and building or unit.

    Raises: ListTooLong, ListedNobody, ListedSeveral.
    """
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if draft.roll_kind is not RollKind.LIST or not lines:
        return draft
    if len(lines) > MOST_LINES:
        raise ListTooLong(most=MOST_LINES)
    found = [_find(line, number) for number, line in enumerate(lines, start=1)]
    return replace(draft, people=tuple(dict.fromkeys(found)))


def named_lines(poll: PollView | None) -> str:
    """Write the people of a draft as lines that find them again."""
    if poll is None or poll.roll_kind is not RollKind.LIST:
        return ""
    actor = the_actor()
    voters = [each.voter_id for each in posted_rolls.desk_roll(db.session, actor, poll.id)]
    cards = identity.people(db.session, actor.community_id, [each for each in voters if each])
    return "\n".join(_line(cards[each]) for each in voters if each in cards)


def _find(line: str, number: int) -> int:
    found = identity.search_people(db.session, the_actor().community_id, line)
    if len(found) > 1:
        # A part of a name finds longer names too: 王秀 is not 王秀英.
        whole = [each for each in found if each.name == line.split(maxsplit=1)[0]]
        found = tuple(whole) if len(whole) == 1 else found
    if not found:
        raise ListedNobody(number=number, line=line)
    if len(found) > 1:
        raise ListedSeveral(number=number, line=line, count=len(found))
    return found[0].id


def _line(card: identity.PersonCard) -> str:
    return " ".join(each for each in (card.name, card.building, card.unit) if each)
