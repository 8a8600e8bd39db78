"""Why a place is not given, kept or handed on: one sentence each, saying what to do."""

from __future__ import annotations

from community.kernel.errors import N_, NotAllowed, RuleBroken


class SignUpRefused(RuleBroken):
    """A person cannot take a place of a shift."""


class ShiftCancelled(SignUpRefused):
    """The shift does not take place."""

    message = N_("这一班已取消，请看看其他班次。")


class SignUpClosed(SignUpRefused):
    """The activity takes nobody any more, or the shift is over."""

    message = N_("这一班的报名已结束，请看看其他班次。")


class NotResident(SignUpRefused):
    """The person does not belong to this community."""

    message = N_("这一班只接受本社区居民。请先到社区办理加入。")


class VolunteerBlocked(SignUpRefused):
    """The person may not take part for a time."""

    message = N_("您暂时不能报名。原因和期限请向社区工作人员了解。")


class AlreadySignedUp(SignUpRefused):
    """The person has a place already."""

    message = N_("已经报过名了，不用再报。")


class AlreadyWaiting(SignUpRefused):
    """The person waits already."""

    message = N_("已经在候补名单里，有名额会通知您。")


class MarkedAbsent(SignUpRefused):
    """The leader noted that the person did not come."""

    message = N_("负责人已记您未到场。如有误，请联系负责人更正。")


class TooYoung(SignUpRefused):
    """The person is younger than the activity allows, or no birth year is kept."""

    message = N_("这个活动要求年满 {age} 岁。登记的出生年份有误或没有登记时，请到社区更正。")


class NeedsGuardian(SignUpRefused):
    """A child under 14 acts through a guardian."""

    message = N_("未满 14 岁，请由监护人代为报名。")


class MissingSkill(SignUpRefused):
    """The activity wants skills that the person has not declared."""

    message = N_("这个活动需要：{skills}。会的话请先在「我的班次」里登记技能。")


class ShiftsOverlap(SignUpRefused):
    """The person has another shift at the same time."""

    message = N_("与已报名的「{other}」时间重叠。要报这一班，请先取消那一班。")


class DayLimitReached(SignUpRefused):
    """The person's shifts of one day would be longer than the rules allow."""

    message = N_("同一天最多报 {hours} 小时，这一班会超出。请换一天。")


class ShiftFull(SignUpRefused):
    """The last place is gone."""

    message = N_("名额已满。可以候补，有人退出会按先后通知您。")


class ShiftNotFull(SignUpRefused):
    """There is a place, so nobody needs to wait."""

    message = N_("这一班还有名额，请直接报名。")


class NotSignedUp(RuleBroken):
    """There is no place to cancel or hand on."""

    message = N_("没有报名这一班，不用取消。")


class OfferLapsed(RuleBroken):
    """The offered place has gone to the next person."""

    message = N_("这个名额的确认时间已过，已转给下一位。可以重新候补。")


class ShiftHasBegun(RuleBroken):
    """The shift has begun, so the roster is the leader's now."""

    message = N_("活动已经开始，请直接联系负责人。")


class AlreadyAttended(RuleBroken):
    """The person has been checked in."""

    message = N_("已经签到，不能再取消。")


class SwapGone(RuleBroken):
    """The swap was taken or withdrawn."""

    message = N_("这个换班已被接走或撤回，请刷新页面。")


class SwapWantsShift(RuleBroken):
    """The taker does not hold the shift that is wanted in return."""

    message = N_("对方想换的是另一班，您没有报那一班。")


class OwnSwap(RuleBroken):
    """Nobody takes the own place."""

    message = N_("这是您自己发起的换班。")


class NotLeader(NotAllowed):
    """The actor does not lead this activity."""

    message = N_("只有这个活动的负责人或社区工作人员可以做这件事。")
