"""Arguments for and against, how they are ranked, and moderation that can be appealed."""

from __future__ import annotations

from enum import StrEnum
from math import isqrt

from community.kernel.errors import N_

# Fixed-point ones of the ranking: a score of SCALE would be certainty.
SCALE = 1_000_000
LONGEST_ARGUMENT = 500


class ArgumentSide(StrEnum):
    """On which side an argument stands."""

    FOR = "for"
    AGAINST = "against"


SIDE_TITLES = {ArgumentSide.FOR: N_("赞成方的理由"), ArgumentSide.AGAINST: N_("反对方的理由")}


def usefulness(useful: int, marks: int) -> int:
    """Give the lower bound of the share that finds something useful, in millionths.

    Wilson's interval with z = 2 (95.4 %), in whole numbers, rounded down:
    (u + 2 − 2·√(u·(n − u)/n + 1)) / (n + 4). Few marks cannot outrank many.
    Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927).
    """
    assert 0 <= useful <= marks
    if marks == 0:
        return 0
    square = -(-SCALE * SCALE * (useful * (marks - useful) + marks) // marks)
    # The root is rounded up, so that the bound is never too high.
    root = isqrt(square)
    root += root * root < square
    return max(0, ((useful + 2) * SCALE - 2 * root) // (marks + 4))


class FlagReason(StrEnum):
    """Why somebody asks the moderator to look."""

    PERSONAL = "personal"
    INSULT = "insult"
    FALSE = "false"
    SPAM = "spam"
    OFF_TOPIC = "off_topic"
    OTHER = "other"


FLAG_TITLES = {
    FlagReason.PERSONAL: N_("泄露他人隐私"),
    FlagReason.INSULT: N_("辱骂、人身攻击"),
    FlagReason.FALSE: N_("内容不实"),
    FlagReason.SPAM: N_("广告、重复刷屏"),
    FlagReason.OFF_TOPIC: N_("与议题无关"),
    FlagReason.OTHER: N_("其他"),
}


class FlagState(StrEnum):
    """What became of a flag."""

    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class ModerationKind(StrEnum):
    """What a moderator did."""

    REMARK = "remark"
    HIDE = "hide"
    RESTORE = "restore"
    DISMISS = "dismiss"


MODERATION_TITLES = {
    ModerationKind.REMARK: N_("提醒"),
    ModerationKind.HIDE: N_("隐藏"),
    ModerationKind.RESTORE: N_("恢复显示"),
    ModerationKind.DISMISS: N_("查看后认为没有问题"),
}


class AppealState(StrEnum):
    """What became of an appeal."""

    OPEN = "open"
    UPHELD = "upheld"
    RESTORED = "restored"


APPEAL_TITLES = {
    AppealState.OPEN: N_("申诉处理中"),
    AppealState.UPHELD: N_("维持隐藏"),
    AppealState.RESTORED: N_("申诉成功，已恢复"),
}


class MergeState(StrEnum):
    """What became of a proposal to merge two topics."""

    PROPOSED = "proposed"
    MERGED = "merged"
    DECLINED = "declined"
    LAPSED = "lapsed"
    UNDONE = "undone"


MERGE_TITLES = {
    MergeState.PROPOSED: N_("等待双方提出人同意"),
    MergeState.MERGED: N_("已合并"),
    MergeState.DECLINED: N_("有一方不同意"),
    MergeState.LAPSED: N_("到期没有回复"),
    MergeState.UNDONE: N_("已恢复为两个议题"),
}
