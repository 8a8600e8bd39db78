"""What a text is made of: the matters it speaks of, and its characters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import isqrt
from typing import TypeAlias

from community.kernel.similar.lexicon import FULL, the_lexicon
from community.kernel.similar.plain import GRAMMAR, runs_of

# A matter or a field by its number, characters by themselves.
Mark: TypeAlias = int | str
# Of a long text the matters that count; the rest is by the way.
MOST_MATTERS = 16
# What characters weigh: content alone, content beside grammar, grammar alone, a single of grammar.
PAIR, HALF_PAIR, GRAMMAR_PAIR = 64, 45, 19
SINGLE, GRAMMAR_SINGLE = 64, 16
STRONGEST = 1_023


@dataclass(frozen=True, slots=True)
class Features:
    """How strongly a text speaks of each matter and field, its characters, and the norms of both.

    Strengths run from 1 to 1,023.
    """

    matters: Mapping[Mark, int]
    grams: Mapping[Mark, int]
    matter_norm: int
    gram_norm: int


def take_apart(text: str) -> Features:
    """Take a text apart."""
    sums: Counter[int] = Counter()
    grams: dict[Mark, int] = {}
    for run in runs_of(text):
        _count_matters(run, sums)
        for each in run:
            grams[each] = GRAMMAR_SINGLE if each in GRAMMAR else SINGLE
        for a, b in pairwise(run):
            idle = (a in GRAMMAR) + (b in GRAMMAR)
            grams[a + b] = (PAIR, HALF_PAIR, GRAMMAR_PAIR)[idle]
    chosen = sorted(sums.items(), key=lambda each: (-each[1], each[0]))[:MOST_MATTERS]
    matters: dict[Mark, int] = {
        matter: min(isqrt(much * FULL), STRONGEST) for matter, much in chosen
    }
    squares: Counter[int] = Counter()
    fields = the_lexicon().fields
    for matter, _ in chosen:
        if matter in fields:
            squares[fields[matter]] += matters[matter] ** 2
    matters |= {field: min(isqrt(square), STRONGEST) for field, square in squares.items()}
    return Features(matters, grams, _norm(matters), _norm(grams))


def with_related(features: Features) -> Features:
    """Add what is related to the matters of a text."""
    related = the_lexicon().related
    matters = dict(features.matters)
    for matter, much in features.matters.items():
        for other, share in related.get(matter, ()):
            matters[other] = matters.get(other, 0) + much * share // 100
    return Features(matters, features.grams, _norm(matters), features.gram_norm)


def _count_matters(run: str, sums: Counter[int]) -> None:
    lexicon = the_lexicon()
    covered: set[int] = set()
    for place, word in lexicon.words_in(run):
        covered.update(range(place, place + len(word)))
        for matter, weight in lexicon.words[word]:
            sums[matter] += weight
    for place, (a, b) in enumerate(pairwise(run)):
        if place not in covered or place + 1 not in covered:
            for matter, weight in lexicon.pairs.get(a + b, ()):
                sums[matter] += weight


def _norm(strengths: Mapping[Mark, int]) -> int:
    return isqrt(sum(each * each for each in strengths.values())) or 1
