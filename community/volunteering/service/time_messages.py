"""What people hear about time-bank services: whole sentences, for those without the page too."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.kernel.actor import Actor
from community.volunteering.models import Acceptance, Need
from community.volunteering.service.telling import tell


def tell_accepted(session: Session, actor: Actor, row: Acceptance, need: Need) -> None:
    """Tell the receiver who comes, when, and the code to show on arrival."""
    giver = identity.get_person(session, row.community_id, row.giver_id)
    _tell(
        session, actor, row, need.receiver_id, "有人接了您的需求",
        f"{_what(need)}，由 {giver.name} 上门。见到人后请出示到达代码 {row.arrival_code}。",
    )  # fmt: skip


def tell_arrived(session: Session, actor: Actor, row: Acceptance, need: Need) -> None:
    """Tell the receiver the code to show when the work is done."""
    _tell(
        session, actor, row, need.receiver_id, "服务已开始",
        f"{_what(need)}。做完后请出示离开代码 {row.leaving_code}；没做完先不要给。",
    )  # fmt: skip


def tell_to_confirm(session: Session, actor: Actor, row: Acceptance, need: Need) -> None:
    """Ask the receiver to confirm."""
    _tell(
        session, actor, row, need.receiver_id, "请确认一次服务",
        f"{_what(need)}，记录 {row.served_minutes} 分钟。请打开确认，或打电话给社区服务台。",
    )  # fmt: skip


def tell_paid(session: Session, actor: Actor, row: Acceptance, need: Need) -> None:
    """Tell the giver that the coins have come."""
    _tell(
        session, actor, row, row.giver_id, "时间币已到账",
        f"{_what(need)}，确认 {row.served_minutes} 分钟，得到 {row.coins} 分钟时间币。谢谢您。",
    )  # fmt: skip


def tell_disputed(session: Session, actor: Actor, row: Acceptance, need: Need) -> None:
    """Tell the other side that the community is asked to check."""
    for person_id in _others(actor, row, need):
        _tell(
            session, actor, row, person_id, "一次服务有争议",
            f"{_what(need)}。对方说：{row.dispute_words} 社区会核实并答复。",
        )  # fmt: skip


def tell_answered(session: Session, actor: Actor, row: Acceptance, need: Need) -> None:
    """Tell both sides what counts and why."""
    counted = row.served_minutes if row.confirmed_at else 0
    for person_id in (row.giver_id, need.receiver_id):
        _tell(
            session, actor, row, person_id, "争议已答复",
            f"{_what(need)}，按 {counted} 分钟计。社区答复：{row.answer_words}",
        )  # fmt: skip


def tell_stepped_back(session: Session, actor: Actor, row: Acceptance, need: Need) -> None:
    """Tell the other side that the visit is off."""
    for person_id in _others(actor, row, need):
        _tell(
            session, actor, row, person_id, "约好的服务取消了",
            f"{_what(need)}。原因：{row.cancelled_because}。需求重新开放，等别人接单。",
        )  # fmt: skip


def _what(need: Need) -> str:
    start = need.starts_at.astimezone(clock.SHANGHAI)
    return f"{need.words}，{start.month} 月 {start.day} 日 {start:%H:%M}"


def _others(actor: Actor, row: Acceptance, need: Need) -> tuple[int, ...]:
    return tuple(each for each in (row.giver_id, need.receiver_id) if each != actor.subject_id)


def _tell(
    session: Session, actor: Actor, row: Acceptance, person_id: int, title: str, body: str
) -> None:
    tell(session, actor, person_id, title, body, f"/time-bank/services/{row.id}")
