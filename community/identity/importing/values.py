"""Cell by cell: names, phones, birth dates, areas and shares out of what people really type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from community.identity.importing.mistakes import UnreadableCellError
from community.kernel.errors import N_
from community.kernel.sheets import LostFormula, MonthDay, Raw, clean, plain_text

NOTHING = {
    "",
    "-",
    "--",
    "—",
    "/",
    "\\",
    "无",
    "空",
    "暂无",
    "没有",
    "不详",
    "空置",
    "空房",
    "未知",
}
SAME_AS_ABOVE = {"同上", "〃", '"', "″", "''"}
LONGEST_NAME = 40
# Stands where an identity-card number stood that could not be read, with the reason.
UNREADABLE_CARD = "证件号有误："
LARGEST_AREA = 10_000_000  # 100,000 ㎡ in hundredths

_SHORTENED = re.compile(r"(\d)(?:\.(\d+))?E\+?(\d+)$", re.IGNORECASE)
_MOBILE = re.compile(r"1[3-9]\d{9}$")
_LANDLINE = re.compile(r"(0\d{2,3})?[2-9]\d{6,7}$")
_ID_18 = re.compile(r"\d{17}[\dXx]$")
_ID_15 = re.compile(r"\d{15}$")
_DATE = re.compile(r"(\d{4})[-./年](\d{1,2})(?:[-./月](\d{1,2})日?|月)?$")
_PACKED_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})$")
_YEAR = re.compile(r"(\d{4})年?$")
_AREA = re.compile(r"(\d+(?:\.\d+)?)(?:m2|平方米|平米|平方|平|㎡)?$")
_SHARE_OF = re.compile(r"(\d+)/(\d+)$")
_SHARE_IN_WORDS = re.compile(r"(\d+)分之(\d+)$")
_SHARE_DECIMAL = re.compile(r"(\d+(?:\.\d+)?)(%)?$")
_NAMES = re.compile(r"[、，,;；/\n]+")
_NAME = re.compile(r"[^\W\d_][^\d<>=|@#$%^*]*$")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"


@dataclass(frozen=True, slots=True)
class Birth:
    """When somebody was born: always the year, the day when it is known."""

    year: int
    day: date | None = None


def check_computed(value: Raw) -> None:
    """Refuse a formula without a value.

    Raises: UnreadableCellError.
    """
    if isinstance(value, LostFormula):
        raise UnreadableCellError(
            N_("这里是公式，文件里没有算好的结果；请用 Excel 打开后保存，或改填数值")
        )


def is_nothing(value: Raw) -> bool:
    """Tell whether a cell says "none"."""
    return not isinstance(value, LostFormula) and plain_text(value) in NOTHING


def restore_shortened(text: str) -> str | None:
    """Write out 1.3800138000E+10; None when digits are lost for good.

    Text without an exponent comes back unchanged.
    """
    found = _SHORTENED.match(text.replace(" ", ""))
    if not found:
        return text
    first, rest, power = found.group(1), found.group(2) or "", int(found.group(3))
    if len(rest) < power or power > 30:
        return None
    return first + rest[:power] if not rest[power:].strip("0") else None


def read_names(value: Raw) -> tuple[str, ...]:
    """Read the names of a cell: several are parted by 、 or a comma or a new line.

    Raises: UnreadableCellError.
    """
    check_computed(value)
    if is_nothing(value):
        return ()
    text = value if isinstance(value, str) else plain_text(value)
    parts = [_one_name(part) for part in _NAMES.split(text.replace("\r", "\n")) if clean(part)]
    return tuple(dict.fromkeys(parts))


def _one_name(text: str) -> str:
    name = clean(text)
    # 张 三 is 张三, but Latin names keep their blanks.
    if not name.isascii():
        name = name.replace(" ", "")
    if len(name) > LONGEST_NAME:
        raise UnreadableCellError(N_("姓名太长（最多 {longest} 个字）"), longest=LONGEST_NAME)
    if not _NAME.match(name):
        raise UnreadableCellError(N_("“{text}”不像姓名，请核对"), text=name)
    return name


def read_phone(value: Raw) -> str:
    """Read a mobile number; of several the first, of a landline nothing.

    Raises: UnreadableCellError, also when Excel has cut digits off.
    """
    check_computed(value)
    if is_nothing(value):
        return ""
    text = plain_text(value)
    whole = restore_shortened(text)
    if whole is None:
        raise UnreadableCellError(
            N_("Excel 把手机号缩成了“{text}”，后几位已经丢失；请把这一列设为“文本”再重填"),
            text=text,
        )
    parts = [re.sub(r"[\s\-()+]", "", part) for part in re.split(r"[、,;/\n]|\s{2,}", whole)]
    numbers = [re.sub(r"^(?:00)?86(?=1\d{10}$)", "", part) for part in parts if part]
    mobiles = [number for number in numbers if _MOBILE.match(number)]
    if mobiles:
        return mobiles[0]
    if numbers and all(_LANDLINE.match(number) for number in numbers):
        return ""
    raise UnreadableCellError(N_("“{text}”不是 11 位手机号，请核对"), text=text)


def read_birth(value: Raw, today: date) -> Birth | None:
    """Read a birth date or year.

    Raises: UnreadableCellError.
    """
    check_computed(value)
    if is_nothing(value):
        return None
    text = plain_text(value).replace(" ", "")
    if found := _YEAR.match(text):
        return _checked(Birth(int(found.group(1))), text, today)
    if found := _DATE.match(text) or _PACKED_DATE.match(text):
        year, month, day = (found.group(1), found.group(2), found.group(3))
        if day is None:
            return _checked(Birth(int(year)), text, today)
        return _checked(_day_of(year, month, day, text), text, today)
    raise UnreadableCellError(N_("“{text}”不是出生日期，请写成 1990-03-07"), text=text)


def _day_of(year: str, month: str, day: str, text: str) -> Birth:
    try:
        born = date(int(year), int(month), int(day))
    except ValueError:
        raise UnreadableCellError(N_("没有“{text}”这一天，请核对"), text=text) from None
    return Birth(born.year, born)


def _checked(birth: Birth, text: str, today: date) -> Birth:
    if not 1900 <= birth.year <= today.year or (birth.day and birth.day > today):
        raise UnreadableCellError(N_("“{text}”不像出生日期，请核对"), text=text)
    return birth


def looks_like_id_card(value: Raw) -> bool:
    """Tell whether a cell holds an identity-card number, whole or shortened by Excel."""
    text = re.sub(r"[\s']", "", plain_text(value)).lstrip("'")
    return bool(_ID_18.match(text)) or (bool(_ID_15.match(text)) and _born_of(text) is not None)


def _born_of(text: str) -> str | None:
    packed = text[6:14] if len(text) == 18 else "19" + text[6:12]
    try:
        return date(int(packed[:4]), int(packed[4:6]), int(packed[6:])).isoformat()
    except ValueError:
        return None


def read_id_card(value: Raw, today: date) -> Birth | None:
    """Read the birth date out of an identity-card number; the number itself is not kept.

    A number that Excel cut to 15 digits still holds its birth date. A date may stand here
    instead of the number, as in the file we give back.
    Raises: UnreadableCellError.
    """
    check_computed(value)
    if is_nothing(value):
        return None
    text = re.sub(r"[\s']", "", plain_text(value))
    if isinstance(value, str) and value.startswith(UNREADABLE_CARD):
        raise UnreadableCellError("{text}", text=value.removeprefix(UNREADABLE_CARD))
    whole = restore_shortened(text)
    if whole is None:
        raise UnreadableCellError(
            N_("Excel 把证件号缩短了，读不出出生日期；请把这一列设为“文本”再重填，或填出生日期")
        )
    if not (_ID_18.match(whole) or _ID_15.match(whole)):
        if _DATE.match(whole) or _PACKED_DATE.match(whole) or _YEAR.match(whole):
            return read_birth(whole, today)
        raise UnreadableCellError(N_("证件号应为 18 位，这里是 {length} 位"), length=len(whole))
    born = _born_of(whole)
    if born is None:
        raise UnreadableCellError(N_("证件号里的出生日期不对，请核对"))
    if isinstance(value, str) and not has_right_check_digit(whole):
        raise UnreadableCellError(N_("证件号的校验位不对，可能录错了一位"))
    return read_birth(born, today)


def has_right_check_digit(number: str) -> bool:
    """Check an 18-digit number's last character; numbers of 15 digits have none.

    Source: GB 11643-1999.
    """
    if len(number) != 18:
        return True
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _CHECK[total % 11] == number[17].upper()


def read_area(value: Raw) -> int | None:
    """Read a floor area as whole hundredths of a square metre, half a hundredth up.

    Raises: UnreadableCellError.
    """
    check_computed(value)
    if is_nothing(value):
        return None
    text = plain_text(value).replace(" ", "").replace(",", "").lower()
    found = _AREA.match(text)
    if not found:
        raise UnreadableCellError(N_("“{text}”不是面积，请填数字，例如 89.56"), text=text)
    hundredths = (Decimal(found.group(1)) * 100).to_integral_value(ROUND_HALF_UP)
    if not 0 < hundredths <= LARGEST_AREA:
        raise UnreadableCellError(N_("面积 {text} ㎡ 不合常理，请核对"), text=found.group(1))
    return int(hundredths)


def read_share(value: Raw) -> Fraction | None:
    """Read an ownership share: 1/2, 50%, 0.5, 50, 二分之一, or a day that Excel made of 1/2.

    Raises: UnreadableCellError.
    """
    check_computed(value)
    if is_nothing(value):
        return None
    if isinstance(value, MonthDay):
        return _checked_share(Fraction(value.month, value.day), plain_text(value))
    if isinstance(value, date):
        return _checked_share(Fraction(value.month, value.day), f"{value.month}/{value.day}")
    text = plain_text(value).replace(" ", "")
    if text in {"共同共有", "共有", "共同", "夫妻共有"}:
        return None
    if text in {"单独所有", "独有", "全部"}:
        return Fraction(1)
    return _checked_share(_share_of(text), text)


def _share_of(text: str) -> Fraction:
    for word, digit in _CHINESE_NUMBERS.items():
        text = text.replace(word, digit)
    if (found := _SHARE_IN_WORDS.match(text)) and int(found.group(1)):
        return Fraction(int(found.group(2)), int(found.group(1)))
    if (found := _SHARE_OF.match(text)) and int(found.group(2)):
        return Fraction(int(found.group(1)), int(found.group(2)))
    if found := _SHARE_DECIMAL.match(text):
        number = Fraction(found.group(1))
        return number / 100 if found.group(2) or number > 1 else number
    raise UnreadableCellError(N_("“{text}”不是产权份额，请写成 50% 或 1/2"), text=text)


_CHINESE_NUMBERS = dict(zip("一二三四五六七八九两", "1234567892", strict=True))


def _checked_share(share: Fraction, text: str) -> Fraction:
    if not 0 < share <= 1:
        raise UnreadableCellError(N_("份额“{text}”应大于 0、不超过 100%"), text=text)
    return share
