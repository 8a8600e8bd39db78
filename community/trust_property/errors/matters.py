"""Why a matter is not raised, approved or withdrawn."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotFound, RuleBroken


class MatterNotFound(NotFound):
    """There is no such matter in this fund."""

    message = N_("没有找到这个待批事项。请从待批列表里打开。")


class MatterClosed(RuleBroken):
    """A closed matter takes no more keys."""

    message = N_("这件事已经办结或撤回，不能再批。请看最新的一份。")


class MatterOpen(RuleBroken):
    """The same thing is put to the committee once at a time."""

    message = N_("这一项已经有一份待批的变更。请先撤回，或等业委会处理。")


class ReasonMissing(BadInput):
    """A refusal without a reason helps nobody."""

    message = N_("请写明理由，对方和业主都会看到。")


class TermsUnclear(BadInput):
    """Rules that contradict themselves."""

    message = N_("{problem}请改正后重新提交。")


class RulesMissing(RuleBroken):
    """Without rules nobody knows who may spend what."""

    message = N_("这个资金还没有生效的规则。请先由物业公司提出规则，业委会批准。")


class BackDated(BadInput):
    """What two keys agree to counts from today on."""

    message = N_("生效日期不能早于今天。")


class NothingChanged(RuleBroken):
    """A change that changes nothing."""

    message = N_("内容和现在的一样，没有需要批准的变更。")
