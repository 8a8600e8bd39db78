"""Why a motion, an amendment, a speech or a count is refused."""

from __future__ import annotations

from community.kernel.errors import N_, NotAllowed, NotFound, RuleBroken


class MotionNotFound(NotFound):
    """There is no such motion in this meeting."""

    message = N_("没有找到这个动议。请从会议页面打开。")


class AmendmentNotFound(NotFound):
    """There is no such amendment to this motion."""

    message = N_("没有找到这个修正案。请从动议页面打开。")


class OwnMotion(NotAllowed):
    """Nobody seconds an own motion."""

    message = N_("不能附议自己的动议，请由其他成员附议。")


class MotionDecided(RuleBroken):
    """A motion that was decided or withdrawn stands."""

    message = N_("这个动议已经有结果，不能再改。")


class NotSeconded(RuleBroken):
    """A motion without a seconder is not discussed or voted."""

    message = N_("还没有人附议，不能讨论和表决。")


class AlreadySeconded(RuleBroken):
    """The words are frozen once seconded."""

    message = N_("已经有人附议，文字已经固定。")


class AmendmentsFirst(RuleBroken):
    """Amendments are voted before the motion."""

    message = N_("还有 {number} 个修正案没有结果，请先表决修正案。")


class WordsNotOnce(RuleBroken):
    """An amendment names words that occur exactly once."""

    message = N_(
        "“{words}”在原文里出现了 {times} 次，要正好 1 次才能改。请把要改的文字写得更完整。"
    )


class NothingChanged(RuleBroken):
    """An amendment changes something."""

    message = N_("修正案没有改动文字。")


class VoteRunning(RuleBroken):
    """While phones vote, the motion stands still."""

    message = N_("正在手机表决，请等表决结束。")


class AlreadyWaiting(RuleBroken):
    """One waits once."""

    message = N_("您已经在等候发言。")


class SpokeEnough(RuleBroken):
    """Each speaks so often to a motion."""

    message = N_("对同一个动议每人最多发言 {times} 次，您已经用完。")


class SomebodySpeaks(RuleBroken):
    """One speaks at a time."""

    message = N_("现在有人正在发言，请等发言结束。")


class NobodyWaits(RuleBroken):
    """Nobody waits to speak."""

    message = N_("现在没有人等候发言。")


class NobodySpeaks(RuleBroken):
    """Nobody speaks now."""

    message = N_("现在没有人在发言。")


class NoVoteRunning(RuleBroken):
    """No phone vote of this motion runs."""

    message = N_("这个动议没有正在进行的手机表决。")
