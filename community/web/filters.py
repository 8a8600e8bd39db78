"""How amounts, times and people look on a page: the one place where integers become words."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import Flask
from flask_babel import gettext

from community.kernel import clock
from community.kernel.errors import N_
from community.kernel.masks import mask_name, mask_phone
from community.kernel.sentences import Said

WEEKDAYS = (
    N_("周一"),
    N_("周二"),
    N_("周三"),
    N_("周四"),
    N_("周五"),
    N_("周六"),
    N_("周日"),
)
MONTHS = (
    N_("1 月"),
    N_("2 月"),
    N_("3 月"),
    N_("4 月"),
    N_("5 月"),
    N_("6 月"),
    N_("7 月"),
    N_("8 月"),
    N_("9 月"),
    N_("10 月"),
    N_("11 月"),
    N_("12 月"),
)


def yuan(fen: int) -> str:
    """Show whole fen as yuan with two decimals: 1234567 as 12,345.67."""
    sign = "−" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def hours(minutes: int) -> str:
    """Show whole minutes as hours with at most two decimals, cut, never rounded up."""
    sign = "−" if minutes < 0 else ""
    whole, rest = divmod(abs(minutes), 60)
    return f"{sign}{whole:,}" + (f".{rest * 100 // 60:02d}".rstrip("0").rstrip(".") if rest else "")


def signed(number: int) -> str:
    """Show a whole number with its sign."""
    return f"+{number:,}" if number > 0 else f"−{-number:,}" if number < 0 else "0"


def percent(basis_points: int) -> str:
    """Show basis points as a percentage with one decimal, cut: 7132 as 71.3%."""
    return f"{basis_points // 100}.{basis_points % 100 // 10}%"


def day(value: date | datetime) -> str:
    """Show a Shanghai day with its weekday, the year only when it is another."""
    found = clock.day_of(value) if isinstance(value, datetime) else value
    month, weekday = gettext(MONTHS[found.month - 1]), gettext(WEEKDAYS[found.weekday()])
    if found.year == clock.today().year:
        shown: str = gettext(
            "%(month)s %(day)d 日 %(weekday)s", month=month, day=found.day, weekday=weekday
        )
        return shown
    dated: str = gettext(
        "%(year)d 年 %(month)s %(day)d 日 %(weekday)s",
        year=found.year,
        month=month,
        day=found.day,
        weekday=weekday,
    )
    return dated


def short_day(value: date | datetime) -> str:
    """Show a Shanghai day as 11-21."""
    found = clock.day_of(value) if isinstance(value, datetime) else value
    return f"{found.month:02d}-{found.day:02d}"


def time_of_day(value: datetime) -> str:
    """Show a Shanghai wall-clock time as 09:02."""
    return f"{value.astimezone(clock.SHANGHAI):%H:%M}"


def full_day(value: date | datetime) -> str:
    """Show a Shanghai day with its year, as paper needs it that is read years later."""
    found = clock.day_of(value) if isinstance(value, datetime) else value
    month = gettext(MONTHS[found.month - 1])
    shown: str = gettext(
        "%(year)d 年 %(month)s %(day)d 日", year=found.year, month=month, day=found.day
    )
    return shown


def last_day(ends_at: datetime) -> str:
    """Show the last day before an instant, for what ends at midnight."""
    return day(ends_at - timedelta(seconds=1))


def moment(value: datetime) -> str:
    """Show day and time as 2026-11-22 09:02."""
    return f"{value.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"


def for_input(value: date | datetime | None) -> str:
    """Give the value of a date or datetime-local field."""
    if isinstance(value, datetime):
        return f"{value.astimezone(clock.SHANGHAI):%Y-%m-%dT%H:%M}"
    return value.isoformat() if value else ""


def translated(words: str) -> str:
    """Say stored words in the reader's language when they are ours; others stay as typed."""
    return str(gettext(words)) if words else ""


def said(text: str) -> str:
    """Say a kept sentence in the reader's language; any other text stays as somebody wrote it."""
    if not isinstance(text, Said):
        return text
    facts = {
        name: said(fact) if isinstance(fact, str) else fact for name, fact in text.facts.items()
    }
    sentence: str = gettext(text.template).format(**facts)
    return sentence


def init_filters(app: Flask) -> None:
    """Give the filters to the templates."""
    app.jinja_env.filters |= {
        "yuan": yuan,
        "hours": hours,
        "signed": signed,
        "percent": percent,
        "day": day,
        "short_day": short_day,
        "time_of_day": time_of_day,
        "moment": moment,
        "full_day": full_day,
        "last_day": last_day,
        "translated": translated,
        "said": said,
        "for_input": for_input,
        "mask_name": mask_name,
        "mask_phone": mask_phone,
    }
