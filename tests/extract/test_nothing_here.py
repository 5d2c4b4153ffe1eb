"""Pages that are neither lists nor releases, of many kinds and in many languages: none gives items, each says why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from feedsvc.extract.document import Document
from feedsvc.extract.listing import read_listing
from feedsvc.model import Listing, Page, Rules

#: What surrounds nearly every page: links that are no releases.
FRAME = (
    "<header><nav><ul><li><a href='/'>Start</a></li><li><a href='/about/'>About</a></li><li><a href='/shop/'>Shop</a></li>"  # noqa: E501
    "<li><a href='/jobs/'>Jobs</a></li></ul></nav></header>{}<footer><a href='/imprint/'>Imprint</a> "
    "<a href='/privacy/'>Privacy</a> <a href='https://social.example/us'>Follow us</a></footer>"
)
FILLER = "<p>{}</p>" * 8

NOT_FOUND = ("404 Not Found", "Page not found", "Seite nicht gefunden", "Page introuvable", "Página no encontrada",
             "Página não encontrada", "Pagina non trovata", "Страница не найдена", "页面不存在",
             "ページが見つかりません")  # fmt: skip
CHALLENGES = ("Just a moment...", "Attention Required!", "Checking your browser", "Are you a robot?", "人机验证", "我不是机器人 captcha",  # noqa: E501
              "Je ne suis pas un robot", "Проверка браузера")  # fmt: skip
LOGINS = (
    "Log in",
    "Sign in to continue",
    "Anmelden",
    "Se connecter",
    "Iniciar sesión",
    "Accedi",
    "Entrar",
    "Войти",
    "登录",
    "ログイン",
)
BLOCKED = (
    "Access denied",
    "403 Forbidden",
    "Zugriff verweigert",
    "Accès refusé",
    "Acceso denegado",
    "Доступ запрещен",
    "访问被拒绝",
)
MAINTENANCE = ("Under maintenance", "Wartungsarbeiten", "Site en maintenance", "En mantenimiento", "系统维护中")
SHELLS = (
    "<div id=root></div>",
    "<div id=app></div>",
    "<div id=__next></div>",
    "<div id=__nuxt></div>",
    "<app-root></app-root>",
)
SEARCHES = ("Search the site", "Suche", "Recherche", "Buscar", "Поиск", "搜索", "検索")
EMBEDS = ("<embed src='/a.pdf'>", "<object data='/a.pdf'></object>", "<iframe src='/viewer?file=a.pdf'></iframe>")
EMPTY = ("", "<p></p>", "<!-- nothing -->", "<br><hr>", "\ufeff", "&nbsp;")
STATUSES = (401, 403, 404, 410, 429, 500, 502, 503)
LINKLESS = ("We make cranes.", "Wir bauen Kräne.", "我们制造起重机。")


def read(markup: str, *, status: int = 200) -> Listing:
    page = Page(
        url="https://site.example/news/",
        requested_url="https://site.example/news/",
        status=status,
        text=markup,
        fetched_at=datetime(2026, 5, 9, tzinfo=UTC),
    )
    return read_listing(Document.parse(page), Rules())


def titled(title: str, body: str = "") -> str:
    return f"<html><head><title>{title}</title></head><body>{FRAME.format(f'<h1>{title}</h1>{body}')}</body></html>"


PAGES: list[tuple[str, str, int]] = [
    *(("not found", titled(title, "<p>Sorry.</p>"), 200) for title in NOT_FOUND),
    *(("challenge", f"<title>{title}</title><h1>{title}</h1><script>1</script>", 200) for title in CHALLENGES),
    *(
        ("login", titled(title, "<form><input name=u><input type=password><button>OK</button></form>"), 200)
        for title in LOGINS
    ),
    *(("blocked", titled(title), 200) for title in BLOCKED),
    *(("maintenance", titled(title), 200) for title in MAINTENANCE),
    *(("app shell", f"<title>News</title>{shell}<script src=/app.js></script>", 200) for shell in SHELLS),
    *(
        ("search", titled(title, "<form role=search><input type=search></form>" + FILLER.format(*[title] * 8)), 200)
        for title in SEARCHES
    ),
    *(("embedded file", embed, 200) for embed in EMBEDS),
    *(("empty", markup, 200) for markup in EMPTY),
    *(("status", titled("Oops"), status) for status in STATUSES),
    *(("no links", FILLER.format(*[words] * 8), 200) for words in LINKLESS),
]


#: What the reason names, for each kind of page.
SAYS: Mapping[str, tuple[str, ...]] = {
    "not found": ("not found",),
    "challenge": ("whether a human is reading",),
    "login": ("login page",),
    "blocked": ("refused",),
    "maintenance": ("under maintenance",),
    "app shell": ("scripts fill in",),
    "search": ("offers a search",),
    "embedded file": ("embeds another document",),
    "empty": ("is empty", "a few words"),
    "status": ("answered with status",),
    "no links": ("a few words",),
}


def test_there_are_at_least_sixty_of_them() -> None:
    assert len(PAGES) >= 60


@pytest.mark.parametrize(("kind", "markup", "status"), PAGES)
def test_nothing_is_found_and_the_reason_is_clear(kind: str, markup: str, status: int) -> None:
    listing = read(markup, status=status)
    assert listing.items == ()
    assert listing.reason.startswith("nothing here, because ")
    assert 30 < len(listing.reason) < 200
    assert "\n" not in listing.reason
    assert any(words in listing.reason for words in SAYS[kind])
