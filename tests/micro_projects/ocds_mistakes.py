"""Mistakes that a schema lets pass, each one change of a good process; and what is no mistake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from community.micro_projects.open_contracting.canonical import Json, read_json
from community.micro_projects.open_contracting.problems import Wrong
from community.micro_projects.open_contracting.writing import instant
from tests.micro_projects.ocds_scene import BARRED, DEADLINE, OCID, days

Spoil = Callable[[list[Json]], object]


def last(releases: list[Json], part: str) -> Any:
    """Give a part of the last release that tells it."""
    return next(each[part] for each in reversed(releases) if part in each)


def contract(releases: list[Json]) -> Any:
    return last(releases, "contracts")[0]


def done(releases: list[Json]) -> Any:
    return contract(releases)["implementation"]


def bid(releases: list[Json], number: int = 0) -> Any:
    return last(releases, "bids")["details"][number]


def award(releases: list[Json]) -> Any:
    return last(releases, "awards")[0]


def everywhere(releases: list[Json], name: str, value: object) -> list[Json]:
    """Write a field's value wherever the field stands; gives the releases."""

    def walk(part: object) -> None:
        if isinstance(part, dict):
            for key, inner in part.items():
                if key == name:
                    part[key] = value
                walk(inner)
        elif isinstance(part, list):
            for inner in part:
                walk(inner)

    walk(releases)
    return releases


def pay_again(releases: list[Json]) -> None:
    found = done(releases)["transactions"]
    found.append(found[0] | {"id": "p2"})


def award_the_disqualified(releases: list[Json]) -> None:
    award(releases)["relatedBid"] = "b3"
    award(releases)["suppliers"] = [{"id": BARRED.id, "name": BARRED.name}]
    award(releases)["value"]["amount"] = 70_000
    last(releases, "parties").append({"id": BARRED.id, "name": BARRED.name})


def add_award(releases: list[Json], **more: object) -> Json:
    """Let a second award be in force beside the first; gives it."""
    found = last(releases, "awards")
    made: Json = found[0] | {"id": "w2"} | more
    found.append(made)
    return made


def add_contract(releases: list[Json], yuan: int, **more: object) -> Json:
    """Sign a second contract on the same award; gives it."""
    value = {"amount": yuan, "currency": "CNY"}
    made = {"id": "k2", "awardID": "w1", "status": "active", "value": value} | more
    last(releases, "contracts").append(made)
    return made


def take_back_a_score(releases: list[Json]) -> None:
    """Take everything from a score but its id, and leave that where it was."""
    bid(releases)["scores"][0] = dict.fromkeys(bid(releases)["scores"][0]) | {"id": "s1"}


