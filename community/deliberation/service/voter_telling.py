"""Telling a voter that somebody else entered the ballot, sealed or not."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community import notices
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say


def tell_voter(
    session: Session, actor: Actor, poll_id: int, title: str, voter_id: int | None
) -> None:
    """Tell a voter that somebody entered the ballot, never what it says."""
    if voter_id is None:
        return
    notices.send(
        session,
        actor,
        voter_id,
        say(N_("有人代您投了票")),
        say(
            N_("“{title}”有一票是代您投的。截止前您可以自己打开重投，以最后一次为准。"),
            title=title,
        ),
        f"polls/{poll_id}",
    )
