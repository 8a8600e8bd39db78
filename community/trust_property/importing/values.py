"""Cell by cell: amounts to the fen and days, out of the many ways banks write them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from community.kernel.sheets import LostFormula, MonthDay, Raw, clean, plain_text

NOTHING = {"", "-", "--", "---", "—", "/", "\\", "无", "空", "null", "none", "n/a", "nan", "."}
# Spreadsheets' binary numbers are this far off a whole fen at most.
_NOISE = Decimal("0.0001")
_MOST_FEN = 10**15
_SIGNS = re.compile(r"[¥￥$€£'\s_]|人民币|rmb|cny|usd|eur|gbp|hk[d$]|元整?$", re.IGNORECASE)
_SIDE = re.compile(r"\(?(cr|dr|贷方?|借方?)\.?\)?$|^(cr|dr|贷方?|借方?)\.?", re.IGNORECASE)
_PLAIN = re.compile(r"\d+(?:\.\d*)?$|\.\d+$")
_THOUSANDS = re.compile(r"\d{1,4}(?:,\d{3,4})+(?:\.\d*)?$")
_COMMA = re.compile(r"(?:\d{1,3}(?:\.\d{3})+|\d+),\d{1,2}$")
_BLANKS = re.compile(r"\s+")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_EXCEL_EPOCH = date(1899, 12, 30)
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[\sT]?\d{2}:?\d{2}(?::?\d{2})?(?:\.\d+)?)?$")
_YMD = re.compile(r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})日?(?!\d)")
_THREE = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?!\d)")
_DAY_NAMED = re.compile(r"(\d{1,2})[\s\-/.]*([a-zA-Zä]{3})[a-z]*[\s\-/.,]*(\d{4}|\d{2})(?!\d)")
_NAMED_DAY = re.compile(r"([a-zA-Z]{3})[a-z]*[\s\-/.]*(\d{1,2}),?[\s\-/.]+(\d{4})(?!\d)")
_YEARLESS = re.compile(r"(\d{1,2})[-/.月](\d{1,2})日?(?:\s.*)?$|(\d{2})(\d{2})$")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?!\d)")
_PACKED_TIME = re.compile(r"(\d{2})(\d{2})(\d{2})$")
_LATE_TIME = re.compile(r"\d{8}\s?[T]?(\d{2})(\d{2})(\d{2})")
_MONTH_NAMES = [
    "jan",
    "feb",
    "mar/mär",
    "apr",
    "may/mai",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct/okt",
    "nov",
    "dec/dez",
]
_MONTHS = {
    name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split("/")
}


class UnreadableValueError(ValueError):
    """A cell that should hold an amount or a day holds neither."""


def tidy(value: Raw) -> str:
    """Write a cell as clean text, without what banks add to keep a text a text."""
    return _tidy_words(value) if isinstance(value, str) else plain_text(value)


# Every cell is looked at several times, and names and days come again and again.
@lru_cache(maxsize=1 << 16)
def _tidy_words(value: str) -> str:
    text = clean(value)
    if text[:2] == '="' and text[-1:] == '"':
        text = text[2:-1]
    if text[:1] in {"`", "'", "‘"}:
        text = text[1:]
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    return text.strip()


def read_words(value: Raw) -> str:
    """Read a name or a summary as the bank wrote it, full-width brackets and all."""
    text = tidy(value)
    if text.lower() in NOTHING:
        return ""
    if not isinstance(value, str) or text == value:
        return text
    written = _BLANKS.sub(" ", value.translate(_INVISIBLE)).strip()
    # What `tidy` took off a text's ends comes off here too.
    return written if clean(written) == text else text


def is_nothing(value: Raw) -> bool:
    """Tell whether a cell says nothing."""
    return not isinstance(value, LostFormula) and tidy(value).lower() in NOTHING


def read_fen(value: Raw, unit: int = 100, *, decimal_comma: bool = False) -> int | None:
    """Read an amount as signed whole fen; None when nothing is written.

    `unit` is how many fen one whole of the column is. Brackets, a trailing minus, DR and 借 are
    negative.
    Raises: UnreadableValueError.
    """
    if value is None:
        return None
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return _whole_fen(Decimal(value) * unit)
    if isinstance(value, date | MonthDay | LostFormula):
        raise UnreadableValueError
    text = tidy(value)
    if text.lower() in NOTHING:
        return None
    is_negative, number = _split_sign(text)
    if decimal_comma or _COMMA.match(number):
        number = number.replace(".", "").replace(",", ".")
    elif _THOUSANDS.match(number):
        number = number.replace(",", "")
    if not _PLAIN.match(number):
        raise UnreadableValueError
    try:
        fen = _whole_fen(Decimal(number) * unit)
    except InvalidOperation as error:
        raise UnreadableValueError from error
    return -fen if is_negative else fen


def _split_sign(text: str) -> tuple[bool, str]:
    if _PLAIN.match(text):
        return False, text
    bare = _SIGNS.sub("", text).replace("−", "-").replace("–", "-")
    is_negative = False
    if found := _SIDE.search(bare):
        is_negative = (found.group(1) or found.group(2)).lower()[0] in {"d", "借"}
        bare = _SIDE.sub("", bare, count=1)
    if bare[:1] == "(" and bare[-1:] == ")":
        is_negative, bare = not is_negative, bare[1:-1]
    if bare[-1:] in {"-", "+"}:
        bare = bare[-1] + bare[:-1]
    if bare[:1] == "-":
        return not is_negative, bare[1:]
    return is_negative, bare.removeprefix("+")


def _whole_fen(fen: Decimal) -> int:
    if not fen.is_finite():
        raise UnreadableValueError
    whole = fen.to_integral_value()
    if abs(whole - fen) > _NOISE or abs(whole) > _MOST_FEN:
        raise UnreadableValueError
    return int(whole)


def writes_decimal_comma(value: Raw) -> bool:
    """Tell whether an amount is written as 1.234,56."""
    return isinstance(value, str) and bool(_COMMA.match(_split_sign(tidy(value))[1]))


def read_day(value: Raw, *, month_first: bool = False, year: int | None = None) -> date | None:
    """Read a day; None when nothing is written.

    `month_first` reads 03/01/2026 as 1 March, else it is 3 January; `year` stands in where none
    is written.
    Raises: UnreadableValueError.
    """
    if isinstance(value, date):
        return value
    if isinstance(value, MonthDay):
        return _day(value.year or year, value.month, value.day)
    text = tidy(value)
    if text.lower() in NOTHING:
        return None
    if found := _PACKED.match(text) or _YMD.match(text):
        return _day(*map(int, found.groups()))
    if found := _THREE.match(text):
        first, second, last = map(int, found.groups())
        day, month = (second, first) if month_first or second > 12 else (first, second)
        if month > 12:
            day, month = month, day
        return _day(_full_year(last), month, day)
    return _named_day(text) or _serial_day(value, text) or _yearless_day(text, year)


def _named_day(text: str) -> date | None:
    if found := _DAY_NAMED.match(text):
        day, name, year = found.groups()
    elif found := _NAMED_DAY.match(text):
        name, day, year = found.groups()
    else:
        return None
    month = _MONTHS.get(name.lower()[:3])
    return _day(_full_year(int(year)), month, int(day)) if month else None


def _serial_day(value: Raw, text: str) -> date | None:
    """Read Excel's own count of days, 46082 or 46082.5, where the format was lost."""
    whole = text.partition(".")[0]
    if whole.isdigit() and len(whole) == 5 and 32_000 < int(whole) < 73_000:
        return _EXCEL_EPOCH + timedelta(days=int(whole))
    return None


