"""What people hear about time-bank services: whole sentences, for those without the page too."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import Said, say
from community.volunteering.models import Acceptance, Need
from community.volunteering.service.telling import tell


def tell_accepted(session: Session, actor: Actor, row: Acceptance, need: Need) -> None:
    """Tell the receiver who comes, when, and the code to show on arrival."""
    giver = identity.get_person(session, row.community_id, row.giver_id)
    _tell(
        session,
        actor,
        row,
        need.receiver_id,
        say(N_("有人接了您的需求")),
        say(
            N_("{what}，由 {name} 上门。见到人后请出示到达代码 {code}。"),
            what=_what(need),
            name=giver.name,
            code=row.arrival_code or "",
        ),
    )


def tell_arrived(session: Session, actor: Actor, row: Acceptance, need: Need) -> None:
    """Tell the receiver the code to show when the work is done."""
    _tell(
        session,
        actor,
        row,
        need.receiver_id,
        say(N_("服务已开始")),
        say(
            N_("{what}。做完后请出示离开代码 {code}；没做完先不要给。"),
            what=_what(need),
            code=row.leaving_code or "",
        ),
    )


def tell_to_confirm(session: Session, actor: Actor, row: Acceptance, need: Need) -> None:
    """Ask the receiver to confirm."""
    _tell(
        session,
        actor,
        row,
        need.receiver_id,
        say(N_("请确认一次服务")),
        say(
            N_("{what}，记录 {minutes} 分钟。请打开确认，或打电话给社区服务台。"),
            what=_what(need),
            minutes=row.served_minutes or 0,
        ),
    )


def tell_paid(session: Session, actor: Actor, row: Acceptance, need: Need) -> None:
    """Tell the giver that the coins have come."""
    _tell(
        session,
        actor,
        row,
        row.giver_id,
        say(N_("时间币已到账")),
        say(
            N_("{what}，确认 {minutes} 分钟，得到 {coins} 分钟时间币。谢谢您。"),
            what=_what(need),
            minutes=row.served_minutes or 0,
            coins=row.coins or 0,
        ),
    )


def tell_disputed(session: Session, actor: Actor, row: Acceptance, need: Need) -> None:
    """Tell the other side that the community is asked to check."""
    for person_id in _others(actor, row, need):
        _tell(
            session,
            actor,
            row,
            person_id,
            say(N_("一次服务有争议")),
            say(
                N_("{what}。对方说：{words} 社区会核实并答复。"),
                what=_what(need),
                words=row.dispute_words or "",
            ),
        )


def tell_answered(session: Session, actor: Actor, row: Acceptance, need: Need) -> None:
    """Tell both sides what counts and why."""
    counted = (row.served_minutes or 0) if row.confirmed_at else 0
    for person_id in (row.giver_id, need.receiver_id):
        _tell(
            session,
            actor,
            row,
            person_id,
            say(N_("争议已答复")),
            say(
                N_("{what}，按 {counted} 分钟计。社区答复：{words}"),
                what=_what(need),
                counted=counted,
                words=row.answer_words or "",
            ),
        )


def tell_stepped_back(session: Session, actor: Actor, row: Acceptance, need: Need) -> None:
    """Tell the other side that the visit is off."""
    for person_id in _others(actor, row, need):
        _tell(
            session,
            actor,
            row,
            person_id,
            say(N_("约好的服务取消了")),
            say(
                N_("{what}。原因：{reason}。需求重新开放，等别人接单。"),
                what=_what(need),
                reason=row.cancelled_because or "",
            ),
        )


def _what(need: Need) -> Said:
    start = need.starts_at.astimezone(clock.SHANGHAI)
    return say(
        N_("{words}，{month} 月 {day} 日 {start}"),
        words=need.words,
        month=start.month,
        day=start.day,
        start=f"{start:%H:%M}",
    )


def _others(actor: Actor, row: Acceptance, need: Need) -> tuple[int, ...]:
    return tuple(each for each in (row.giver_id, need.receiver_id) if each != actor.subject_id)


def _tell(
    session: Session, actor: Actor, row: Acceptance, person_id: int, title: str, body: str
) -> None:
    tell(session, actor, person_id, title, body, f"/time-bank/services/{row.id}")
