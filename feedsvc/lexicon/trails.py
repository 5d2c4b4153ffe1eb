"""Words of breadcrumbs in many languages: the door ('Home'), the lead ('You are here'), the separators."""

from __future__ import annotations

import re

from feedsvc.lexicon.folding import fold

#: What stands before a breadcrumb.
LEADS = (
    "you are here", "your location", "current location", "current position", "your position", "location", "position",
    "you're here", "breadcrumb", "breadcrumbs", "sie sind hier", "sie befinden sich hier", "hier befinden sie sich",
    "aktuelle seite", "standort", "du bist hier", "pfad", "vous êtes ici", "vous etes ici", "usted está aquí",
    "usted está en", "está aquí", "estás en", "se encuentra en", "você está aqui", "você está em", "está em",
    "ti trovi in", "sei qui", "sei in", "ti trovi qui", "u bent hier", "je bent hier", "jesteś tutaj", "jesteś w",
    "tu jesteś", "jste zde", "nacházíte se", "nachádzate sa", "nachádzate sa tu", "du är här", "här är du",
    "du er her", "her er du", "olet täällä", "olet tässä", "sijaintisi", "itt van", "ön itt áll", "jelenlegi hely",
    "sunteți aici", "vă aflați aici", "buradasınız", "şu anda buradasınız", "konumunuz", "вы здесь", "вы находитесь",
    "ви тут", "ви знаходитесь", "вие сте тук", "намирате се в", "vi ste ovdje", "vi ste ovde", "tukaj ste",
    "nahajate se", "είστε εδώ", "βρίσκεστε εδώ", "أنت هنا", "انت هنا", "موقعك", "شما اینجا هستید", "مسیر شما",
    "אתה נמצא כאן", "הינך נמצא כאן", "आप यहां हैं", "आप यहाँ हैं", "คุณอยู่ที่นี่", "bạn đang ở", "bạn đang ở đây",
    "vị trí", "anda di sini", "anda berada di sini", "当前位置", "您的位置", "您当前的位置", "您当前位置",
    "您现在的位置", "您现在位置", "现在位置",
    "当前所在位置", "您所在的位置", "所在位置", "您的当前位置", "你的位置", "你现在的位置", "你当前的位置", "位置",
    "您所在位置", "首页位置", "現在位置", "目前位置", "您現在的位置",
    "您目前的位置", "現在地", "現在のページ", "現在位置：", "현재위치", "현재 위치",
)  # fmt: skip

#: The first crumb, never a category.
HOMES = (
    "home", "homepage", "home page", "main page", "main", "start", "startseite", "start page", "accueil",
    "page d'accueil", "inicio", "página inicial", "portada", "início", "página principal", "home-page",
    "pagina iniziale", "startpagina", "strona główna", "strona glowna", "úvod", "domů", "hlavní stránka", "domov",
    "úvodná stránka", "hem", "startsida", "forside", "hjem", "etusivu", "koti", "kezdőlap", "címlap", "főoldal",
    "acasă", "acasa", "prima pagină", "anasayfa", "ana sayfa", "главная", "главная страница", "на главную", "головна",
    "головна сторінка", "начало", "начална страница", "почетна", "početna", "naslovnica", "naslovna", "αρχική",
    "αρχική σελίδα", "الرئيسية", "الصفحة الرئيسية", "صفحه اصلی", "خانه", "דף הבית", "ראשי", "עמוד הבית", "मुख पृष्ठ",
    "होम", "मुख्य पृष्ठ", "หน้าแรก", "หน้าหลัก", "trang chủ", "beranda", "laman utama", "首页", "首頁", "网站首页", "主页",
    "網站首頁", "主頁", "本站首页", "返回首页", "门户首页", "ホーム", "トップ", "トップページ", "top", "홈", "처음",
    "메인",
)  # fmt: skip

#: The last crumb of many pages, which names what the page is and no category.
LAST_CRUMBS = (
    "正文", "正文内容", "文章正文", "内容", "详细内容", "详情", "内容详情", "新闻详情", "查看", "浏览文章", "本文",
    "記事", "記事詳細", "article", "details",
    "detail", "news detail", "news details", "current page", "full story", "artikel", "text", "content", "view",
)  # fmt: skip

#: Between crumbs; the first three also stand in ordinary text, so they count only between spaces.
SEPARATORS = (
    "/", "-", "|", ">", "›", "»", "→", "≫", "＞", "〉", "》", "▸", "►", "▶", "::", "·", "•", "❯", "⟩", "\\", "&gt;",
    "»»", ">>",
)  # fmt: skip

_HOMES = frozenset(fold(word) for word in HOMES)
_LAST = frozenset(fold(word) for word in LAST_CRUMBS)
_FIRST_WORD = re.compile(r"[\W_]*([^\W_]+)")
_HOME_FIRSTS = frozenset(match[1] for word in _HOMES if (match := _FIRST_WORD.match(word)))
#: No word for a front page is half as long, in characters.
_FIRST_LONGEST = 40


def may_begin_at_home(text: str) -> bool:
    """Whether the first crumb of a trail may name the front page; a look that costs little, never wrong about one."""
    head = text[:_FIRST_LONGEST]
    match = _FIRST_WORD.match(head)
    return match is not None and (not head.isascii() or fold(match[1]) in _HOME_FIRSTS)


def is_home(words: str) -> bool:
    """Whether a crumb only names the site's front page."""
    return fold(words.strip()) in _HOMES


def is_last_crumb(words: str) -> bool:
    """Whether a crumb only says that this is the text itself ('正文', 'Details')."""
    return fold(words.strip()) in _LAST
