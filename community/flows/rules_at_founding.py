"""When a community is founded, the office chooses its points rules and goes on to an activity."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community import identity, volunteering
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_


def listen() -> None:
    """Put the question into the wizard, and its way on at the end."""
    identity.add_setup_choice(
        identity.SetupChoice("volunteering", N_("积分和时间银行规则"), _options, _adopt)
    )
    identity.set_first_step(N_("发起第一个活动"), "volunteering.new_activity")


def _options() -> tuple[identity.SetupOption, ...]:
    return tuple(
        identity.SetupOption(preset.code, preset.rules.name, preset.remark)
        for preset in volunteering.presets()
    )


def _adopt(session: Session, actor: Actor, code: str) -> None:
    volunteering.adopt_rule_set(session, actor, code, clock.today())
