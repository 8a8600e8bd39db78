"""Why a step of 四议两公开 is refused."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotFound, RuleBroken


class ProcessNotFound(NotFound):
    """There is no such process in this community."""

    message = N_("没有找到这件四议两公开事项。请从列表里打开。")


class ProcessOver(RuleBroken):
    """A process that ended takes no more steps."""

    message = N_("这件事项已经结束，不能再记录。")


class StepSkipped(RuleBroken):
    """The steps go in order, each once."""

    message = N_("六步要按顺序来，不能跳过，也不能重复。请刷新页面看现在到哪一步。")


class CountsUnclear(BadInput):
    """There are no more people than should have come, and no more votes than people."""

    message = N_("人数不对：实到不能多于应到，同意不能多于实到。")


class TooFewAttend(RuleBroken):
    """Without enough people a step does not count."""

    message = N_("实到 {present} 人，应到 {expected} 人，至少要到 {needed} 人，这次会议无效。")


class SignersMissing(BadInput):
    """Each step is signed."""

    message = N_("请写上签字人的姓名，并拍下签好字的纸。")


class PostingNotOver(RuleBroken):
    """A posting runs its days before the next step."""

    message = N_("公示到 {day} 才结束，结束后再记录下一步。")


class SharesUnclear(BadInput):
    """A share is a part of a whole."""

    message = N_("比例要写成不大于 1 的分数，通过的门槛不能低于一半。")
