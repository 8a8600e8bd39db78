"""The words of community life by the matters they belong to, read from the lists in `matters`.

A list's line names a matter and its words; one that begins with a space goes on; a wave marks a
matter that tells little; the lines under `# name` are of one field, those above any of none. A word
may be of several matters. The lists were written for this search alone, from no dictionary.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from math import isqrt

from community.kernel.similar.plain import runs_of

# A word tells this much in all: of each of n matters the nth part.
FULL = 64
# What two characters tell that no word covers, at most.
GUESS = 19
# Matters with many words in common are related: a text on one may be meant by one on the other.
MOST_RELATED = 4
RELATED_FROM = 2
RELATION = 150


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What words, and pairs of characters of words, tell of which matters.

    `words`, `pairs`: matter and weight in 64ths; `related`: matter and weight in hundredths;
    `fields`: the number of a matter's field, after those of the matters; `lengths`: how long the
    words with a first character are, the longest first.
    """

    words: Mapping[str, tuple[tuple[int, int], ...]]
    pairs: Mapping[str, tuple[tuple[int, int], ...]]
    related: Mapping[int | str, tuple[tuple[int, int], ...]]
    fields: Mapping[int, int]
    weak: frozenset[int]
    lengths: Mapping[str, tuple[int, ...]]

    def words_in(self, run: str) -> Iterator[tuple[int, str]]:
        """Walk along a run of characters by the longest known word at each place."""
        place = 0
        while place < len(run):
            for length in self.lengths.get(run[place], ()):
                word = run[place : place + length]
                if word in self.words:
                    yield place, word
                    place += len(word)
                    break
            else:
                place += 1


@cache
def the_lexicon() -> Lexicon:
    """Read the lists, once."""
    matters: dict[str, set[int]] = {}
    weak: set[int] = set()
    field_of: dict[int, str] = {}
    listed = tuple(_read_matters())
    for matter, (field, is_weak, words) in enumerate(listed):
        if field:
            field_of[matter] = field
        if is_weak:
            weak.add(matter)
        for word in words:
            runs = runs_of(word)
            if len(runs) == 1 and (len(runs[0]) > 1 or len(word) == 1):
                matters.setdefault(runs[0], set()).add(matter)
    fields = {name: len(listed) + at for at, name in enumerate(sorted({*field_of.values()}))}
    return Lexicon(
        words={word: tuple(_weigh(word, of, weak)) for word, of in matters.items()},
        pairs=_pairs_of(matters, weak),
        related=_related(matters),
        fields={matter: fields[name] for matter, name in field_of.items()},
        weak=frozenset(weak | {*fields.values()}),
        lengths=_lengths(matters),
    )


def _read_matters() -> Iterator[tuple[str, bool, list[str]]]:
    """Read each matter's field, whether it tells little, and its words."""
    folder = resources.files("community.kernel.similar").joinpath("matters")
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        field = ""
        text = file.read_text(encoding="utf-8").replace("\n  ", " ")
        for line in text.splitlines():
            if line.startswith("#"):
                field = line.removeprefix("# ")
            else:
                name, _, words = line.partition(": ")
                yield field, name.startswith("~"), words.split()


def _lengths(words: Iterable[str]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for word in words:
        found.setdefault(word[0], set()).add(len(word))
    return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in found.items()}


def _weigh(word: str, of: set[int], weak: set[int]) -> Iterator[tuple[int, int]]:
    share = FULL // len(of)
    for matter in sorted(of):
        halves = (len(word) == 1) + (matter in weak)
        yield matter, share >> halves


def _pairs_of(
    matters: Mapping[str, set[int]], weak: set[int]
) -> dict[str, tuple[tuple[int, int], ...]]:
    """Tell matters by pairs of characters: what a word that nobody listed may be about."""
    counted: dict[str, Counter[int]] = {}
    for word, of in matters.items():
        for a, b in {*pairwise(word)}:
            counted.setdefault(a + b, Counter()).update(of - weak)
    told = {}
    for pair, times in counted.items():
        whole = sum(times.values())
        shares = [(matter, GUESS * n // whole) for matter, n in sorted(times.items())]
        told[pair] = tuple(each for each in shares if each[1])
    return told


def _related(matters: Mapping[str, set[int]]) -> dict[int | str, tuple[tuple[int, int], ...]]:
    """Find each matter's nearest ones by the words they share."""
    sizes: Counter[int] = Counter()
    shared: dict[int, Counter[int]] = {}
    for of in matters.values():
        sizes.update(of)
        for matter in of:
            for other in of - {matter}:
                shared.setdefault(matter, Counter())[other] += 10_000 // (len(of) - 1)
    found: dict[int | str, tuple[tuple[int, int], ...]] = {}
    for matter, times in shared.items():
        near = [
            (other, n // (100 * isqrt(sizes[matter] * sizes[other]))) for other, n in times.items()
        ]
        near.sort(key=lambda each: (-each[1], each[0]))
        found[matter] = tuple(
            (other, RELATION * much // 100)
            for other, much in near[:MOST_RELATED]
            if much > RELATED_FROM
        )
    return found
