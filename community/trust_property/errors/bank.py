"""Why a statement is not added, a line not matched, or a period not closed."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotFound, RuleBroken


class StatementNotFound(NotFound):
    """There is no such statement in this fund."""

    message = N_("没有找到这份对账单。请从银行账户页面打开。")


class BankLineNotFound(NotFound):
    """There is no such bank line in this fund."""

    message = N_("没有找到这条银行流水。请从流水列表里打开。")


class MatchNotFound(NotFound):
    """There is no such match in this fund."""

    message = N_("没有找到这笔核对。请从银行对账页面打开。")


class StatementKnown(RuleBroken):
    """The very file was added before."""

    message = N_("这份对账单已经导入过（{name}），没有新增流水。")


class StatementStarted(RuleBroken):
    """The statement was added or withdrawn in the meantime."""

    message = N_("这份对账单已经处理过了。请刷新页面查看。")


class StatementEmpty(BadInput):
    """Nothing was uploaded."""

    message = N_("请选择银行导出的对账单文件。")


class BalancesMissing(RuleBroken):
    """The file does not tell its balances, so the user must."""

    message = N_("这份对账单没有写明期初和期末余额，请按银行的数字填写后再导入。")


class BalancesContradict(RuleBroken):
    """Opening balance and lines do not add up to the closing balance."""

    message = N_(
        "期初余额加上全部收支等于 {expected} 元，与填写的期末余额 {closing} 元不符。请核对。"
    )


class SeveralAccounts(RuleBroken):
    """The file holds more accounts than one."""

    message = N_("文件里有几个账户的流水，请按账户分别导出后再导入。")


class ForeignCurrency(RuleBroken):
    """The statement is not in yuan."""

    message = N_("这份对账单的币种是 {currency}。物业资金只记人民币。")


class LineTaken(RuleBroken):
    """A bank line or an entry of the book is matched already."""

    message = N_("其中有流水或账目已经核对过了。请刷新页面后重选。")


class NothingPicked(BadInput):
    """Neither lines nor entries were chosen."""

    message = N_("请至少选一条银行流水和一笔账目。")


class SumsDiffer(RuleBroken):
    """Lines and entries do not come to the same sum."""

    message = N_(
        "银行流水合计 {lines} 元，所选账目合计 {entries} 元，差额不能当作手续费。请重新选择。"
    )


class FeeTooHigh(RuleBroken):
    """More is missing than the fund's rules let a payment service keep back."""

    message = N_(
        "所选账目合计 {gross} 元，到账少了 {fee} 元，超过资金规则规定的手续费上限（{most}）。"
        "请核对账目；上限要改，须业委会批准新的资金规则。"
    )


class KindUnfit(RuleBroken):
    """The line cannot be of that kind."""

    message = N_("这条流水的收支方向与所选的处理方式不符。")


class ReferenceMissing(BadInput):
    """An explanation needs a reference."""

    message = N_("请写明依据，例如决议、合同或发票的编号。")


class LateReferenceMissing(BadInput):
    """What a closed period lacked is entered in the open one only with a reference."""

    message = N_("这条流水所在的账期已经终结，只能记在今天。请在备注里写明依据。")


class MatchClosed(RuleBroken):
    """The match lies in a closed period, or was undone before."""

    message = N_(
        "这笔核对已经撤销，或所在的账期已经结账。请在“更正已结账的账”里写明是哪一笔再更正。"
    )


class PeriodBlocked(RuleBroken):
    """Something prevents closing; the page lists it all."""

    message = N_("还有 {count} 件事没有办完，不能结账。请看下面的清单。")


class SecondPersonNeeded(RuleBroken):
    """Whoever closed softly cannot close for good."""

    message = N_("初结和终结要由两个人分别办理。请让业委会的另一位成员来终结。")


class SoftCloseFirst(RuleBroken):
    """A period closes softly before it closes for good."""

    message = N_("请先初结这个账期，再由业委会终结。")
