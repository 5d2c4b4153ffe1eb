"""Which encoding is a page in that does not say, or says it wrongly? (the last steps of rule F10)

Cheap, strong evidence goes first: valid UTF-8 is UTF-8. East Asian encodings are told apart by how common the
characters are that they give; the rest is charset-normalizer's judgement over the legacy encodings of the web.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from feedsvc.fetch.encodings import LABELS, UTF_8, WINDOWS_1252, Encoding, decode

#: Bytes of text, without markup, that are looked at.
SAMPLE = 24 * 1024

#: The commonest characters of running text: about two thirds of it in Chinese, a third in Korean.
COMMON_SIMPLIFIED = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多"
    "定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因"
    "由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解"
    "问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少"
    "图山统接知较将组见计别期根论运农指几九区强放决西被做必战先回则任取据处南给色光门即保治北造百规领七海口东导世金"
    "，。、：“”（）"
)
COMMON_TRADITIONAL = frozenset(
    "的一是不了人我在有他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可她里後小麼心多天"
    "而能好都然沒日於起還發成事只作當想看文無開手十用主行方又如前所本見經頭面公同三已老從動兩長知民樣現分將外但身些"
    "與高意進把法此實回二理美點月明其種聲全工己話兒者向情部正名定女問力機給等幾很業最間新什打便位因重被走電四第門相"
    "次東政海口使教西再平真聽世氣信北少關並內加化由卻代軍產入先山五太水萬市由報體員性通區應府務場議單，。、：「」（）"
)
COMMON_HANGUL = frozenset(
    "이다는에의을를은가고한하로지사자도기해대인리서시일정으나수전그어아부보장제구주공과있들라원국성만"
)

_MARKUP = re.compile(rb"(?is)<(script|style)\b.*?(?:</\1\s*+>|\Z)|<!--.*?(?:-->|\Z)|<[^<>]{0,2000}+>")
_ASCII_RUN = re.compile(rb"[\x00-\x7f]{24,}")
_KANA = re.compile(r"[\u3041-\u30fe]")
#: windows-1252: the accented letters, quotes, dashes and signs of Western European text.
_WESTERN = frozenset(
    bytes.fromhex(
        "e0e1e2e3e4e5e6e7e8e9eaebecedeeeff1f2f3f4f5f6f8f9fafbfcdf"
        "c0c1c4c5c6c7c8c9cacdd1d3d6d8dadc8082848c8591929394959697989c99a0a1a3a7a9aaabadaeb0b2b4b7babbbf"
    )
)
_LEGACY = [
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp1257",
    "cp1258",
    "cp874",
    "koi8_r",
    "koi8_u",
    "iso8859_2",
    "iso8859_5",
    "iso8859_7",
    "iso8859_15",
    "cp866",
    "mac_cyrillic",
]
_BY_CODEC = {encoding.codec.replace("-", "_"): encoding for encoding in LABELS.values()} | {
    "iso8859_2": LABELS["iso-8859-2"],
    "iso8859_5": LABELS["iso-8859-5"],
    "iso8859_7": LABELS["iso-8859-7"],
    "iso8859_15": LABELS["iso-8859-15"],
}


@dataclass(frozen=True, slots=True)
class _Script:
    """An East Asian encoding, and the share of common characters that running text in it has."""

    encoding: Encoding
    common: frozenset[str] | None
    share: float


_SCRIPTS = (
    _Script(LABELS["gb18030"], COMMON_SIMPLIFIED, 0.55),
    _Script(LABELS["big5"], COMMON_TRADITIONAL, 0.45),
    _Script(LABELS["shift_jis"], None, 0.40),
    _Script(LABELS["euc-jp"], None, 0.40),
    _Script(LABELS["euc-kr"], COMMON_HANGUL, 0.35),
)


def detect(body: bytes) -> Encoding | None:
    """The encoding that ``body`` is most likely in, or None where nothing speaks for any."""
    for start, name in ((b"<\0", "utf-16le"), (b"\0<", "utf-16be")):
        if body.startswith(start):
            return LABELS[name]
    if body.isascii() and (b"\x1b$B" in body or b"\x1b$@" in body):
        return LABELS["iso-2022-jp"]
    if is_mostly_utf8(body):
        return UTF_8
    sample = text_sample(body)
    return _east_asian(sample) or _single_byte(sample)


def is_mostly_utf8(body: bytes) -> bool:
    """Whether ``body`` is UTF-8, stray broken sequences aside: at most one in fifty; other encodings break most."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", errors="replace")
        bad = text.count("\ufffd")
        good = sum(1 for byte in body if byte >= 0xC2) - bad
        return good >= 50 * bad
    return True


def text_sample(body: bytes) -> bytes:
    """The text of a page without most of its markup, cut to what a judgement needs: the parts beyond ASCII."""
    text = _MARKUP.sub(b" ", body[: 40 * SAMPLE])
    return _ASCII_RUN.sub(lambda run: run[0][:8] + b" " + run[0][-8:], text)[:SAMPLE]


def _east_asian(sample: bytes) -> Encoding | None:
    best: tuple[float, Encoding] | None = None
    for script in _SCRIPTS:
        text = decode(sample, script.encoding)
        characters = [character for character in text if character > "\x7f"]
        if not characters or characters.count("\ufffd") * 50 > len(characters):
            continue
        common = script.common
        if common is None:
            hits = sum(1 for character in characters if _KANA.match(character))
        else:
            hits = sum(1 for character in characters if character in common)
        score = hits / len(characters) / script.share
        if best is None or score > best[0]:
            best = (score, script.encoding)
    return best[1] if best is not None and best[0] >= 0.4 else None


def _single_byte(sample: bytes) -> Encoding | None:
    if not any(byte >= 0x80 for byte in sample):
        return None
    is_western = _is_western(sample)
    matches = [_BY_CODEC[match.encoding] for match in from_bytes(sample, cp_isolation=_LEGACY, threshold=0.4)]
    fitting = [match for match in matches if is_western or match.name not in _WESTERN_ONLY]
    found = fitting[0] if fitting else WINDOWS_1252
    if found.name in _LATIN and is_western:
        return WINDOWS_1252
    if found.name == "windows-1250" and not any(0x80 <= byte < 0xA0 for byte in sample):
        return LABELS["iso-8859-2"]  # Alike but for letters that only windows-1250 puts there, the commonest of them.
    return found


_WESTERN_ONLY = frozenset({"windows-1252", "iso-8859-15"})
#: Encodings that share their Western letters with windows-1252.
_LATIN = frozenset({"windows-1250", "windows-1254", "windows-1257", "windows-1258", "iso-8859-2", "iso-8859-15"})


def _is_western(sample: bytes) -> bool:
    """Whether nearly all bytes beyond ASCII are the accented letters, quotes and dashes of Western Europe."""
    high = [byte for byte in sample if byte >= 0x80]
    return sum(1 for byte in high if byte in _WESTERN) * 20 >= len(high) * 19
