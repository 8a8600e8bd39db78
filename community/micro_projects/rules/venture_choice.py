"""Who comes before whom in a call, and what of its purse each is given.

The total is the mean of the jury's marks, as printed. A tie is broken by the exact sum, then by
how much the application brings for each yuan it asks, then by asking less, and at last by a lot
whose seed is the jury's own sealed sheets: nobody knows it before the last has signed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from community.kernel.errors import N_
from community.kernel.lots import rank
from community.micro_projects.rules.scores import mean_hundredths


@dataclass(frozen=True, slots=True)
class Scored:
    """An eligible application: what it asks and brings, and each juror's sum in hundredths."""

    application_id: int
    number: int
    asked_fen: int
    matched_fen: int
    marks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """An application's place and total; `is_drawn` where only the lot parted it from another."""

    place: int
    application_id: int
    total: int
    asked_fen: int
    passes: bool
    is_drawn: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """What an application is given, 0 for nothing, and why where that needs saying."""

    application_id: int
    granted_fen: int
    words: str = ""


class Fault(StrEnum):
    """Why a choice cannot stand."""

    UNKNOWN = "unknown"
    TWICE = "twice"
    BELOW = "below"
    TOO_MUCH = "too_much"
    SKIPPED = "skipped"
    REDUCED = "reduced"
    PURSE = "purse"
    NOBODY = "nobody"


FAULT_TITLES = {
    Fault.UNKNOWN: N_("有一份申报不在评审排名里，请刷新页面。"),
    Fault.TWICE: N_("同一份申报只能写一次。"),
    Fault.BELOW: N_("“{title}”没有达到及格分，不能入选。"),
    Fault.TOO_MUCH: N_("给“{title}”的资助超过它的申请。"),
    Fault.SKIPPED: N_("“{title}”排在前面却没有入选，请写明理由，公开显示。"),
    Fault.REDUCED: N_("给“{title}”的资助比申请少，请写明理由，公开显示。"),
    Fault.PURSE: N_("资助加起来超过了资金总额，请减少后再公示。"),
    Fault.NOBODY: N_("至少要有一个项目入选。都不合适时请终止这次征集。"),
}


def seed_of(sheet_hashes: Iterable[str]) -> str:
    """Make the lot's seed: SHA-256 over the sealed sheets' hashes in their order, one a line."""
    lines = "".join(f"{each}\n" for each in sorted(sheet_hashes))
    return hashlib.sha256(lines.encode()).hexdigest()


def rank_applications(
    found: Iterable[Scored], pass_hundredths: int, seed: str
) -> tuple[Standing, ...]:
    """Put eligible applications in order."""
    scored = list(found)
    if not scored:
        return ()
    lines = rank(seed.encode(), [_line(one) for one in scored])
    drawn = {line: place for place, line in enumerate(lines)}
    ordered = sorted(scored, key=lambda one: (*_merit(one), drawn[_line(one)]))
    merits = [_merit(one) for one in ordered]
    return tuple(
        Standing(
            place,
            one.application_id,
            mean_hundredths(one.marks),
            one.asked_fen,
            mean_hundredths(one.marks) >= pass_hundredths,
            merits.count(_merit(one)) > 1,
        )
        for place, one in enumerate(ordered, 1)
    )


def propose(standings: Sequence[Standing], purse_fen: int) -> dict[int, int]:
    """Propose what each is given: all that it asks, going down while the purse bears it."""
    given: dict[int, int] = {}
    left = purse_fen
    for one in standings:
        if not one.passes or one.asked_fen > left:
            break
        given[one.application_id] = one.asked_fen
        left -= one.asked_fen
    return given


def find_fault(
    standings: Sequence[Standing], choices: Sequence[Choice], purse_fen: int
) -> tuple[Fault, int] | None:
    """Find what is wrong with a choice and with which application; None where it can stand.

    Passing somebody over who stands before a chosen one, and giving less than was asked, need a
    word that everybody reads.
    """
    known = {one.application_id: one for one in standings}
    given = {each.application_id: each for each in choices}
    if len(given) != len(choices):
        return Fault.TWICE, 0
    for each in choices:
        if each.application_id not in known:
            return Fault.UNKNOWN, each.application_id
    chosen = {key for key, each in given.items() if each.granted_fen > 0}
    if not chosen:
        return Fault.NOBODY, 0
    fault = _fault_of_one(known, given, chosen)
    if fault is not None:
        return fault
    last = max(known[key].place for key in chosen)
    for one in standings:
        key = one.application_id
        said = given[key].words.strip() if key in given else ""
        if one.passes and one.place < last and key not in chosen and not said:
            return Fault.SKIPPED, key
    if sum(each.granted_fen for each in choices) > purse_fen:
        return Fault.PURSE, 0
    return None


def _fault_of_one(
    known: Mapping[int, Standing], given: Mapping[int, Choice], chosen: Collection[int]
) -> tuple[Fault, int] | None:
    for key in sorted(chosen):
        if not known[key].passes:
            return Fault.BELOW, key
        if given[key].granted_fen > known[key].asked_fen:
            return Fault.TOO_MUCH, key
        if given[key].granted_fen < known[key].asked_fen and not given[key].words.strip():
            return Fault.REDUCED, key
    return None


def _merit(one: Scored) -> tuple[int, int, Fraction, int]:
    brings = Fraction(one.matched_fen, one.asked_fen)
    return (-mean_hundredths(one.marks), -sum(one.marks), -brings, one.asked_fen)


def _line(one: Scored) -> str:
    return f"application {one.number}"
