"""Years and days of other calendars in Gregorian terms: Buddhist, Minguo, Japanese eras, Persian solar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

#: Gregorian year of an era's year 0: Reiwa 1 = 2019, Minguo 1 = 1912.
ERA_OFFSETS: Mapping[str, int] = {
    "令和": 2018,
    "平成": 1988,
    "昭和": 1925,
    "民國": 1911,
    "民国": 1911,
    "R": 2018,
    "H": 1988,
    "S": 1925,
}
#: Thai solar year minus Gregorian year.
BUDDHIST_OFFSET = 543

#: 1 Farvardin 979.
_FARVARDIN_979 = date(1600, 3, 20).toordinal()

_HAN_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0}


def era_year(era: str, year: str) -> int:
    """The Gregorian year of an era's ``year`` ("5", or "元" for the first)."""
    return ERA_OFFSETS[era.upper()] + (1 if year == "元" else int(year))


def gregorian_from_buddhist(year: int) -> int:
    """A Thai year, in full (2566) or by its last two digits (66), as Gregorian."""
    return (year if year > 100 else 2500 + year) - BUDDHIST_OFFSET


def han_number(text: str) -> int:
    """A number in Han digits: 二〇二三 is 2023, 十七 is 17, 廿三 is 23; plain digits pass through."""
    if text.isdecimal():
        return int(text)
    text = text.replace("廿", "二十")
    if "十" in text:
        tens, _, ones = text.partition("十")
        return _HAN_DIGITS.get(tens, 1) * 10 + _HAN_DIGITS.get(ones, 0)
    number = 0
    for digit in text:
        number = number * 10 + _HAN_DIGITS.get(digit, 0)
    return number


def gregorian_from_jalali(year: int, month: int, day: int) -> date:
    """A day of the Persian solar calendar as a Gregorian date.

    Arithmetic of the 33-year cycle of leap years, right for the years 1206 to 1498 (1827 to 2119).
    """
    years = year - 979
    days = 365 * years + (years // 33) * 8 + (years % 33 + 3) // 4
    days += sum(31 if past < 6 else 30 for past in range(month - 1)) + day - 1
    return date.fromordinal(_FARVARDIN_979 + days)
