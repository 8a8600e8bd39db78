"""How alike two texts are: shared matters, notions and pairs of characters, by how rare they are.

No model and no download: words of community life count as the notions of `words` and the matters of
`themes`, all else by its characters. Whole numbers only.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import isqrt

from community.kernel.similar.themes import read_themes
from community.kernel.similar.words import read_notions

WORDS, WEAK = read_notions()
THEMES, WEAK_THEMES = read_themes()
# Said in every second request: they tell nothing about what it is about.
COMMON = (
    "小区", "社区", "希望", "建议", "请", "要求", "能不能", "可以", "我们", "大家", "居民", "业主",
    "住户", "一下", "应该", "应当", "什么", "怎么", "有人", "有些", "问题", "情况", "现在", "已经",
)  # fmt: skip
# A notion is worth more than a pair of characters, a single character less.
NOTION, PAIR, SINGLE, THEME = 6, 3, 2, 6
WEAK_NOTION, WEAK_THEME = 4, 3
# A logarithm is kept in sixteenths.
STEP = 16
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
    """What a text is made of: its words' notions, its characters by pairs, and its matters.

    `themes` says how strongly each matter is spoken of: once 16, twice 32, four times 48.
    """

    words: tuple[frozenset[int], ...]
    notions: frozenset[int]
    grams: frozenset[str]
    themes: Mapping[int, int]


@lru_cache(maxsize=8_192)
def features(text: str) -> Features:
    """Take a text apart."""
    words: set[frozenset[int]] = set()
    grams: set[str] = set()
    themes: Counter[int] = Counter()
    for run in _plain(text).split():
        words.update(WORDS[word] for word in _longest_words(run, WORDS))
        for word in _longest_words(run, THEMES):
            themes.update(THEMES[word])
        grams.update(a + b for a, b in pairwise(run))
        grams.update(run)
    return Features(
        words=tuple(sorted(words, key=sorted)),
        notions=frozenset(notion for word in words for notion in word),
        grams=frozenset(grams),
        themes={theme: STEP + _log(times) for theme, times in themes.items()},
    )


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
    """What each notion, pair of characters and matter is worth among some texts, squared."""

    def __init__(self, asked: Features, texts: Sequence[Features]) -> None:
        notions: Counter[int] = Counter()
        grams: Counter[str] = Counter()
        themes: Counter[int] = Counter()
        for each in texts:
            notions.update(each.notions)
            grams.update(each.grams)
            themes.update(each.themes.keys())
        # Among few texts every word would seem common: reckon as among many.
        whole = _log(max(len(texts), FEWEST) + 1)
        # What only the new text says is as rare as can be.
        notions.update(asked.notions - notions.keys())
        grams.update(asked.grams - grams.keys())
        themes.update(asked.themes.keys() - themes.keys())
        self.notions = {
            key: ((WEAK_NOTION if key in WEAK else NOTION) * max(1, whole - _log(n))) ** 2
            for key, n in notions.items()
        }
        self.grams = {
            key: ((PAIR if len(key) > 1 else SINGLE) * max(1, whole - _log(n))) ** 2
            for key, n in grams.items()
        }
        self.themes = {
            key: ((WEAK_THEME if key in WEAK_THEMES else THEME) * max(1, whole - _log(n))) ** 2
            for key, n in themes.items()
        }

    def whole(self, text: Features) -> int:
        matters = sum(self.themes[theme] * much**2 for theme, much in text.themes.items())
        return (
            sum(max(self.notions[n] for n in word) for word in text.words)
            + sum(self.grams[gram] for gram in text.grams)
            + matters // STEP**2
        )

    def shared(self, asked: Features, other: Features) -> int:
        grams = asked.grams & other.grams
        themes = asked.themes.keys() & other.themes.keys()
        if (
            asked.notions & other.notions <= WEAK
            and themes <= WEAK_THEMES
            and all(len(gram) == 1 for gram in grams)
        ):
            # "Too few of it" alone makes no two texts alike.
            return 0
        words = sum(
            max((self.notions[n] for n in word & other.notions), default=0) for word in asked.words
        )
        matters = sum(
            self.themes[each] * asked.themes[each] * other.themes[each] for each in themes
        )
        return words + sum(self.grams[gram] for gram in grams) + matters // STEP**2


def _plain(text: str) -> str:
    """Bring a text to lower case without punctuation and without what every request says."""
    folded = unicodedata.normalize("NFKC", text).lower()
    kept = "".join(each if each.isalnum() else " " for each in folded)
    for word in COMMON:
        kept = kept.replace(word, " ")
    return kept


def _longest_words(run: str, known: Collection[str]) -> Iterator[str]:
    """Walk along a run of characters by the longest known word at each place."""
    place = 0
    while place < len(run):
        lengths = range(min(LONGEST, len(run) - place), 0, -1)
        word = next(
            (run[place : place + n] for n in lengths if run[place : place + n] in known), ""
        )
        if word:
            yield word
        place += len(word) or 1


def _log(number: int) -> int:
    """Give sixteen times the binary logarithm, rounded down."""
    return int((number**STEP).bit_length()) - 1


LONGEST = max(map(len, (*WORDS, *THEMES)))
