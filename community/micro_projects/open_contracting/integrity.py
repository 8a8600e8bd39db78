"""What must hold between the parts of a process, which no schema can say.

`problems_of_process` reads the releases of one process; `problems_between` looks across them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from community.micro_projects.open_contracting.awarding import problems_of_awards
from community.micro_projects.open_contracting.canonical import Json, fen_of
from community.micro_projects.open_contracting.changes import LISTED_REFERENCES
from community.micro_projects.open_contracting.form import problems_of_form
from community.micro_projects.open_contracting.merging import compile_release
from community.micro_projects.open_contracting.performance import problems_of_contract
from community.micro_projects.open_contracting.problems import Problem, Wrong

Found = Iterator[Problem]


def problems_of_process(releases: Sequence[Json]) -> list[Problem]:
    """List what is wrong with one process, given its releases in the order they were published."""
    found = [problem for each in releases for problem in problems_of_form(each)]
    found += [*_foreign(releases), *_order(releases)]
    for each in releases:
        found += _silence(each)
    if any(each.kind is Wrong.MISSING_ID for each in found):
        return found
    try:
        compiled = compile_release(releases)
        found += [*problems_of_state(compiled), *_emptied(releases, compiled)]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        ocid = str(releases[0].get("ocid", ""))
        found.append(Problem(Wrong.UNREADABLE, ocid, "", f"内容残缺，无法核对：{error!r}。"))
    return list(dict.fromkeys(found))


def problems_of_state(compiled: Json) -> list[Problem]:
    """List what is wrong with the present state of a process."""
    found = [*problems_of_form(compiled), *_roles(compiled), *_bids(compiled)]
    found += [*_tenderers(compiled), *problems_of_awards(compiled)]
    awards = {each["id"]: each for each in compiled.get("awards", [])}
    for award in awards.values():
        found += _award(compiled, award)
    for contract in compiled.get("contracts", []):
        found += problems_of_contract(compiled, contract, awards.get(contract.get("awardID")))
    return found


def problems_between(compiled: Mapping[str, Json]) -> list[Problem]:
    """List references from one process to another that lead nowhere."""
    return [
        Problem(
            Wrong.DANGLING_ID,
            ocid,
            f"{place}/relatedProcesses/{number}",
            f"相关过程 {each.get('identifier')} 不在这批数据里。",
        )
        for ocid, state in compiled.items()
        for place, holder in (
            ("", state),
            *((f"/contracts/{each.get('id')}", each) for each in state.get("contracts", [])),
        )
        for number, each in enumerate(holder.get("relatedProcesses", []))
        if each.get("identifier") not in compiled
    ]


def instant_of(value: Any) -> datetime | None:
    """Read an instant, or None where there is none."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else None


def _foreign(releases: Sequence[Json]) -> Found:
    """Refuse a release of another process among those of one."""
    ocid = str(releases[0].get("ocid", ""))
    for number, release in enumerate(releases):
        named = str(release.get("ocid", ""))
        if named != ocid:
            sentence = f"发布 {release.get('id')} 属于另一个采购过程 {named}。"
            yield Problem(Wrong.FOREIGN_OCID, ocid, f"/releases/{number}", sentence)


def _emptied(releases: Sequence[Json], compiled: Json) -> Found:
    """Name what is left with nothing but its id after all else about it was taken back."""
    taken = {place for each in releases for place, nulls in _hollow(each, "") if nulls}
    for place in dict.fromkeys(place for place, _ in _hollow(compiled, "")):
        if place in taken:
            sentence = "除了编号，内容都撤回了；只剩编号的一项不该留着。"
            yield Problem(Wrong.EMPTIED, compiled["ocid"], place, sentence)


def _hollow(value: Any, place: str) -> Iterator[tuple[str, bool]]:
    """Give each listed thing that says nothing beside its id, and whether it says so by nulls."""
    if isinstance(value, dict):
        for name, inner in value.items():
            # Naming an organization by its id alone is enough.
            if name not in LISTED_REFERENCES:
                yield from _hollow(inner, f"{place}/{name}")
    elif isinstance(value, list):
        for each in value:
            if isinstance(each, dict) and "id" in each:
                here = f"{place}/{each['id']}"
                more = [inner for name, inner in each.items() if name != "id"]
                if all(_says_nothing(inner) for inner in more):
                    yield here, bool(more)
                else:
                    yield from _hollow(each, here)


def _says_nothing(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_says_nothing(each) for each in value.values())
    return value is None or value == []


def _order(releases: Sequence[Json]) -> Found:
    seen: set[Any] = set()
    latest: datetime | None = None
    for number, release in enumerate(releases):
        ocid = str(release.get("ocid", ""))
        place = f"/releases/{number}"
        if release.get("id") in seen:
            yield Problem(
                Wrong.REPEATED_ID, ocid, place, f"发布编号 {release.get('id')} 出现了两次。"
            )
        seen.add(release.get("id"))
        at = instant_of(release.get("date"))
        if at is None or (latest is not None and at <= latest):
            yield Problem(Wrong.ORDER, ocid, place, "发布的时间应一次比一次晚。")
        latest = at or latest


def _silence(release: Json) -> Found:
    """Refuse what tells of bids in a release of before the end of bidding."""
    tender = release.get("tender") or {}
    ends = instant_of((tender.get("tenderPeriod") or {}).get("endDate"))
    at = instant_of(release.get("date"))
    told = release.get("bids") or tender.get("tenderers") or tender.get("numberOfTenderers")
    if told and ends and at and at < ends:
        yield Problem(
            Wrong.EARLY_BID, str(release.get("ocid", "")), "/bids", "开标以前的发布里有投标。"
        )


