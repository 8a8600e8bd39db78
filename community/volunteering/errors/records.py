"""Why a service record is not made, sealed or shown."""

from __future__ import annotations

from community.kernel.errors import N_, RuleBroken


class NoHoursInSpan(RuleBroken):
    """There is nothing to record."""

    message = N_("这段时间里没有已确认的服务时长，请换一段时间。")


class ConsentMissing(RuleBroken):
    """Nobody but the holder gets a record without the holder's consent."""

    message = N_("替别人开具记录，须本人同意。请写明同意的方式，例如“本人到场签字”。")


class NotTheUnit(RuleBroken):
    """Only the organisation that recorded the hours seals a certificate."""

    message = N_("只有记录这些时长的单位（{unit}）才能出具并盖章。")


class AlreadySealed(RuleBroken):
    """A certificate is sealed once."""

    message = N_("这份记录已经盖章出具过了。")


class RecordRevoked(RuleBroken):
    """A revoked record is not sealed."""

    message = N_("这份记录已停止使用，请重新开具一份。")