def _yearless_day(text: str, year: int | None) -> date:
    found = _YEARLESS.match(text)
    if found is None or year is None:
        raise UnreadableValueError
    month, day = found.group(1) or found.group(3), found.group(2) or found.group(4)
    return _day(year, int(month), int(day))


def is_yearless(value: Raw) -> bool:
    """Tell whether a day is written without its year."""
    if isinstance(value, MonthDay):
        return value.year is None
    return isinstance(value, str) and bool(_YEARLESS.match(tidy(value)))


def _full_year(year: int) -> int:
    return year + 2000 if year < 100 else year


def _day(year: int | None, month: int, day: int) -> date:
    if year is None or not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise UnreadableValueError
    try:
        return date(year, month, day)
    except ValueError as error:
        raise UnreadableValueError from error


def order_of_day(value: Raw) -> bool | None:
    """Tell whether 03/25/2026 proves month first, 25/03/2026 day first; None proves nothing."""
    found = _THREE.match(tidy(value)) if isinstance(value, str) else None
    if found is None:
        return None
    first, second = int(found.group(1)), int(found.group(2))
    if found.group(0)[len(found.group(1))] == ".":
        return False
    return True if second > 12 else False if first > 12 else None


def is_ambiguous_day(value: Raw) -> bool:
    """Tell whether a day reads differently month first and day first."""
    return (
        isinstance(value, str)
        and bool(_THREE.match(tidy(value)))
        and order_of_day(value) is None
        and read_day(value) != read_day(value, month_first=True)
    )


def read_time(value: Raw) -> str:
    """Read a time of day as HH:MM:SS; empty when there is none."""
    text = tidy(value)
    if found := _TIME.search(text):
        hour, minute, second = found.groups()
        return f"{int(hour):02d}:{minute}:{second or '00'}"
    if found := _LATE_TIME.match(text) or _PACKED_TIME.match(text):
        hour, minute, second = found.groups()
        if int(hour) < 24 and int(minute) < 60 and int(second) < 60:
            return f"{hour}:{minute}:{second}"
    return ""


def find_days(text: str) -> list[date]:
    """Find every day written somewhere in a sentence."""
    days = []
    for found in re.finditer(
        r"\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}|(?<!\d)20\d{6}(?!\d)", text
    ):
        try:
            day = read_day(clean(found.group(0)))
        except UnreadableValueError:
            continue
        if day:
            days.append(day)
    return days
