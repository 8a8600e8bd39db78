"""Re-adding the books: a sound month holds, and each broken promise is named with its record."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from community.transparency.rules.audit.approvals import shanghai_day
from community.transparency.rules.audit.figures import period_days
from community.transparency.rules.audit.findings import Findings
from community.transparency.rules.audit.packs import RecordReader
from community.transparency.rules.audit.sources import Source
from tests.transparency import written
from tests.transparency.invented_books import (
    BANK,
    DAY,
    FEES,
    LIFT,
    NOON,
    RECEIVABLE,
    fund_records,
)

pytestmark = pytest.mark.once

Fields = dict[str, Any]
Change = Callable[[list[Fields]], None]


def go_on(records: list[bytes]) -> list[bytes]:
    """Add records that mean nothing to the books, as in a log that has gone on."""
    return [*records, *(written.record("trust.note", note=number) for number in range(20))]


def audit(records: list[bytes]) -> Findings:
    findings = Findings()
    files = written.log_files(records)
    reader = RecordReader(findings, Source(frozenset(files), files.__getitem__))
    for index, content in enumerate(go_on(records)):
        reader.take(index, content)
    reader.check_end()
    return findings


def change(change_them: Change) -> list[bytes]:
    records = [json.loads(one) for one in fund_records()]
    change_them(records)
    return [json.dumps(one).encode() for one in records]


def of_kind(records: list[Fields], kind: str, place: int = 0) -> Fields:
    return [one for one in records if one["kind"] == kind][place]


def of_act(records: list[Fields], act: str) -> Fields:
    return next(one for one in records if one.get("act") == act)


def test_a_sound_month_holds() -> None:
    findings = audit(fund_records())
    assert findings.broken == []


def put(kind: str, place: int, **fields: Any) -> Change:
    return lambda records: of_kind(records, kind, place).update(fields)


def act(kind: str, **fields: Any) -> Change:
    return lambda records: of_act(records, kind).update(fields)


def drop(kind: str, place: int = 0) -> Change:
    return lambda records: records.remove(of_kind(records, kind, place))


def twice(kind: str, place: int = 0) -> Change:
    def change_them(records: list[Fields]) -> None:
        one = of_kind(records, kind, place)
        records.insert(records.index(one) + 1, dict(one))

    return change_them


def settle_late(records: list[Fields]) -> None:
    of_act(records, "settle")["recorded_at"] = NOON + 31 * DAY


def reverse_twice(records: list[Fields]) -> None:
    first = of_act(records, "reverse")
    records.insert(records.index(first) + 1, {**first, "transaction": 999})


def resolve_twice(records: list[Fields]) -> None:
    settle = of_act(records, "settle")
    again = {**settle, "act": "release", "transaction": 999, "lines": [], "detail": "x"}
    records.insert(records.index(settle) + 1, again)


def enter_closed_period(records: list[Fields]) -> None:
    late = {**of_act(records, "post"), "transaction": 999}
    records.append(late)


def change_policy_alone(records: list[Fields]) -> None:
    changed = {"policy": 2, "above": 10**9, "at": NOON + DAY}
    records.append({**of_kind(records, "ledger.policy"), **changed})


def second_key_of_one_person(records: list[Fields]) -> None:
    of_kind(records, "ledger.policy")["keys"] = 2
    first = of_kind(records, "ledger.approval")
    records.insert(records.index(first) + 1, dict(first))


def withdraw_first(records: list[Fields]) -> None:
    approval = of_kind(records, "ledger.approval")
    withdrawal = written_fields("ledger.withdrawal", book=3, proposal=1)
    records.insert(records.index(approval), withdrawal)


def ask_two_above(records: list[Fields]) -> None:
    first = of_kind(records, "ledger.policy")
    tier = {**first, "policy": 2, "first": 1, "above": 500_000, "keys": 2}
    records.insert(records.index(first) + 1, tier)


BROKEN: dict[str, tuple[Change, str]] = {
    "a line that does not balance": (
        act("post", lines=[[BANK, 5, 0], [FEES, -4, 0]]),
        "do not add up to zero",
    ),
    "an account of no book": (act("post", lines=[[99, 5, 0], [FEES, -5, 0]]), "no or another"),
    "a transaction twice": (twice("ledger.transaction"), "it appears twice"),
    "an account twice": (twice("ledger.account"), "opened twice"),
    "a ceiling passed": (put("ledger.account", 3, ceiling=859_999), "breaks its limit 859999"),
    "a floor passed": (put("ledger.account", 0, floor=200_000), "breaks its limit 200000"),
    "limits set below what is there": (
        lambda records: records.append(
            written_fields("ledger.limits", book=3, account=LIFT, floor=None, ceiling=1)
        ),
        "breaks its limit 1",
    ),
    "a hold that posts": (
        act("hold", lines=[[LIFT, 1, 860_000], [BANK, -1, -860_000]]),
        "a hold must not post",
    ),
    "a settlement beyond its hold": (
        act("settle", lines=[[LIFT, 870_000, -860_000], [BANK, -870_000, 860_000]]),
        "goes beyond hold",
    ),
    "a settlement that frees too little": (
        act("settle", lines=[[LIFT, 860_000, -1], [BANK, -860_000, 1]]),
        "does not free hold",
    ),
    "a settlement of an expired hold": (settle_late, "had expired"),
    "a hold resolved twice": (resolve_twice, "was resolved before"),
    "a settlement of no hold": (act("settle", resolves=7), "hold 7 is not in the log"),
    "a reversal twice": (reverse_twice, "was reversed before"),
    "a reversal that is no mirror": (
        act("reverse", lines=[[RECEIVABLE, -1, 0], [FEES, 1, 0]]),
        "does not mirror",
    ),
    "a reversal dated before": (act("reverse", effective_on="2026-09-20"), "precedes"),
    "an entry in a closed period": (enter_closed_period, "enters the period closed 2026-09-30"),
    "a balance at close": (
        put(
            "ledger.period",
            1,
            balances=[[BANK, 1], [RECEIVABLE, 200_000], [FEES, -1], [LIFT, 860_000]],
        ),
        "published balance 1, re-added 140000",
    ),
    "a balance left out at close": (put("ledger.period", 1, balances=[]), "no balance published"),
    "a payment without approval": (act("settle", proposal=None), "lacks the approval"),
    "an approval never told": (drop("ledger.carried_out"), "no record of its approval"),
    "an approval of something else": (
        put("ledger.proposal", 0, purpose="trust.refund"),
        "not what proposal 1 asked for",
    ),
    "an approval on another content": (
        put("ledger.approval", 0, content_hash="cd"),
        "approves another content",
    ),
    "an approval by the author": (put("ledger.approval", 0, person="p1"), "the author approved"),
    "an approval of another role": (
        put("ledger.approval", 0, role="resident"),
        "needed 1 keys and has 0",
    ),
    "two keys of one person": (second_key_of_one_person, "one person approved it twice"),
    "an approval of a withdrawn proposal": (withdraw_first, "is unknown, closed"),
    "a tier that asks for more keys": (ask_two_above, "needed 2 keys and has 1"),
    "a policy changed by nobody": (change_policy_alone, "without an approval"),
    "a receipt's number left out": (put("trust.receipt", 0, number=3), "number is missing"),
    "a receipt's number twice": (twice("trust.receipt"), "was used twice"),
    "a receipt of no payment": (put("trust.receipt", 0, transaction=5), "not in the log"),
    "a statement that does not follow on": (
        put("trust.statement", 1, opening=1),
        "opens with 1, the one before closed with 0",
    ),
    "a voucher exchanged": (
        lambda records: records.append({**of_kind(records, "ledger.voucher"), "sha256": "0" * 64}),
        "content was exchanged",
    ),
    "a figure": (
        put("trust.report", 0, figures={"3 closing bank": 140_001}),
        "published 140001, recomputed 140000",
    ),
    "a figure of no meaning": (put("trust.report", 0, figures={"3 sum x": 1}), "cannot be"),
    "a figure that is no whole number": (
        put("trust.report", 0, figures={"3 closing bank": "140000"}),
        "recomputed 140000",
    ),
    "a record of another community": (put("trust.statement", 0, community=2), "another community"),
    "a record without its fields": (put("ledger.account", 0, path=None, type=None), "known type"),
}


def written_fields(kind: str, **fields: Any) -> Fields:
    found: Fields = json.loads(written.record(kind, **fields))
    return found


@pytest.mark.parametrize("name", BROKEN)
def test_broken_promise_is_named(name: str) -> None:
    change_them, expected = BROKEN[name]
    findings = audit(change(change_them))
    assert any(expected in one.english for one in findings.broken), findings.broken


def test_what_moves_between_residents_of_one_kind_leaves_no_line() -> None:
    def move(records: list[Fields]) -> None:
        first = of_act(records, "post")
        moved = {**first, "transaction": 999, "lines": [], "detail": "0" * 64}
        records.insert(records.index(first) + 1, moved)

    assert audit(change(move)).broken == []


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"kind":1}', b'"x"'])
def test_a_record_that_cannot_be_read_is_named(content: bytes) -> None:
    [found] = audit([*fund_records(), content]).broken
    assert found.item == f"entry {len(fund_records())}"


@pytest.mark.parametrize(
    ("period", "days"),
    [
        ("2026", ("2026-01-01", "2026-12-31")),
        ("2026-Q4", ("2026-10-01", "2026-12-31")),
        ("2028-02", ("2028-02-01", "2028-02-29")),
        ("2026-11-01/2026-11-15", ("2026-11-01", "2026-11-15")),
    ],
)
def test_a_period_names_its_days(period: str, days: tuple[str, str]) -> None:
    assert period_days(period) == days


@pytest.mark.parametrize(
    "period", ["", "x", "2026-13", "2026-Q5", "2026-Q0", "2026-11-02/2026-11-01"]
)
def test_what_is_no_period_is_refused(period: str) -> None:
    with pytest.raises(ValueError, match="is no period"):
        period_days(period)


@pytest.mark.parametrize(
    ("micros", "day"),
    [
        (0, "1970-01-01"),
        (57_599_999_999, "1970-01-01"),
        (57_600_000_000, "1970-01-02"),
        (1_709_135_999_999_999, "2024-02-28"),
        (1_709_136_000_000_000, "2024-02-29"),
        (NOON, "2026-09-21"),
    ],
)
def test_an_instant_falls_on_its_shanghai_day(micros: int, day: str) -> None:
    assert shanghai_day(micros) == day
