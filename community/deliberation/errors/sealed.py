"""Why a sealed poll, its ballots or its opening refuses; each says what to do."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, RuleBroken


class SealedHere(RuleBroken):
    """A ballot that is not sealed, for a poll whose ballots are."""

    message = N_(
        "这次表决的选票在投票人的手机或电脑上加密，只能在投票页面自己投，不收纸质、电话、窗口和委托票。"
    )


class NotSealedHere(RuleBroken):
    """A sealed ballot for a poll whose ballots are not."""

    message = N_("这次表决不加密，请回到投票页面重新选择。")


class EnvelopeMissing(BadInput):
    """No sealed ballot came, or one too large to be a ballot."""

    message = N_("没有收到加密的选票。请回到投票页面重新选择再投。")


class OpenerWithoutKey(RuleBroken):
    """A chosen opener has no registered key."""

    message = N_("有开启人还没有登记密钥。请本人先在“我的开启密钥”页面登记，或者换人，再冻结。")


class RollTooLong(RuleBroken):
    """More voters than can be opened at once."""

    message = N_("加密投票最多 {most} 票，这份名册有 {heads} 票。请改用不加密的方式，或分开表决。")


class StillSealed(RuleBroken):
    """The openers have not opened the ballots yet."""

    message = N_("选票还没有开启，不能计票。请开启人在 {due} 以前交出份额。")


class WaitForOpeners(RuleBroken):
    """Somebody who could open more ballots still has time."""

    message = N_("还要等：开启人要够数，并且全部交齐或过了 {due}，才能不等剩下的票。")


class VoidTooEarly(RuleBroken):
    """The openers still have time."""

    message = N_("开启人在 {due} 以前还可以开启，现在不能作废。")


class OpenedAlready(RuleBroken):
    """The ballots are open; they are counted."""

    message = N_("选票已经开启，不能再作废，也不用再等。")
