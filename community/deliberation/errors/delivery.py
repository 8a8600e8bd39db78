"""Why a delivery, its denial or a roll's correction refuses; each says what to do."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotFound, RuleBroken


class BadDeliveryTime(BadInput):
    """A ballot is delivered after it was frozen, and not in the future."""

    message = N_("送达时间要在表决冻结以后、现在以前。请核对后再登记。")


class AgainWithProof(BadInput):
    """Where the voter denied the first delivery, the next one is proved."""

    message = N_("本人说没有收到，再次送达要上传签收单或现场照片。")


class AgainAfterDenial(BadInput):
    """The delivery that was denied is no delivery again."""

    message = N_("再次送达的时间要在本人说没有收到以后。")


class NotDelivered(RuleBroken):
    """There is no delivery to deny."""

    message = N_("还没有登记送达，不用说明。有疑问请联系社区。")


class DeliveryProved(RuleBroken):
    """The second delivery has its proof and stands."""

    message = N_("这次送达有签收单或照片为证。不认可的，请带上材料到社区核对，或直接投票。")


class CorrectionNotFound(NotFound):
    """No such correction in this community."""

    message = N_("没有找到这份更正申请。请从名册里打开。")


class CorrectionWaits(RuleBroken):
    """One open correction a person and poll."""

    message = N_("您的上一份更正申请还没有答复。请等答复，或直接联系社区。")


class CorrectionAnswered(RuleBroken):
    """An answer is given once."""

    message = N_("这份更正申请已经答复过了。请刷新页面。")


class WordsMissing(BadInput):
    """Nothing was said, or too much."""

    message = N_("请写明要说的话，300 字以内。")
