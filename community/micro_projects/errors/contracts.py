"""Why an act of a contract, a milestone or its closing is refused."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotAllowed, NotFound, RuleBroken


class ContractNotFound(NotFound):
    """No such contract here."""

    message = N_("没有这份合同，它可能属于其他社区。")


class MilestoneNotFound(NotFound):
    """No such milestone in the contract."""

    message = N_("合同里没有这个节点。")


class PlanUnclear(BadInput):
    """A line of the milestone plan cannot be read."""

    message = N_("第 {line} 行读不懂。每行写：名称｜比例｜到期日，例如：方案确认｜30｜2026-12-20。")


class SharesUneven(RuleBroken):
    """The instalments do not make the whole."""

    message = N_("各节点的比例加起来是 {sum}%，必须正好 100.00%。请改比例。")


class AmountsUneven(RuleBroken):
    """The amounts of the plan do not make the contract's amount."""

    message = N_("各节点金额合计 {sum} 元，与合同金额 {amount} 元不符。请改到一致。")


class InstalmentEmpty(RuleBroken):
    """A share so small that nothing would be paid."""

    message = N_("“{title}”的金额不到 1 分。请调整比例或合并节点。")


class PlanOutOfOrder(RuleBroken):
    """Due days before the beginning, after the end, or not in their order."""

    message = N_("节点“{title}”的到期日不对：要在合同起止日之间，并按先后排列。")


class DatesReversed(RuleBroken):
    """A contract that ends before it begins."""

    message = N_("合同结束日不能早于开始日。请检查日期。")


class ContractAboveAward(RuleBroken):
    """The contract would be worth more than was awarded."""

    message = N_("合同金额 {amount} 元超过中选金额 {awarded} 元。合同不能高于中选价。")


class AwardNotReady(RuleBroken):
    """The award cannot be contracted: not final, standing still, or objected to."""

    message = N_("中选结果还不能签合同：公示期内有异议没有办结，或公示期还没有结束。")


class StandstillRunning(RuleBroken):
    """The standstill has not passed."""

    message = N_("中选公示到 {until} 才结束，之后才能签合同。")


class ContractExists(RuleBroken):
    """An award has its contract already."""

    message = N_("这个中选结果已经有合同。请打开原来的合同。")


class ContractStepRefused(RuleBroken):
    """The contract's state does not allow the act."""

    message = N_("合同现在是“{state}”，不能办这件事。")


class MilestoneStepRefused(RuleBroken):
    """The milestone's state does not allow the act."""

    message = N_("这个节点现在是“{state}”，不能办这件事。请刷新页面。")


class SideSigned(RuleBroken):
    """A side has signed already."""

    message = N_("这一方已经登记过签字。")


class SignedLater(BadInput):
    """A signature dated in the future."""

    message = N_("签字日期不能晚于今天。")


class ScanMissing(BadInput):
    """No picture or PDF came."""

    message = N_("请附上照片或扫描件（PDF 或图片）。")


class EvidenceMissing(BadInput):
    """A delivery without any picture or file."""

    message = N_("请至少附一张照片或一份文件，验收的人要看得到。")


class TooManyFiles(BadInput):
    """More files than a page can send at once."""

    message = N_("一次最多附 {most} 个文件。")


class NotTheContractor(NotAllowed):
    """Somebody who does not work for the contractor."""

    message = N_("只有承接机构的人能办这件事。")


class OwnWork(NotAllowed):
    """Who submitted does not accept."""

    message = N_("提交的人不能验收自己的成果。请另一位工作人员验收。")


class ContractorsOwn(NotAllowed):
    """Somebody of the contractor does not judge its work."""

    message = N_("承接机构的人不能验收、抽查或评价自己机构的项目。")


class NotesOpen(RuleBroken):
    """A problem somebody noted is not answered."""

    message = N_("还有 {count} 条现场问题没有答复。请先逐条公开答复，再验收。")


class SamePerson(NotAllowed):
    """Proposed and approved by one person."""

    message = N_("提出的人不能自己批准。请另一位有权限的人办理。")


class ChangeOpen(RuleBroken):
    """A change waits already."""

    message = N_("已有一项变更在等批准。先批准或退回它，再提新的。")


class ChangeNotFound(NotFound):
    """No such change of the contract."""

    message = N_("没有这项变更。")


class ChangeDecided(RuleBroken):
    """A change was decided already, or the contract moved on meanwhile."""

    message = N_("这项变更已经处理过，或合同在这期间有了变化。请重新提出。")


class MilestoneAmountFixed(RuleBroken):
    """A milestone that is delivered keeps its amount."""

    message = N_("已提交或已验收的节点不能改。只能改还没有做的节点。")


class NothingToEnd(RuleBroken):
    """The settlement is larger than what is left."""

    message = N_("结算金额 {asked} 元超过还没有做的部分 {left} 元。")


class ClawBackNotFound(NotFound):
    """No such claw-back."""

    message = N_("没有这笔追回款。")


class ClawBackAbovePaid(RuleBroken):
    """More is asked back than was paid."""

    message = N_("追回金额不能超过已付的 {paid} 元。")


class ClawBackSettled(RuleBroken):
    """A claw-back was settled already."""

    message = N_("这笔追回款已经处理过。")


class NothingLeft(RuleBroken):
    """All is delivered, so nothing can break off."""

    message = N_("合同的节点都已验收，不能再终止。请直接评价和结项。")


class DeliveryWaiting(RuleBroken):
    """Something handed in waits for its verdict."""

    message = N_("“{title}”已提交、还没有验收。先验收或退回，再终止合同。")


class UnpaidLeft(RuleBroken):
    """Accepted work is not paid yet."""

    message = N_("还有 {count} 笔已验收的款没有付清。付清以后才能结项。")


class PictureMissing(RuleBroken):
    """Nobody can see what became of it."""

    message = N_("还没有“实施后”的照片。请至少上传一张，居民要看得到结果。")


class PaperKnown(RuleBroken):
    """The same file under the same heading."""

    message = N_("这份资料已经上传过。")


class PictureNeeded(BadInput):
    """The gallery takes pictures only."""

    message = N_("“实施前”“实施后”只能上传图片。")


class YearNotOver(RuleBroken):
    """A year's end that has not come."""

    message = N_("{year} 年还没有结束，12 月 31 日起才能办理年末结转。")
