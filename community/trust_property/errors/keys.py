"""Why a key does not turn, or is not given."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotAllowed, NotFound, RuleBroken


class NoKey(NotAllowed):
    """Nobody's key, or not of this side."""

    message = N_("您没有这个资金的{side}钥匙，不能办这件事。钥匙由社区工作人员按任命文件登记。")


class HoldsBothKeys(RuleBroken):
    """One hand with both keys could empty the fund alone."""

    message = N_("{name}已经持有另一把钥匙。同一个人不能同时持有两把钥匙，请另选一人。")


class HoldsKeyAlready(RuleBroken):
    """A key is given once."""

    message = N_("{name}在这段时间已经持有这把钥匙。")


class RoleMissing(RuleBroken):
    """A key goes to somebody who holds the side's role."""

    message = N_("{name}还没有“{role}”身份。请先登记身份，再登记钥匙。")


class NotOfTheTrustee(RuleBroken):
    """The trustee's key is for people of the firm entrusted with this fund."""

    message = N_("{name}不属于受托物业公司，不能持受托方的钥匙。")


class AlreadyAway(RuleBroken):
    """A key has one deputy at a time."""

    message = N_("这段时间已经有人代理这把钥匙。请先结束原来的代理。")


class AbsenceUnclear(BadInput):
    """An absence has a first and a last day, from today on."""

    message = N_("请填写代理的起止日期，从今天或以后开始，最长一年。")


class KeyHolderNotFound(NotFound):
    """There is no such key holder in this fund."""

    message = N_("没有找到这位持钥人。")


class KeyEnded(RuleBroken):
    """A key ends once."""

    message = N_("这把钥匙已经收回。")
