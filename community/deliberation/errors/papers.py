"""Why a paper, a mandate or a call refuses; each says what to do."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotFound, RuleBroken


class PaperNotFound(NotFound):
    """No paper of this community has the code."""

    message = N_("没有这张纸质票。请核对票上的编码，或重新扫码。")


class PaperTooLate(RuleBroken):
    """The paper came back when the poll had closed, or before it opened."""

    message = N_("现在不在投票时间内，这张票不能登记收回，也不会计入。")


class PaperNotReturned(RuleBroken):
    """A paper nobody logged on its return is not counted."""

    message = N_("这张票没有在截止前登记收回，不能计入。请放在一边，写进唱票记录。")


class CountNotBegun(RuleBroken):
    """Papers are read before witnesses."""

    message = N_("还没有开始唱票。请先由召集人登记监票人，再录入纸质票。")


class WitnessesMissing(BadInput):
    """A count has at least two witnesses."""

    message = N_("监票人至少两位，姓名之间用顿号隔开。")


class SameReader(RuleBroken):
    """One person does not read a paper twice."""

    message = N_("这张票您已经录过一次。要换一位工作人员独立再录一次。")


class PaperSettled(RuleBroken):
    """The paper has been read to its end."""

    message = N_("这张票已经录完，不用再录。")


class ReadingsAgree(RuleBroken):
    """There is nothing to settle."""

    message = N_("这张票两次录入没有不一致，不用裁定。")


class SpoiltNeedsReason(BadInput):
    """A spoilt paper says why."""

    message = N_("废票或裁定要写明理由，例如：两项都打了勾。")


class PapersUnread(RuleBroken):
    """Papers that came back wait to be read."""

    message = N_("还有 {papers} 张收回的纸质票没有录完。请两人各录一遍，不一致的裁定后再计票。")


class MandateRefused(RuleBroken):
    """Somebody who may not vote for others, or not for this one."""

    message = N_("不能这样委托：{reason}")


class MandateKnown(RuleBroken):
    """An entry has one mandate a poll."""

    message = N_("这一票已经登记过委托。业主要收回，请他自己投票，以他自己投的为准。")


class MandateOnPaper(BadInput):
    """A mandate is a paper."""

    message = N_("请上传委托书的照片或扫描件，上面要有委托人签名和委托事项。")


class MandateNotFound(NotFound):
    """The entry has no mandate."""

    message = N_("这一票没有登记书面委托。请先登记委托书。")


class VotedInPerson(RuleBroken):
    """The voter has voted; nobody replaces that by a mandate."""

    message = N_("本人已经投过票，以本人投的为准，委托不再记入。")


class BadCall(BadInput):
    """A call without its words, or in the future."""

    message = N_("请写下电话里念给对方听、对方同意的话，通话时间不能晚于现在。")
