"""Why a leader cannot note or correct an attendance so."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, RuleBroken


class NonceReused(RuleBroken):
    """A nonce came back with another code, direction or shift."""

    message = N_("这个扫码编号已用于另一次扫码。请刷新扫码页后重扫。")


class OffRoster(RuleBroken):
    """The person is not on the roster."""

    message = N_("这个人没有报名这一班，请先加入名册。")


class OutsideShift(BadInput):
    """The times lie outside the shift."""

    message = N_("签到签退时间要在这一班的时间内，签退要晚于签到。")


class NotDuringShift(RuleBroken):
    """The roster counts as verified only while the shift runs."""

    message = N_("名册勾选只能在活动进行时使用。活动后请用纸质签到表或补录。")


class RecordedAlready(RuleBroken):
    """The hours have been confirmed."""

    message = N_("时长已经确认。要更改请由社区工作人员更正，新旧两个版本都会保留。")


class HasAttended(RuleBroken):
    """Who was checked in is not absent."""

    message = N_("这个人已签到，不能记为未到场。")


class NoAttendance(RuleBroken):
    """There is nothing to confirm."""

    message = N_("没有签到记录，没有可以确认的时长。")


class UnreadablePhoto(BadInput):
    """No QR code was found in an uploaded picture."""

    message = N_("照片里没有认出二维码。请对准、靠近再拍一张，或输入码下面的字符。")


class TooManyTries(RuleBroken):
    """Codes are being guessed."""

    message = N_("输错的次数太多，请过十分钟再试，或请负责人在名册上签到。")
