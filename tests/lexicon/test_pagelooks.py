"""Pages that stand in for others are told by their words, and news with the same words are not."""

from __future__ import annotations

import pytest

from feedsvc.lexicon.pagelooks import Look, look_of

NEWS = "The council met on Monday and decided to log in the minutes what had been said about the harbour. " * 20


@pytest.mark.parametrize(
    ("title", "text", "look"),
    [
        ("Just a moment...", "Checking your browser before accessing the site", Look.CHALLENGE),
        ("安全验证", "请完成验证", Look.CHALLENGE),
        ("Sign in", "E-mail Password Forgot your password?", Look.LOGIN),
        ("Site", "用户登录 忘记密码", Look.LOGIN),
        ("404", "The page you requested was moved", Look.NOT_FOUND),
        ("Wartungsarbeiten", "Wir sind bald zurück", Look.MAINTENANCE),
        ("", "502 Bad Gateway nginx", Look.ERROR),
        ("", "", Look.EMPTY),
        ("App", "Home", Look.APP_SHELL),
        ("News", NEWS, None),
        ("Login systems of the world", NEWS * 3, None),
    ],
)
def test_a_page_is_told_by_its_words(title: str, text: str, look: Look | None) -> None:
    assert look_of(title, text) is look
