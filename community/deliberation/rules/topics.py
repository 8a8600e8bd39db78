"""Topics of residents: what about, how one moves on, who answers by when, and the limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from community.kernel.errors import N_
from community.kernel.permissions import Role

ADULT_AT = 18
S = TypeVar("S", bound=StrEnum)


class TopicCategory(StrEnum):
    """What a topic is about."""

    CLEANING = "cleaning"
    REPAIR = "repair"
    SAFETY = "safety"
    PARKING = "parking"
    GREENERY = "greenery"
    NOISE = "noise"
    PETS = "pets"
    ELDERS = "elders"
    CHILDREN = "children"
    CULTURE = "culture"
    MONEY = "money"
    RULES = "rules"
    OTHER = "other"


CATEGORY_TITLES = {
    TopicCategory.CLEANING: N_("环境卫生"),
    TopicCategory.REPAIR: N_("设施维修"),
    TopicCategory.SAFETY: N_("安全消防"),
    TopicCategory.PARKING: N_("停车出行"),
    TopicCategory.GREENERY: N_("绿化景观"),
    TopicCategory.NOISE: N_("噪音邻里"),
    TopicCategory.PETS: N_("宠物动物"),
    TopicCategory.ELDERS: N_("助老医养"),
    TopicCategory.CHILDREN: N_("儿童教育"),
    TopicCategory.CULTURE: N_("文体活动"),
    TopicCategory.MONEY: N_("收费账目"),
    TopicCategory.RULES: N_("规约选举"),
    TopicCategory.OTHER: N_("其他"),
}


class Answerer(StrEnum):
    """Who owes a topic its answer."""

    STAFF = "staff"
    COMMITTEE = "committee"
    PROPERTY = "property"


ANSWERER_TITLES = {
    Answerer.STAFF: N_("社区居委会"),
    Answerer.COMMITTEE: N_("业主委员会"),
    Answerer.PROPERTY: N_("物业公司"),
}
ANSWERER_ROLES = {
    Answerer.STAFF: Role.STAFF,
    Answerer.COMMITTEE: Role.COMMITTEE,
    Answerer.PROPERTY: Role.PROPERTY,
}
_OF_PROPERTY = frozenset(
    {
        TopicCategory.CLEANING,
        TopicCategory.REPAIR,
        TopicCategory.SAFETY,
        TopicCategory.PARKING,
        TopicCategory.GREENERY,
    }
)
_OF_COMMITTEE = frozenset({TopicCategory.MONEY, TopicCategory.RULES})


def first_answerer(category: TopicCategory) -> Answerer:
    """Tell who answers a topic of a category until staff name somebody else."""
    if category in _OF_PROPERTY:
        return Answerer.PROPERTY
    return Answerer.COMMITTEE if category in _OF_COMMITTEE else Answerer.STAFF


class TopicOrigin(StrEnum):
    """How a topic came in."""

    WEB = "web"
    PAPER = "paper"
    PHONE = "phone"


ORIGIN_TITLES = {
    TopicOrigin.WEB: N_("网上提出"),
    TopicOrigin.PAPER: N_("纸质填写，服务台录入"),
    TopicOrigin.PHONE: N_("电话反映，服务台录入"),
}


class TopicState(StrEnum):
    """Where a topic stands."""

    DRAFT = "draft"
    RAISED = "raised"
    ON_AGENDA = "on_agenda"
    IN_MEETING = "in_meeting"
    IN_VOTE = "in_vote"
    IN_WORK = "in_work"
    DONE = "done"
    CLOSED = "closed"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


STATE_TITLES = {
    TopicState.DRAFT: N_("草稿"),
    TopicState.RAISED: N_("征集附议"),
    TopicState.ON_AGENDA: N_("已列入议程"),
    TopicState.IN_MEETING: N_("会议讨论中"),
    TopicState.IN_VOTE: N_("表决中"),
    TopicState.IN_WORK: N_("办理中"),
    TopicState.DONE: N_("已办好"),
    TopicState.CLOSED: N_("已了结"),
    TopicState.MERGED: N_("已合并"),
    TopicState.WITHDRAWN: N_("已撤回"),
}
# The one table of steps; the database refuses any other, and pages are drawn from it.
STEPS: Mapping[TopicState, frozenset[TopicState]] = {
    TopicState.DRAFT: frozenset({TopicState.RAISED}),
    TopicState.RAISED: frozenset(
        {
            TopicState.ON_AGENDA,
            TopicState.IN_MEETING,
            TopicState.IN_VOTE,
            TopicState.IN_WORK,
            TopicState.DONE,
            TopicState.CLOSED,
            TopicState.MERGED,
            TopicState.WITHDRAWN,
        }
    ),
    TopicState.ON_AGENDA: frozenset(
        {TopicState.IN_MEETING, TopicState.IN_VOTE, TopicState.IN_WORK, TopicState.DONE,
         TopicState.CLOSED}
    ),
    TopicState.IN_MEETING: frozenset(
        {TopicState.ON_AGENDA, TopicState.IN_VOTE, TopicState.IN_WORK, TopicState.DONE,
         TopicState.CLOSED}
    ),
    TopicState.IN_VOTE: frozenset(
        {TopicState.ON_AGENDA, TopicState.IN_MEETING, TopicState.IN_WORK, TopicState.DONE,
         TopicState.CLOSED}
    ),
    TopicState.IN_WORK: frozenset(
        {TopicState.ON_AGENDA, TopicState.IN_MEETING, TopicState.IN_VOTE, TopicState.DONE,
         TopicState.CLOSED}
    ),
    TopicState.DONE: frozenset({TopicState.IN_WORK}),
    TopicState.CLOSED: frozenset({TopicState.ON_AGENDA}),
    TopicState.MERGED: frozenset({TopicState.RAISED}),
    TopicState.WITHDRAWN: frozenset(),
}  # fmt: skip
# What everybody sees in lists; the rest is a draft, was taken back, or stands under another.
LISTED = frozenset(TopicState) - {TopicState.DRAFT, TopicState.MERGED, TopicState.WITHDRAWN}
# Still under way: a new topic alike belongs here.
GOING = LISTED - {TopicState.DONE, TopicState.CLOSED}


class StepKind(StrEnum):
    """What happened to a topic, as its trace tells it."""

    RAISED = "raised"
    ENDORSED = "endorsed"
    ON_AGENDA = "on_agenda"
    MEETING = "meeting"
    VOTE = "vote"
    TASK = "task"
    DONE = "done"
    CLOSED = "closed"
    DECIDED = "decided"
    ANSWERED = "answered"
    JUDGED = "judged"
    ASSIGNED = "assigned"
    ADDED = "added"
    MERGED = "merged"
    TOOK_IN = "took_in"
    PARTED = "parted"
    HIDDEN = "hidden"
    RESTORED = "restored"
    WITHDRAWN = "withdrawn"


STEP_TITLES = {
    StepKind.RAISED: N_("提出议题"),
    StepKind.ENDORSED: N_("附议达到人数"),
    StepKind.ON_AGENDA: N_("列入议程"),
    StepKind.MEETING: N_("会议讨论"),
    StepKind.VOTE: N_("表决"),
    StepKind.TASK: N_("交办"),
    StepKind.DONE: N_("办好"),
    StepKind.CLOSED: N_("了结"),
    StepKind.DECIDED: N_("作出决定"),
    StepKind.ANSWERED: N_("答复"),
    StepKind.JUDGED: N_("提出人评价"),
    StepKind.ASSIGNED: N_("确定答复单位"),
    StepKind.ADDED: N_("补充说明"),
    StepKind.MERGED: N_("并入另一个议题"),
    StepKind.TOOK_IN: N_("并进一个议题"),
    StepKind.PARTED: N_("恢复为两个议题"),
    StepKind.HIDDEN: N_("隐藏"),
    StepKind.RESTORED: N_("恢复显示"),
    StepKind.WITHDRAWN: N_("提出人撤回"),
}
# The line of stations on a topic's page, in their order.
STATIONS = (
    StepKind.RAISED,
    StepKind.ENDORSED,
    StepKind.ON_AGENDA,
    StepKind.MEETING,
    StepKind.VOTE,
    StepKind.TASK,
    StepKind.DONE,
)
# Where a report of another part moves a topic.
LEADS_TO: Mapping[StepKind, TopicState] = {
    StepKind.ON_AGENDA: TopicState.ON_AGENDA,
    StepKind.MEETING: TopicState.IN_MEETING,
    StepKind.VOTE: TopicState.IN_VOTE,
    StepKind.TASK: TopicState.IN_WORK,
    StepKind.DONE: TopicState.DONE,
    StepKind.CLOSED: TopicState.CLOSED,
}
# What other parts may report without moving the topic.
LINKS = frozenset(LEADS_TO) | {StepKind.DECIDED}


class AnswerState(StrEnum):
    """How far the answer owed to a topic has come."""

    WAITING = "waiting"
    PROMISED = "promised"
    ANSWERED = "answered"
    REOPENED = "reopened"
    SATISFIED = "satisfied"
    UNSATISFIED = "unsatisfied"


ANSWER_STATE_TITLES = {
    AnswerState.WAITING: N_("等待答复"),
    AnswerState.PROMISED: N_("已答应办理"),
    AnswerState.ANSWERED: N_("已答复"),
    AnswerState.REOPENED: N_("提出人不满意，等待再次答复"),
    AnswerState.SATISFIED: N_("提出人满意"),
    AnswerState.UNSATISFIED: N_("提出人仍不满意"),
}
OWED = frozenset({AnswerState.WAITING, AnswerState.PROMISED, AnswerState.REOPENED})
ANSWER_STEPS: Mapping[AnswerState, frozenset[AnswerState]] = {
    AnswerState.WAITING: frozenset({AnswerState.ANSWERED, AnswerState.PROMISED}),
    AnswerState.PROMISED: frozenset({AnswerState.ANSWERED}),
    AnswerState.ANSWERED: frozenset(
        {AnswerState.REOPENED, AnswerState.SATISFIED, AnswerState.UNSATISFIED}
    ),
    AnswerState.REOPENED: frozenset({AnswerState.ANSWERED, AnswerState.PROMISED}),
    AnswerState.SATISFIED: frozenset(),
    AnswerState.UNSATISFIED: frozenset(),
}


class TopicOutcome(StrEnum):
    """What an answer says will happen."""

    DONE = "done"
    WILL_DO = "will_do"
    EXPLAINED = "explained"
    CANNOT = "cannot"


OUTCOME_TITLES = {
    TopicOutcome.DONE: N_("已经办好"),
    TopicOutcome.WILL_DO: N_("答应办理"),
    TopicOutcome.EXPLAINED: N_("说明情况"),
    TopicOutcome.CANNOT: N_("办不了"),
}


@dataclass(frozen=True, slots=True)
class TopicTerms:
    """The community's own figures; what is not set is as here.

    `threshold` endorsing adults put a topic on the agenda. Days of answers and appeals are
    working days, those of merging calendar days.
    """

    threshold: int = 20
    answer_days: int = 5
    appeal_days: int = 5
    consent_days: int = 7
    undo_days: int = 7


# Limits of one person on one Shanghai day; what the desk writes down does not count.
MOST_TOPICS_A_DAY = 3
MOST_DRAFTS = 5
MOST_ARGUMENTS_A_DAY = 20
MOST_FLAGS_A_DAY = 20
MOST_MARKS_A_DAY = 200
MOST_PHOTOS = 6


def steps_sql(column: str, steps: Mapping[S, frozenset[S]]) -> str:
    """Write as a trigger's condition that a column's change is not in a table of steps."""
    allowed = " OR ".join(
        f"(OLD.{column} = '{old.value}' AND NEW.{column} = '{new.value}')"
        for old, found in steps.items()
        for new in sorted(found)
    )
    return f"NEW.{column} <> OLD.{column} AND NOT ({allowed})"


def may_step(old: TopicState, new: TopicState) -> bool:
    """Tell whether a topic may go from one state to another."""
    return new in STEPS[old]


def is_overdue(state: AnswerState, due_on: date | None, today: date) -> bool:
    """Tell whether an answer is late: the due day itself is still in time."""
    return state in OWED and due_on is not None and today > due_on


def judged(*, is_satisfied: bool, was_reopened: bool) -> AnswerState:
    """Tell where an answer goes when the topic's author has judged it: it reopens once."""
    if is_satisfied:
        return AnswerState.SATISFIED
    return AnswerState.UNSATISFIED if was_reopened else AnswerState.REOPENED


def is_adult(birth_year: int | None, today: date) -> bool:
    """Tell whether somebody is 18 by the year of birth alone, taking its last day.

    An unknown year counts as adult: the desk admits children by their year of birth.
    Source: 民法典 Art. 17.
    """
    return birth_year is None or today >= date(birth_year + ADULT_AT, 12, 31)
