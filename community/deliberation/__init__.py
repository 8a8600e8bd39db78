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
from community.deliberation.queries.bylaws import bylaws
from community.deliberation.queries.counting import count_poll
from community.deliberation.queries.decisions import decisions
from community.deliberation.queries.meetings import agenda, meetings_ahead, meetings_past
from community.deliberation.queries.motions import motions
from community.deliberation.queries.opinions import own_answers
from community.deliberation.queries.own_ballots import polls_to_cast
from community.deliberation.queries.panels import get_panel
from community.deliberation.queries.personal import export_person
from community.deliberation.queries.polls import (
    PollLine,
    PollView,
    find_poll,
    find_poll_for,
    get_poll,
    unnamed_entries,
    voters_of,
)
from community.deliberation.queries.topics import TopicBrief, find_topic, topics_for_agenda
from community.deliberation.rules.bodies import BodyFigures, BodyKind, Office, Side
from community.deliberation.rules.bylaws import BylawKind
from community.deliberation.rules.discussion import ArgumentSide, FlagReason
from community.deliberation.rules.opinions import Stance, ViewpointState
from community.deliberation.rules.panels import SeedSource
from community.deliberation.rules.polls import (
    OptionDraft,
    Origin,
    PollState,
    RollKind,
    Secrecy,
    Standing,
    Turnout,
)
from community.deliberation.rules.processes import Thresholds
from community.deliberation.rules.topics import Answerer, TopicCategory, TopicOrigin, TopicOutcome
from community.deliberation.service.answering import answer_topic
from community.deliberation.service.appealing import appeal_hiding
from community.deliberation.service.arguing import argue, mark_useful, reply
from community.deliberation.service.attendance import tick_into_meeting
from community.deliberation.service.ballots import CastBallot, cast_ballot, record_ballot
from community.deliberation.service.bodies import (
    end_term,
    end_terms_of,
    found_body,
    seat_member,
    set_body_rule,
)
from community.deliberation.service.bylaws import adopt_version, begin_bylaw, draft_version
from community.deliberation.service.closing import close_poll, decide_poll, follow_frozen_box
from community.deliberation.service.counting import count_amendment, count_motion
from community.deliberation.service.decisions import (
    finish_decision,
    make_decision,
    note_progress,
    post_decision,
    settle_decision,
)
from community.deliberation.service.delivery import dispute_delivery, record_delivery
from community.deliberation.service.endorsing import endorse_topic
from community.deliberation.service.invitations import invite_next, note_answer
from community.deliberation.service.mandates import record_mandate, vote_by_mandate
from community.deliberation.service.meetings import (
    add_agenda_item,
    call_meeting,
    close_meeting,
    open_meeting,
    plan_meeting,
)
from community.deliberation.service.merging import propose_merge
from community.deliberation.service.minutes import keep_minutes, write_notes
from community.deliberation.service.moderating import flag, hide
from community.deliberation.service.motions import (
    move_amendment,
    move_motion,
    second_amendment,
    second_motion,
)
from community.deliberation.service.opinion_maps import draw_map_now
from community.deliberation.service.opinions import (
    ConversationDraft,
    answer_viewpoint,
    decide_viewpoint,
    open_conversation,
    propose_viewpoint,
)
from community.deliberation.service.panels import (
    PanelDraft,
    SeedPlan,
    draft_panel,
    publish_candidates,
    run_draw,
)
from community.deliberation.service.papers import print_papers
from community.deliberation.service.personal import erase_person, merge_person
from community.deliberation.service.phone_votes import take_phone_vote
from community.deliberation.service.polls import (
    PollDraft,
    draft_poll,
    extend_poll,
    freeze_poll,
    open_poll,
    withdraw_poll,
)
from community.deliberation.service.processes import begin_process
from community.deliberation.service.rolls import correct_area, merge_heads, name_voter, post_roll
from community.deliberation.service.sealed import open_incomplete, void_poll
from community.deliberation.service.sealed_ballots import (
    SealedReceipt,
    cast_sealed,
    take_ballots,
)
from community.deliberation.service.topic_steps import link_topic, move_topic
from community.deliberation.service.topics import (
    TopicDraft,
    keep_draft,
    raise_topic,
    record_topic,
    set_topic_rules,
)
from community.deliberation.tallies.panels import Quota

__all__ = [
    "Answerer",
    "AreaBasis",
    "ArgumentSide",
    "BodyFigures",
    "BodyKind",
    "BodyView",
    "BylawKind",
    "CastBallot",
    "ConversationDraft",
    "DeliveryWay",
    "FlagReason",
    "MemberView",
    "Office",
    "OptionDraft",
    "Origin",
    "PanelDraft",
    "PollClosed",
    "PollDecided",
    "PollDraft",
    "PollKind",
    "PollLine",
    "PollOpened",
    "PollState",
    "PollView",
    "Quota",
    "RollKind",
    "SealedReceipt",
    "Secrecy",
    "SeedPlan",
    "SeedSource",
    "Side",
    "Stance",
    "Standing",
    "Thresholds",
    "TopicBrief",
    "TopicCategory",
    "TopicDraft",
    "TopicOnAgenda",
    "TopicOrigin",
    "TopicOutcome",
    "Turnout",
    "ViewpointState",
    "add_agenda_item",
    "adopt_version",
    "agenda",
    "answer_topic",
    "answer_viewpoint",
    "appeal_hiding",
    "argue",
    "begin_bylaw",
    "begin_process",
    "bodies",
    "bylaws",
    "call_meeting",
    "cast_ballot",
    "cast_sealed",
    "close_meeting",
    "close_poll",
    "correct_area",
    "count_amendment",
    "count_motion",
    "count_poll",
    "decide_poll",
    "decide_viewpoint",
    "decisions",
    "dispute_delivery",
    "draft_panel",
    "draft_poll",
    "draft_version",
    "draw_map_now",
    "end_term",
    "end_terms_of",
    "endorse_topic",
    "erase_person",
    "export_person",
    "extend_poll",
    "find_poll",
    "find_poll_for",
    "find_topic",
    "finish_decision",
    "flag",
    "follow_frozen_box",
    "found_body",
    "freeze_poll",
    "get_body",
    "get_panel",
    "get_poll",
    "hide",
    "invite_next",
    "keep_draft",
    "keep_minutes",
    "link_topic",
    "make_decision",
    "mark_useful",
    "meetings_ahead",
    "meetings_past",
    "members",
    "members_of_body",
    "merge_heads",
    "merge_person",
    "motions",
    "move_amendment",
    "move_motion",
    "move_topic",
    "name_voter",
    "note_answer",
    "note_progress",
    "open_conversation",
    "open_incomplete",
    "open_meeting",
    "open_poll",
    "own_answers",
    "plan_meeting",
    "polls_to_cast",
    "post_decision",
    "post_roll",
    "print_papers",
    "problems",
    "propose_merge",
    "propose_viewpoint",
    "publish_candidates",
    "raise_topic",
    "record_ballot",
    "record_delivery",
    "record_mandate",
    "record_topic",
    "reply",
    "run_draw",
    "seat_member",
    "second_amendment",
    "second_motion",
    "set_body_rule",
    "set_topic_rules",
    "settle_decision",
    "take_ballots",
    "take_phone_vote",
    "tick_into_meeting",
    "topics_for_agenda",
    "unnamed_entries",
    "void_poll",
    "vote_by_mandate",
    "voters_of",
    "withdraw_poll",
    "write_notes",
]
