"""Why something cannot be done with an organisation of the register."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotAllowed, NotFound, RuleBroken


class SupplierNotFound(NotFound):
    """No such organisation in this community's register."""

    message = N_("单位名录里没有这家单位。")


class SupplierKnown(RuleBroken):
    """An organisation is in the register once."""

    message = N_("{name} 已经在单位名录里。")


class SupplierCodeWrong(BadInput):
    """A unified credit code has 18 characters, the last of which checks the others."""

    message = N_(
        "“{code}”不是有效的统一社会信用代码：应为 18 位，最后一位是校验码。请对照证照核对。"
    )


class SupplierKindsWanted(BadInput):
    """An organisation says what it does."""

    message = N_("请至少选一类业务：服务、货物或工程。")


class SupplierStateWrong(RuleBroken):
    """The entry stands elsewhere."""

    message = N_("这家单位现在是“{state}”，这一步不能办。")


class CertificateNotFound(NotFound):
    """No such certificate here."""

    message = N_("没有找到这份证照。")


class CertificateChecked(RuleBroken):
    """A certificate is checked once."""

    message = N_("这份证照已经核对过。有变化请上传新的。")


class CertificateEnded(BadInput):
    """A certificate that has ended proves nothing."""

    message = N_("这份证照已经过期，请上传有效期内的。")


class SuspensionDaysWrong(BadInput):
    """A suspension ends after it begins."""

    message = N_("暂停的最后一天不能早于今天，最长 3 年。")


class SuspensionNotFound(NotFound):
    """No such suspension here."""

    message = N_("没有找到这次暂停。")


class AppealLate(RuleBroken):
    """An appeal is made while the suspension runs, once."""

    message = N_("已经申诉过，或者暂停已经结束，不能再申诉。")


class AppealNotOpen(RuleBroken):
    """There is no appeal to answer."""

    message = N_("这次暂停没有等待答复的申诉。")


class OwnSuspension(NotAllowed):
    """Whoever imposed a suspension does not answer its appeal."""

    message = N_("作出暂停决定的人不能答复申诉，请另一位来办。")


class NotThisSupplier(NotAllowed):
    """Only the organisation's own staff."""

    message = N_("只有这家单位的工作人员能办这件事。请先请社区把您登记为它的工作人员。")


class ConflictNotFound(NotFound):
    """No such declaration here."""

    message = N_("没有找到这条利益关系申报。")
