"""Why money does not reach a project, or a pledge is not taken."""

from __future__ import annotations

from community.kernel.errors import N_, NotFound, RuleBroken


class SlipNumberTaken(RuleBroken):
    """A slip grants once."""

    message = N_("拨付单号“{number}”已经登记过，不能重复拨付。")


class SlipPaperMissing(RuleBroken):
    """A grant rests on its paper."""

    message = N_("请附上拨付单的照片或扫描件。")


class GrantExceeds(RuleBroken):
    """More than the project's fiscal part is not granted."""

    message = N_("财政部分一共 {whole} 元，已拨付 {given} 元，这次最多 {left} 元。")


class NotFunded(RuleBroken):
    """Fiscal money goes to approved projects only."""

    message = N_("项目还没有批准入库，不能拨付财政资金。")


class NotPledging(RuleBroken):
    """The project takes no pledges now."""

    message = N_("这个项目现在不接受认筹。")


class DriveOver(RuleBroken):
    """A drive's last day has passed: what was promised stands, and nothing is added."""

    message = N_("认筹已于 {day} 截止，不能再认筹、改动或撤回。")


class PledgeOutOfRange(RuleBroken):
    """A pledge is neither nothing nor more than is still wanted."""

    message = N_("认筹金额在 {least} 元到 {most} 元之间。")


class PledgeNotFound(NotFound):
    """There is no such pledge."""

    message = N_("没有找到这笔认筹。")


class PledgeFixed(RuleBroken):
    """What was paid in comes back by refund only."""

    message = N_("这笔认筹现在是“{state}”，不能这样办。")


class NotCollecting(RuleBroken):
    """Money is taken when the vote and the target are reached."""

    message = N_(
        "要等议事会通过并且认筹达到目标后才能收款。现在认筹 {pledged} 元，目标 {target} 元。"
    )


class TargetMissed(RuleBroken):
    """What residents are to raise has to be there before the street approves."""

    message = N_("居民众筹目标 {target} 元，现在认筹 {pledged} 元，还没有达到。")


class DonationNotFound(NotFound):
    """There is no such donation."""

    message = N_("没有找到这笔配捐。")


class DonationExceeds(RuleBroken):
    """A matched donation follows what residents paid in."""

    message = N_("按居民已交款，这位捐赠方还应捐 {due} 元，不能多收。")
