"""Commands about the working-day calendar; whose page is in this room."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from community.kernel import calendar
from community.kernel.actor import Actor
from community.notices.permissions import EDIT_CALENDAR, EDIT_SHARED_CALENDAR


def set_calendar_day(
    session: Session, actor: Actor, day: date, is_working: bool, name: str, is_shared: bool
) -> None:
    """Enter a day off or a worked weekend, for this community or for all of them.

    Raises: NotAllowed.
    """
    calendar.set_calendar_day(session, _whose(actor, is_shared=is_shared), day, is_working, name)


def clear_calendar_day(session: Session, actor: Actor, day: date, is_shared: bool) -> None:
    """Take an entry back.

    Raises: NotAllowed.
    """
    calendar.clear_calendar_day(session, _whose(actor, is_shared=is_shared), day)


def _whose(actor: Actor, *, is_shared: bool) -> int:
    if is_shared:
        actor.check(EDIT_SHARED_CALENDAR.code)
        return 0
    actor.check(EDIT_CALENDAR.code)
    return actor.community_id
