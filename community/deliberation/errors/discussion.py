"""Why something cannot be done in a discussion, with a merger, or by a moderator."""

from __future__ import annotations

from community.kernel.errors import N_, NotAllowed, NotFound, RuleBroken


class ArgumentNotFound(NotFound):
    """No such argument here."""

    message = N_("没有找到这条发言，它可能已被移走，或属于其他社区。")


class RepliesToReply(RuleBroken):
    """Replies stand under arguments only."""

    message = N_("回复只能写在理由下面，请回到那条理由回复。")


class OwnArgument(RuleBroken):
    """Nobody marks their own words."""

    message = N_("不能评价自己的发言。")


class MergeNotFound(NotFound):
    """No such merger here."""

    message = N_("没有找到这个合并提议。")


class SameTopic(RuleBroken):
    """A topic cannot go into itself."""

    message = N_("请选另一个议题来合并。")


class NotMergeable(RuleBroken):
    """One of the two topics is not at a stage at which topics merge."""

    message = N_("“{title}”现在是“{state}”，不能合并。只有征集附议的议题可以并入别的议题。")


class HasMerged(RuleBroken):
    """Others went into the topic already."""

    message = N_("已经有别的议题并入了它，请反过来，把另一个议题并进它。")


class MergeStands(RuleBroken):
    """The topic is part of a proposal already."""

    message = N_("这个议题已有一个合并提议在等回复，请先处理那一个。")


class MergeOver(RuleBroken):
    """The proposal was answered, or nobody answered in time."""

    message = N_("这个合并提议已经结束，需要时请重新提出。")


class NotAsked(NotAllowed):
    """Only the authors of the two topics are asked."""

    message = N_("只有两个议题的提出人可以决定是否合并。")


class UndoOver(RuleBroken):
    """The time in which a merger can be undone is over."""

    message = N_("合并超过 {days} 天，不能再恢复。如有不妥，请联系社区工作人员。")


class AlreadyFlagged(RuleBroken):
    """Once each."""

    message = N_("您已经举报过这条内容，管理员会处理并告诉您结果。")


class OwnWords(RuleBroken):
    """Nobody flags or moderates their own words."""

    message = N_("这是您自己写的内容，请由别人处理。")


class HiddenAlready(RuleBroken):
    """Somebody was faster."""

    message = N_("这条内容已经隐藏，请刷新页面。")


class NotHidden(RuleBroken):
    """There is nothing to restore or appeal against."""

    message = N_("这条内容没有被隐藏，请刷新页面。")


class NoFlagOpen(RuleBroken):
    """All flags on it are decided."""

    message = N_("这条内容没有待处理的举报，请刷新页面。")


class AppealNotFound(NotFound):
    """No such appeal here."""

    message = N_("没有找到这个申诉。")


class AppealedAlready(RuleBroken):
    """Once each hiding."""

    message = N_("您已经申诉过，请等另一位管理员答复。")


class AppealDecided(RuleBroken):
    """An appeal is decided once."""

    message = N_("这个申诉已经有了决定，请刷新页面。")


class DecidedBySameHand(NotAllowed):
    """Whoever hid, or wrote, does not decide the appeal."""

    message = N_("申诉要由别人来决定：隐藏内容的人和申诉人都不能处理。")


class UnderAppeal(RuleBroken):
    """While an appeal waits, the hiding is decided by it alone."""

    message = N_("这条内容正在申诉，请由另一位管理员在申诉里决定。")
