"""Messages to people about their shifts and hours; who cannot be reached gets none."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import notices
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import Said, say
from community.kernel.tables import Community
from community.volunteering.models import Activity, Shift, SignUp
from community.volunteering.rules.states import SignUpState

ALL_WHO_CARE = (SignUpState.SIGNED_UP, SignUpState.OFFERED, SignUpState.WAITING)


def when_and_where(shift: Shift) -> Said:
    """Say in words when and where a shift is."""
    start, end = (each.astimezone(clock.SHANGHAI) for each in (shift.starts_at, shift.ends_at))
    return say(
        N_("{month} 月 {day} 日 {start}–{end}，{place}"),
        month=start.month,
        day=start.day,
        start=f"{start:%H:%M}",
        end=f"{end:%H:%M}",
        place=shift.place,
    )


def tell(session: Session, actor: Actor, person_id: int, title: str, body: str, path: str) -> None:
    """Send one person a message whose link leads to a page of the community."""
    slug = session.scalar(select(Community.slug).where(Community.id == actor.community_id))
    notices.send(session, actor, person_id, title, body, link=f"/c/{slug}{path}")


def tell_all(
    session: Session, actor: Actor, people: Iterable[int], title: str, body: str, path: str
) -> int:
    """Send several people the same message; tell how many."""
    told = 0
    for person_id in people:
        tell(session, actor, person_id, title, body, path)
        told += 1
    return told


def people_of(session: Session, shift: Shift) -> tuple[int, ...]:
    """List who is signed up for a shift, has been offered a place, or waits."""
    return tuple(
        session.scalars(
            select(SignUp.person_id)
            .where(
                SignUp.community_id == shift.community_id,
                SignUp.shift_id == shift.id,
                SignUp.state.in_(ALL_WHO_CARE),
            )
            .order_by(SignUp.person_id)
        )
    )


def tell_change(
    session: Session, actor: Actor, shift: Shift, activity: Activity, change: str
) -> int:
    """Tell everybody of a shift what changed, a template of `{title}`; tell how many."""
    when = when_and_where(shift)
    body = when
    if shift.change_note:
        body = say(N_("{when}。说明：{note}"), when=when, note=shift.change_note)
    return tell_all(
        session,
        actor,
        people_of(session, shift),
        say(change, title=activity.title),
        body,
        f"/shifts/{shift.id}",
    )
