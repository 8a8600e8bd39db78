"""Why a fund is not prepared, or an account not opened."""

from __future__ import annotations

from community.kernel.errors import N_, NotFound, RuleBroken


class FundNotFound(NotFound):
    """There is no such fund in this community."""

    message = N_("没有找到这个物业资金。请从物业资金首页打开。")


class BankAccountNotFound(NotFound):
    """There is no such bank account in this fund."""

    message = N_("没有找到这个银行账户。请从银行账户列表里打开。")


class FundNameTaken(RuleBroken):
    """Two estates of one name could not be told apart."""

    message = N_("已经有叫“{name}”的物业资金，请换一个名称。")


class BankAccountKnown(RuleBroken):
    """The account is registered already."""

    message = N_("{bank} 尾号 {digits} 的账户已经登记过。")


class BuildingTaken(RuleBroken):
    """A building pays into one fund only."""

    message = N_("楼栋“{building}”已经属于另一个物业资金，不能重复加入。")


class NoBuildings(RuleBroken):
    """A fund without buildings would have no one to bill."""

    message = N_("请至少选择一栋楼。")


class FundClosed(RuleBroken):
    """A closed fund takes no more acts."""

    message = N_("这个物业资金已经关闭，只能查看。")
