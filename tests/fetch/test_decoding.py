"""Bytes to text: what a reader sees is what the author wrote, whatever the page says about itself (rule F10)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.errors import NotAPage
from feedsvc.fetch import page_from_bytes
from feedsvc.fetch.decoding import decode_body
from feedsvc.fetch.encodings import LABELS, REPLACEMENT_LABELS, encoding_for
from feedsvc.model import Page

NOW = datetime(2026, 1, 2, tzinfo=UTC)

CHINESE = (
    "中国国际进口博览局今天发布消息，第六届进博会将于十一月五日至十日在上海举行，来自一百多个国家和地区的企业报名参加。"
    "我们的工作是为他们提供更好的服务，这也是国家对外开放的重要平台。"
)
TRADITIONAL = (
    "政府今天宣布，新的公共交通計劃將於下個月開始實施，市民可以在網上看到有關的資料。"
    "我們認為這個計劃對社會有很大的好處，也是為了大家的生活而來的。"
)
JAPANESE = (
    "本日、新しい製品を発表しました。これは私たちにとって大きな一歩であり、お客様にもよろこんでいただけると思います。"
)
KOREAN = (
    "오늘 새로운 제품을 발표했습니다. 이는 우리에게 매우 중요한 일이며 고객 여러분께도 도움이 될 것이라고 생각합니다."
)
RUSSIAN = "Сегодня компания объявила о запуске нового проекта, который пойдёт вместе с партнёрами в течение года."
GREEK = (
    "Σήμερα η εταιρεία ανακοίνωσε την έναρξη ενός νέου έργου που θα υλοποιηθεί με τους συνεργάτες της μέσα στο έτος."
)
WESTERN = (
    "Le ministère a annoncé aujourd’hui l’ouverture d’un nouveau musée, où l’été sera fêté dès le 1er août à Besançon."
)
POLISH = (
    "Dziś spółka ogłosiła rozpoczęcie nowego projektu, który będzie realizowany wspólnie z partnerami przez cały rok."
)
HEBREW = "היום הודיעה החברה על תחילת הפרויקט החדש שיבוצע יחד עם שותפים במהלך השנה הקרובה בכל רחבי הארץ."
ARABIC = "أعلنت الشركة اليوم عن بدء المشروع الجديد الذي سيتم تنفيذه مع الشركاء خلال العام القادم في جميع أنحاء البلاد."
THAI = "วันนี้บริษัทประกาศเริ่มโครงการใหม่ที่จะดำเนินการร่วมกับพันธมิตรตลอดทั้งปีในทุกภูมิภาคของประเทศ"
TURKISH = "Şirket bugün, yıl boyunca ortaklarıyla birlikte yürütülecek yeni bir projenin başladığını duyurdu; İzmir'de."

#: (label that the page declares, Python codec that wrote it, text)
WRITTEN = [
    ("gb2312", "gb18030", CHINESE + "镕㑇𠀀"),
    ("gbk", "gb18030", CHINESE),
    ("GB18030", "gb18030", CHINESE),
    ("big5", "big5", TRADITIONAL),
    ("big5-hkscs", "big5hkscs", TRADITIONAL + "嘅"),
    ("Shift_JIS", "cp932", JAPANESE + "①～"),
    ("euc-jp", "euc_jp", JAPANESE),
    ("iso-2022-jp", "iso2022_jp", JAPANESE),
    ("euc-kr", "cp949", KOREAN + "똠"),
    ("ks_c_5601-1987", "cp949", KOREAN),
    ("windows-1251", "cp1251", RUSSIAN),
    ("koi8-r", "koi8_r", RUSSIAN),
    ("koi8-u", "koi8_u", "Київ і Їжак"),
    ("iso-8859-5", "iso8859_5", RUSSIAN),
    ("ibm866", "cp866", RUSSIAN),
    ("x-mac-cyrillic", "mac_cyrillic", RUSSIAN),
    ("latin1", "cp1252", WESTERN + "€“”"),
    ("us-ascii", "cp1252", WESTERN),
    ("iso-8859-15", "iso8859_15", "un œuf à 3 €"),
    ("macintosh", "mac_roman", WESTERN),
    ("iso-8859-2", "iso8859_2", POLISH),
    ("windows-1250", "cp1250", POLISH),
    ("windows-1253", "cp1253", GREEK),
    ("iso-8859-7", "iso8859_7", GREEK),
    ("iso-8859-9", "cp1254", TURKISH),
    ("windows-1255", "cp1255", HEBREW),
    ("iso-8859-8-i", "iso8859_8", HEBREW),
    ("windows-1256", "cp1256", ARABIC),
    ("iso-8859-6", "iso8859_6", ARABIC),
    ("windows-1257", "cp1257", "Šodien uzņēmums paziņoja"),
    ("windows-1258", "cp1258", "Hôm nay công ty đa"),
    ("tis-620", "cp874", THAI),
    ("utf-8", "utf-8", CHINESE + RUSSIAN + "🎉"),
]


def read(body: bytes, content_type: str | None = "text/html") -> Page:
    return page_from_bytes(body, url="https://news.example/", content_type=content_type, fetched_at=NOW)


def document(text: str, head: str = "") -> str:
    return f"<!doctype html><html><head>{head}<title>News</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(("label", "codec", "text"), WRITTEN)
def test_the_http_charset_is_obeyed(label: str, codec: str, text: str) -> None:
    page = read(document(text).encode(codec), f"text/html; charset={label}")
    assert page.text == document(text)
    assert page.declared_charset == label


@pytest.mark.parametrize(("label", "codec", "text"), WRITTEN)
@pytest.mark.parametrize(
    "head",
    [
        '<meta charset="{}">',
        "<META http-equiv=Content-Type content='text/html; charset={}'>",
        "<!-- <meta charset=koi8-r> -->" + " " * 2000 + "<meta charset={} >",
    ],
)
def test_the_page_s_own_declaration_is_obeyed(label: str, codec: str, text: str, head: str) -> None:
    written = document(text, head.format(label))
    assert read(written.encode(codec)).text == written


@pytest.mark.parametrize(("label", "codec", "text"), WRITTEN)
def test_an_xml_declaration_is_obeyed(label: str, codec: str, text: str) -> None:
    written = f'<?xml version="1.0" encoding="{label}"?><rss><title>{text}</title></rss>'
    assert read(written.encode(codec), "application/rss+xml").text == written


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("gb18030", CHINESE),
        ("big5", TRADITIONAL),
        ("cp932", JAPANESE),
        ("euc_jp", JAPANESE),
        ("iso2022_jp", JAPANESE),
        ("cp949", KOREAN),
        ("cp1251", RUSSIAN * 2),
        ("koi8_r", RUSSIAN * 2),
        ("cp1253", GREEK * 2),
        ("cp1252", WESTERN * 2),
        ("cp1250", POLISH * 2),
        ("cp1255", HEBREW * 2),
        ("cp1256", ARABIC * 2),
        ("cp874", THAI * 2),
        ("utf-8", RUSSIAN),
        ("utf-16-le", RUSSIAN),
        ("utf-16-be", RUSSIAN),
    ],
)
def test_a_page_that_says_nothing_is_recognized(codec: str, text: str) -> None:
    assert read(document(text).encode(codec), None).text == document(text)


@pytest.mark.parametrize("declared", ["text/html; charset=gb2312", "text/html; charset=gbk", "text/html"])
def test_one_bad_byte_costs_one_character(declared: str) -> None:
    body = document(CHINESE).encode("gb18030").replace("海".encode("gb18030"), b"\xff\x20", 1)
    page = read(body, declared)
    assert page.encoding == "gb18030"
    assert page.text.count("\ufffd") <= 2
    assert page.text.startswith(document(CHINESE)[:60])
    assert page.text.endswith(document(CHINESE)[-40:])


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"])
def test_a_byte_order_mark_overrules_everything(mark: bytes) -> None:
    codec = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}[mark]
    written = document(RUSSIAN, "<meta charset=koi8-r>")
    assert read(mark + written.encode(codec), "text/html; charset=windows-1251").text == written


def test_http_overrules_the_page() -> None:
    written = document(RUSSIAN, "<meta charset=utf-8>")
    assert read(written.encode("cp1251"), "text/html; charset=windows-1251").text == written


@pytest.mark.parametrize("label", ["iso-8859-1", "utf-16", "gbk", "shift_jis", "euc-kr", "utf-8; x", "nonsense"])
def test_a_declaration_that_fails_loses_to_what_reads_cleanly(label: str) -> None:
    written = document(RUSSIAN + " Besançon, où l’été…")
    assert read(written.encode(), f"text/html; charset={label}").text == written


@pytest.mark.parametrize("text", [CHINESE, RUSSIAN, KOREAN])
def test_utf_8_that_is_none_is_recognized(text: str) -> None:
    codec = {CHINESE: "gb18030", RUSSIAN: "cp1251", KOREAN: "cp949"}[text]
    written = document(text * 2, "<meta charset=utf-8>")
    assert read(written.encode(codec), "text/html; charset=utf-8").text == written


@pytest.mark.parametrize("label", ["utf-7", *sorted(REPLACEMENT_LABELS)])
def test_encodings_that_smuggle_markup_are_never_used(label: str) -> None:
    assert encoding_for(label) is None
    body = document("+ADw-script+AD4- ~{<:Ky~}", f"<meta charset={label}>").encode()
    page = read(body, f"text/html; charset={label}")
    assert (page.encoding, page.text) == ("utf-8", body.decode())


def test_a_meta_cannot_mean_utf_16() -> None:
    written = document(RUSSIAN, "<meta charset=utf-16le>")
    assert read(written.encode()).text == written


def test_undefined_bytes_of_windows_1252_stay_as_browsers_show_them() -> None:
    assert decode_body(b"a\x81\x80\xe9", charset="latin1").text == "a\x81€é"


def test_zero_characters_do_not_end_the_page() -> None:
    assert read(b"<p>a\0b</p>", "text/html").text == "<p>a\ufffdb</p>"


def test_every_label_of_the_standard_has_a_codec() -> None:
    assert len(LABELS) == 228 - len(REPLACEMENT_LABELS) + 0
    for label in LABELS:
        assert decode_body(b"plain", charset=label).text == "plain"


@pytest.mark.parametrize(
    ("declared", "body", "media_type"),
    [
        (None, b"<!DOCTYPE html><p>x", "text/html"),
        ("", b"\n <!-- x --><html>", "text/html"),
        (None, b'<?xml version="1.0"?><rss/>', "application/xml"),
        (None, b"<urlset xmlns='x'>", "application/xml"),
        (None, b'{"a": 1}', "application/json"),
        (None, b"just text", "text/plain"),
        ("nonsense", b"<p>x</p>", "text/html"),
        ("TEXT/HTML;charset=UTF-8", b"x", "text/html"),
        ("application/atom+xml", b"<feed/>", "application/atom+xml"),
        ("application/feed+json", b"{}", "application/feed+json"),
        ("text/plain", b"<p>x</p>", "text/plain"),
    ],
)
def test_the_media_type_is_the_declared_one_or_a_careful_guess(
    declared: str | None, body: bytes, media_type: str
) -> None:
    assert read(body, declared).media_type == media_type


@pytest.mark.parametrize(
    ("declared", "body"),
    [
        ("application/pdf", b"<p>x</p>"),
        ("image/svg+xml", b"<svg/>"),
        ("image/png", b"<p>x</p>"),
        ("application/octet-stream", b"<p>x</p>"),
        ("text/css", b"p {}"),
        ("application/zip", b"PK"),
        ("text/html", b"%PDF-1.4"),
        ("text/html", b"\x89PNG\r\n\x1a\n"),
        ("application/json", b"GIF89a"),
        ("text/html", b"\0" * 100),
        (None, b"\x01\x02\x03abc"),
    ],
)
def test_what_is_no_page_is_refused(declared: str | None, body: bytes) -> None:
    with pytest.raises(NotAPage):
        read(body, declared)


@given(st.binary(max_size=300), st.sampled_from([None, "x", *sorted(LABELS)]))
def test_decoding_never_fails_and_never_empties(body: bytes, charset: str | None) -> None:
    text = decode_body(body, charset=charset).text
    assert "\0" not in text
    assert text or not body.strip(b"\xef\xbb\xbf\xff\xfe\x1b(B")
    assert not any("\ud800" <= character <= "\udfff" for character in text)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_utf_8_is_read_as_written(text: str) -> None:
    assert decode_body(text.encode(), charset=None).text == text.removeprefix("\ufeff")


@pytest.mark.parametrize("piece", [b"<script ", b"<!--", b"<", b"</script <style "])
def test_markup_that_nothing_closes_is_passed_over_once(piece: bytes) -> None:
    """Detection runs in the thread that fetched: a pattern that is not linear shows as a test that does not end."""
    body = b"<p>\xe9t\xe9 " + piece * (1_000_000 // len(piece))
    assert decode_body(body, charset=None).text.startswith("<p>")
