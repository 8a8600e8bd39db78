"""Why a rule set is not adopted."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotFound, RuleBroken


class UnknownPreset(NotFound):
    """There is no preset of that name."""

    message = N_("没有这套现成规则，请从列表里选一套。")


class StartsTooEarly(RuleBroken):
    """A new set of rules starts in the future, so that nobody's past is judged anew."""

    message = N_("新规则最早从 {first_day} 起生效，请改一个日子。")


class SetHasStarted(RuleBroken):
    """Only a set that has not started can be withdrawn."""

    message = N_("这套规则已经生效，不能撤回。请另订一套新规则接替它。")


class FiguresContradict(BadInput):
    """Some figures make no sense together."""

    message = N_("这些数字互相矛盾或超出范围：{fields}。请改正后再提交。")
