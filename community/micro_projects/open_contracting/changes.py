"""What a release says: the parts of a process that differ from what was published before."""

from __future__ import annotations

from copy import deepcopy

from community.micro_projects.open_contracting.canonical import Json
from community.micro_projects.open_contracting.merging import is_list_of_objects, merge_into

# Their elements stand for themselves: one that did not change is not said again.
LISTS = ("awards", "contracts", "relatedProcesses")
SECTIONS = ("planning", "tender")
ALWAYS = ("initiationType", "language", "title", "description", "buyer")


def changed_parts(before: Json, now: Json) -> Json:
    """Tell the parts to publish so that `before`, merged with them, is `now`; {} when none.

    A section or an element that changed is said whole, so that a release can be read alone; a
    field that vanished is null. Every party named in the release is among its parties.
    """
    parts: Json = {}
    for name in SECTIONS:
        if name in now:
            told = with_nulls(before.get(name, {}), now[name])
            if name not in before or _is_news(before[name], told):
                parts[name] = told
    for name in LISTS:
        if found := _changed_elements(before.get(name, []), now.get(name, [])):
            parts[name] = found
    if bids := _changed_bids(before.get("bids", {}), now.get("bids", {})):
        parts["bids"] = bids
    parties = _changed_elements(before.get("parties", []), now["parties"])
    if not parts and not parties:
        return {}
    for name in ALWAYS:
        if name in now:
            parts[name] = now[name]
    wanted = named_parties(parts) | {each["id"] for each in parties}
    earlier = {each["id"]: each for each in before.get("parties", [])}
    parts["parties"] = [
        with_nulls(earlier.get(each["id"], {}), each)
        for each in now["parties"]
        if each["id"] in wanted
    ]
    return parts


def with_nulls(before: Json, now: Json) -> Json:
    """Add null for each field of `before` that `now` lacks, at every depth.

    An object loses its fields; the elements of a list stay, for the standard knows no way to take
    back one that was published. A list that is told whole, as scores are, keeps only what it says.
    """
    told: Json = {}
    for name, earlier in before.items():
        if name in now or is_list_of_objects(name, earlier):
            continue
        told[name] = with_nulls(earlier, {}) if isinstance(earlier, dict) else None
    for name, value in now.items():
        earlier = before.get(name)
        if isinstance(value, dict) and isinstance(earlier, dict):
            told[name] = with_nulls(earlier, value)
        elif is_list_of_objects(name, value) and is_list_of_objects(name, earlier):
            places = {each.get("id"): each for each in earlier or []}
            told[name] = [with_nulls(places.get(each.get("id"), {}), each) for each in value]
        else:
            told[name] = value
    return told


def named_parties(value: object) -> set[str]:
    """List the ids of the organizations a release refers to, wherever they stand."""
    found: set[str] = set()
    if isinstance(value, list):
        return found.union(*(named_parties(each) for each in value))
    if not isinstance(value, dict):
        return found
    for name, inner in value.items():
        if name in SINGLE_REFERENCES and isinstance(inner, dict):
            found.add(str(inner.get("id", "")))
        elif name in LISTED_REFERENCES and isinstance(inner, list):
            found |= {str(each.get("id", "")) for each in inner if isinstance(each, dict)}
        else:
            found |= named_parties(inner)
    return found


SINGLE_REFERENCES = frozenset({"buyer", "procuringEntity", "payer", "payee", "author"})
LISTED_REFERENCES = frozenset({"tenderers", "suppliers", "signatories"})


def tags_of(before: Json, parts: Json) -> list[str]:
    """Name the kinds of a release by what its parts add or change.

    Source: OCDS 1.1, releaseTag.csv.
    """
    tags = []
    if "planning" in parts:
        tags.append("planningUpdate" if "planning" in before else "planning")
    if "tender" in parts or "bids" in parts:
        tags.append(_tender_tag(before.get("tender"), parts.get("tender", {})))
    earlier = {each["id"]: each for each in before.get("awards", [])}
    tags += [_award_tag(earlier.get(each["id"]), each) for each in parts.get("awards", [])]
    earlier = {each["id"]: each for each in before.get("contracts", [])}
    for each in parts.get("contracts", []):
        tags += _contract_tags(earlier.get(each["id"]), each)
    return sorted(set(tags), key=TAG_ORDER.index) or ["tenderUpdate"]


TAG_ORDER = (
    "planning",
    "planningUpdate",
    "tender",
    "tenderAmendment",
    "tenderUpdate",
    "tenderCancellation",
    "award",
    "awardUpdate",
    "awardCancellation",
    "contract",
    "contractUpdate",
    "contractAmendment",
    "implementation",
    "implementationUpdate",
    "contractTermination",
)


def _tender_tag(before: Json | None, now: Json) -> str:
    if before is None:
        return "tender"
    status = now.get("status", before.get("status"))
    if status in {"cancelled", "withdrawn"} and before.get("status") != status:
        return "tenderCancellation"
    if len(now.get("amendments", ())) > len(before.get("amendments", ())):
        return "tenderAmendment"
    return "tenderUpdate"


def _award_tag(before: Json | None, now: Json) -> str:
    if before is None:
        return "award"
    is_ended = now.get("status") == "cancelled" and before.get("status") != "cancelled"
    return "awardCancellation" if is_ended else "awardUpdate"


def _contract_tags(before: Json | None, now: Json) -> list[str]:
    tags = []
    if before is None:
        tags.append("contract")
    elif now.get("status") == "terminated" != before.get("status"):
        tags.append("contractTermination")
    elif len(now.get("amendments", ())) > len(before.get("amendments", ())):
        tags.append("contractAmendment")
    told, earlier = now.get("implementation"), (before or {}).get("implementation")
    if told and told != earlier:
        tags.append("implementationUpdate" if earlier else "implementation")
    return tags or ["contractUpdate"]


def _changed_elements(before: list[Json], now: list[Json]) -> list[Json]:
    earlier = {each["id"]: each for each in before}
    told = [with_nulls(earlier.get(each["id"], {}), each) for each in now]
    return [
        each for each in told if each["id"] not in earlier or _is_news(earlier[each["id"]], each)
    ]


def _is_news(before: Json, change: Json) -> bool:
    """Tell whether merging a change makes any difference."""
    merged = deepcopy(before)
    merge_into(merged, change)
    return merged != before


def _changed_bids(before: Json, now: Json) -> Json:
    return {
        name: found
        for name in ("statistics", "details")
        if (found := _changed_elements(before.get(name, []), now.get(name, [])))
    }
