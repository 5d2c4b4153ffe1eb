"""Words of bylines in many languages: what stands before names, between them, and after them."""

from __future__ import annotations

#: Before a name, with a space or colon after it: 'By Zhao Guangmei', 'Von Anna Berg', 'Par Marie Curie'.
BY_WORDS = (
    "by", "written by", "posted by", "story by", "reported by", "words by", "text by", "published by", "author",
    "authors", "article by", "report by", "edited by", "a post by", "review by", "contributed by", "submitted by",
    "from", "von", "von:", "ein beitrag von", "geschrieben von", "verfasst von", "autor", "autorin", "autoren",
    "text", "text von", "veröffentlicht von", "ein artikel von", "eine analyse von", "ein kommentar von",
    "ein gastbeitrag von", "interview von", "protokoll von", "eine kolumne von", "reportage von", "par",
    "propos recueillis par", "écrit par", "rédigé par", "publié par", "auteur", "por", "escrito por", "publicado por",
    "autora", "postado por", "texto", "di", "scritto da", "da", "a cura di", "pubblicato da", "autore", "door",
    "geschreven door", "tekst", "napisał", "napisała", "autorka", "autor:", "oprac", "opracowanie", "napsal",
    "napsala", "av", "skriven av", "text av", "af", "skrevet af", "skrevet av", "tekst av", "författare",
    "kirjoittanut", "kirjoittaja", "teksti", "írta", "szerző", "de", "scris de", "yazan", "yazar", "haber", "автор",
    "текст", "γράφει", "γράφει ο", "γράφει η", "του", "της", "από", "بقلم", "كتب", "كتبت", "نویسنده", "מאת", "लेखक",
    "โดย", "tác giả", "oleh", "penulis", "作者", "撰文", "文", "文/", "记者", "本报记者", "本网记者", "撰稿",
    "通讯员", "記者", "著者", "筆者",
    "執筆",
)  # fmt: skip

#: By-words that are also everyday words: a line that begins with one is a byline only where names follow.
WEAK_BY_WORDS = frozenset(
    {"de", "di", "da", "por", "av", "af", "text", "texto", "tekst", "from", "του", "της", "από", "文", "haber"}
)

#: Between names.
NAME_SEPARATORS = (
    "and", "und", "et", "y", "e", "i", "og", "och", "en", "ja", "és", "și", "si", "ve", "и", "і", "та", "και", "و",
    "ו", "dan", "và", "a", "with", "mit", "avec", "con", "com", "met", "&", "＆", "/", "|", ";", "；", "、", "，",
    ",",
    "·", "•",
)  # fmt: skip

#: What follows a name or takes its place: roles and places of work, never part of a name.
ROLES = (
    "staff", "staff writer", "staff reporter", "reporter", "senior reporter", "chief reporter", "correspondent",
    "editor", "senior editor", "editor-in-chief", "chief editor", "managing editor", "deputy editor",
    "associate editor", "news editor", "contributing editor", "contributor", "contributing writer", "senior writer",
    "writer", "author", "columnist", "journalist", "freelancer", "freelance writer", "freelance journalist",
    "guest author", "guest contributor", "guest writer", "opinion contributor", "video journalist",
    "political editor", "business reporter", "sports writer", "special correspondent", "senior correspondent",
    "bureau chief", "photographer", "multimedia journalist", "producer", "digital editor", "web editor",
    "assistant editor", "features editor", "associate professor", "professor", "redaktion", "redakteur",
    "redakteurin", "autor", "autorin", "korrespondent", "korrespondentin", "reporterin", "volontär", "volontärin",
    "freier journalist", "freie journalistin", "freier autor", "freie autorin", "gastautor", "gastautorin",
    "chefredakteur", "chefredakteurin", "ressortleiter", "journaliste", "rédacteur", "rédactrice", "envoyé spécial",
    "envoyée spéciale", "correspondant", "correspondante", "rédacteur en chef", "redactor", "redactora", "periodista",
    "corresponsal", "enviado especial", "jornalista", "repórter", "giornalista", "redattore", "redattrice",
    "redacteur", "verslaggever", "dziennikarz", "redaktor", "redaktorka", "redaktør", "journalistin", "kommentator",
    "toimittaja", "újságíró", "muhabir", "журналист", "корреспондент", "редактор", "记者", "編輯", "编辑", "記者",
    "기자", "ho",
    "md", "phd", "dr.-ing",
)  # fmt: skip

#: Ends a list of names: what follows is something else.
STOPS = (
    "published", "updated", "posted", "last updated", "modified", "share", "follow", "view bio", "read more",
    "more by", "comments", "comment", "min read", "minute read", "photo", "photos", "photography", "illustration",
    "illustrations", "graphics by", "video by", "image", "veröffentlicht", "aktualisiert", "stand", "publié",
    "mis à jour", "publicado", "actualizado", "atualizado", "pubblicato", "gepubliceerd", "opublikowano", "foto",
    "fotos", "twitter", "facebook", "email", "e-mail", "subscribe", "für", "for the", "contact", "bio", "on twitter",
    "is a", "is the", "am", "vom", "seit",
)  # fmt: skip
