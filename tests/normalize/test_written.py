"""Dates as pages write them, in many languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.model import Precision
from feedsvc.normalize.written import day_order, parse_date

NOW = datetime(2024, 3, 6, 12, 0, tzinfo=UTC)  # a Wednesday
THE_DAY = "2023-05-17"

A_DAY = [
    ("en", "2023-05-17"),
    ("en", "Release date: 2023-05-17    Source:China International Import Expo Bureau"),
    ("en", "17 May 2023"),
    ("en", "17th of May, 2023"),
    ("en", "Wednesday, May 17, 2023"),
    ("en", "May 17th 2023"),
    ("en", "17 May '23"),
    ("en", "17/May/2023"),
    ("en", "17-May-2023"),
    ("en", "5/17/2023"),
    ("en", "20230517"),
    ("de", "Mittwoch, 17. Mai 2023"),
    ("de", "17.05.2023"),
    ("de", "17.5.23"),
    ("fr", "mercredi 17 mai 2023"),
    ("fr", "Publié le 17/05/2023"),
    ("es", "17 de mayo de 2023"),
    ("es", "17 may. 2023"),
    ("pt", "17 de maio de 2023"),
    ("pt", "17 mai 2023"),
    ("it", "17 maggio 2023"),
    ("it", "Mercoledì 17 Mag 2023"),
    ("nl", "17 mei 2023"),
    ("pl", "17 maja 2023 r."),
    ("cs", "17. května 2023"),
    ("cs", "17. 5. 2023"),
    ("sk", "17. mája 2023"),
    ("sv", "17 maj 2023"),
    ("da", "17. maj 2023"),
    ("no", "17. mai 2023"),
    ("fi", "17. toukokuuta 2023"),
    ("hu", "2023. május 17."),
    ("hu", "2023. 05. 17."),
    ("ro", "17 mai 2023"),
    ("tr", "17 Mayıs 2023"),
    ("ru", "17 мая 2023 г."),
    ("uk", "17 травня 2023"),
    ("bg", "17 май 2023"),
    ("el", "17 Μαΐου 2023"),
    ("ar", "17 مايو 2023"),
    ("ar", "١٧ مايو ٢٠٢٣"),
    ("ar", "17 أيار/مايو 2023"),
    ("fa", "۲۷ اردیبهشت ۱۴۰۲"),
    ("fa", "۱۴۰۲/۰۲/۲۷"),
    ("he", "17 במאי 2023"),
    ("hi", "17 मई 2023"),
    ("hi", "१७ मई २०२३"),
    ("th", "17 พฤษภาคม 2566"),
    ("th", "17 พ.ค. 66"),
    ("vi", "17 tháng 5, 2023"),
    ("vi", "ngày 17 tháng 5 năm 2023"),
    ("id", "Rabu, 17 Mei 2023"),
    ("lt", "2023 m. gegužės 17 d."),
    ("lv", "2023. gada 17. maijs"),
    ("et", "17. mai 2023"),
    ("hr", "17. svibnja 2023."),
    ("sl", "17. maj 2023"),
    ("ja", "2023年5月17日"),
    ("ja", "令和5年5月17日"),
    ("ja", "２０２３年５月１７日（水）"),
    ("ko", "2023년 5월 17일"),
    ("ko", "2023.05.17"),
    ("zh", "2023年05月17日"),
    ("zh", "发布时间：２０２３－０５－１７"),
    ("zh", "二〇二三年五月十七日"),
    ("zh", "民國112年5月17日"),
    ("zh", "23-05-17"),
]


@pytest.mark.parametrize(("language", "text"), A_DAY)
def test_a_printed_day_is_read(language: str, text: str) -> None:
    when = parse_date(text, now=NOW, time_zone="Europe/Berlin", languages=(language,))
    assert when is not None
    assert (when.day, when.precision) == (THE_DAY, Precision.DAY)


A_MOMENT = [
    ("2023-05-17T15:30:00+08:00", "UTC", "2023-05-17T07:30:00"),
    ("2023-05-17T15:30:00.123Z", "Asia/Shanghai", "2023-05-17T15:30:00"),
    ("Wed, 17 May 2023 15:30:00 +0200", "UTC", "2023-05-17T13:30:00"),
    ("May 17, 2023, 3:30 p.m. EDT", "UTC", "2023-05-17T19:30:00"),
    ("May 17, 2023 at 3:30 pm ET", "UTC", "2023-05-17T19:30:00"),
    ("17. Mai 2023, 15:30 Uhr", "Europe/Berlin", "2023-05-17T13:30:00"),
    ("17.05.2023 | 15.30 Uhr", "Europe/Berlin", "2023-05-17T13:30:00"),
    ("17 mai 2023 à 15h30", "Europe/Paris", "2023-05-17T13:30:00"),
    ("2023年05月17日 星期三 下午3:30", "Asia/Shanghai", "2023-05-17T07:30:00"),
    ("2023年5月17日 15时30分", "Asia/Shanghai", "2023-05-17T07:30:00"),
    ("2023년 5월 17일 오후 3:30", "Asia/Seoul", "2023-05-17T06:30:00"),
    ("２０２３年５月１７日（水）１５時３０分", "Asia/Tokyo", "2023-05-17T06:30:00"),
    ("17 мая 2023 г., 15:30", "Europe/Moscow", "2023-05-17T12:30:00"),
    ("2023-05-17 15:30 CST", "Asia/Shanghai", "2023-05-17T07:30:00"),
    ("2023-05-17 15:30 CST", "America/Chicago", "2023-05-17T20:30:00"),
    ("17 May 2023 15:30 (GMT+8)", "UTC", "2023-05-17T07:30:00"),
    ("1684337400", "UTC", "2023-05-17T15:30:00"),
]


@pytest.mark.parametrize(("text", "zone", "moment"), A_MOMENT)
def test_a_printed_time_is_read_in_its_zone_or_the_sites(text: str, zone: str, moment: str) -> None:
    when = parse_date(text, now=NOW, time_zone=zone)
    assert when is not None
    assert when.at == datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert when.precision is not Precision.DAY


RELATIVE = [
    ("3 hours ago", "2024-03-06T09:00:00", Precision.MINUTE),
    ("an hour ago", "2024-03-06T11:00:00", Precision.MINUTE),
    ("1 hour 5 minutes ago", "2024-03-06T10:55:00", Precision.MINUTE),
    ("vor 3 Stunden", "2024-03-06T09:00:00", Precision.MINUTE),
    ("vor etwa 20 Minuten", "2024-03-06T11:40:00", Precision.MINUTE),
    ("il y a 3 heures", "2024-03-06T09:00:00", Precision.MINUTE),
    ("hace 2 días", "2024-03-04T12:00:00", Precision.DAY),
    ("há 3 horas", "2024-03-06T09:00:00", Precision.MINUTE),
    ("3 ore fa", "2024-03-06T09:00:00", Precision.MINUTE),
    ("3 uur geleden", "2024-03-06T09:00:00", Precision.MINUTE),
    ("3 timmar sedan", "2024-03-06T09:00:00", Precision.MINUTE),
    ("3 timer siden", "2024-03-06T09:00:00", Precision.MINUTE),
    ("for 3 timer siden", "2024-03-06T09:00:00", Precision.MINUTE),
    ("för 3 timmar sedan", "2024-03-06T09:00:00", Precision.MINUTE),
    ("for en time siden", "2024-03-06T11:00:00", Precision.MINUTE),
    ("3 tuntia sitten", "2024-03-06T09:00:00", Precision.MINUTE),
    ("3 godziny temu", "2024-03-06T09:00:00", Precision.MINUTE),
    ("před 3 hodinami", "2024-03-06T09:00:00", Precision.MINUTE),
    ("3 órája", "2024-03-06T09:00:00", Precision.MINUTE),
    ("3 saat önce", "2024-03-06T09:00:00", Precision.MINUTE),
    ("3 часа назад", "2024-03-06T09:00:00", Precision.MINUTE),
    ("3 години тому", "2024-03-06T09:00:00", Precision.MINUTE),
    ("πριν από 3 ώρες", "2024-03-06T09:00:00", Precision.MINUTE),
    ("منذ 3 ساعات", "2024-03-06T09:00:00", Precision.MINUTE),
    ("۳ ساعت پیش", "2024-03-06T09:00:00", Precision.MINUTE),
    ("לפני 3 שעות", "2024-03-06T09:00:00", Precision.MINUTE),
    ("3 घंटे पहले", "2024-03-06T09:00:00", Precision.MINUTE),
    ("3 ชั่วโมงที่แล้ว", "2024-03-06T09:00:00", Precision.MINUTE),
    ("3 giờ trước", "2024-03-06T09:00:00", Precision.MINUTE),
    ("3 jam yang lalu", "2024-03-06T09:00:00", Precision.MINUTE),
    ("3小时前", "2024-03-06T09:00:00", Precision.MINUTE),
    ("3時間前", "2024-03-06T09:00:00", Precision.MINUTE),
    ("3시간 전", "2024-03-06T09:00:00", Precision.MINUTE),
    ("刚刚", "2024-03-06T12:00:00", Precision.MINUTE),
    ("yesterday", "2024-03-05T12:00:00", Precision.DAY),
    ("昨天 15:30", "2024-03-05T15:30:00", Precision.MINUTE),
    ("gestern um 15:30 Uhr", "2024-03-05T15:30:00", Precision.MINUTE),
    ("hier à 15h30", "2024-03-05T15:30:00", Precision.MINUTE),
    ("вчера, 15:30", "2024-03-05T15:30:00", Precision.MINUTE),
    ("today 09:15", "2024-03-06T09:15:00", Precision.MINUTE),
    ("Monday", "2024-03-04T12:00:00", Precision.DAY),
    ("Montag, 15:30 Uhr", "2024-03-04T15:30:00", Precision.MINUTE),
    ("09:15", "2024-03-06T09:15:00", Precision.MINUTE),
    ("23:15", "2024-03-05T23:15:00", Precision.MINUTE),
    ("[03-05]", "2024-03-05T12:00:00", Precision.DAY),
    ("12-31 08:00", "2023-12-31T08:00:00", Precision.MINUTE),
    ("5月17日", "2023-05-17T12:00:00", Precision.DAY),
    ("May 17", "2023-05-17T12:00:00", Precision.DAY),
    ("29 February", "2024-02-29T12:00:00", Precision.DAY),
]


@pytest.mark.parametrize(("text", "moment", "precision"), RELATIVE)
def test_a_date_that_leaves_something_out_is_completed_from_the_fetch_time(
    text: str, moment: str, precision: Precision
) -> None:
    when = parse_date(text, now=NOW, time_zone="UTC")
    assert when is not None
    assert (when.at, when.precision) == (datetime.fromisoformat(moment).replace(tzinfo=UTC), precision)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no date",
        "1970-01-01",
        "1899-12-30",
        "2023-13-45",
        "31 February 2023",
        "version 1.2.3",
        "0",
        "²³",
        "9" * 500,
    ],
)
def test_what_cannot_be_a_release_date_is_refused(text: str) -> None:
    assert parse_date(text, now=NOW, time_zone="UTC", languages=("en",)) is None


def test_a_day_is_noon_in_the_sites_zone() -> None:
    when = parse_date("2023-05-17", now=NOW, time_zone="Asia/Shanghai")
    assert when is not None
    assert when.at == datetime(2023, 5, 17, 4, 0, tzinfo=UTC)


def test_todays_day_is_now_while_noon_is_still_ahead() -> None:
    morning = datetime(2023, 5, 17, 1, 0, tzinfo=UTC)
    when = parse_date("2023-05-17", now=morning, time_zone="Asia/Shanghai")
    assert when is not None
    assert when.at == morning


def test_a_date_beyond_tomorrow_is_returned_for_the_caller_to_flag() -> None:
    when = parse_date("2031-01-01", now=NOW, time_zone="UTC")
    assert when is not None
    assert when.at > NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2023-03-26 02:30", "2023-03-26T01:30:00"),  # skipped: read with the offset before the change
        ("2023-10-29 02:30", "2023-10-29T00:30:00"),  # twice: the first
    ],
)
def test_a_clock_change_moves_no_day(text: str, moment: str) -> None:
    when = parse_date(text, now=NOW, time_zone="Europe/Berlin")
    assert when is not None
    assert when.at == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "day_first", "expected"),
    [
        ("en", None, "2023-03-04"),
        ("en-GB", None, "2023-04-03"),
        ("fr", None, "2023-04-03"),
        ("en", True, "2023-04-03"),
        ("fr", False, "2023-03-04"),
    ],
)
def test_day_and_month_are_told_apart_by_evidence_then_language(
    language: str, day_first: bool | None, expected: str
) -> None:
    when = parse_date("03/04/2023", now=NOW, time_zone="UTC", languages=(language,), day_first=day_first)
    assert when is not None
    assert when.day == expected


def test_the_sites_other_dates_give_the_order() -> None:
    assert day_order(["03/04/2023", "25/04/2023"]) is True
    assert day_order(["03/04/2023", "04/25/2023"]) is False
    assert day_order(["03/04/2023"]) is None
    assert day_order(["25/04/2023", "04/25/2023"]) is None


_days = st.dates(min_value=date(1990, 1, 1), max_value=date(2024, 3, 5))
_FORMS = [
    lambda day: day.isoformat(),
    lambda day: f"{day:%Y/%m/%d}",
    lambda day: f"{day:%d.%m.%Y}",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day.year}년 {day.month}월 {day.day}일",
    lambda day: f"{day.day} {day:%B} {day.year}",
    lambda day: f"{day:%b} {day.day}, {day.year}",
    lambda day: f"{day:%a, %d %b %Y}",
    lambda day: f"{day:%Y%m%d}",
    lambda day: f"{day.day} tháng {day.month}, {day.year}",
]


@given(day=_days, form=st.sampled_from(_FORMS), zone=st.sampled_from(["UTC", "Asia/Shanghai", "America/Los_Angeles"]))
def test_a_day_survives_every_written_form(day: date, form, zone: str) -> None:  # type: ignore[no-untyped-def]
    when = parse_date(form(day), now=NOW, time_zone=zone, languages=("en",))
    assert when is not None
    assert when.day == day.isoformat()
    assert when.at.astimezone(ZoneInfo(zone)).date() == day


_offsets = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(
    seconds=st.integers(int(datetime(1990, 1, 2, tzinfo=UTC).timestamp()), int(NOW.timestamp())),
    zone=_offsets,
)
def test_a_moment_survives_iso_8601_in_every_offset(seconds: int, zone: timezone) -> None:
    at = datetime.fromtimestamp(seconds, zone)
    when = parse_date(at.isoformat(), now=NOW, time_zone="UTC")
    assert when is not None
    assert when.day == at.date().isoformat()
    if (at.hour, at.minute, at.second) != (0, 0, 0):
        assert when.at == at


@given(st.text(max_size=80))
def test_no_text_makes_reading_raise(text: str) -> None:
    parse_date(text, now=NOW, time_zone="Asia/Tokyo", languages=("ja",))


@pytest.mark.parametrize(
    ("text", "days"), [("5 hours ago", 0), ("yesterday", 0), ("2 days ago", 1), ("3 weeks ago", 7), ("1 month ago", 30)]
)
def test_a_lapse_is_as_exact_as_its_unit(text: str, days: int) -> None:
    when = parse_date(text, now=NOW, time_zone="UTC", languages=("en",))
    assert when is not None
    assert when.give_or_take == timedelta(days=days)
