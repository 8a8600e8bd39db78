"""Ages, masks and how two people of one name are told apart."""

from __future__ import annotations

from datetime import date

# Under this age a guardian acts. Source: 个人信息保护法 Art. 31 (in force 2021-11-01).
GUARDED_UNDER = 14


def is_guarded(birth_year: int | None, birthday: date | None, today: date) -> bool:
    """Tell whether a person is so young that a guardian must act for them.

    Where only the year of birth is known, the last day of that year is taken: a child is never
    let in too early. Source: 个人信息保护法 Art. 31.
    """
    if birthday is not None:
        return today < _years_after(birthday, GUARDED_UNDER)
    if birth_year is None:
        return False
    return today < date(birth_year + GUARDED_UNDER, 12, 31)


def _years_after(day: date, years: int) -> date:
    # One born on 29 February comes of age on 1 March (民法通则 意见: the following day).
    if day.month == 2 and day.day == 29:
        return date(day.year + years, 3, 1)
    return day.replace(year=day.year + years)


def mask_number(number: str) -> str:
    """Show the first three and the last four digits: 138****0000."""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 8 else "****" if number else ""
