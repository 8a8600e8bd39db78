"""The commands of this room."""

from community.notices.service.calendar import clear_calendar_day, set_calendar_day
from community.notices.service.jobs import retry_job
from community.notices.service.messages import (
    keep_preference,
    read_all_messages,
    read_message,
    send,
    send_to_all,
)
from community.notices.service.notices import (
    prove_posting,
    publish_notice,
    withdraw_notice,
)
from community.notices.service.objections import answer_objection, raise_objection
from community.notices.service.personal_data import erase_person, export_person, merge_person

__all__ = [
    "answer_objection",
    "clear_calendar_day",
    "erase_person",
    "export_person",
    "keep_preference",
    "merge_person",
    "prove_posting",
    "publish_notice",
    "raise_objection",
    "read_all_messages",
    "read_message",
    "retry_job",
    "send",
    "send_to_all",
    "set_calendar_day",
    "withdraw_notice",
]
