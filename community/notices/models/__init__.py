"""The tables of messages and of notices."""

from community.notices.models.messages import Message, MessagePreference
from community.notices.models.notices import Notice, NoticeObjection, NoticePosting

__all__ = ["Message", "MessagePreference", "Notice", "NoticeObjection", "NoticePosting"]
