"""Words that stand by the files of a release: in links, in headings, in the classes of boxes."""

from __future__ import annotations

import re

_WORDS = (
    "download", "attachment", "attached", "document", "press kit", "press-kit", "presskit", "files", "enclosure",
    "herunterladen", "anhang", "anhänge", "anlage", "dokument", "datei", "télécharge", "telecharge", "pièce", "fichier",
    "annexe", "descarga", "adjunto", "anexo", "fichero", "archivo", "documento", "scarica", "allegat", "baixar",
    "bijlage", "bestand", "bilaga", "bilagor", "ladda ner", "vedlegg", "last ned", "bilag", "hent", "liite", "lataa",
    "załącz", "pobierz", "příloh", "stáhnout", "letölt", "melléklet", "скачать", "прилож", "документ", "файл",
    "додаток", "завантаж", "附件", "下载", "下載", "资料", "資料", "文件", "添付", "ダウンロード", "첨부", "다운로드",
    "ملف", "تحميل", "מסמך",
)  # fmt: skip
#: A word begins there; Chinese and Japanese have no such begins.
_NAMED = re.compile(
    "|".join(re.escape(w) if w > "\u3000" else rf"(?<![^\W\d_]){re.escape(w)}" for w in _WORDS), re.IGNORECASE
)


def names_attachments(text: str) -> bool:
    """Whether a link, a heading, or the class of a box says that files come with something; "(PDF)" alone does not."""
    return bool(_NAMED.search(text))
