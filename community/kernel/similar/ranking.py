"""How alike two texts are: by the matters they speak of and the characters they share.

No model and no download: words of community life count by the lists of `lexicon`, all else by its
characters, and what is rare among the texts counts more. Whole numbers only.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock

from community.kernel.similar.features import Features, Mark, take_apart, with_related
from community.kernel.similar.lexicon import the_lexicon

# A logarithm is kept in sixteenths.
STEP = 16
# Among few texts every word would seem common: reckon as among many.
FEWEST = 200
SCALE = 1_000_000
# Of the likeness, what they are about makes two parts of three, their characters one.
ABOUT, WRITTEN = 2, 1
# Of a text of three words little is known: it counts as if it said this much more.
UNSAID = 150
# From this likeness on (in millionths) a text is worth showing.
LIKE_ENOUGH = 25_000
# A posting: the place of a text, and by its lowest ten bits how strongly it says it.
STRENGTH_BITS = 10
STRENGTH = (1 << STRENGTH_BITS) - 1
MOST_GONE = 1_000
MOST_SHELVES = 32


@dataclass(frozen=True, slots=True)
class Likeness:
    """A text's number and how alike it is, in millionths."""

    key: int
    score: int


@dataclass(slots=True)
class _Shelf:
    """Texts taken apart and listed by what they say; those that come again are only looked at."""

    places: dict[int, int] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    known: list[Features] = field(default_factory=list)
    postings: dict[Mark, array[int]] = field(default_factory=dict)
    counts: Counter[Mark] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)

    def hold(self, others: Sequence[tuple[int, str]]) -> None:
        """Hold exactly these texts."""
        wanted = {key for key, _ in others}
        for key in [key for key in self.places if key not in wanted]:
            self._drop(key)
        if len(self.texts) > 2 * len(self.places) + MOST_GONE:
            self._clear()
        for key, text in others:
            place = self.places.get(key)
            if place is None or self.texts[place] != text:
                if place is not None:
                    self._drop(key)
                self._put(key, text)

    def rank(self, asked: Features, most: int, least: int) -> tuple[Likeness, ...]:
        """List those most alike, the most alike first; equal ones in the order of their keys."""
        about = self._add_up(asked.matters, [0] * len(self.texts), _tells_much)
        written = self._add_up(asked.grams, [0] * len(self.texts), _tells_much)
        # "Too few of it" alone makes no two texts alike, nor a single character.
        found = [a or b for a, b in zip(about, written, strict=True)]
        about = self._add_up(asked.matters, about, _tells_little, found)
        written = self._add_up(asked.grams, written, _tells_little, found)
        whole = (ABOUT + WRITTEN) * self._rarest() ** 2
        alike = []
        for key, place in self.places.items():
            if found[place]:
                known = self.known[place]
                score = (
                    ABOUT
                    * about[place]
                    * SCALE
                    // (asked.matter_norm * (known.matter_norm + UNSAID))
                    + WRITTEN
                    * written[place]
                    * SCALE
                    // (asked.gram_norm * (known.gram_norm + UNSAID))
                ) // whole
                if score >= least:
                    alike.append(Likeness(key, score))
        return tuple(sorted(alike, key=lambda like: (-like.score, like.key))[:most])

    def _rarest(self) -> int:
        return _log(max(len(self.places), FEWEST) + 1)

    def _add_up(
        self,
        asked: Mapping[Mark, int],
        sums: list[int],
        counts: Callable[[Mark], bool],
        found: Sequence[int] | None = None,
    ) -> list[int]:
        """Add what each text shares with the one asked for to its sum, by how rare it is."""
        rarest = self._rarest()
        for mark, much in asked.items():
            if counts(mark) and (times := self.counts[mark]):
                worth = max(1, rarest - _log(times + 1)) ** 2 * much
                for posting in self.postings[mark]:
                    place = posting >> STRENGTH_BITS
                    if found is None or found[place]:
                        sums[place] += worth * (posting & STRENGTH)
        return sums

    def _put(self, key: int, text: str) -> None:
        place = self.places[key] = len(self.texts)
        features = take_apart(text)
        self.texts.append(text)
        self.known.append(features)
        for strengths in (features.matters, features.grams):
            for each, much in strengths.items():
                row = self.postings.setdefault(each, array("Q"))
                row.append(place << STRENGTH_BITS | much)
                self.counts[each] += 1

    def _drop(self, key: int) -> None:
        known = self.known[self.places.pop(key)]
        self.counts.subtract([*known.matters, *known.grams])

    def _clear(self) -> None:
        for each in (self.places, self.texts, self.known, self.postings, self.counts):
            each.clear()


def rank_alike(
    text: str,
    others: Sequence[tuple[int, str]],
    most: int = 5,
    least: int = LIKE_ENOUGH,
    shelf: Hashable = None,
) -> tuple[Likeness, ...]:
    """List those of (key, text) that are most alike to a text, the most alike first.

    What is rare among the texts weighs more. Equal ones stand in the order of their keys. Texts of
    one shelf that come again need not be taken apart again; the answer is the same without.
    """
    asked = with_related(take_apart(text))
    kept = _Shelf() if shelf is None else _shelf(shelf)
    with kept.lock:
        kept.hold(others)
        return kept.rank(asked, most, least)


@lru_cache(maxsize=MOST_SHELVES)
def _shelf(_name: Hashable) -> _Shelf:
    return _Shelf()


def _tells_much(mark: Mark) -> bool:
    return len(mark) > 1 if isinstance(mark, str) else mark not in the_lexicon().weak


def _tells_little(mark: Mark) -> bool:
    return not _tells_much(mark)


def _log(number: int) -> int:
    """Give sixteen times the binary logarithm, rounded down."""
    return int((number**STEP).bit_length()) - 1
