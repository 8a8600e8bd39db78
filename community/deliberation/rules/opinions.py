"""Rules of a conversation for the opinion map: its states, limits, and what is answered next."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from community.kernel.errors import N_

LONGEST_VIEWPOINT = 140
# More of one person would make the map that person's.
MOST_OWN_VIEWPOINTS = 5
MOST_VIEWPOINTS = 200
FEWEST_FIRST_VIEWPOINTS = 3
SMALLEST_GROUP = 5
LEAST_GROUP, MOST_GROUP = 3, 50


class ConversationState(StrEnum):
    """Where a conversation stands; after its closing time it is over whatever the row says."""

    OPEN = "open"
    CLOSED = "closed"
    PUBLISHED = "published"


# Closed: nobody answers any more. Published: the last map stands and who answered what is gone.
CONVERSATION_STEPS: dict[ConversationState, frozenset[ConversationState]] = {
    ConversationState.OPEN: frozenset({ConversationState.CLOSED}),
    ConversationState.CLOSED: frozenset({ConversationState.PUBLISHED}),
    ConversationState.PUBLISHED: frozenset(),
}


class ViewpointState(StrEnum):
    """Where an opinion stands."""

    WAITING = "waiting"
    SHOWN = "shown"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


VIEWPOINT_STEPS: dict[ViewpointState, frozenset[ViewpointState]] = {
    ViewpointState.WAITING: frozenset({ViewpointState.SHOWN, ViewpointState.REFUSED}),
    ViewpointState.SHOWN: frozenset({ViewpointState.WITHDRAWN}),
    ViewpointState.REFUSED: frozenset({ViewpointState.SHOWN}),
    ViewpointState.WITHDRAWN: frozenset({ViewpointState.SHOWN}),
}


class Stance(StrEnum):
    """What one can answer to an opinion."""

    AGREE = "agree"
    DISAGREE = "disagree"
    PASS = "pass"  # noqa: S105  an answer, no password


STANCE_NUMBERS: dict[Stance, int] = {Stance.AGREE: 1, Stance.DISAGREE: -1, Stance.PASS: 0}

TITLES: dict[ConversationState | ViewpointState | Stance, str] = {
    ConversationState.OPEN: N_("收集中"),
    ConversationState.CLOSED: N_("已截止，正在整理"),
    ConversationState.PUBLISHED: N_("已公布"),
    ViewpointState.WAITING: N_("等待审核"),
    ViewpointState.SHOWN: N_("已上墙"),
    ViewpointState.REFUSED: N_("未采用"),
    ViewpointState.WITHDRAWN: N_("已撤下"),
    Stance.AGREE: N_("赞成"),
    Stance.DISAGREE: N_("反对"),
    Stance.PASS: N_("说不准"),
}


def stance_of(number: int) -> Stance:
    """Give the stance that a stored number stands for."""
    return next(stance for stance, each in STANCE_NUMBERS.items() if each == number)


def is_open(state: ConversationState, closes_at: datetime, now: datetime) -> bool:
    """Tell whether answers are taken: the clock decides, not the job that closes."""
    return state is ConversationState.OPEN and now < closes_at


def same_words(text: str) -> str:
    """Reduce an opinion to what makes it the same as another: its letters alone."""
    return "".join(each for each in text.casefold() if each.isalnum())


def next_viewpoint(
    answers: Mapping[int, int], answered: Iterable[int], person_id: int
) -> int | None:
    """Choose what somebody is asked next: what fewest have answered; among equals, by a lot.

    `answers` counts the answers by opinion. Else the first opinions would be answered by all
    and the last by nobody.
    """
    left = set(answers) - set(answered)
    return min(left, key=lambda one: (answers[one], _own_order(one, person_id)), default=None)


def _own_order(viewpoint_id: int, person_id: int) -> bytes:
    return hashlib.sha256(f"{viewpoint_id}:{person_id}".encode()).digest()


def is_worth_drawing(changed_people: int, smallest_group: int) -> bool:
    """Tell whether enough people answered since the last map to draw a new one.

    A new map after one person's answer would show that answer to whoever compares the two.
    """
    return changed_people >= smallest_group


def map_seed(community_id: int, conversation_id: int) -> bytes:
    """Give the seed from which everybody starts: public, and another for each conversation."""
    return hashlib.sha256(f"opinions:{community_id}:{conversation_id}".encode()).digest()
