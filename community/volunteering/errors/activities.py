"""Why an activity or a shift cannot be planned or changed so."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, RuleBroken


class TimesInDisorder(BadInput):
    """A shift would end before it starts."""

    message = N_("结束时间要晚于开始时间，请检查。")


class ShiftTooLong(BadInput):
    """A shift would be longer than a day."""

    message = N_("一班最长 24 小时，请分成几班。")


class StartsInThePast(RuleBroken):
    """A shift would begin before now."""

    message = N_("开始时间已经过去，请选以后的时间。")


class SeriesTooShort(BadInput):
    """A series would hold fewer than two days."""

    message = N_("结束日期太早，排不出两次。只办一次请直接加一班。")


class ActivityIsOver(RuleBroken):
    """A cancelled activity takes no more shifts or changes."""

    message = N_("活动已取消，不能再修改。可以复制一份重新发起。")


class ShiftIsCancelled(RuleBroken):
    """A cancelled shift cannot be changed."""

    message = N_("这一班已取消，不能再修改。")


class ShiftIsOver(RuleBroken):
    """What happened cannot be moved."""

    message = N_("这一班已经结束，不能再改时间。时长有误请在确认页更正。")


class NotShorter(BadInput):
    """Shortening makes a shift shorter."""

    message = N_("新的结束时间要在原来的开始和结束之间。")


class PlacesAreTaken(RuleBroken):
    """More people have places than the new capacity."""

    message = N_("已有 {taken} 人报名，名额不能少于 {taken}。")


class UnknownLeader(BadInput):
    """A named leader does not belong to this community."""

    message = N_("负责人不在本社区，请重新选择。")


class NoLeader(BadInput):
    """An activity has somebody who answers for it."""

    message = N_("请至少选一位负责人。")
