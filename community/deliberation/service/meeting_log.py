"""What meetings and decisions tell the community's public log; people only as salted hashes."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from community import transparency
from community.kernel.actor import Actor
from community.kernel.errors import N_

transparency.name_kinds(
    {
        "meeting.called": N_("会议通知"),
        "meeting.motion": N_("动议文字固定"),
        "meeting.count": N_("会议计票"),
        "meeting.minutes": N_("会议记录"),
        "meeting.demand": N_("要求召开会议达到人数"),
        "decision.made": N_("会议决定"),
        "decision.posted": N_("决定公示"),
        "decision.final": N_("决定生效"),
        "decision.returned": N_("决定退回再议"),
        "decision.done": N_("决定办完"),
        "decision.reviewed": N_("决定回看"),
        "process.step": N_("四议两公开"),
        "bylaw.adopted": N_("规约通过"),
        "body.rule": N_("议事数字"),
    }
)


def publish(
    session: Session, actor: Actor, kind: str, ref: int, fields: Mapping[str, object]
) -> None:
    """Publish a record together with the act; `ref` is the number by which it is found."""
    transparency.publish(session, actor.community_id, kind, fields, ref)


def hidden_person(session: Session, actor: Actor, person_id: int | None) -> str:
    """Give the hash that stands for a person in the log; empty where nobody is named."""
    if person_id is None:
        return ""
    return transparency.hide(session, actor.community_id, f"person:{person_id}")
