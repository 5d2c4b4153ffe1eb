"""Tokens at the desk: the secret is shown once; who reads is shown without names."""

from __future__ import annotations

import pytest
from lxml import html

from feedsvc.service.readership import Delivered
from tests.support.admins import Admin
from tests.support.serving import Serving

TOKENS = "/admin/tokens"


def test_a_secret_is_shown_once_and_revoked(ada: Admin, service: Serving) -> None:
    answer = ada.submit(TOKENS, TOKENS, name="robot", scope="read", days="30")
    secret = html.fromstring(answer.text).xpath("string(//code[@class='secret'])")
    assert service.desk.tokens.bearer(secret) is not None
    text = ada.get(TOKENS).text
    assert secret not in text
    assert "robot" in text
    token = ada.tree(TOKENS).xpath("string(//input[@name='token']/@value)")
    assert ada.post(TOKENS, {"token": token, "do": "revoke", "revoked": "robot"}).status_code == 303
    assert service.desk.tokens.bearer(secret) is None


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "is not a name for a token"),
        ({"name": "<b>" * 500}, "is not a name for a token"),
        ({"name": "robot", "scope": "everything"}, "are not known"),
        ({"name": "robot", "days": "many"}, "is not a number of days"),
        ({"name": "robot", "days": "0"}, "is not a number of days"),
        ({"name": "robot", "days": "9" * 4000}, "is not a number of days"),
    ],
)
def test_a_fault_is_said_beside_its_field(ada: Admin, service: Serving, fields: dict[str, str], said: str) -> None:
    answer = ada.submit(TOKENS, TOKENS, **({"scope": "read"} | fields))
    assert answer.status_code == 400
    assert said in html.fromstring(answer.text).xpath("string(//*[contains(@class, 'wrong')])")
    assert service.desk.tokens.all() == ()


def test_readers_are_shown_by_feed_and_software(ada: Admin, service: Serving) -> None:
    agent = "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 42 subscribers)"
    service.readership.keep(
        [
            Delivered(path="feeds/company", format="atom", status=304, agent=agent, requests=3),
            Delivered(path="feeds/company", format="rss", status=200, agent="<b>reader</b>", requests=1),
        ]
    )
    cells = ada.tree("/admin/feeds").xpath("//tbody/tr[1]/*")
    assert [cell.text_content() for cell in cells[:4]] == ["feeds/company", "4", "75 %", "42"]
    one = ada.get("/admin/feeds?feed=feeds/company").text
    assert "&lt;b&gt;reader" in one
    assert "Nobody has asked for this feed" in ada.get("/admin/feeds?feed=feeds/<b>").text
