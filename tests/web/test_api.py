"""The API does what the desk does, says what is wrong field by field, and lets nobody's change be lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from werkzeug.test import Client

from feedsvc.errors import Unreachable
from feedsvc.model import FeedRef, Filter, Page, ReleaseRules, Rules, Source
from feedsvc.service.desk import Desk
from feedsvc.web.api.operation import OPERATIONS
from feedsvc.web.api.problem import MEDIA_TYPE
from tests.support.admins import Admin
from tests.support.programs import Program
from tests.support.serving import Serving
from tests.support.stores import NOON, release


@pytest.fixture
def program(service: Serving, client: Client) -> Program:
    return program_with(service, client, "admin")


def program_with(service: Serving, client: Client, *scopes: str) -> Program:
    return Program(client, service.desk.tokens.create("-".join(scopes), scopes)[1])


def problem(answer: Any, status: int) -> dict[str, Any]:
    """The problem that an answer must be."""
    assert answer.status_code == status, answer.text[:400]
    assert answer.content_type == MEDIA_TYPE
    found: dict[str, Any] = answer.json
    assert found["status"] == status
    assert found["detail"]
    return found


def fields(answer: Any) -> dict[str, str]:
    return {error["field"]: error["remedy"] or error["message"] for error in problem(answer, 422)["errors"]}


# Who may call


def test_nothing_is_open_before_there_is_a_token_or_an_admin(client: Client) -> None:
    answer = Program(client).send("GET", "/sources")
    assert "feedsvc token create" in problem(answer, 404)["detail"]
    assert client.get("/api/v1/openapi.json").status_code == 200


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer feedsvc_" + "a" * 43, "Basic YTpi", "Bearer", "x"])
def test_a_wrong_token_opens_nothing(service: Serving, client: Client, header: str) -> None:
    service.desk.tokens.create("one", ["admin"])
    answer = client.get("/api/v1/sources", headers={"Authorization": header})
    problem(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    problem(client.get("/api/v1/sources", query_string={"token": "x"}), 401)


def test_each_operation_asks_for_its_scope(service: Serving, client: Client) -> None:
    reader, writer = program_with(service, client, "read"), program_with(service, client, "write")
    names = {"key": "acme", "uuid": "0" * 8 + "-0000" * 3 + "-" + "0" * 12, "number": "1"}
    for operation in OPERATIONS.values():
        path = operation.path
        for name in operation.parameters:
            path = path.replace(f"{{{name}}}", names.get(name, "x"))
        if operation.scope != "read":
            answer = reader.send(operation.method, path)
            assert f'scope="{operation.scope}"' in answer.headers["WWW-Authenticate"], operation.name
            problem(answer, 403)
        if operation.scope == "admin":
            problem(writer.send(operation.method, path), 403)


def test_an_admin_at_a_browser_may_call_with_the_form_token(ada: Admin, client: Client) -> None:
    token = str(ada.tree("/admin/").xpath("string(//input[@name='token']/@value)"))
    assert ada.get("/api/v1/sources").status_code == 200
    headers = {"Origin": "https://feeds.example", "Sec-Fetch-Site": "same-origin", "X-CSRF-Token": token}
    where: dict[str, Any] = {"base_url": "https://feeds.example"}
    assert client.post("/api/v1/sources/acme/run", headers=headers, **where).status_code == 200
    for lacking in ({**headers, "X-CSRF-Token": "x"}, {**headers, "Sec-Fetch-Site": "cross-site"}, {}):
        problem(client.post("/api/v1/sources/acme/run", headers=lacking, **where), 403)


def test_too_many_calls_have_to_wait(service: Serving, client: Client) -> None:
    stranger = Program(client, "nonsense")
    service.desk.tokens.create("one", ["read"])
    answers = [stranger.send("GET", "/sources").status_code for _ in range(70)]
    assert answers[:50] == [401] * 50
    assert answers[-1] == 429
    assert int(stranger.send("GET", "/sources").headers["Retry-After"]) >= 1


def test_the_secret_of_a_token_is_in_no_list(program: Program) -> None:
    made = program.send("POST", "/tokens", {"name": "fresh", "scopes": ["read"], "days": 3})
    assert made.status_code == 201
    assert made.json["secret"] not in program.send("GET", "/tokens").text
    assert Program(program.client, made.json["secret"]).get("/health")["entries"] == 3
    assert program.send("DELETE", "/tokens/fresh").status_code == 204
    problem(Program(program.client, made.json["secret"]).send("GET", "/health"), 401)


# Sources


NEW = {"key": "fresh", "url": "https://fresh.example/news/", "every": "30m", "rules": {"item": "li.release"}}


def test_a_source_lives_from_its_address_to_its_end(program: Program, service: Serving) -> None:
    made = program.send("POST", "/sources", NEW)
    assert made.status_code == 201
    assert made.headers["Location"] == "https://feeds.example/api/v1/sources/fresh"
    tag = program.tag("/sources/fresh")
    changed = program.send("PATCH", "/sources/fresh", {"budget": "24/day", "rules": {"title": "a"}}, If_Match=tag)
    assert changed.status_code == 200, changed.text
    assert changed.json["in_force"]["budget"] == "24/day"
    assert changed.json["in_force"]["every"] is None
    assert changed.json["in_force"]["rules"]["item"] == "li.release"
    assert changed.json["declared"] is None
    problem(program.send("PATCH", "/sources/fresh", {"title": "Late"}, If_Match=tag), 412)
    problem(program.send("PATCH", "/sources/fresh", {"title": "Blind"}), 428)
    assert program.send("DELETE", "/sources/fresh", If_Match="*").status_code == 204
    problem(program.send("GET", "/sources/fresh"), 404)


def test_what_is_declared_stands_beside_what_was_tuned(program: Program) -> None:
    program.send("PATCH", "/sources/acme", {"title": "Tuned", "every": "2h"}, If_Match="*")
    found = program.get("/sources/acme")
    assert found["overrides"] == ["every", "title"]
    assert (found["declared"]["title"], found["in_force"]["title"]) == ("Acme", "Tuned")
    reset = program.send("POST", "/sources/acme/reset", {"names": ["title"]}).json
    assert reset["overrides"] == ["every"]
    assert program.send("POST", "/sources/acme/reset").json["overrides"] == []
    assert fields(program.send("DELETE", "/sources/acme", If_Match="*")) == {
        "key": "remove that file, or stop the source."
    }
    assert 'url = "https://news.example/"' in program.send("GET", "/sources/acme/source.toml").text


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "key"),
        ({"key": "fresh"}, "url"),
        ({**NEW, "key": "acme"}, "key"),
        ({**NEW, "key": "No Key"}, "key"),
        ({**NEW, "url": "ftp://fresh.example/"}, "url"),
        ({**NEW, "url": []}, "url"),
        ({**NEW, "url": 7}, "url"),
        ({**NEW, "cron": "61 * * * *", "every": None}, "cron"),
        ({**NEW, "cron": "0 * * * *"}, "cron"),
        ({**NEW, "every": "soon"}, "every"),
        ({**NEW, "rules": {"item": "li >"}}, "rules.item"),
        ({**NEW, "rules": {"release": {"body": "[["}}}, "rules.release.body"),
        ({**NEW, "title": "x" * 3000}, "title"),
        ({**NEW, "title": "a\x00b"}, "title"),
        ({**NEW, "colour": "red"}, "colour"),
        ({**NEW, "enabled": "yes"}, "enabled"),
        ({**NEW, "category": "../../etc"}, "category"),
    ],
)
def test_what_will_not_do_is_named_with_its_remedy(
    program: Program, service: Serving, body: dict[str, Any], field: str
) -> None:
    assert field in fields(program.send("POST", "/sources", body))
    assert service.store.sources.get("fresh") is None


@pytest.mark.parametrize(
    ("raw", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"", "application/json", 415),
        (b"\xff\xfe", "application/json", 400),
        (b'{"key": "\\ud800"}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"key=x", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
        (b'{"key": "' + b"x" * 300_000 + b'"}', "application/json", 413),
        (b'{"key": ' + b"9" * 5000 + b"}", "application/json", 400),
    ],
)
def test_a_body_that_is_no_document_is_refused(program: Program, raw: bytes, kind: str, status: int) -> None:
    headers = {"Content-Type": kind} if raw else {"Content-Type": "text/plain"}
    problem(program.send("POST", "/sources", raw, **headers), status)


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=x", "limit=1&limit=2", "colour=red", "cursor=nonsense", "sort=luck", "words=%00"]
)
def test_a_query_that_means_nothing_is_refused(program: Program, query: str) -> None:
    problem(program.send("GET", f"/sources?{query}"), 422)


@pytest.mark.parametrize("path", ["/nowhere", "/sources/nobody", "/sources/No!", "/entries/x", "/filters/none", "/"])
def test_what_is_not_there_is_a_problem(program: Program, path: str) -> None:
    problem(program.send("GET", path), 404)


def test_a_method_that_nothing_answers_says_which_do(program: Program) -> None:
    answer = program.send("PUT", "/sources/acme", {})
    problem(answer, 405)
    assert set(answer.headers["Allow"].split(", ")) == {"DELETE", "GET", "HEAD", "PATCH"}


def test_sources_are_listed_filtered_and_acted_on_together(program: Program) -> None:
    for number in range(5):
        program.send("POST", "/sources", {"key": f"s{number}", "url": f"https://s{number}.example/", "category": "x"})
    assert program.send("POST", "/source-actions", {"keys": ["s0", "s1"], "action": "pause"}).json == {"changed": 2}
    assert [one["key"] for one in program.get("/sources?condition=stopped")["items"]] == ["s0", "s1"]
    seen, path = [], "/sources?limit=2&sort=title&words=example"
    for _ in range(3):
        answer = program.send("GET", path)
        seen += [one["key"] for one in answer.json["items"]]
        if "Link" not in answer.headers:
            break
        path = answer.headers["Link"].partition(">")[0].removeprefix("<https://feeds.example/api/v1")
    assert sorted(seen) == ["acme", "s0", "s1", "s2", "s3", "s4"]
    moved = {"keys": ["s2"], "action": "category", "category": "y/z"}
    assert program.send("POST", "/source-actions", moved).json == {"changed": 1}
    assert program.get("/sources/s2")["in_force"]["category"] == "y/z"
    bad = {"keys": ["s3"], "action": "schedule", "cron": "x"}
    assert "cron" in fields(program.send("POST", "/source-actions", bad))


def test_a_source_is_run_paused_and_resumed(program: Program) -> None:
    assert program.send("POST", "/sources/acme/pause", {"until": "2030-01-01T00:00:00Z"}).json["condition"] == "paused"
    assert program.send("POST", "/sources/acme/pause").json["condition"] == "stopped"
    problem(program.send("POST", "/sources/acme/run"), 409)
    assert "until" in fields(program.send("POST", "/sources/acme/pause", {"until": "2020-01-01T00:00:00Z"}))
    assert program.send("POST", "/sources/acme/resume").json["enabled"]
    assert program.send("POST", "/sources/acme/run").json["due_why"] == "now, as an admin asked"


def test_a_quarantine_is_read_and_decided(program: Program, service: Serving) -> None:
    problem(program.send("GET", "/sources/acme/quarantine"), 404)
    for decision in ("dismiss", "accept"):
        service.store.scrapes.quarantine("acme", reason="No items.", evidence={"comparison": []}, now=service.now)
        assert program.get("/sources/acme/quarantine")["reason"] == "No items."
        assert program.send("POST", f"/sources/acme/quarantine/{decision}").status_code == 200
        problem(program.send("GET", "/sources/acme/quarantine"), 404)
    service.store.scrapes.quarantine(
        "acme", reason="None.", evidence={"fault": "no items", "may_be_accepted": False}, now=service.now
    )
    problem(program.send("POST", "/sources/acme/quarantine/accept"), 422)
    assert program.send("POST", "/sources/acme/quarantine/dismiss").status_code == 200
    problem(program.send("POST", "/sources/acme/quarantine/accept"), 422)


def test_a_schedule_is_shown_as_it_is_and_as_it_would_be(program: Program) -> None:
    now = program.get("/sources/acme/schedule?hours=48")
    assert [lag["budget"] for lag in now["lags"]] == ["half", "same", "double"]
    assert now["hosts"][0]["host"] == "news.example"
    tried = program.send("POST", "/sources/acme/schedule/trial?hours=24", {"every": "1h"}).json
    assert tried["cadence"] == "every"
    assert len(tried["scrapes"]) in (24, 25)
    assert program.get("/sources/acme")["overrides"] == []


# Entries, categories, feeds


def test_an_entry_is_read_changed_and_merged(program: Program, service: Serving) -> None:
    one, two, three = [entry["uuid"] for entry in program.get("/entries")["items"]]
    tag = program.tag(f"/entries/{one}")
    hidden = program.send("PATCH", f"/entries/{one}", {"is_hidden": True, "filed_under": "picked"}, If_Match=tag).json
    assert (hidden["is_hidden"], hidden["categories"]) == (True, ["picked"])
    problem(program.send("PATCH", f"/entries/{one}", {"is_withdrawn": True}, If_Match=tag), 412)
    assert [entry["uuid"] for entry in program.get("/entries?state=hidden")["items"]] == [one]
    merged = program.send("POST", f"/entries/{two}/merge", {"other": three}).json
    assert merged["uuid"] == two
    assert program.get(f"/entries/{three}")["merged_into"] == two
    assert program.get(f"/entries/{two}/revisions")["items"] == []
    service.publish(release(2, title="Quite another title", content="<p>Another text.</p>"))
    assert program.get(f"/entries/{two}/revisions")["items"][0]["number"] == 1


def test_entries_come_in_pages(program: Program, service: Serving) -> None:
    service.publish(*[release(number) for number in range(10, 15)])
    first = program.get("/entries?limit=3&feed=sources/acme")
    second = program.get(f"/entries?limit=3&feed=sources/acme&cursor={first['next']}")
    uuids = [entry["uuid"] for entry in first["items"] + second["items"]]
    assert len(set(uuids)) == 6
    assert "feed" in fields(program.send("GET", "/entries?feed=nonsense"))


def test_a_category_is_made_said_moved_and_removed(program: Program, service: Serving) -> None:
    made = program.send("POST", "/categories", {"path": "company/new", "title": "New"})
    assert made.status_code == 201
    path = "/categories/company%2Fnew"
    changed = program.send("PATCH", path, {"title": "Newer", "language": "de"}, If_Match=program.tag(path)).json
    assert (changed["in_force"]["title"], changed["in_force"]["language"]) == ("Newer", "de")
    moved = program.send("POST", "/category-moves", {"path": "company/releases", "to": "company/new"}).json
    assert moved == {"path": "company/new", "entries": 3, "sources": 1, "is_merged": True}
    assert program.get("/categories/company/new")["former"] == ["company/releases"]
    assert "path" in fields(program.send("DELETE", path, If_Match="*"))
    assert program.send("DELETE", "/categories/company/empty", If_Match="*").status_code == 204
    problem(program.send("POST", "/category-moves", {"path": "nowhere", "to": "x"}), 404)
    assert "to" in fields(program.send("POST", "/category-moves", {"path": "company", "to": "company/x"}))
    assert program.send("POST", "/category-resets", {"path": "company"}).status_code == 200


def test_a_saved_feed_is_made_replaced_and_removed(program: Program, service: Serving) -> None:
    assert program.send("POST", "/filters", {"name": "big", "words": ["number 2"]}).status_code == 201
    service.feeds.poll()
    assert len(program.client.get("/feeds/big.json").json["items"]) == 1
    assert "name" in fields(program.send("POST", "/filters", {"name": "big"}))
    put = program.send("PUT", "/filters/big", {"title": "Bigger", "age": "7d"}, If_Match=program.tag("/filters/big"))
    assert (put.json["in_force"]["title"], put.json["in_force"]["words"]) == ("Bigger", [])
    assert "words" in fields(program.send("PUT", "/filters/big", {"words": ["(a"]}, If_Match="*"))
    assert program.send("DELETE", "/filters/big", If_Match="*").status_code == 204
    paths = [feed["path"] for feed in program.get("/feeds")["items"]]
    assert {"feeds/all", "feeds/company/releases", "sources/acme"} <= set(paths)
    assert "feeds/big" not in paths


def test_who_reads_is_told_in_numbers(program: Program, service: Serving) -> None:
    assert program.get("/deliveries?days=3&feed=feeds/all")["items"] == []
    assert program.get("/subscriptions")["items"] == []


# The service


def test_how_the_service_stands_is_told(program: Program) -> None:
    assert program.get("/health")["conditions"]["new"] == 1
    assert program.get("/hosts")["items"][0]["host"] == "news.example"
    settings = {one["key"]: one for one in program.get("/settings")["items"]}
    assert settings["fetch.host_interval"]["value"] == "1s"
    for path in ("/alerts", "/failures?limit=5"):
        assert program.get(path)["items"] == []


def test_a_backup_is_downloaded_and_leaves_nothing_behind(program: Program, service: Serving) -> None:
    answer = program.send("POST", "/backups")
    assert answer.status_code == 200
    assert answer.data.startswith(b"SQLite format 3\0")
    assert list((service.config.data / "backups").iterdir()) == []


def test_a_document_that_has_not_changed_is_not_sent_again(program: Program) -> None:
    tag = program.tag("/sources/acme")
    answer = program.send("GET", "/sources/acme", If_None_Match=tag)
    assert (answer.status_code, answer.data) == (304, b"")


def test_a_page_is_looked_at_by_rules_that_are_not_saved(
    program: Program, monkeypatch: pytest.MonkeyPatch, service: Serving
) -> None:
    looked = []
    monkeypatch.setattr(Desk, "look", lambda self, source, number=None: looked.append(source) or _refuse())
    body = {"url": "https://fresh.example/", "source": {"rules": {"item": "li"}, "language": "de"}}
    assert "cannot be reached" in problem(program.send("POST", "/previews", body), 409)["detail"]
    assert (looked[0].rules.item, looked[0].language) == ("li", "de")
    assert "url" in fields(program.send("POST", "/previews", {"url": "file:///etc/passwd"}))


def _refuse() -> None:
    raise Unreachable("cannot be reached", subject="https://fresh.example/")


def test_kept_pages_are_listed_and_downloaded_as_bytes(program: Program, service: Serving) -> None:
    page = Page(
        url="https://news.example/", requested_url="https://news.example/", body=b"<p>x", fetched_at=service.now
    )
    service.store.snapshots.keep("acme", "listing", page, per_page=3, total=10**6)
    kept = program.get("/sources/acme/snapshots")["items"]
    answer = program.send("GET", f"/sources/acme/snapshots/{kept[0]['number']}")
    assert answer.data == b"<p>x"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.content_type == "application/octet-stream"
    problem(program.send("GET", "/sources/acme/snapshots/999999"), 404)
    replayed = program.send("POST", "/sources/acme/replay", {"rules": {"item": "p"}})
    assert replayed.json["listings"][0]["items"] == 0
    assert "rules.item" in fields(program.send("POST", "/sources/acme/replay", {"rules": {"item": "p["}}))
    assert program.send("POST", "/sources/acme/test").json["pages"] == 1
    assert service.store.entries.count(FeedRef(kind="source", key="acme")) == 3


def test_a_categorys_cadence_is_set_shown_beside_what_is_declared_and_exported(program: Program) -> None:
    path = "/categories/company%2Freleases"
    set_ = program.send("PATCH", path, {"every": "30m", "active": "06:00-23:00"}, If_Match=program.tag(path)).json
    assert [set_["in_force"][name] for name in ("every", "cron", "active")] == ["30m", None, "06:00-23:00"]
    assert (set_["declared"]["every"], set_["overrides"]) == (None, ["cadence"])
    assert 'every = "30m"' in program.send("GET", "/categories.toml").text
    changed = program.send("PATCH", path, {"budget": "24/day"}, If_Match=program.tag(path)).json["in_force"]
    assert [changed[name] for name in ("every", "budget", "active")] == [None, "24/day", "06:00-23:00"]
    assert "cron" in fields(program.send("PATCH", path, {"cron": "never"}, If_Match="*"))
    back = program.send("POST", "/category-resets", {"path": "company/releases", "names": ["cadence"]}).json
    assert (back["overrides"], back["in_force"]["budget"]) == ([], None)


@pytest.mark.parametrize(
    ("method", "path", "changes"),
    [
        ("PATCH", "/entries/{entry}", [{"filed_under": f"picked/{number}"} for number in range(6)]),
        ("PATCH", "/categories/company", [{"title": f"Company {number}"} for number in range(6)]),
        ("PUT", "/filters/big", [{"words": [f"number {number}"]} for number in range(6)]),
    ],
)
def test_of_several_writers_who_saw_the_same_one_wins_and_the_others_are_told(
    program: Program, method: str, path: str, changes: list[dict[str, Any]]
) -> None:
    program.send("POST", "/filters", {"name": "big", "words": ["none"]})
    path = path.format(entry=program.get("/entries")["items"][0]["uuid"])
    tag = program.tag(path)
    begin = Barrier(len(changes))

    def write(change: dict[str, Any]) -> int:
        begin.wait()
        return program.send(method, path, change, If_Match=tag).status_code

    with ThreadPoolExecutor(len(changes)) as writers:
        answers = list(writers.map(write, changes))
    assert sorted(answers) == [200, *[412] * (len(changes) - 1)]
    assert program.tag(path) != tag


def test_a_saved_feed_as_read_can_be_put_back(program: Program, service: Serving) -> None:
    pattern = [f"number {number}" for number in range(120)]
    made = {"name": "many", "words": pattern, "authors": [" Ada "], "description": "Two\nlines"}
    assert program.send("POST", "/filters", made).status_code == 201
    before = program.get("/filters/many")["in_force"]
    assert (before["words"], before["authors"]) == (pattern, [" Ada "])
    assert (
        program.send("PUT", "/filters/many", before, If_Match=program.tag("/filters/many")).json["in_force"] == before
    )
    problem(program.send("PUT", "/filters/many", If_Match=program.tag("/filters/many")), 415)
    assert program.get("/filters/many")["in_force"] == before


def test_whatever_files_and_forms_accept_can_be_read(program: Program, service: Serving) -> None:
    odd = Filter(name="odd", title="Odd\tone", words=("two\nlines", *(f"w{number}" for number in range(1200))))
    rules = Rules(item="li.release,\n  li.note", release=ReleaseRules(remove=tuple(f".x{at}" for at in range(150))))
    service.config = replace(service.config, filters=(odd,))
    service.store.sources.add(Source(key="odd", urls=("https://odd.example/",), title="Odd", rules=rules), now=NOON)
    assert len(program.get("/filters/odd")["in_force"]["words"]) == 1201
    assert program.get("/sources/odd")["in_force"]["rules"]["item"] == "li.release,\n  li.note"
    assert len(program.get("/sources/odd")["in_force"]["rules"]["release"]["remove"]) == 150


def test_entries_of_a_saved_feed_are_listed(program: Program, service: Serving) -> None:
    program.send("POST", "/filters", {"name": "second", "words": ["number 2"]})
    assert [one["title"] for one in program.get("/entries?feed=feeds/second")["items"]] == [
        "Release number 2 of the Acme company"
    ]
