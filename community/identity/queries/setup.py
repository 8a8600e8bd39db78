"""How far the installation's first set-up is, and what other rooms let the wizard ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.identity.models import CodeKind, OneTimeCode, SetupProgress
from community.identity.queries.cards import Slip
from community.identity.queries.keys import derive_code, keyed_hash
from community.identity.rules.setup import SLIPS_SHOWN
from community.identity.rules.signing_in import SLIP_LENGTH
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.tables import Community


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to a room's question."""

    code: str
    title: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class SetupChoice:
    """A question a room puts into the wizard, and what follows from the answer.

    `apply(session, actor, code)` runs in the command that founds the community.
    """

    name: str
    title: str
    options: Callable[[], tuple[Option, ...]]
    apply: Callable[[Session, Actor, str], object]


@dataclass(frozen=True, slots=True)
class Progress:
    """The wizard's answers by step, and whether it is done."""

    answers: dict[str, Any] = field(default_factory=dict)
    community_id: int | None = None


_choices: list[SetupChoice] = []
_first_step: list[tuple[str, str]] = []


def add_setup_choice(choice: SetupChoice) -> None:
    """Let a room ask something in the wizard; `app.py` does so once."""
    if all(each.name != choice.name for each in _choices):
        _choices.append(choice)


def setup_choices() -> tuple[SetupChoice, ...]:
    """Give the rooms' questions."""
    return tuple(_choices)


def set_first_step(title: str, endpoint: str) -> None:
    """Name the page to which the wizard leads at its end."""
    _first_step[:] = [(title, endpoint)]


def first_step() -> tuple[str, str] | None:
    """Give the page to which the wizard leads at its end."""
    return _first_step[0] if _first_step else None


def count_communities(session: Session) -> int:
    """Tell how many communities this installation serves."""
    return session.scalar(select(func.count(Community.id))) or 0


def setup_progress(session: Session) -> Progress:
    """Give the wizard's answers so far."""
    row = session.get(SetupProgress, 1)
    return Progress() if row is None else Progress(row.answers, row.community_id)


def first_slips(session: Session, token: str) -> tuple[Slip, ...]:
    """Give the first staff's slips to whoever finished the wizard, for a day, while unused."""
    row = session.get(SetupProgress, 1)
    if (
        row is None
        or row.finished_at is None
        or row.token_hash != keyed_hash("setup", token)
        or clock.now() - row.finished_at > SLIPS_SHOWN
    ):
        return ()
    chosen = select(OneTimeCode).where(
        OneTimeCode.kind == CodeKind.DESK_SLIP,
        OneTimeCode.person_id.in_(row.answers.get("staff_ids", [])),
        OneTimeCode.used_at.is_(None),
        OneTimeCode.expires_at > clock.now(),
    )
    return tuple(
        Slip(slip.person_id or 0, derive_code("slip", slip.nonce, SLIP_LENGTH), slip.expires_at)
        for slip in session.scalars(chosen.order_by(OneTimeCode.id))
    )


def slug_of(session: Session, community_id: int) -> str:
    """Tell under which address a community's pages lie."""
    return session.get_one(Community, community_id).slug
