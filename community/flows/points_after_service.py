"""When hours are confirmed, points and coins are earned; when they fall, both are taken back."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community import volunteering
from community.kernel import events
from community.kernel.actor import Actor


def listen() -> None:
    """Hear of confirmed and reversed hours; hearing twice is hearing once."""
    events.subscribe(volunteering.HoursConfirmed, _confirmed)
    events.subscribe(volunteering.HoursReversed, _reversed)


def _confirmed(session: Session, told: volunteering.HoursConfirmed) -> None:
    volunteering.earn_for_hours(session, Actor.system(told.community_id), told)


def _reversed(session: Session, told: volunteering.HoursReversed) -> None:
    volunteering.take_back_earnings(session, Actor.system(told.community_id), told)
