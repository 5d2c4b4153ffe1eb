"""Which language a text is in: by its script, and for scripts of many languages by their commonest small words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

#: Scripts that one language of the web uses most, as ranges of characters.
_SCRIPTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (language, re.compile(f"[{characters}]"))
    for language, characters in (
        ("ja", "\u3040-\u30ff"), ("ko", "\uac00-\ud7af"), ("zh", "\u4e00-\u9fff"), ("th", "\u0e00-\u0e7f"),
        ("he", "\u05d0-\u05ea"), ("el", "\u0370-\u03ff"), ("hi", "\u0900-\u097f"), ("bn", "\u0980-\u09ff"),
        ("ta", "\u0b80-\u0bff"), ("ar", "\u0620-\u06ff"), ("ru", "\u0400-\u04ff"),
    )
)  # fmt: skip
#: Letters that tell languages of one script apart.
_LETTERS = (("ar", "fa", re.compile("[پچژگ]")), ("ru", "uk", re.compile("[іїєґ]")))
#: The commonest words of languages in Latin and Cyrillic script; none stands for two languages of equal weight.
_WORDS: Mapping[str, str] = {
    "en": "the of and to in that is for it with was on are this from have has by not",
    "de": "der die und das den von ist nicht mit sich auf für eine dem des auch wird werden im",
    "fr": "les des est et une dans pour qui sur pas par avec ce sont aux cette ses il du",
    "es": "el los las que y una por con para del se es su como más lo pero sus este",
    "pt": "os uma não com para que do da em dos das foi são mais ao pela pelo também é",
    "it": "il che di della per non una sono con del dei nel alla delle gli anche più è ha",
    "nl": "het een van en is dat op te voor met zijn niet aan ook naar bij wordt deze",
    "sv": "och att det som är på för med inte den till av ett har om från kan var",
    "da": "og at det er på for af med ikke til den som et har fra kan blev også",
    "no": "og det er på for av med ikke til som har fra ble kan også seg etter blir",
    "fi": "ja on ei että se oli hän mutta ovat myös kuin tai kun joka sen mukaan",
    "pl": "się nie na jest to że do jak przez oraz dla po od ale był tym już",
    "cs": "se na je že to jako pro jsou za byl ale od jeho také nebo podle které",
    "hu": "az és hogy nem egy is meg volt csak már ez mint vagy azt még ki",
    "ro": "și este care pe nu sau din cu pentru mai fost prin sunt după această",
    "tr": "ve bir bu için ile olarak daha çok de olan gibi kadar sonra ancak",
    "vi": "của và là các được cho trong một không với có người này những đã",
    "id": "yang dan di dengan untuk pada ini tidak dari dalam itu akan oleh juga",
    "bg": "на и за се от да не са по това като със който които",
    "ru": "и в не на что с по это как из для был его также",
}  # fmt: skip
_ENOUGH, _READ = 20, 6000
_WORD = re.compile(r"[^\W\d_]+")
_OF_WORD: dict[str, list[str]] = {}
for _language, _words in _WORDS.items():
    for _word in _words.split():
        _OF_WORD.setdefault(_word, []).append(_language)


def language_of(text: str) -> str | None:
    """The language of ``text`` (two letters), or None where it is too short or too mixed to tell."""
    text = text[:_READ]
    letters = sum(letter.isalpha() for letter in text)
    if letters < _ENOUGH:
        return None
    for language, pattern in _SCRIPTS:
        share = len(pattern.findall(text)) / letters
        if share > (0.08 if language == "ja" else 0.3):
            for script, other, sign in _LETTERS:
                if script == language and len(sign.findall(text)) > 0.004 * letters:
                    return other
            return _by_words(text, among=("ru", "bg")) or language if language == "ru" else language
    return _by_words(text)


def _by_words(text: str, *, among: tuple[str, ...] = ()) -> str | None:
    votes: Counter[str] = Counter()
    for word in _WORD.findall(text.lower()):
        for language in _OF_WORD.get(word, ()):
            if not among or language in among:
                votes[language] += 1
    ranked = votes.most_common(2)
    if not ranked or ranked[0][1] < 4 or (len(ranked) > 1 and ranked[0][1] < 1.15 * ranked[1][1]):
        return None
    return ranked[0][0]
