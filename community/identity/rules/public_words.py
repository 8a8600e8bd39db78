"""What may not stand in words that everybody reads."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from community.kernel.errors import N_

_BLANKS = re.compile(r"[\s\-_.·]+")
_DIGITS = re.compile(r"[0-9]+[0-9Xx]?")
_MOBILE = re.compile(r"(?:86)?1[3-9][0-9]{9}\Z")
_IDENTITY = re.compile(r"[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9Xx]\Z")
_CARD = re.compile(r"[3-6][0-9]{15,18}\Z")
_TITLES = "先生|女士|老师|师傅|阿姨|叔叔|大爷|大妈|奶奶|爷爷|家|业主|住户|小姐|太太"
SHORT_NAME = 2


def personal_words(words: str, names: Iterable[str]) -> str | None:
    """Name what may not stand in public words: a phone, identity or card number, a resident.

    `names` are residents' names that occur in the words. A name of two characters may be an
    everyday word: it counts only beside a form of address.
    """
    plain = unicodedata.normalize("NFKC", words)
    for run in _DIGITS.findall(_BLANKS.sub("", plain)):
        if _MOBILE.match(run):
            return N_("手机号码")
        if _IDENTITY.match(run):
            return N_("身份证号")
        if _CARD.match(run):
            return N_("银行卡号")
    if any(_is_named(plain, name) for name in names):
        return N_("居民姓名")
    return None


def _is_named(words: str, name: str) -> bool:
    if len(name) < SHORT_NAME or name not in words:
        return False
    if len(name) > SHORT_NAME:
        return True
    each = re.escape(name)
    return re.search(f"{each}(?:{_TITLES})|(?:业主|住户|叫|邻居){each}", words) is not None
