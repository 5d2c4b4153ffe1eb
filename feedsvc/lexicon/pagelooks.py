"""How pages look that stand in for the page that was asked for, told by their words. Words as data.

A phrase proves nothing by itself ("Log in" stands on every news site): the fewer words a page has and the closer a
phrase is to being its title, the more it counts (``look_of``).
"""

from __future__ import annotations

import re
from enum import StrEnum


class Look(StrEnum):
    """What stands where a list of news should be."""

    CHALLENGE = "challenge"
    LOGIN = "login wall"
    CONSENT = "consent wall"
    PAYWALL = "paywall"
    BLOCKED = "block page"
    MAINTENANCE = "maintenance page"
    NOT_FOUND = "not-found page"
    ERROR = "error page"
    PARKED = "parked domain"
    APP_SHELL = "app shell"
    EMPTY = "empty page"


PHRASES: dict[Look, tuple[str, ...]] = {
    Look.CHALLENGE: (
        "checking your browser", "verify you are human", "verify that you are human", "are you a robot",
        "i'm not a robot", "just a moment", "attention required", "captcha", "security check", "ddos protection",
        "unusual traffic", "enable javascript and cookies to continue", "press & hold", "please wait while we verify",
        "bot detection", "ich bin kein roboter", "je ne suis pas un robot", "no soy un robot", "sicherheitsprüfung",
        "vérification de sécurité", "人机验证", "安全验证", "请完成验证", "验证码", "滑动验证",
        "私はロボットではありません", "проверка браузера", "я не робот",
    ),
    Look.LOGIN: (
        "log in", "login", "sign in", "sign in to continue", "please log in", "session has expired",
        "session expired", "forgot your password", "forgot password", "authentication required", "single sign-on",
        "create an account", "anmelden", "einloggen", "passwort vergessen", "connexion", "se connecter",
        "mot de passe oublié", "iniciar sesión", "acceder", "contraseña", "accedi", "entrar", "войти", "вход",
        "пароль", "登录", "登入", "请登录", "用户登录", "忘记密码", "ログイン", "パスワード", "로그인",
        "تسجيل الدخول",
    ),
    Look.CONSENT: (
        "we value your privacy", "before you continue", "accept all cookies", "accept cookies", "cookie consent",
        "alle akzeptieren", "wir schätzen ihre privatsphäre", "tout accepter", "nous respectons votre vie privée",
        "aceptar todo", "accetta tutti", "alles accepteren", "we and our partners", "accept and continue",
        "wir und unsere partner", "nous et nos partenaires", "accepter et continuer", "nosotros y nuestros socios",
        "noi e i nostri partner", "wij en onze partners", "同意并继续",
    ),
    Look.PAYWALL: (
        "subscribe to continue", "subscribers only", "subscription required", "already a subscriber",
        "to continue reading", "nur für abonnenten", "réservé aux abonnés", "solo para suscriptores",
    ),
    Look.BLOCKED: (
        "access denied", "access to this page has been denied", "forbidden", "you have been blocked", "your ip",
        "not available in your country", "not available in your region", "unavailable in your region",
        "unavailable for legal reasons", "request blocked", "too many requests", "rate limit", "zugriff verweigert",
        "accès refusé", "acceso denegado", "accesso negato", "доступ запрещен", "доступ ограничен", "访问被拒绝",
        "禁止访问", "拒绝访问", "アクセスが拒否",
    ),
    Look.MAINTENANCE: (
        "maintenance", "be right back", "back soon", "temporarily unavailable", "temporarily offline",
        "under construction", "coming soon", "scheduled downtime", "we'll be back", "wartungsarbeiten", "wartung",
        "en maintenance", "mantenimiento", "manutenzione", "manutenção", "технические работы", "维护", "维护中",
        "升级维护", "建设中", "メンテナンス", "점검",
    ),
    Look.NOT_FOUND: (
        "404", "page not found", "not found", "page does not exist", "page doesn't exist", "no longer available",
        "page you requested", "page you are looking for", "can't find that page", "seite nicht gefunden",
        "nicht gefunden", "page introuvable", "página no encontrada", "pagina non trovata", "página não encontrada",
        "страница не найдена", "页面不存在", "找不到", "未找到", "ページが見つかりません",
        "페이지를 찾을 수 없습니다",
    ),
    Look.ERROR: (
        "internal server error", "something went wrong", "an error occurred", "an error has occurred",
        "application error", "error 500", "500 error", "502 bad gateway", "bad gateway", "service unavailable",
        "503 service", "gateway timeout", "database error", "error establishing a database connection", "fatal error",
        "stack trace", "traceback", "exception", "unexpected error", "technical difficulties", "runtime error",
        "server error", "try again later", "ein fehler ist aufgetreten", "une erreur est survenue",
        "ha ocurrido un error", "si è verificato un errore", "произошла ошибка", "服务器错误", "系统错误", "出错了",
        "系统繁忙", "エラーが発生しました", "오류가 발생",
    ),
    Look.PARKED: (
        "domain is for sale", "buy this domain", "this domain may be for sale", "domain has expired", "parked free",
        "parked domain", "account suspended", "account has been suspended", "welcome to nginx",
        "apache2 default page", "it works!", "default web page", "index of /", "iis windows server",
        "domain zum verkauf", "nom de domaine", "域名出售", "网站已关闭",
    ),
    Look.APP_SHELL: (
        "enable javascript", "requires javascript", "need to enable javascript", "javascript is disabled",
        "javascript is required", "turn on javascript", "loading", "loading…", "loading...", "please wait",
        "bitte aktivieren sie javascript", "activer javascript", "habilitar javascript", "请启用javascript", "加载中",
        "読み込み中", "로딩",
    ),
}  # fmt: skip

#: Pages with more words than this are no stand-in unless their title says so.
_FEW_WORDS = 250
#: So few words can be a page's whole text only where the rest comes by script.
_SHELL_WORDS = 12
#: Characters in which most stories have more words than any stand-in.
_TELLING = 5_000
_LETTERS = re.compile(r"[^\W_]+")
#: The same, but each Han character and its kin by itself: few runs of them may be a whole text.
_CHARACTERS = re.compile(r"[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def look_of(title: str, text: str) -> Look | None:
    """What a page looks like by its title and visible text, or None where it may well be what was asked for."""
    words = len(_LETTERS.findall(text[:_TELLING]))
    if words <= 2 * _FEW_WORDS:
        words = len(_LETTERS.findall(text[:20_000]))
    if words > 2 * _FEW_WORDS:
        return None
    head, body = title.casefold(), " ".join(text[:4_000].casefold().split())
    for look, phrases in PHRASES.items():
        if any(phrase in head and _says(head, phrase) for phrase in phrases):
            return look
    if words > _FEW_WORDS:
        return None
    for look, phrases in PHRASES.items():
        told = sum(phrase in body and _says(body, phrase) for phrase in phrases)
        if told >= (1 if words <= _FEW_WORDS // 3 else 2):
            return look
    if words == 0:
        return Look.EMPTY
    return Look.APP_SHELL if len(_CHARACTERS.findall(body)) <= _SHELL_WORDS else None


def _says(text: str, phrase: str) -> bool:
    at = text.find(phrase)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(phrase) : at + len(phrase) + 1]
        if not phrase.isascii() or not (before.isalnum() or after.isalnum()):
            return True
        at = text.find(phrase, at + 1)
    return False
