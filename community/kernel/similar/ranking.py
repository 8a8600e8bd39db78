"""How alike two texts are: shared notions and pairs of characters, weighed by how rare they are.

No model and no download: words of community life count as the notions of `words`, all
else by its characters. Whole numbers only.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import isqrt

from community.kernel.similar.words import read_notions

WORDS, WEAK = read_notions()
LONGEST = max(map(len, WORDS))
# Said in every second request: they tell nothing about what it is about.
COMMON = (
    "小区", "社区", "希望", "建议", "请", "要求", "能不能", "可以", "我们", "大家", "居民", "业主",
    "住户", "一下", "应该", "应当", "什么", "怎么", "有人", "有些", "问题", "情况", "现在", "已经",
)  # fmt: skip
# A notion is worth more than a pair of characters, a single character less.
NOTION, PAIR, SINGLE = 6, 3, 1
WEAK_NOTION = 4
FEWEST = 200
SCALE = 1_000_000
# From this likeness on (in millionths) a text is worth showing.
LIKE_ENOUGH = 100_000


@dataclass(frozen=True, slots=True)
class Likeness:
    """A text's number and how alike it is, in millionths."""

    key: int
    score: int


@dataclass(frozen=True, slots=True)
class Features:
    """What a text is made of: the notions of each of its words, and its characters by pairs."""

    words: tuple[frozenset[int], ...]
    grams: frozenset[str]


@lru_cache(maxsize=8_192)
def features(text: str) -> Features:
    """Take a text apart."""
    words: set[frozenset[int]] = set()
    grams: set[str] = set()
    for run in _plain(text).split():
        place = 0
        while place < len(run):
            word = _longest_word(run, place)
            if word:
                words.add(WORDS[word])
            place += len(word) or 1
        grams.update(a + b for a, b in pairwise(run))
        grams.update(run)
    return Features(tuple(sorted(words, key=sorted)), frozenset(grams))


def rank_alike(
    text: str, others: Sequence[tuple[int, str]], most: int = 5, least: int = LIKE_ENOUGH
) -> tuple[Likeness, ...]:
    """List those of (key, text) that are most alike to a text, the most alike first.

    Each word counts once, by the rarest notion it shares with the other text; what is rare among
    the texts weighs more. Equal ones stand in the order of their keys.
    """
    asked = features(text)
    known = [(key, features(other)) for key, other in others]
    worth = _Worth(asked, [each for _, each in known])
    whole = worth.whole(asked)
    found = []
    for key, each in known:
        square = whole * worth.whole(each)
        score = worth.shared(asked, each) * SCALE // isqrt(square) if square else 0
        if score >= least:
            found.append(Likeness(key, score))
    return tuple(sorted(found, key=lambda like: (-like.score, like.key))[:most])


class _Worth:
    """What each notion and pair of characters is worth among some texts, squared."""

    def __init__(self, asked: Features, texts: Sequence[Features]) -> None:
        notions: Counter[int] = Counter()
        grams: Counter[str] = Counter()
        for each in texts:
            notions.update({notion for word in each.words for notion in word})
            grams.update(each.grams)
        # Among few texts every word would seem common: reckon as among many.
        whole = _log(max(len(texts), FEWEST) + 1)
        # What only the new text says is as rare as can be.
        notions.update({n for word in asked.words for n in word} - notions.keys())
        grams.update(asked.grams - grams.keys())
        self.notions = {
            key: ((WEAK_NOTION if key in WEAK else NOTION) * max(1, whole - _log(n))) ** 2
            for key, n in notions.items()
        }
        self.grams = {
            key: ((PAIR if len(key) > 1 else SINGLE) * max(1, whole - _log(n))) ** 2
            for key, n in grams.items()
        }

    def whole(self, text: Features) -> int:
        return sum(max(self.notions[n] for n in word) for word in text.words) + sum(
            self.grams[gram] for gram in text.grams
        )

    def shared(self, asked: Features, other: Features) -> int:
        there = {notion for word in other.words for notion in word}
        both = there & {notion for word in asked.words for notion in word}
        if both <= WEAK and all(len(gram) == 1 for gram in asked.grams & other.grams):
            # "Too few of it" alone makes no two texts alike.
            return 0
        words = sum(max((self.notions[n] for n in word & there), default=0) for word in asked.words)
        return words + sum(self.grams[gram] for gram in asked.grams & other.grams)


def _plain(text: str) -> str:
    """Bring a text to lower case without punctuation and without what every request says."""
    folded = unicodedata.normalize("NFKC", text).lower()
    kept = "".join(each if each.isalnum() else " " for each in folded)
    for word in COMMON:
        kept = kept.replace(word, " ")
    return kept


def _longest_word(run: str, place: int) -> str:
    for length in range(min(LONGEST, len(run) - place), 0, -1):
        if run[place : place + length] in WORDS:
            return run[place : place + length]
    return ""


def _log(number: int) -> int:
    """Give sixteen times the binary logarithm, rounded down."""
    return int((number**16).bit_length()) - 1
