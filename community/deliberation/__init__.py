"""Topics, meetings, motions, polls, ballots, tallies and lots.

What a decision is for stays opaque text here: this room counts, and other rooms act on the result.
"""

from community.deliberation import models as _models  # noqa: F401  its tables join the metadata
from community.deliberation.checks import problems
from community.deliberation.events import PollClosed, PollDecided, PollOpened, TopicOnAgenda
from community.deliberation.models import AreaBasis, DeliveryWay, PollKind
from community.deliberation.queries.bodies import (
    BodyView,
    MemberView,
    bodies,
    get_body,
    members,
    members_of_body,
)
from community.deliberation.queries.counting import count_poll
from community.deliberation.queries.personal import export_person
from community.deliberation.queries.polls import (
    PollLine,
    PollView,
    find_poll,
    find_poll_for,
    get_poll,
)
from community.deliberation.queries.topics import TopicBrief, find_topic, topics_for_agenda
from community.deliberation.rules.bodies import BodyFigures, BodyKind, Office, Side
from community.deliberation.rules.discussion import ArgumentSide, FlagReason
from community.deliberation.rules.polls import (
    OptionDraft,
    Origin,
    PollState,
    RollKind,
    Secrecy,
    Standing,
    Turnout,
)
from community.deliberation.rules.topics import Answerer, TopicCategory, TopicOrigin, TopicOutcome
from community.deliberation.service.answering import answer_topic
from community.deliberation.service.appealing import appeal_hiding
from community.deliberation.service.arguing import argue, mark_useful, reply
from community.deliberation.service.ballots import CastReceipt, cast_ballot, record_ballot
from community.deliberation.service.bodies import end_term, found_body, seat_member, set_body_rule
from community.deliberation.service.closing import close_poll, decide_poll
from community.deliberation.service.delivery import record_delivery
from community.deliberation.service.endorsing import endorse_topic
from community.deliberation.service.merging import propose_merge
from community.deliberation.service.moderating import flag, hide
from community.deliberation.service.personal import erase_person, merge_person
from community.deliberation.service.polls import (
    PollDraft,
    draft_poll,
    extend_poll,
    freeze_poll,
    open_poll,
    withdraw_poll,
)
from community.deliberation.service.rolls import correct_area, merge_heads, name_voter, post_roll
from community.deliberation.service.topic_steps import link_topic, move_topic
from community.deliberation.service.topics import (
    TopicDraft,
    keep_draft,
    raise_topic,
    record_topic,
    set_topic_rules,
)

__all__ = [
    "Answerer",
    "AreaBasis",
    "ArgumentSide",
    "BodyFigures",
    "BodyKind",
    "BodyView",
    "CastReceipt",
    "DeliveryWay",
    "FlagReason",
    "MemberView",
    "Office",
    "OptionDraft",
    "Origin",
    "PollClosed",
    "PollDecided",
    "PollDraft",
    "PollKind",
    "PollLine",
    "PollOpened",
    "PollState",
    "PollView",
    "RollKind",
    "Secrecy",
    "Side",
    "Standing",
    "TopicBrief",
    "TopicCategory",
    "TopicDraft",
    "TopicOnAgenda",
    "TopicOrigin",
    "TopicOutcome",
    "Turnout",
    "answer_topic",
    "appeal_hiding",
    "argue",
    "bodies",
    "cast_ballot",
    "close_poll",
    "correct_area",
    "count_poll",
    "decide_poll",
    "draft_poll",
    "end_term",
    "endorse_topic",
    "erase_person",
    "export_person",
    "extend_poll",
    "find_poll",
    "find_poll_for",
    "find_topic",
    "flag",
    "found_body",
    "freeze_poll",
    "get_body",
    "get_poll",
    "hide",
    "keep_draft",
    "link_topic",
    "mark_useful",
    "members",
    "members_of_body",
    "merge_heads",
    "merge_person",
    "move_topic",
    "name_voter",
    "open_poll",
    "post_roll",
    "problems",
    "propose_merge",
    "raise_topic",
    "record_ballot",
    "record_delivery",
    "record_topic",
    "reply",
    "seat_member",
    "set_body_rule",
    "set_topic_rules",
    "topics_for_agenda",
    "withdraw_poll",
]
