"""Labels that pages put before a release's facts, in many languages: 'Release date:', 'Veröffentlicht am', '来源：'.

Words as data: each kind of label once, words of all languages together, as labels stand on pages of any language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

#: Kind of fact -> the words before it.
LABELS: Mapping[str, tuple[str, ...]] = {
    "published": (
        "release date", "released", "date of release", "release time", "published", "publish date", "published date",
        "publication date", "date published", "published on", "published at", "posted", "posted on", "posted at",
        "date posted", "date", "issued", "issue date", "date of issue", "created", "created on", "first published",
        "originally published", "pub date", "pubdate", "time", "publish time", "publishing time", "release-date",
        "news date", "added", "uploaded", "veröffentlicht", "veröffentlicht am", "veröffentlichung",
        "veröffentlichungsdatum", "erstellt", "erstellt am", "datum", "erschienen", "erschienen am", "online seit",
        "publiziert am", "publiziert", "eingestellt am", "stand", "geschrieben am", "verfasst am", "gepostet am",
        "vom", "erstveröffentlichung", "publié", "publié le", "publiée le", "paru le", "date de publication",
        "date de parution", "mis en ligne le", "posté le", "publicado", "publicado el", "publicada el", "fecha",
        "fecha de publicación", "fecha de publicacion", "publicación", "publicado em", "publicada em",
        "data de publicação", "data", "postado em", "publicação", "criado em", "pubblicato", "pubblicato il",
        "pubblicata il", "data di pubblicazione", "pubblicazione", "inserito il", "gepubliceerd", "gepubliceerd op",
        "publicatiedatum", "geplaatst op", "geplaatst", "opublikowano", "opublikowane", "data publikacji",
        "data dodania", "dodano", "utworzono", "publikováno", "zveřejněno", "datum zveřejnění", "vydáno", "vloženo",
        "publikované", "zverejnené", "dátum zverejnenia", "publicerad", "publicerat", "publiceringsdatum",
        "publicerades", "udgivet", "offentliggjort", "publiceret", "oprettet", "publisert", "publiseringsdato",
        "lagt ut", "julkaistu", "julkaisupäivä", "julkaistu alun perin", "päiväys", "megjelent", "közzétéve",
        "közzététel dátuma", "dátum", "létrehozva", "publicat", "publicat la", "publicat pe", "data publicării",
        "postat la", "yayınlanma", "yayınlanma tarihi", "yayın tarihi", "yayınlandı", "tarih", "giriş tarihi",
        "опубликовано", "дата публикации", "дата", "размещено", "дата размещения", "создано", "опубліковано",
        "дата публікації", "публикувано", "публикувана на", "публикувано на", "дата на публикуване", "објављено",
        "objavljeno", "datum objave", "objavljeno dne", "датум", "објавено", "δημοσιεύτηκε", "δημοσιεύθηκε",
        "δημοσίευση", "ημερομηνία", "ημερομηνία δημοσίευσης", "تاريخ النشر", "نشر", "نشر في", "نُشر في", "تاريخ",
        "التاريخ", "تم النشر في", "تم النشر", "تاریخ انتشار", "تاریخ", "زمان انتشار", "منتشر شده", "פורסם",
        "פורסם בתאריך", "תאריך פרסום", "תאריך", "प्रकाशित", "प्रकाशन तिथि", "प्रकाशित तिथि", "दिनांक", "เผยแพร่",
        "เผยแพร่เมื่อ", "วันที่เผยแพร่", "วันที่", "วันที่ประกาศ", "ลงวันที่", "ngày đăng", "đăng ngày", "đăng lúc",
        "ngày xuất bản", "ngày phát hành", "diterbitkan", "dipublikasikan", "tanggal terbit", "tanggal", "发布日期",
        "发布时间", "发表时间", "发表日期", "发布于", "发表于", "日期", "时间", "发稿时间", "发文日期", "成文日期",
        "刊登日期", "出版日期", "上传时间", "录入时间",
        "添加时间", "发布", "公开日期", "發布日期", "發佈日期", "發布時間", "發佈時間", "發表時間", "刊登時間",
        "公告日期", "張貼日期", "上版日期", "公開日", "公開日時",
        "掲載日", "掲載日時", "発表日", "投稿日", "配信日", "配信", "作成日", "発行日", "日付", "公開", "등록일",
        "작성일", "게시일", "입력", "발행일", "날짜",
        "등록", "승인", "기사입력", "배포일",
    ),
    "updated": (
        "updated", "last updated", "updated on", "update", "last update", "modified", "last modified",
        "date modified", "last edited", "last reviewed", "last changed", "page last updated", "revised",
        "aktualisiert", "aktualisiert am", "zuletzt aktualisiert", "zuletzt aktualisiert am", "letzte aktualisierung",
        "letzte änderung", "zuletzt geändert", "zuletzt geändert am", "geändert am", "aktualisierung", "mis à jour",
        "mis à jour le", "mise à jour", "modifié le", "modifié", "dernière mise à jour", "actualizado",
        "actualizado el", "última actualización", "actualizada el", "modificado", "atualizado", "atualizado em",
        "última atualização", "aggiornato", "aggiornato il", "ultimo aggiornamento", "ultima modifica", "bijgewerkt",
        "bijgewerkt op", "laatst bijgewerkt", "laatst gewijzigd", "laatste update", "zaktualizowano", "aktualizacja",
        "ostatnia aktualizacja", "data aktualizacji", "zmodyfikowano", "aktualizováno", "poslední aktualizace",
        "aktualizované", "naposledy upraveno", "uppdaterad", "uppdaterat", "senast uppdaterad", "opdateret",
        "senest opdateret", "sidst opdateret", "oppdatert", "sist oppdatert", "sist endret", "endret", "päivitetty",
        "muokattu", "viimeksi päivitetty", "frissítve", "utolsó frissítés", "módosítva", "actualizat",
        "ultima actualizare", "güncelleme", "güncellenme tarihi", "güncelleme tarihi", "son güncelleme", "обновлено",
        "дата обновления", "изменено", "последнее обновление", "оновлено", "останнє оновлення", "обновена",
        "последна промяна", "последна актуализация", "ажурирано", "ažurirano", "posodobljeno", "ενημερώθηκε",
        "τελευταία ενημέρωση", "ενημέρωση", "آخر تحديث", "تم التحديث", "تحديث", "آخرین به روز رسانی", "به روز رسانی",
        "به‌روزرسانی", "עודכן", "עדכון אחרון", "अपडेट", "अपडेटेड", "अद्यतन", "อัปเดต", "อัพเดท", "ปรับปรุงล่าสุด",
        "แก้ไขล่าสุด", "cập nhật", "cập nhật lúc", "diperbarui", "pembaruan", "更新时间", "更新日期", "最后更新",
        "更新于", "更新",
        "修改时间", "更新時間", "最後更新", "最后修改", "更新日時", "更新日", "最終更新", "最終更新日", "수정",
        "수정일", "최종수정", "업데이트", "기사수정",
    ),
    "author": (
        "author", "authors", "written by", "writer", "reporter", "reported by", "story by", "words by", "words",
        "text by", "by", "posted by", "published by", "submitted by", "contributor", "correspondent", "byline",
        "autor", "autorin", "autoren", "verfasser", "verfasst von", "geschrieben von", "text", "text von",
        "ein beitrag von", "von", "redakteur", "auteur", "auteurs", "auteure", "écrit par", "rédigé par",
        "publié par", "par", "texte", "autora", "autores", "escrito por", "publicado por", "por", "redactor", "texto",
        "postado por", "autore", "autori", "scritto da", "pubblicato da", "di", "a cura di", "geschreven door",
        "door", "tekst", "auteur(s)", "autorka", "autorzy", "napisał", "napisała", "opracował", "opracowanie",
        "autoři", "napsal", "napsala", "författare", "skriven av", "av", "text av", "forfatter", "skrevet af",
        "skrevet av", "af", "journalist", "tekst av", "kirjoittaja", "kirjoittanut", "teksti", "toimittaja", "szerző",
        "írta", "scris de", "autorul", "yazar", "yazan", "haber", "автор", "автор текста", "авторы", "текст",
        "автори", "συντάκτης", "συγγραφέας", "γράφει", "του", "κείμενο", "الكاتب", "كتب", "كتبت", "بقلم", "المؤلف",
        "نویسنده", "نویسندگان", "گزارشگر", "מאת", "כותב", "कृत", "लेखक", "ผู้เขียน", "โดย", "tác giả", "penulis",
        "oleh", "作者", "撰文", "文", "撰稿", "撰稿人", "作者/来源", "记者", "通讯员", "文字", "本报记者", "采写",
        "供稿人", "文/图", "图/文", "记者/作者", "記者", "著者", "筆者", "執筆",
        "文責", "執筆者", "取材", "글쓴이", "작성자", "기자", "글", "저자",
    ),
    "editor": (
        "editor", "edited by", "editors", "web editor", "redaktion", "redigerad av", "redakcja", "redaktor",
        "редактор", "责任编辑", "责编", "编辑", "编审", "审核", "校对",
        "发布人", "发布者", "录入", "录入人", "录入员", "录入者", "初审", "复审", "终审", "一审", "二审", "三审",
        "签发", "审签", "审稿", "审稿人", "上传者", "信息员", "制图", "图片来源", "圖片來源",
        "責任編輯", "編輯", "編集", "editado por",
        "a cura della redazione",
        "초록", "편집", "editor in charge", "photo", "photos", "photos by", "photo by", "foto", "fotos", "bild",
        "bilder",
        "photographer", "摄影", "图片", "图", "攝影", "写真", "撮影", "video", "contact", "kontakt", "tel", "phone",
        "fax",
        "e-mail", "email", "translated by", "translator", "翻译",
        "credit", "credits", "photo credit", "image credit",
    ),
    "publisher": (
        "source", "sources", "news source", "from", "origin", "quelle", "quellen", "herausgeber", "fuente",
        "fuentes", "fonte", "fonti", "bron", "źródło", "zdroj", "källa", "kilde", "lähde", "forrás", "sursa", "sursă",
        "kaynak", "источник", "джерело", "източник", "извор", "izvor", "vir", "πηγή", "المصدر", "مصدر", "منبع",
        "מקור", "स्रोत", "ที่มา", "nguồn", "sumber", "来源", "信息来源", "文章来源", "稿件来源", "消息来源", "新闻来源",
        "稿源", "来源于", "转载自", "轉載自", "发文机关", "发文单位", "原文出处", "供稿部门",
        "文章出处", "出处", "发布机构", "发布单位", "供稿", "供稿单位", "信息提供", "來源", "資料來源", "新聞來源",
        "發布單位", "發佈單位", "出典", "情報元", "配信元",
        "提供", "引用元", "ソース", "출처", "제공", "자료제공", "来源网站", "来源单位", "转自", "媒体",
    ),
    "category": (
        "category", "categories", "section", "filed under", "posted in", "topic", "topics", "in", "column",
        "kategorie", "kategorien", "rubrik", "rubriken", "catégorie", "catégories", "rubrique", "categoría",
        "categorías", "sección", "categoria", "categorias", "categorie", "rubrica", "rubriek", "kategoria", "dział",
        "kategori", "rubrika", "kategória", "rovat", "категория", "рубрика", "категорія", "раздел", "κατηγορία",
        "تصنيف", "القسم", "دسته", "دسته بندی", "קטגוריה", "หมวดหมู่", "chuyên mục", "栏目", "分类", "所属栏目", "类别",
        "频道",
        "欄目", "分類", "類別", "カテゴリ", "カテゴリー", "分野", "카테고리", "분류",
    ),
    "tags": (
        "tags", "tag", "keywords", "keyword", "tagged", "tagged with", "labels", "schlagwörter", "schlagworte",
        "stichworte", "themen", "mots-clés", "mots clés", "etiquetas", "palabras clave", "palavras-chave",
        "parole chiave", "trefwoorden", "tagi", "słowa kluczowe", "štítky", "nyckelord", "emneord", "avainsanat",
        "címkék", "etiketler", "метки", "теги", "тэги", "ключевые слова", "ετικέτες", "وسوم", "الكلمات الدلالية",
        "برچسب", "برچسب‌ها", "תגיות", "แท็ก", "từ khóa", "标签", "关键词", "关键字", "標籤", "關鍵字", "キーワード",
        "タグ", "태그", "키워드",
    ),
    #: What stands in label lines beside the facts and ends them.
    "other": (
        "views", "view", "hits", "reads", "read", "clicks", "comments", "share", "share to", "share on", "print",
        "font size", "font", "text size", "size", "reading time", "read time", "location", "place", "aufrufe",
        "zugriffe", "lesezeit", "teilen", "ort", "drucken", "kommentare", "vues", "lecture", "partager", "imprimer",
        "commentaires", "lieu", "visitas", "lecturas", "compartir", "leituras", "visualizações", "compartilhe",
        "letture", "condividi", "odsłony", "odsłon", "wyświetleń", "zobrazeno", "просмотров", "просмотры",
        "переглядів", "浏览", "浏览量", "浏览次数",
        "浏览数", "访问", "阅读数", "点击次数", "原文链接", "来源链接", "扫一扫", "发布地址",
        "点击", "点击数", "点击量", "点击率", "阅读", "阅读量",
        "阅读次数", "访问量", "访问次数", "字号", "字体",
        "字体大小", "字體", "打印", "分享", "分享到", "打印本页", "关闭窗口", "收藏", "评论", "视力保护色",
        "保护视力色", "我要纠错", "文号", "发文字号", "索引号",
        "主题分类", "有效性", "点赞", "瀏覽", "瀏覽次數", "點閱", "點閱數", "點擊", "点阅", "列印", "人气", "閲覧数",
        "印刷", "文字サイズ", "場所", "조회",
        "조회수", "댓글", "인쇄", "공유",
    ),
}  # fmt: skip

#: Kind of fact by label.
KIND_OF: Mapping[str, str] = {word: kind for kind, words in reversed(list(LABELS.items())) for word in words}

#: Words that may stand between a label and a date: 'Posted on', 'Veröffentlicht am', 'Publié le'.
LINKING_WORDS = (
    "on", "at", "am", "um", "le", "el", "em", "il", "op", "den", "la", "pe", "la data de", "dnia", "dne", "на", "в",
    "στις", "في", "در", "ב", "वार", "เมื่อ", "ngày", "lúc", "pada", "date", "the", "by", "in", "from", "of", "online",
    "since", "seit", ":",
)  # fmt: skip

#: Labels so general that only a colon and the neighbourhood of the title make them labels.
WEAK_LABELS = frozenset({
    "date", "time", "datum", "data", "fecha", "дата", "日期", "时间", "stand", "vom", "in", "by", "von", "par", "por",
    "di", "door", "av", "af", "text", "texto", "tekst", "texte", "from", "文", "访问", "글", "words", "update", "更新",
    "发布",
    "公開", "added", "read", "view", "size", "font", "share", "print", "topic", "section", "haber", "του", "提供",
    "配信",
    "입력", "수정", "등록", "승인", "媒体", "图", "tel", "place", "ort", "lieu",
})  # fmt: skip


def label_pattern(kinds: tuple[str, ...] | None = None) -> str:
    """An alternation of the labels of ``kinds`` (all where None), longest first, for a regular expression."""
    words = {word for kind, kind_words in LABELS.items() if kinds is None or kind in kinds for word in kind_words}
    return "|".join(re.escape(word).replace(r"\ ", r"\s") for word in sorted(words, key=len, reverse=True))
