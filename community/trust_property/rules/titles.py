"""What entries and accounts of a fund are called in plain words, and which are shown in sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from community.kernel.errors import N_
from community.trust_property.rules.estate import CONTRACT_KINDS, USES
from community.trust_property.rules.fund import Purpose

# What households pay or are charged: the public sees sums by day, and numbers without a unit.
FROM_UNITS = frozenset(
    {Purpose.BILL.value, Purpose.RECEIPT.value, Purpose.REFUND.value, Purpose.SURPLUS.value}
)

PURPOSES: Mapping[str, str] = {
    Purpose.BILL.value: N_("物业费出账"),
    Purpose.RECEIPT.value: N_("业主缴费"),
    Purpose.SPEND.value: N_("批准用款"),
    Purpose.PAYMENT.value: N_("付款"),
    Purpose.VOID.value: N_("撤回用款"),
    Purpose.EMERGENCY.value: N_("紧急支出"),
    Purpose.REMUNERATION.value: N_("物业酬金"),
    Purpose.UNEXPLAINED.value: N_("来源不明款项"),
    Purpose.OPENING.value: N_("启用日余额"),
    Purpose.REFUND.value: N_("退款"),
    Purpose.SURPLUS.value: N_("结余分配"),
    Purpose.CONTRACT.value: N_("公共收益"),
    Purpose.INTEREST.value: N_("银行利息"),
    Purpose.AGENCY.value: N_("代收代付"),
    Purpose.DEPOSIT.value: N_("押金"),
    Purpose.FORFEIT.value: N_("不退的押金"),
    Purpose.CASH.value: N_("现金盘点差额"),
    Purpose.CORRECTION.value: N_("更正"),
    Purpose.CHARGE.value: N_("银行手续费"),
    Purpose.TRANSFER.value: N_("账户间划转"),
}
# What changes the balance without coming in or going out.
WITHIN = frozenset({Purpose.OPENING.value, Purpose.TRANSFER.value})

_FIRST = {
    "bank": N_("银行存款"),
    "cash": N_("现金"),
    "receivable": N_("应收款"),
    "prepaid": N_("业主预缴"),
    "deposit": N_("押金"),
    "agency": N_("代收代付"),
    "payable": N_("应付款"),
    "unidentified": N_("待查收款"),
    "opening": N_("启用日结余"),
    "surplus": N_("结余分配"),
    "fee": N_("物业费收入"),
    "common": N_("公共收益"),
    "interest": N_("利息收入"),
    "other": N_("其他收入"),
    "expense": N_("支出"),
    "remuneration": N_("物业酬金"),
    "unexplained": N_("来源不明支出"),
    "bank-charges": N_("银行手续费"),
}
_WHOLE = {
    "receivable/unit": N_("业主欠费"),
    "receivable/trustee": N_("物业公司应退还"),
    "prepaid/unit": N_("业主预缴"),
    "payable/remuneration": N_("应付物业酬金"),
}
_USES = {use.value: title for use, title in USES.items()}
_KINDS = {kind.value: title for kind, title in CONTRACT_KINDS.items()}
_EMERGENCY = N_("紧急支出")


@dataclass(frozen=True, slots=True)
class Words:
    """What an account is called: a title of ours, and a name that somebody typed."""

    title: str
    name: str = ""


def words_of(path: str, names: Mapping[str, str]) -> Words:
    """Call an account by plain words; `names` tells what people called the subjects of paths."""
    if path in _WHOLE:
        return Words(_WHOLE[path])
    parts = path.split("/")
    first, last = parts[0], parts[-1]
    if first in {"receivable", "prepaid"} and len(parts) > 2:
        return Words(_WHOLE.get("/".join(parts[:2]), _FIRST[first]), names.get(path, ""))
    if first == "fee" and last in _USES:
        return Words(_FIRST[first], names.get(path, "") or _USES[last])
    if first == "common" and last in _KINDS:
        return Words(_FIRST[first], names.get(path, "") or _KINDS[last])
    if first == "expense" and last == "emergency":
        return Words(_EMERGENCY)
    return Words(_FIRST.get(first, path), names.get(path, ""))


def public_path(path: str) -> str:
    """Cut a household's number off a path, as the public log does."""
    parts = path.split("/")
    return "/".join(parts[:2]) if len(parts) > 2 and parts[1] == "unit" else path
