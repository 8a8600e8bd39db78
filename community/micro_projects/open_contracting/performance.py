"""What must hold of a contract: within its award, paid only for met milestones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from community.micro_projects.open_contracting.canonical import Json, fen_of
from community.micro_projects.open_contracting.problems import Problem, Wrong
from community.micro_projects.rules.contracts import write_yuan


def problems_of_contract(compiled: Json, contract: Json, award: Json | None) -> list[Problem]:
    """List what is wrong with a contract and its payments."""
    ocid, place = compiled["ocid"], f"/contracts/{contract['id']}"
    found = [*_under_award(ocid, place, contract, award)]
    done = contract.get("implementation", {})
    milestones = {each["id"]: each for each in done.get("milestones", [])}
    value = _fen(contract) or 0
    shares = sum(_fen(each) or 0 for each in milestones.values())
    # What a broken-off contract left undone is worth nothing any more.
    is_short = shares < value and contract.get("status") == "terminated"
    if milestones and shares != value and not is_short:
        found.append(
            Problem(
                Wrong.INSTALMENTS,
                ocid,
                f"{place}/implementation/milestones",
                f"分期款合计 {write_yuan(shares)} 元，与合同价 {write_yuan(value)} 元不等。",
            )
        )
    buyer = (compiled.get("buyer") or {}).get("id")
    return [*found, *_payments(ocid, place, contract, milestones, buyer)]


def _under_award(ocid: str, place: str, contract: Json, award: Json | None) -> Iterator[Problem]:
    if award is None:
        sentence = f"合同所依据的中标 {contract.get('awardID')} 不存在。"
        yield Problem(Wrong.DANGLING_ID, ocid, place, sentence)
        return
    if contract.get("status") == "active" and award.get("status") != "active":
        sentence = f"合同依据的中标是 {award.get('status')}，还没有生效或者已经取消。"
        yield Problem(Wrong.CONTRACT_WITHOUT_AWARD, ocid, place, sentence)
    value, most = _fen(contract), _fen(award)
    if value is not None and most is not None and value > most:
        sentence = f"合同价 {write_yuan(value)} 元高于中标金额 {write_yuan(most)} 元。"
        yield Problem(Wrong.CONTRACT_ABOVE_AWARD, ocid, place, sentence)


def _payments(
    ocid: str, place: str, contract: Json, milestones: dict[Any, Json], buyer: Any
) -> Iterator[Problem]:
    paid: Counter[Any] = Counter()
    returned = 0
    for each in contract.get("implementation", {}).get("transactions", []):
        here = f"{place}/implementation/transactions/{each['id']}"
        if is_refund(each, buyer):
            returned += _fen(each) or 0
            continue
        named = each.get("relatedImplementationMilestone", {}).get("id")
        milestone = milestones.get(named)
        paid[named] += _fen(each) or 0
        if milestone is None:
            sentence = f"付款所依据的里程碑 {named} 不存在。"
            yield Problem(Wrong.DANGLING_ID, ocid, here, sentence)
        elif milestone.get("status") != "met" or _is_before(each, milestone):
            sentence = f"里程碑 {named} 还没有验收就付了款。"
            yield Problem(Wrong.PAID_UNMET, ocid, here, sentence)
        elif paid[named] > (_fen(milestone) or 0):
            sentence = f"里程碑 {named} 付的款多于它的分期款。"
            yield Problem(Wrong.OVERPAID, ocid, here, sentence)
    if returned > paid.total():
        sentence = f"退回 {write_yuan(returned)} 元，多于付过的 {write_yuan(paid.total())} 元。"
        yield Problem(Wrong.OVERPAID, ocid, place, sentence)
    value = _fen(contract) or 0
    if paid.total() > value:
        sentence = f"一共付了 {write_yuan(paid.total())} 元，超过合同价 {write_yuan(value)} 元。"
        yield Problem(Wrong.OVERPAID, ocid, place, sentence)


def is_refund(transaction: Json, buyer: Any) -> bool:
    """Tell whether money went back to the buyer."""
    return buyer is not None and (transaction.get("payee") or {}).get("id") == buyer


def _is_before(payment: Json, milestone: Json) -> bool:
    paid, met = payment.get("date"), milestone.get("dateMet")
    if not isinstance(paid, str) or not isinstance(met, str):
        return True
    return datetime.fromisoformat(paid) < datetime.fromisoformat(met)


def _fen(holder: Json) -> int | None:
    return fen_of((holder.get("value") or {}).get("amount"))
