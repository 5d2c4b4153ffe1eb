"""An entry's page: what it was before, where fields stood, and withdrawing it for good."""

from __future__ import annotations

import pytest

from tests.support.admins import Admin
from tests.support.serving import Serving
from tests.support.stores import release


@pytest.fixture
def uuid(service: Serving) -> str:
    return service.publish(release(7, title="The first <title>", content="<p>One thing. Another thing.</p>"))[0]


def test_an_unknown_entry_has_no_page(ada: Admin) -> None:
    for name in ("x", "0" * 36, "00000000-0000-0000-0000-000000000000"):
        assert ada.get(f"/admin/entries/{name}").status_code == 404


def test_it_shows_what_changed_as_a_difference(ada: Admin, service: Serving, uuid: str) -> None:
    assert "never changed" in ada.tree(f"/admin/entries/{uuid}").text_content()
    service.publish(release(7, title="The second <title>", content="<p>One thing. A different thing.</p>"))
    tree = ada.tree(f"/admin/entries/{uuid}")
    assert tree.xpath("//del/text()") == ["- The first <title>", "- Another thing."]
    assert tree.xpath("//ins/text()") == ["+ The second <title>", "+ A different thing."]


def test_a_withdrawn_entry_leaves_its_feeds_and_can_come_back(ada: Admin, service: Serving, uuid: str) -> None:
    page = f"/admin/entries/{uuid}"

    def is_served() -> bool:
        service.feeds.poll()
        return "The first" in ada.get("/feeds/all.atom").text

    assert is_served()
    assert ada.submit(page, page, do="withdraw").status_code == 303
    assert not is_served()
    assert "Withdrawn" in ada.tree(page).text_content()
    assert uuid in ada.get("/admin/sources/acme").text
    service.publish(release(7, title="The first, seen again"))
    assert not is_served()
    ada.submit(page, page, do="reinstate")
    assert is_served()


def test_an_action_that_does_not_exist_changes_nothing(ada: Admin, service: Serving, uuid: str) -> None:
    ada.submit(f"/admin/entries/{uuid}", f"/admin/entries/{uuid}", do="nonsense")
    stored = service.store.entry(uuid)
    assert stored is not None
    assert stored.withdrawn_at is None
