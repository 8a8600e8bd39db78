"""The people who keep the fund in the demo, and how its two keys agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from community import trust_property
from community.demo.cast import act_as
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.trust_property import MatterState


@dataclass(frozen=True, slots=True)
class Office:
    """Who acts for the fund."""

    actor: Actor
    staff: int
    firm: int
    committee: int
    second_committee: int
    auditor: int
    fund_id: int
    bank_account_id: int
    reserve_account_id: int

    def play(self, person_id: int) -> Actor:
        """Give the actor that one of them is when signed in."""
        with db.read() as session:
            return act_as(session, self.actor, person_id)

    def agree(self, matter_id: int) -> None:
        """Let the committee's people turn their keys until the matter is decided."""
        for person_id in (self.committee, self.second_committee):
            member = self.play(person_id)
            with db.read() as session:
                matter = trust_property.get_matter(session, member, self.fund_id, matter_id)
            if matter.state is not MatterState.OPEN:
                return
            seen = matter.content_hash
            db.write(trust_property.approve_matter, member, self.fund_id, matter_id, seen)

    def ask(self, command: Callable[..., int], *arguments: Any) -> None:
        """Let the firm propose and the committee agree."""
        matter_id: int = db.write(command, self.play(self.firm), *arguments)
        self.agree(matter_id)


def next_month(day: date) -> date:
    """Give the first day of the month after a day's."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def last_month() -> int:
    """Tell the number of the month before this one, as bills name it."""
    return (clock.today().replace(day=1) - timedelta(days=1)).month
