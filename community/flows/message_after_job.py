"""When long work ends, well or not, whoever started it gets a message."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community import notices
from community.kernel import events
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.jobs import JobEnded
from community.kernel.sentences import say


def listen() -> None:
    """Hear of ended jobs."""
    events.subscribe(JobEnded, _ended)


def _ended(session: Session, told: JobEnded) -> None:
    if told.started_by is None or not told.community_id:
        return
    notices.send(
        session,
        Actor.system(told.community_id),
        told.started_by,
        say(N_("{work}：已完成") if told.is_done else N_("{work}：没有完成"), work=say(told.title)),
        say(N_("可以查看结果了。")) if told.is_done else told.error,
        link=told.link if told.is_done and told.link else f"jobs/{told.job_id}",
        kind=notices.MessageKind.INFO if told.is_done else notices.MessageKind.WARNING,
    )
