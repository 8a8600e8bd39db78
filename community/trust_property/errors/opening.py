"""Why an opening is not drafted, not put to the committee, or not carried out."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotFound, RuleBroken


class OpeningNotFound(NotFound):
    """Nothing is being opened."""

    message = N_("还没有开账草稿。请先选开账日。")


class OpeningItemNotFound(NotFound):
    """There is no such item in the draft."""

    message = N_("没有找到这一项，请刷新后再看。")


class FundOpened(RuleBroken):
    """A fund is opened once."""

    message = N_("这个资金已经开账，不能再开一次。以后的更正请按更正手续办理。")


class OpeningStarted(RuleBroken):
    """One draft at a time."""

    message = N_("已经有一份开账草稿。要换开账日，请先放弃它。")


class OpeningAsked(RuleBroken):
    """What waits for the committee is not changed."""

    message = N_("开账数据已经提交业委会，不能改动。请先撤回，或等业委会处理。")


class OpeningInFuture(BadInput):
    """Balances of a day are known when the day is here."""

    message = N_("开账日不能晚于今天。")


class MonthNotBefore(BadInput):
    """Arrears are of months up to the opening day."""

    message = N_("{month} 在开账日之后，不是开账时的欠费。")


class ItemUnclear(BadInput):
    """An item lacks what its kind needs, or has what it does not."""

    message = N_("请把这一项填完整：欠费要有房屋和月份，预缴和押金要有房屋，代收代付要写明项目。")


class ItemThere(RuleBroken):
    """The same unit and month stand in the draft already."""

    message = N_("草稿里已经有这一项。请先删去原来的，再填新的。")


class MonthBilledBefore(RuleBroken):
    """A unit owes a month once."""

    message = N_("{unit} 的 {month} 已经出过账单，不能再记开账欠费。请从草稿里删去这一项。")


class ProofNeeded(BadInput):
    """The bank's balance rests on the bank's own paper."""

    message = N_("请上传银行对账单。没有电子对账单时，可上传盖章的余额证明，并填写上面的余额。")


class ProofSilent(RuleBroken):
    """The statement does not tell the balance on the opening day."""

    message = N_(
        "这份对账单看不出 {day} 日终的余额。请从网上银行导出包含这一天、带余额的对账单后再上传。"
    )


class ProofOfOther(RuleBroken):
    """The statement names another account."""

    message = N_("这份对账单的账号是 {account}，不是尾号 {digits} 的账户。请检查文件。")


class BankMissing(RuleBroken):
    """Every bank account of the fund is part of the opening."""

    message = N_("{bank} 尾号 {digits} 还没有开账余额和银行对账单。")


class BankDisagrees(RuleBroken):
    """The office's figure and the bank's are not the same."""

    message = N_(
        "{bank} 尾号 {digits}：账面 {book} 元，银行 {statement} 元，相差 {difference} 元。"
        "查清差额、两边一致后才能提交。"
    )


class LedgerMissing(RuleBroken):
    """No fee ledger was taken in."""

    message = N_("请先上传收费台账。")


class LedgerUnread(RuleBroken):
    """Nothing in the file could be put to a unit."""

    message = N_("台账里没有一行能对上房屋和金额。请检查表头和房号，或换一份文件。")


class AnswerNeeded(RuleBroken):
    """The ledger can be read in several ways."""

    message = N_("还有问题没有回答：{question}")


class RowsUnmatched(RuleBroken):
    """Rows that would be left out silently are not."""

    message = N_("有 {count} 行没有对上房屋。请改好台账再上传，或勾选“这些行不导入”。")