def _roles(compiled: Json) -> Found:
    roles = {each["id"]: each.get("roles") or [] for each in compiled.get("parties", [])}
    for role, place, ids in _parts(compiled):
        for each in ids:
            if each in roles and role not in roles[each]:
                yield Problem(
                    Wrong.MISSING_ROLE,
                    compiled["ocid"],
                    place,
                    f"参与方 {each} 没有写明 {role} 的身份。",
                )


def _parts(compiled: Json) -> Iterator[tuple[str, str, list[str]]]:
    tender = compiled.get("tender", {})
    yield "buyer", "/buyer", _ids(compiled.get("buyer"))
    yield "procuringEntity", "/tender/procuringEntity", _ids(tender.get("procuringEntity"))
    yield "tenderer", "/tender/tenderers", _ids(tender.get("tenderers"))
    for number, bid in enumerate(compiled.get("bids", {}).get("details", [])):
        yield "tenderer", f"/bids/details/{number}", _ids(bid.get("tenderers"))
    for number, award in enumerate(compiled.get("awards", [])):
        yield "supplier", f"/awards/{number}", _ids(award.get("suppliers"))
    for number, contract in enumerate(compiled.get("contracts", [])):
        for each in contract.get("implementation", {}).get("transactions", []):
            place = f"/contracts/{number}/implementation/transactions"
            yield "payer", place, _ids(each.get("payer"))
            yield "payee", place, _ids(each.get("payee"))


def _ids(named: Any) -> list[str]:
    if isinstance(named, list):
        return [each["id"] for each in named]
    return [named["id"]] if named else []


def _bids(compiled: Json) -> Found:
    bids = compiled.get("bids", {}).get("details", [])
    tender, ocid = compiled.get("tender", {}), compiled["ocid"]
    opened = instant_of(tender.get("bidOpening", {}).get("date"))
    period = tender.get("tenderPeriod", {})
    starts, ends = instant_of(period.get("startDate")), instant_of(period.get("endDate"))
    if bids and (opened is None or (ends is not None and opened < ends)):
        yield Problem(Wrong.EARLY_BID, ocid, "/bids", "没有在截止之后开标，却公布了投标。")
    bidders: set[str] = set()
    for number, bid in enumerate(bids):
        at, place = instant_of(bid.get("date")), f"/bids/details/{number}"
        named = set(_ids(bid.get("tenderers")))
        for each in sorted(named & bidders):
            yield Problem(Wrong.REPEATED_ID, ocid, place, f"单位 {each} 在一次采购里投了两次标。")
        bidders |= named
        if at is None or (starts and at < starts) or (ends and at >= ends):
            yield Problem(
                Wrong.BID_OUTSIDE_PERIOD,
                ocid,
                place,
                f"投标 {bid['id']} 不在投标期内：到截止的那一刻就算晚了。",
            )


def _tenderers(compiled: Json) -> Found:
    """Compare the number of those who bid with those who are listed."""
    tender = compiled.get("tender", {})
    told, listed = tender.get("numberOfTenderers"), set(_ids(tender.get("tenderers")))
    if told is None:
        return
    ocid, place = compiled["ocid"], "/tender/numberOfTenderers"
    if listed and told != len(listed):
        sentence = f"写明有 {told} 家投标，名单里却有 {len(listed)} 家。"
        yield Problem(Wrong.TENDERER_COUNT, ocid, place, sentence)
    bids = compiled.get("bids", {}).get("details", [])
    # Whoever was only invited did not bid; whoever withdrew may be counted or not.
    most = _bidders(bid for bid in bids if bid.get("status") != "invited")
    least = _bidders(bid for bid in bids if bid.get("status") not in {"invited", "withdrawn"})
    if most and not len(least) <= told <= len(most):
        sentence = f"写明有 {told} 家投标，公布的投标却来自 {len(most)} 家。"
        yield Problem(Wrong.TENDERER_COUNT, ocid, place, sentence)


def _bidders(bids: Iterable[Json]) -> set[str]:
    return {party for each in bids for party in _ids(each.get("tenderers"))}


def _award(compiled: Json, award: Json) -> Found:
    ocid, place = compiled["ocid"], f"/awards/{award['id']}"
    tender = compiled.get("tender", {})
    bids = {each["id"]: each for each in compiled.get("bids", {}).get("details", [])}
    opened = instant_of(tender.get("bidOpening", {}).get("date"))
    named = award.get("relatedBid")
    if named is None:
        if tender.get("procurementMethod") != "direct" and award.get("status") != "unsuccessful":
            yield Problem(
                Wrong.AWARD_WITHOUT_VALID_BID, ocid, place, f"中标 {award['id']} 没有写明投标。"
            )
        return
    bid = bids.get(named)
    if bid is None:
        yield Problem(Wrong.DANGLING_ID, ocid, place, f"中标所依据的投标 {named} 不存在。")
        return
    if award.get("status") in {"pending", "active"} and bid.get("status") != "valid":
        yield Problem(
            Wrong.AWARD_WITHOUT_VALID_BID,
            ocid,
            place,
            f"中标给了投标 {named}，它的状态是 {bid.get('status')}，不是有效投标。",
        )
    if _ids(award.get("suppliers")) != _ids(bid.get("tenderers")):
        yield Problem(
            Wrong.AWARD_WITHOUT_VALID_BID, ocid, place, "中标的单位不是递交这份投标的单位。"
        )
    decided = instant_of(award.get("date"))
    if decided and (opened is None or decided < opened):
        yield Problem(Wrong.AWARD_BEFORE_OPENING, ocid, place, "中标早于开标。")
    price, amount = (fen_of(each.get("value", {}).get("amount")) for each in (bid, award))
    if price is not None and amount is not None and amount > price:
        yield Problem(Wrong.AMOUNT, ocid, place, "中标金额高于投标的报价。")
