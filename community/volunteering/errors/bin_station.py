"""Why a bag is not recorded."""

from __future__ import annotations

from community.kernel.errors import N_, RuleBroken


class UnknownHouseholdCard(RuleBroken):
    """The code belongs to no household card in force."""

    message = N_("认不出这张住户卡，请核对，或到社区服务台补一张。")


class AlreadyToday(RuleBroken):
    """The household's turns of the day are used up."""

    message = N_("这户今天已经记过了（{time}），明天再来。")


class StationClosed(RuleBroken):
    """The station is closed."""

    message = N_("这个投放点已停用，请到别的投放点。")


class StationNameTaken(RuleBroken):
    """Two stations of one name could not be told apart."""

    message = N_("已经有叫“{name}”的投放点，请换一个名字。")
