"""Why hours are not confirmed, corrected, disputed, filled in or taken from paper so."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotAllowed, RuleBroken


class OwnHousehold(NotAllowed):
    """Nobody credits hours to the own household."""

    message = N_("不能给自己或同户家人确认时长，请另一位负责人或工作人员确认。")


class NotWaiting(RuleBroken):
    """The record does not wait for this step."""

    message = N_("这条时长已经处理过了，请刷新页面。")


class SamePerson(NotAllowed):
    """A second look needs a second person."""

    message = N_("需要另一个人来确认，您已经经手过这一条。")


class StillRunning(RuleBroken):
    """Hours are confirmed when they have been served."""

    message = N_("这个人还没有签退。请先签退，或等活动结束后再确认。")


class ImpossibleMinutes(BadInput):
    """The minutes do not fit."""

    message = N_("时长要在 0 到 {most} 分钟之间。")


class NothingChanged(BadInput):
    """A correction corrects something."""

    message = N_("更正后的时长与原来一样，不用更正。")


class DisputeIsOpen(RuleBroken):
    """A record is disputed once at a time."""

    message = N_("这条时长的异议已经提交，答复之前不用重复提交。")


class DisputeIsClosed(RuleBroken):
    """The dispute has its answer."""

    message = N_("这条异议已经答复。")


class BackFillTooOld(RuleBroken):
    """The service lies too far back."""

    message = N_("只能补录最近 {days} 天内的服务。")


class BackFillInFuture(BadInput):
    """Hours are filled in after they were served."""

    message = N_("服务日期还没有到。")


class BackFillQuota(RuleBroken):
    """The month's quota is used up."""

    message = N_("每人每月最多补录 {times} 次，本月已满。")


class BackFillDecided(RuleBroken):
    """The request has been decided."""

    message = N_("这条补录已经处理过了。")


class RecordedForShift(RuleBroken):
    """The person's hours of this shift are recorded already."""

    message = N_("{name}这一班已有时长记录，请从名单里去掉。")


class SheetTooLate(RuleBroken):
    """A paper sheet is confirmed within the days of the rule set."""

    message = N_("纸质签到表要在拍照后 {days} 天内确认，这一张已过期。可以走补录。")


class SheetDecided(RuleBroken):
    """The sheet has been decided."""

    message = N_("这张签到表已经处理过了。")


class ShiftNotOver(RuleBroken):
    """A sheet is photographed once the shift has ended."""

    message = N_("活动还没有结束，结束后再上传签到表。")


class EmptySheet(BadInput):
    """A sheet names somebody."""

    message = N_("请至少登记一个人的到离时间。")
