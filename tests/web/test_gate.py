"""The gate: closed by default, every route classified, forms from elsewhere refused, sessions that end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from lxml import html
from werkzeug.test import Client

from feedsvc.service.access import ABSOLUTE, IDLE
from feedsvc.service.tokens import SCOPES
from feedsvc.web.allowance import Allowance
from feedsvc.web.api.operation import OPERATIONS
from feedsvc.web.application import create_flask
from feedsvc.web.delivery import Delivery
from feedsvc.web.gate import PUBLIC, SIGNING_IN
from tests.support.admins import BASE, Admin
from tests.support.serving import Serving

#: Every route that anybody may use. A new one fails here until somebody has decided who may use it.
PUBLIC_ROUTES = {
    "/",
    "/api/v1/openapi.json",
    "/entries/<uuid>",
    "/feeds/<path:path>",
    # behind a key of its own
    "/feeds/_status.atom",
    "/healthz",
    "/opml",
    "/readyz",
    "/robots.txt",
    "/search",
    "/sources/<path:path>",
    "/hub",
    "/metrics",
    "/static/<path:filename>",
    "/status",
    "/subscribe",
}


#: Those that a token opens, and an admin's session.
PROGRAMS = {f"api.{name}" for name in OPERATIONS}


def routes(service: Serving) -> list[tuple[str, str, set[str]]]:
    flask = create_flask(service, delivery=Delivery())
    return [(rule.rule, rule.endpoint, set(rule.methods or ())) for rule in flask.url_map.iter_rules()]


def test_every_public_route_is_known_and_only_reads(service: Serving) -> None:
    public = {rule: methods for rule, endpoint, methods in routes(service) if endpoint in PUBLIC}
    assert set(public) == PUBLIC_ROUTES
    # A subscription is posted by programs that have no session; it changes nothing until its callback confirms it.
    assert public.pop("/hub") == {"POST", "OPTIONS"}
    assert all(methods == {"GET", "HEAD", "OPTIONS"} for methods in public.values())


def test_every_other_route_is_the_desks(service: Serving) -> None:
    for rule, endpoint, _methods in routes(service):
        assert endpoint in PUBLIC or endpoint in PROGRAMS or rule.startswith("/admin/"), rule
    assert {rule for rule, endpoint, _ in routes(service) if endpoint in SIGNING_IN} == {"/admin/sign-in"}


def test_every_route_for_programs_says_what_a_token_must_be_allowed(service: Serving) -> None:
    found = {endpoint for rule, endpoint, _ in routes(service) if rule.startswith("/api/")} - PUBLIC
    assert found == PROGRAMS
    assert {one.scope for one in OPERATIONS.values()} == set(SCOPES)
    changing = [one for one in OPERATIONS.values() if one.method != "GET" and one.scope == "read"]
    assert [one.name for one in changing] == ["try_schedule"]  # reckons, and changes nothing


def test_no_route_for_programs_is_open_without_a_token(
    admin: Admin, service: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Allowance, "wait", lambda self, address: 0)
    for rule, endpoint, methods in routes(service):
        for method in methods - {"OPTIONS"} if endpoint in PROGRAMS else ():
            assert admin.client.open(concrete(rule), method=method, base_url=BASE).status_code == 401, rule


def concrete(rule: str) -> str:
    rule = rule.replace("<path:path>", "company").replace("<int:number>", "1").replace("<name>", "big-fish")
    return rule.replace("<key>", "acme").replace("<uuid>", "0" * 36)


def test_nothing_is_open_before_there_is_an_admin(client: Client, service: Serving) -> None:
    for rule, endpoint, methods in routes(service):
        if endpoint in PUBLIC:
            continue
        for method in methods & {"GET", "POST"}:
            answer = client.open(concrete(rule), method=method, base_url=BASE)
            assert answer.status_code == 404, (method, rule)
            assert "Set-Cookie" not in answer.headers
    assert "feedsvc admin create" in client.get("/admin/", base_url=BASE).text


def test_nothing_is_open_to_those_who_are_not_signed_in(admin: Admin, service: Serving) -> None:
    for rule, endpoint, methods in routes(service):
        if endpoint in PUBLIC or endpoint in SIGNING_IN or endpoint in PROGRAMS:
            continue
        if "GET" in methods:
            answer = admin.get(concrete(rule))
            assert answer.status_code == 303, rule
            assert answer.headers["Location"].startswith("/admin/sign-in?next=%2Fadmin%2F")
        if "POST" in methods:
            assert admin.post(concrete(rule), {}).status_code == 403, rule


def test_every_change_needs_the_token_of_its_session(ada: Admin, service: Serving) -> None:
    for rule, endpoint, methods in routes(service):
        if "POST" in methods and endpoint not in PUBLIC | PROGRAMS:
            for fields in ({}, {"token": ""}, {"token": "0" * 64}, {"token": "ünknown"}):
                assert ada.post(concrete(rule), fields).status_code == 403, rule


def token(ada: Admin) -> str:
    return str(ada.tree("/admin/").xpath("string(//input[@name='token']/@value)"))


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": BASE, "Sec-Fetch-Site": "cross-site"},
        {"Origin": BASE, "Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "https://feeds.example.evil.example"},
        {"Origin": "null"},
        {},
    ],
)
def test_a_form_from_elsewhere_changes_nothing(ada: Admin, service: Serving, headers: dict[str, str]) -> None:
    fields = {"token": token(ada), "key": "acme", "do": "pause", "pause": ""}
    answer = ada.client.post("/admin/sources", data=fields, base_url=BASE, headers=headers)
    assert answer.status_code == 403
    state = service.store.sources.get("acme")
    assert state is not None
    assert state.is_enabled


def test_the_cookie_is_as_strict_as_can_be(admin: Admin) -> None:
    cookie = admin.sign_in().headers["Set-Cookie"]
    assert cookie.startswith("__Host-feedsvc=")
    for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert word in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize(
    ("base_url", "begins", "path"),
    [
        ("http://127.0.0.1:8080", "feedsvc=", "Path=/"),
        ("https://feeds.example/news", "__Secure-feedsvc=", "Path=/news/"),
    ],
)
def test_the_cookie_follows_the_configured_address(
    admin: Admin, service: Serving, base_url: str, begins: str, path: str
) -> None:
    service.configure(server={"base_url": base_url})
    cookie = admin.get("/admin/sign-in").headers["Set-Cookie"]
    assert cookie.startswith(begins)
    assert path in cookie.split("; ")
    assert ("Secure" in cookie.split("; ")) == base_url.startswith("https")


def test_signing_in_gives_another_secret_and_out_ends_it_on_the_server(admin: Admin) -> None:
    before = admin.get("/admin/sign-in").headers["Set-Cookie"].split(";")[0]
    after = admin.sign_in().headers["Set-Cookie"].split(";")[0]
    assert before != after
    assert admin.get("/admin/").status_code == 200
    assert admin.submit("/admin/", "/sign-out").status_code == 303
    stolen = Client(admin.client.application)
    assert stolen.get("/admin/", base_url=BASE, headers={"Cookie": after}).status_code == 303


def test_a_wrong_password_says_so_and_keeps_the_name(admin: Admin) -> None:
    answer = admin.sign_in(password="wrong password")
    assert answer.status_code == 401
    assert "do not belong together" in answer.text
    assert 'value="ada"' in answer.text
    assert "wrong password" not in answer.text


def test_many_wrong_passwords_have_to_wait(admin: Admin) -> None:
    for _ in range(5):
        assert admin.sign_in(password="wrong password").status_code == 401
    answer = admin.sign_in()
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 2


@pytest.mark.parametrize("passed", [IDLE + timedelta(minutes=1), ABSOLUTE + timedelta(minutes=1)])
def test_a_session_ends_by_itself(ada: Admin, service: Serving, passed: timedelta) -> None:
    service.now += passed
    assert ada.get("/admin/").status_code == 303


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example/admin/", "/admin//evil.example", "/admin/\\evil", "javascript:x"],
)
def test_signing_in_leads_to_the_desk_and_nowhere_else(admin: Admin, wanted: str) -> None:
    assert admin.sign_in(next=wanted).headers["Location"] == "/admin/"


def test_signing_in_leads_back_to_the_page_that_was_asked_for(admin: Admin) -> None:
    there = admin.get("/admin/?state=well").headers["Location"]
    assert admin.submit(there, "/sign-in", name=admin.NAME, password=admin.PASSWORD).headers["Location"] == (
        "/admin/?state=well"
    )


def test_pages_of_the_desk_are_not_kept_and_run_one_script_of_ours(ada: Admin) -> None:
    answer = ada.get("/admin/")
    assert answer.headers["Cache-Control"] == "no-store"
    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert [part for part in policy if "script" in part or "connect" in part] == [
        "script-src 'self'",
        "connect-src 'self'",
    ]
    assert not [part for part in policy if "unsafe" in part]
    assert html.fromstring(answer.text).xpath("//script/@src") == ["/static/htmx.min.js"]
    assert not html.fromstring(answer.text).xpath(
        "//script[not(@src)] | //@style | //style | //@*[starts-with(name(), 'on')]"
    )


def test_a_part_of_a_page_asked_for_without_a_session_loads_the_whole_page_again(admin: Admin) -> None:
    for answer in (
        admin.get("/admin/", **{"HX-Request": "true"}),
        admin.post("/admin/sources", {"token": "x"}, **{"HX-Request": "true"}),
    ):
        assert (answer.status_code, answer.headers["HX-Refresh"], answer.text) == (401, "true", "")


def test_what_a_proxy_says_is_believed_of_trusted_ones_only(admin: Admin, service: Serving) -> None:
    service.configure(server={"base_url": BASE, "trusted_proxies": ["127.0.0.1"]})
    for number in range(6):
        fields = {"token": token_at_the_door(admin), "name": f"n{number}", "password": "wrong password"}
        admin.client.post(
            "/admin/sign-in",
            data=fields,
            base_url=BASE,
            headers={"Origin": BASE, "X-Forwarded-For": "198.51.100.1, 192.0.2.7"},
            environ_overrides={"REMOTE_ADDR": "127.0.0.1"},
        )
    assert service.store.access.failures("address:192.0.2.7")[0] == 5
    assert service.store.access.failures("address:198.51.100.1")[0] == 0


def token_at_the_door(admin: Admin) -> str:
    return str(admin.tree("/admin/sign-in").xpath("string(//input[@name='token']/@value)"))


def test_a_huge_form_is_refused(ada: Admin) -> None:
    assert ada.post("/admin/sources", {"token": "x" * 1_000_000}).status_code in (403, 413)


@pytest.mark.parametrize("path", ["/search?q=a%00b", "/admin/?q=%00", "/admin/sign-in?next=%00", "/?%00=1"])
def test_no_database_is_asked_for_what_none_can_hold(ada: Admin, path: str) -> None:
    assert ada.get(path).status_code == 400
    assert ada.post("/admin/sign-in", {"name": "a\0b", "password": "x"}).status_code == 400


@pytest.mark.parametrize(
    ("page", "field"), [("/admin/sources/acme", "title"), ("/admin/saved/new", "title"), ("/admin/categories", "title")]
)
def test_control_characters_in_a_form_are_said_beside_their_field(ada: Admin, page: str, field: str) -> None:
    answer = ada.submit(page, page, **{field: "a\x0bb", "name": "name", "path": "path"})
    assert answer.status_code == 400
    assert "holds a control character" in answer.text
