"""Why the time bank refuses."""

from __future__ import annotations

from community.kernel.errors import N_, RuleBroken


class TimeBankClosed(RuleBroken):
    """The rule set in force has no time bank."""

    message = N_("本社区现在没有开通时间银行，请联系社区工作人员。")


class NotOldEnough(RuleBroken):
    """The rules let people redeem coins from an age."""

    message = N_(
        "按现行规则，年满 {age} 岁才能用时间币请人服务。您可以把时间币转赠给亲属或捐入公共池。"
    )


class NotASpouse(RuleBroken):
    """The payer is neither the receiver nor, where the rule lets, the spouse."""

    message = N_("时间币只能由本人支付；规则允许时也可由已绑定的配偶支付。")


class TooLong(RuleBroken):
    """A single service has a longest duration."""

    message = N_("一次服务最长 {hours} 小时，请分成几次。")


class StartsInThePast(RuleBroken):
    """A need lies ahead."""

    message = N_("需要服务的时间已经过了，请另选一个时间。")


class OwnNeed(RuleBroken):
    """Nobody serves the own household for coins."""

    message = N_("不能接自己家里人的单，家人之间的照顾不计时间币。")


class NeedTaken(RuleBroken):
    """Somebody else was quicker, or the need was withdrawn."""

    message = N_("这个需求已经有人接了或已取消，请看看其他需求。")


class OfferClosed(RuleBroken):
    """The offer was withdrawn."""

    message = N_("这项服务已停止提供，请看看其他人提供的服务。")


class WrongStep(RuleBroken):
    """The service is at another step."""

    message = N_("这次服务现在不能做这一步，请刷新页面看最新情况。")


class WrongVisitCode(RuleBroken):
    """The code is not the one the receiver shows now."""

    message = N_("代码不对。到达和离开各有一个代码，请看对方手机上现在显示的那个。")


class WrongCard(RuleBroken):
    """The card belongs to another household."""

    message = N_("这张卡不是对方家的卡，请核对门牌。")


class TooEarlyToStart(RuleBroken):
    """A service starts near the agreed time."""

    message = N_("还没到约定的时间，最早可在 {starts_at} 签到。")


class NothingServed(RuleBroken):
    """Less than a minute passed."""

    message = N_("到达和离开之间不足 1 分钟，没有可以记的服务时间。")


class MoreThanServed(RuleBroken):
    """What is confirmed is at most what was recorded."""

    message = N_("确认的时间不能超过记录的 {minutes} 分钟。")


class CoinsShort(RuleBroken):
    """The receiver's coins do not cover the service."""

    message = N_("时间币不够：需要 {needed} 分钟，可用 {available} 分钟。")


class PoolShort(RuleBroken):
    """The pool's coins do not cover the service."""

    message = N_("公共池里的时间币不够支付这次服务，请联系社区工作人员。")


class NotARelative(RuleBroken):
    """Coins are given to bound direct relatives only."""

    message = N_("时间币只能转赠给已绑定的直系亲属。请先在“我的亲属”里绑定。")


class GiftsNotAllowed(RuleBroken):
    """The rules in force let nobody give coins away in this way."""

    message = N_("按现行规则，时间币不能这样转赠或捐赠。")


class CapReached(RuleBroken):
    """The one who would receive is at the personal cap."""

    message = N_("对方最多还能收 {left} 分钟，多出的部分只能捐入公共池。")


class GrantTooLarge(RuleBroken):
    """A grant from the pool has a limit."""

    message = N_("一次最多发放 {hours} 小时，请减少后再提交。")
