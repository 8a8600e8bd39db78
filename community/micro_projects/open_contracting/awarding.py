"""What must hold between the awards of one tender, and between the contracts of one award.

The standard lets a tender have several awards, and an award several contracts, where lots, items
or suppliers part them. Where nothing does, one of them should not be there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import combinations

from community.micro_projects.open_contracting.canonical import Json, fen_of
from community.micro_projects.open_contracting.problems import Problem, Wrong
from community.micro_projects.rules.contracts import write_yuan

LIVE = frozenset({"pending", "active", None})


def problems_of_awards(compiled: Json) -> Iterator[Problem]:
    """List what stands twice, what is worth too much together, and what was signed too early."""
    ocid = compiled["ocid"]
    active = [each for each in compiled.get("awards", []) if each.get("status") == "active"]
    if not _is_for_several(compiled.get("tender", {})):
        for first, second in combinations(active, 2):
            if not _are_parted(first, second):
                sentence = f"中标 {first['id']} 和 {second['id']} 同时有效，一次采购只能有一个。"
                yield Problem(Wrong.TWO_AWARDS, ocid, f"/awards/{second['id']}", sentence)
    contracts = compiled.get("contracts", [])
    for award in compiled.get("awards", []):
        yield from _contracts(
            ocid, award, [each for each in contracts if each.get("awardID") == award["id"]]
        )


def _contracts(ocid: str, award: Json, contracts: list[Json]) -> Iterator[Problem]:
    live = [each for each in contracts if each.get("status") in LIVE]
    is_for_several = any(len(award.get(name, [])) > 1 for name in ("suppliers", "relatedLots"))
    for first, second in combinations(live, 2):
        if not is_for_several and not _are_parted(first, second):
            sentence = f"合同 {first['id']} 和 {second['id']} 依据同一个中标 {award['id']}。"
            yield Problem(Wrong.TWO_CONTRACTS, ocid, f"/contracts/{second['id']}", sentence)
    counted = [each for each in contracts if each.get("status") != "cancelled"]
    together, most = sum(map(_worth, counted)), fen_of((award.get("value") or {}).get("amount"))
    if len(counted) > 1 and most is not None and together > most:
        sentence = (
            f"中标 {award['id']} 的 {len(counted)} 份合同合计 {write_yuan(together)} 元，"
            f"高于中标金额 {write_yuan(most)} 元。"
        )
        yield Problem(Wrong.CONTRACT_ABOVE_AWARD, ocid, f"/awards/{award['id']}", sentence)
    for each in counted:
        if _is_before(each.get("dateSigned"), award.get("date")):
            sentence = f"合同 {each['id']} 签于中标 {award['id']} 作出之前。"
            yield Problem(Wrong.SIGNED_BEFORE_AWARD, ocid, f"/contracts/{each['id']}", sentence)


def _is_for_several(tender: Json) -> bool:
    """Tell whether a tender looks for several suppliers from the start, by saying so."""
    techniques = tender.get("techniques") or {}
    return bool(techniques.get("hasFrameworkAgreement"))


def _are_parted(first: Json, second: Json) -> bool:
    """Tell whether two awards, or two contracts, are each for a part of their own."""
    return any(
        bool(one) and bool(other) and not one & other
        for one, other in (
            (_lots(first), _lots(second)),
            (_items(first), _items(second)),
        )
    )


def _lots(holder: Json) -> set[str]:
    named = [*(holder.get("relatedLots") or []), holder.get("relatedLot")]
    return {str(each) for each in named if each is not None}


def _items(holder: Json) -> set[str]:
    return {str(each["id"]) for each in holder.get("items") or []}


def _worth(contract: Json) -> int:
    """Tell a contract's value; one that has ended is worth no more than what was paid at last."""
    value = fen_of((contract.get("value") or {}).get("amount")) or 0
    done = contract.get("implementation") or {}
    final = fen_of((done.get("finalValue") or {}).get("amount"))
    is_over = contract.get("status") == "terminated" and final is not None
    return min(value, final or 0) if is_over else value


def _is_before(signed: object, awarded: object) -> bool:
    """Tell whether a signature came first; one told as a mere day may be of the award's own day."""
    if not isinstance(signed, str) or not isinstance(awarded, str):
        return False
    at, after = datetime.fromisoformat(signed), datetime.fromisoformat(awarded)
    if at.tzinfo is None or after.tzinfo is None or not any((at.hour, at.minute, at.second)):
        return at.date() < (after.astimezone(at.tzinfo) if at.tzinfo else after).date()
    return at < after
