"""The JSON API of notices and messages: each row reaches the command a page calls."""

from __future__ import annotations

from community.notices import permissions, schemas, service
from community.notices.queries import shown
from community.web.access import PUBLIC, SIGNED_IN
from community.web.api import RoomApi

api = RoomApi("notices", "Public notices, objections, and messages to people")

api.act("/notices", service.publish_notice, permissions.PUBLISH, schemas.PublishBody)
api.act(
    "/notices/<int:notice_id>/withdraw",
    service.withdraw_notice,
    permissions.PUBLISH,
    schemas.WithdrawBody,
)
api.act(
    "/notices/<int:notice_id>/postings",
    service.prove_posting,
    permissions.PUBLISH,
    schemas.PostingBody,
)
api.act(
    "/notices/<int:notice_id>/objections",
    service.raise_objection,
    permissions.OBJECT,
    schemas.ObjectionBody,
)
api.act(
    "/objections/<int:objection_id>/answer",
    service.answer_objection,
    permissions.ANSWER,
    schemas.AnswerBody,
)
api.act("/messages/<int:message_id>/read", service.read_message, SIGNED_IN)
api.act("/messages/read-all", service.read_all_messages, SIGNED_IN)
api.act("/messages/preference", service.keep_preference, SIGNED_IN, schemas.PreferenceBody)
api.act(
    "/calendar/days",
    service.set_calendar_day,
    permissions.READ_CALENDAR,
    schemas.CalendarDayBody,
)
api.act(
    "/calendar/days/clear",
    service.clear_calendar_day,
    permissions.READ_CALENDAR,
    schemas.ClearDayBody,
)
api.act("/jobs/<int:job_id>/retry", service.retry_job, SIGNED_IN)


api.show("/notices", shown.list_open_notices, PUBLIC)
api.show("/notices/<int:notice_id>", shown.show_notice, PUBLIC)
api.show("/messages", shown.show_inbox, SIGNED_IN)
