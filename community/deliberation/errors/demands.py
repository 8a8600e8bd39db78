"""Why a demand for a meeting is refused."""

from __future__ import annotations

from community.kernel.errors import N_, NotFound, RuleBroken


class DemandNotFound(NotFound):
    """There is no such demand in this community."""

    message = N_("没有找到这份召开会议的要求。")


class AlreadySigned(RuleBroken):
    """One signs once."""

    message = N_("您已经签过名。")


class DemandReached(RuleBroken):
    """A demand that was reached waits for its meeting."""

    message = N_("签名已经够数，等待召集会议。")


class DemandNotReached(RuleBroken):
    """A meeting answers a demand that enough have signed."""

    message = N_("签名还没有够数。")
