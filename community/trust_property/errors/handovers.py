"""Why a handover is refused."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotFound, RuleBroken


class HandoverNotFound(NotFound):
    """There is no such handover of this fund."""

    message = N_("没有找到这次交接。")


class NobodyTakesOver(BadInput):
    """A side without a key could not act."""

    message = N_("请至少选一位接任的持钥人。")


class HandoverConfirmed(RuleBroken):
    """A handover is confirmed and signed once."""

    message = N_("这次交接已经确认过。")
