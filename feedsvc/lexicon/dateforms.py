"""The written forms of dates as regular expressions, over text whose digits and punctuation were made plain.

Each form is named by its shape (see ``dateshape.DateSpan``) and followed, where it can be, by a time of day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from feedsvc.lexicon.gate import SPACE, Gate, any_of
from feedsvc.lexicon.months import MONTH_NAMES, TWO_WORD_MONTHS
from feedsvc.lexicon.relative import (
    ABOUT,
    AGO_AFTER,
    AGO_BEFORE,
    EAST_ASIAN_AGO,
    EAST_ASIAN_UNITS,
    NAMED_DAYS,
    NOW_WORDS,
    ONES,
)
from feedsvc.lexicon.zones import CIVIL_ZONES, ZONE_OFFSETS


def _any(words: Iterable[str]) -> str:
    """An alternation of ``words``, longest first, with any white space between the words of one."""
    return "|".join(re.escape(word).replace(r"\ ", r"\s") for word in sorted(words, key=len, reverse=True))


# Marks that join to letters without being \w for Python: accents, Hebrew and Arabic points, Indic and Thai vowels.
_MARK = (
    "\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0900-\u0903\u093a-\u094f"
    "\u0981-\u09cd\u0b82\u0bbe-\u0bcd\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0970\u200c"
)
_LETTER = r"[^\W\d_]"
WORD = rf"{_LETTER}(?:{_LETTER}|[{_MARK}]|[.'’׳](?={_LETTER}|[{_MARK}]))*"
_BEFORE_WORD, _AFTER_WORD = rf"(?<!{_LETTER})", rf"(?!{_LETTER})"

_WEEKDAY = r"""
    \s*\(?(?:(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]
    |[月火水木金土日]曜?日?(?=[\s)])|[월화수목금토일](?:요일)?(?=[\s)]))\)?"""
_HALVES = "凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜间|午前|午後|오전|오후|[ap]m"
_ZONE = rf"""(?P<zone>
    (?:UTC|GMT)\s?[+-]\s?\d{{1,2}}(?::?\d\d)?(?!\d) | [+-]\d\d:?\d\d(?!\d) | [+-]\d\d(?![\d:.-])
    | (?-i:{_any((*ZONE_OFFSETS, *CIVIL_ZONES))}){_AFTER_WORD})"""
#: 15:30, 15:30:00.000Z, 3.30 pm, 15h30, 15.30 Uhr, 下午3点30分, 오후 3:30.
_CLOCK = rf"""
    (?:(?P<half_first>{_HALVES})\s?)?(?P<hour>[01]?\d|2[0-4])
    (?:
        \s?(?::|h|時|时|点|點|시|hs)\s?(?P<minute>[0-5]\d)(?:\s?[分분]|(?!\d))
        (?:\s?[:.]?\s?(?P<second>[0-5]\d)(?:[.,]\d{{1,9}})?(?:秒|초)?(?!\d))?
        | \.(?P<minute_dot>[0-5]\d)(?=\s*(?:uhr|[ap]\.?m|h\b|WIB|$|[^\w.]))
        | (?=\s?(?:[ap]\.?\s?m\b|uhr\b|h\b|時|时|点|點|시))
    )
    (?:\s?(?:uhr|hrs|hs|h|น\.|時|시|点|點){_AFTER_WORD})?
    (?:\s?(?P<half>[ap]\.?\s?m\b\.?|μ\.μ\.|π\.μ\.|ص|م){_AFTER_WORD})?
    (?:\s?\(?{_ZONE}\)?)?"""
_AT = r"""(?:at|um|à|a\slas|às|as|alle\sore|alle|ore|om|kl|kl\.|klo|o|o\sgodz\.?|godz\.
    |v|ve|в|у|о|saat|la|ora|στις|الساعة|ساعت|בשעה|เวลา|lúc|pukul|den)"""
_TIME = rf"(?:(?:{_WEEKDAY})?[\sT,;|·•@–—)(/-]{{0,6}}(?:{_AT}\s?)?(?<!\d){_CLOCK})?"
_COMPACT_TIME = r"(?:T?(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?P<second>[0-5]\d)?Z?)?"

_MONTH = rf"(?P<month>(?:{_any(TWO_WORD_MONTHS)})|{WORD})(?:\s?/\s?{WORD})?"
_ORDINAL = rf"(?:\s?(?:st|nd|rd|th|er|ste|de|da|η|ης|ος|º|ª|°|-?го|-?е|ني){_AFTER_WORD})?"
_OF = r"(?:(?:de|of|di|do|del|da|del\saño|de\sl'année)\s|d['’]|l['’])?"
_YEAR_WORD = r"(?:\s?(?:г\.?|года|р\.|року|ж\.))?"

_ERAS = "令和|平成|昭和|民國|民国|R|H|S"
_HAN_DIGIT = "〇零○一二三四五六七八九"

_ONE = rf"(?P<count>\d{{1,3}}|(?:{_any(ONES)})(?=\s))\s?(?P<unit>{WORD})"
_TWO = rf"(?:\s?(?:,|and|und|et|y|e)?\s?(?P<count2>\d{{1,2}})\s?(?P<unit2>{WORD}))?"
_NAMED_DAY = _any(word for words in NAMED_DAYS.values() for word in words)


class Form(NamedTuple):
    """One written form of dates."""

    shape: str
    pattern: re.Pattern[str]


class Forms:
    """Forms in the order of preference, each tried only on texts that hold what it needs."""

    def __init__(self, forms: Sequence[tuple[str, str]], needs: Sequence[str]) -> None:
        compiled = [Form(shape, re.compile(form, re.IGNORECASE | re.VERBOSE)) for shape, form in forms]
        self._ranked = tuple(enumerate(compiled))
        self._is_named = tuple(_MONTH in form for _shape, form in forms)
        self._months = len(needs)
        self._gate = Gate(*needs, _MONTHS)

    def worth_trying(self, plain: str) -> Iterator[tuple[int, Form]]:
        """The forms that may match, with their ranks; never without one that does."""
        found = self._gate.found(plain)
        # other scripts and accents have too many spellings of months to look for: they may name one
        may_name_month = self._months in found or not plain.isascii()
        for rank in sorted(found):
            if rank < self._months and (may_name_month or not self._is_named[rank]):
                yield self._ranked[rank]


def _apart(words: Iterable[str]) -> str:
    """Any of ``words``, no letter beside it where its script sets words apart."""
    spaced: list[str] = []
    unspaced: list[str] = []
    for word in words:
        (spaced if word[0] < _UNSPACED else unspaced).append(word)
    forms = [any_of(unspaced)] if unspaced else []
    if spaced:
        forms.append(rf"(?:^|[^\pL]){any_of(spaced)}(?:$|[^\pL])")
    return f"(?:{'|'.join(forms)})"


#: From Thai on, scripts do not set words apart.
_UNSPACED = "\u0e00"
#: The first letters of months' names as they are written without accents.
_MONTHS = _apart(match[0] for name in MONTH_NAMES if (match := re.search(r"[^\W\d_]+", name)))


#: What the forms below need, in their order. With a named month stands a day of one or two digits, or a year of four:
#: "Route 1234" in a title is then tried as one of those forms only.
_SIGNED, _DAY, _YEAR = rf"\d{SPACE}?[-/.]{SPACE}?['’\d]", r"(?:^|\D)\d\d?(?:\D|$)", r"\d{4}"
_NEEDS = (
    _SIGNED, _SIGNED, r"\d{8}", "[年년]", "年", "年", r"[RHS]\d", _DAY, _DAY, _YEAR, "áng", "[月월]",
    _apart(AGO_BEFORE), _apart(AGO_AFTER), _apart(EAST_ASIAN_AGO),
    _apart(word for words in NAMED_DAYS.values() for word in words), _apart(NOW_WORDS),
)  # fmt: skip


#: Where several match at one place the longest wins, then the earlier in this list.
FORMS = Forms(
    (
        # 2023-05-17, 2023/5/17 15:30, 2023.05.17, 2023-05-17T15:30:00+08:00
        ("iso", (rf"(?<![\d.])(?P<year>\d{{4}})\s?(?P<sep>[-/.])\s?(?P<month>\d{{1,2}})\s?(?P=sep)\s?(?P<day>\d{{1,2}})"
                rf"(?!\d)\.?{_TIME}")),
        # 17.05.2023, 5/17/23, 17 / 05 / 2023
        ("numeric", (rf"(?<![\d.:/-])(?P<first>\d{{1,2}})(?P<sep>\s?[-/.]\s?)(?P<second_number>\d{{1,2}})(?P=sep)"
                    rf"(?P<year>\d{{4}}|['’]?\d\d)(?![\d%]|[./-]\d){_TIME}")),
        # 20230517, 20230517T153000Z
        ("compact", (rf"(?<![\d.,-])(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])"
                    rf"{_COMPACT_TIME}(?![\d,])")),
        # 2023年5月17日 星期三 下午3:30, 2023년 5월 17일
        ("cjk", (rf"(?<!\d)(?P<year>\d{{4}}|\d\d)\s?[年년]\s?(?P<month>\d{{1,2}})\s?[月월]\s?(?P<day>\d{{1,2}})"
                rf"\s?[日号號일]?{_TIME}")),
        # 二〇二三年五月十七日
        ("cjk", (rf"(?P<year>[{_HAN_DIGIT}]{{4}})年(?P<month>[一二三四五六七八九十]{{1,2}})月"
                rf"(?P<day>[一二三四五六七八九十廿]{{1,3}})[日号號]")),
        # 令和5年5月17日, 民國112年5月17日, R5.5.17
        ("era", (rf"{_BEFORE_WORD}(?P<era>{_ERAS})\s?(?P<year>\d{{1,3}}|元)\s?年\s?(?P<month>\d{{1,2}})\s?月\s?"
                rf"(?P<day>\d{{1,2}})\s?日?{_TIME}")),
        ("era", (rf"{_BEFORE_WORD}(?P<era>(?-i:[RHS]))(?P<year>\d{{1,2}})[./](?P<month>\d{{1,2}})[./](?P<day>\d{{1,2}})"
                rf"(?!\d){_TIME}")),
        # 17 May 2023, 17th of May '23, 17. Mai 2023, 1er juin 2023, 17 de mayo de 2023, 17/May/2023
        ("words", (rf"(?<![\d.:/,-])(?P<day>\d{{1,2}}){_ORDINAL}[\s.\-–/,]{{0,3}}{_OF}{_MONTH}"
                  rf"(?:[\s.\-–/,]{{0,3}}{_OF}(?P<year>\d{{4}}(?!\d)|['’]?\d\d(?![\d:.h%])))?{_YEAR_WORD}{_TIME}")),
        # May 17, 2023, Sept. 5-7, 2023
        ("words", (rf"{_BEFORE_WORD}{_MONTH}[.,]?\s?[-–]?\s?(?P<day>\d{{1,2}})(?!\d|:\d|[./]\d){_ORDINAL}"
                  rf"(?:\s?[-–]\s?\d{{1,2}}(?!\d))?"
                  rf"(?:[\s,.\-–/]{{1,3}}(?:of\s)?(?P<year>\d{{4}}(?!\d)|['’]\d\d))?{_TIME}")),
        # 2023. május 17., 2023 m. gegužės 17, 2023. gada 17. maijs, 2023 May 17
        ("words", (rf"(?<!\d)(?P<year>\d{{4}})[.,]?[\s/-]*(?:(?:m\.|gada|года|ko)\s)?(?:(?P<day_first>\d{{1,2}})\.\s?)?"
                  rf"{_MONTH}[.,]?[\s/-]*(?P<day>\d{{1,2}})?(?!\d)\.?{_TIME}")),
        # 17 tháng 5, 2023, 17 tháng 5 năm 2023
        ("words", (rf"(?<!\d)(?P<day>\d{{1,2}})\stháng\s(?P<month_number>\d{{1,2}})"
                  rf"(?:[\s,]+(?:năm\s)?(?P<year>\d{{4}}))?{_TIME}")),
        # 5月17日 15:30
        ("yearless", rf"(?<!\d)(?<!年)(?P<month>\d{{1,2}})\s?[月월]\s?(?P<day>\d{{1,2}})\s?[日号號일]{_TIME}"),
        # vor 3 Stunden, il y a 1 heure, hace 2 días
        ("relative", rf"{_BEFORE_WORD}(?:{_any(AGO_BEFORE)})\s(?:(?:{_any(ABOUT)})\.?\s)?{_ONE}{_TWO}"),
        # 3 hours ago, an hour ago, 1 day 5 hours ago, 2 timmar sedan
        ("relative", rf"{_BEFORE_WORD}{_ONE}\.?{_TWO}\s?(?:{_any(AGO_AFTER)}){_AFTER_WORD}"),
        # 3小时前, 3시간 전
        ("relative", rf"(?<!\d)(?P<count>\d{{1,3}})\s?(?P<unit>{_any(EAST_ASIAN_UNITS)})\s?(?:{_any(EAST_ASIAN_AGO)})"),
        # yesterday at 3 pm, 昨天 15:30, gestern um 15:30 Uhr
        ("named-day", rf"{_BEFORE_WORD}(?P<name>{_NAMED_DAY})(?:(?<=[\u3040-\uffff])|(?![^\W\d_]|[{_MARK}])){_TIME}"),
        # just now, 刚刚
        ("now", rf"{_BEFORE_WORD}(?P<name>{_any(NOW_WORDS)}){_AFTER_WORD}"),
    ),
    _NEEDS,
)  # fmt: skip

#: Forms so bare that only a text which is nothing else may be read so.
BARE_FORMS = Forms(
    tuple(
        (shape, rf"[\s\[({{|]*{form}[\s\])}}|]*")
        for shape, form in (
            # 1684308600, 1684308600000
            ("epoch", r"(?P<epoch>[12]\d{9}(?:\d{3})?)"),
            # 05-17, 17.05., [05/17] 15:30
            ("yearless", rf"(?P<first>\d{{1,2}})(?P<sep>[-/.])(?P<second_number>\d{{1,2}})\.?{_TIME}"),
            # Monday, Monday 15:30
            ("weekday", rf"(?P<weekday>{WORD})\.?{_TIME}"),
            # 15:30
            ("clock", _CLOCK),
            # 3h, 5 min
            ("relative", rf"(?P<count>\d{{1,3}})\s?(?P<unit>{WORD})\.?"),
        )
    ),
    (r"\d{10}", r"\d[-/.]\d", "", r"\d", r"\d"),
)
