"""Public notices (公示) with period, posting proof and objections; messages to people.

It does not know who asked for a notice, nor why: `subject` is opaque text.
"""

from community.notices.checks import problems
from community.notices.events import NoticePublished, ObjectionAnswered, ObjectionRaised
from community.notices.queries import (
    Inbox,
    MessageView,
    NoticeView,
    ObjectionView,
    due_objection_count,
    find_notice_for,
    get_notice,
    inbox,
    notices_by_phase,
    objections_of,
    postings_of,
    unread_count,
)
from community.notices.rules import MessageKind, NoticeDraft, NoticeKind, NoticePhase, Outcome
from community.notices.service import (
    answer_objection,
    erase_person,
    export_person,
    merge_person,
    prove_posting,
    publish_notice,
    raise_objection,
    read_all_messages,
    send,
    send_to_all,
    withdraw_notice,
)

__all__ = [
    "Inbox",
    "MessageKind",
    "MessageView",
    "NoticeDraft",
    "NoticeKind",
    "NoticePhase",
    "NoticePublished",
    "NoticeView",
    "ObjectionAnswered",
    "ObjectionRaised",
    "ObjectionView",
    "Outcome",
    "answer_objection",
    "due_objection_count",
    "erase_person",
    "export_person",
    "find_notice_for",
    "get_notice",
    "inbox",
    "merge_person",
    "notices_by_phase",
    "objections_of",
    "postings_of",
    "problems",
    "prove_posting",
    "publish_notice",
    "raise_objection",
    "read_all_messages",
    "send",
    "send_to_all",
    "unread_count",
    "withdraw_notice",
]
