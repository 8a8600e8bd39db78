"""Why points are not given."""

from __future__ import annotations

from community.kernel.errors import N_, RuleBroken


class OwnHousehold(RuleBroken):
    """Nobody gives points or coins to the own household."""

    message = N_("不能给自己或自己家里人办理，请换一位同事来办。")


class SecondPersonNeeded(RuleBroken):
    """The one who proposed is not the one who approves."""

    message = N_("提出的人不能自己批准，请另一位工作人员来批。")


class AlreadyDecided(RuleBroken):
    """It was decided before."""

    message = N_("这一笔已经办过了，请刷新页面看结果。")


class DeedNotYet(RuleBroken):
    """A good deed lies in the past."""

    message = N_("好事发生的日子不能晚于今天，请检查日期。")


class DeedTooOld(RuleBroken):
    """A good deed is put forward while people still remember it."""

    message = N_("只能申报最近 {days} 天内的好事。")
