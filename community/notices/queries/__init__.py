"""Reading inboxes and notices."""

from community.notices.queries.messages import (
    Inbox,
    MessageView,
    Preference,
    inbox,
    preference_of,
    preferences_of,
    unread_count,
)
from community.notices.queries.notices import (
    NoticeView,
    ObjectionView,
    PostingView,
    due_objection_count,
    due_objections,
    find_notice_for,
    get_notice,
    is_objecting,
    notices_by_phase,
    objections_of,
    postings_of,
)

__all__ = [
    "Inbox",
    "MessageView",
    "NoticeView",
    "ObjectionView",
    "PostingView",
    "Preference",
    "due_objection_count",
    "due_objections",
    "find_notice_for",
    "get_notice",
    "inbox",
    "is_objecting",
    "notices_by_phase",
    "objections_of",
    "postings_of",
    "preference_of",
    "preferences_of",
    "unread_count",
]