SPOILT: dict[str, tuple[Wrong, Spoil]] = {
    "award on a disqualified bid": (Wrong.AWARD_WITHOUT_VALID_BID, award_the_disqualified),
    "award to another than the bidder": (
        Wrong.AWARD_WITHOUT_VALID_BID,
        lambda told: award(told).update(relatedBid="b2"),
    ),
    "award without a bid": (
        Wrong.AWARD_WITHOUT_VALID_BID,
        lambda told: award(told).pop("relatedBid"),
    ),
    "award on no bid": (Wrong.DANGLING_ID, lambda told: award(told).update(relatedBid="b77")),
    "award before opening": (
        Wrong.AWARD_BEFORE_OPENING,
        lambda told: award(told).update(date=instant(days(9))),
    ),
    "award above its bid": (
        Wrong.AMOUNT,
        lambda told: award(told)["value"].update(amount=88_001),
    ),
    "overpayment": (Wrong.OVERPAID, pay_again),
    "a fen above the contract": (
        Wrong.OVERPAID,
        lambda told: done(told)["transactions"][0]["value"].update(amount=88_001),
    ),
    "payment for an unmet milestone": (
        Wrong.PAID_UNMET,
        lambda told: done(told)["milestones"][0].update(status="scheduled"),
    ),
    "payment before acceptance": (
        Wrong.PAID_UNMET,
        lambda told: done(told)["transactions"][0].update(date=instant(days(39))),
    ),
    "payment for no milestone": (
        Wrong.DANGLING_ID,
        lambda told: done(told)["transactions"][0].update(
            relatedImplementationMilestone={"id": "m9"}
        ),
    ),
    "instalments a fen short": (
        Wrong.INSTALMENTS,
        lambda told: done(told)["milestones"][1]["value"].update(amount=29_330),
    ),
    "contract above its award": (
        Wrong.CONTRACT_ABOVE_AWARD,
        lambda told: contract(told)["value"].update(amount=88_001),
    ),
    "two awards in force": (Wrong.TWO_AWARDS, add_award),
    "two awards for one lot": (
        Wrong.TWO_AWARDS,
        lambda told: (
            award(told).update(relatedLots=["all"]),
            add_award(told, relatedLots=["all", "roof"]),
        ),
    ),
    "two contracts on one award": (
        Wrong.TWO_CONTRACTS,
        lambda told: (
            award(told)["value"].update(amount=90_000),
            add_contract(told, 2_000),
        ),
    ),
    "contracts together above their award": (
        Wrong.CONTRACT_ABOVE_AWARD,
        lambda told: add_contract(told, 1),
    ),
    "ended contracts together above their award": (
        Wrong.CONTRACT_ABOVE_AWARD,
        lambda told: add_contract(told, 1, status="terminated"),
    ),
    "signed before the award": (
        Wrong.SIGNED_BEFORE_AWARD,
        lambda told: contract(told).update(dateSigned=instant(days(11))),
    ),
    "signed on a day before the award": (
        Wrong.SIGNED_BEFORE_AWARD,
        lambda told: contract(told).update(dateSigned="2026-03-13T00:00:00+08:00"),
    ),
    "more tenderers than are listed": (
        Wrong.TENDERER_COUNT,
        lambda told: everywhere(told, "numberOfTenderers", 4),
    ),
    "fewer tenderers than bid": (
        Wrong.TENDERER_COUNT,
        lambda told: (
            [each["tender"].pop("tenderers", 0) for each in told if "tender" in each],
            everywhere(told, "numberOfTenderers", 2),
        ),
    ),
    "a release of another process": (
        Wrong.FOREIGN_OCID,
        lambda told: told[2].update(ocid=f"{OCID}9"),
    ),
    "a score that is an id alone": (Wrong.EMPTIED, take_back_a_score),
    "contract of no award": (
        Wrong.DANGLING_ID,
        lambda told: contract(told).update(awardID="w9"),
    ),
    "contract while the award waits": (
        Wrong.CONTRACT_WITHOUT_AWARD,
        lambda told: award(told).update(status="pending"),
    ),
    "bid at the deadline": (
        Wrong.BID_OUTSIDE_PERIOD,
        lambda told: bid(told).update(date=instant(DEADLINE)),
    ),
    "bid in an early release": (
        Wrong.EARLY_BID,
        lambda told: told[0]["tender"].update(numberOfTenderers=3),
    ),
    "bids never opened": (
        Wrong.EARLY_BID,
        lambda told: [each["tender"].pop("bidOpening", 0) for each in told if "tender" in each],
    ),
    "dangling party": (Wrong.DANGLING_ID, lambda told: told[1]["parties"].pop()),
    "party without its part": (
        Wrong.MISSING_ROLE,
        lambda told: told[4]["parties"][0].update(roles=["buyer", "procuringEntity"]),
    ),
    "unknown key": (Wrong.UNKNOWN_KEY, lambda told: told[0]["tender"].update(titel="x")),
    "unknown key deep": (
        Wrong.UNKNOWN_KEY,
        lambda told: done(told)["milestones"][0]["value"].update(tax=3),
    ),
    "unknown bid status": (Wrong.UNKNOWN_CODE, lambda told: bid(told).update(status="lost")),
    "unknown tag": (Wrong.UNKNOWN_CODE, lambda told: told[0].update(tag=["news"])),
    "another currency": (Wrong.CURRENCY, lambda told: everywhere(told, "currency", "USD")),
    "half a fen": (
        Wrong.AMOUNT,
        lambda told: bid(told, 1)["value"].update(amount=read_json(b"0.005")),
    ),
    "repeated id": (
        Wrong.REPEATED_ID,
        lambda told: done(told)["milestones"].append(done(told)["milestones"][0]),
    ),
    "no id": (Wrong.MISSING_ID, lambda told: bid(told).pop("id")),
    "release twice": (Wrong.REPEATED_ID, lambda told: told.append(told[-1])),
    "out of order": (Wrong.ORDER, lambda told: told.reverse()),
    "two bids of one bidder": (
        Wrong.REPEATED_ID,
        lambda told: last(told, "bids")["details"].append(bid(told) | {"id": "b9"}),
    ),
    "an amendment half missing": (Wrong.MISSING_ID, lambda told: contract(told).pop("id")),
}

# What a process may well have, though our own never does: unknown fields are named, no more.
ALLOWED: dict[str, Spoil] = {
    "awards for lots of their own": lambda told: (
        award(told).update(relatedLots=["roof"]),
        add_award(told, relatedLots=["all"]),
    ),
    "awards for items of their own": lambda told: (
        award(told).update(items=[{"id": "1"}]),
        add_award(told, items=[{"id": "2"}]),
    ),
    "awards under a framework agreement": lambda told: (
        last(told, "tender").update(techniques={"hasFrameworkAgreement": True}),
        add_award(told),
    ),
    "a cancelled award beside the one in force": lambda told: add_award(told, status="cancelled"),
    "a cancelled contract beside the one in force": lambda told: add_contract(
        told, 88_000, status="cancelled"
    ),
    "contracts of an award's two suppliers": lambda told: (
        award(told)["value"].update(amount=90_000),
        award(told)["suppliers"].append({"id": "org-8", "name": "明亮物业服务有限公司"}),
        add_contract(told, 2_000),
    ),
    "what is left of a contract that ended": lambda told: (
        award(told)["value"].update(amount=88_100),
        add_contract(
            told,
            9_000,
            status="terminated",
            implementation={"finalValue": {"amount": 100, "currency": "CNY"}},
        ),
    ),
    "signed on the day of the award": lambda told: contract(told).update(
        dateSigned="2026-03-14T00:00:00+08:00"
    ),
    "a party named by its id alone": lambda told: bid(told)["tenderers"][0].update(name=None),
}
