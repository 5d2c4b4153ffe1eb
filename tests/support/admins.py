"""An admin at a browser: reads pages, fills in their forms as they stand, and sends them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar
from urllib.parse import urljoin

from lxml import html
from werkzeug.datastructures import MultiDict
from werkzeug.test import Client, TestResponse

BASE = "https://feeds.example"


class Admin:
    """One person with one browser."""

    NAME: ClassVar[str] = "ada"
    PASSWORD: ClassVar[str] = "correct horse battery"

    def __init__(self, client: Client) -> None:
        self.client = client

    def get(self, path: str, **headers: str) -> TestResponse:
        """A page, as a browser asks for it."""
        return self.client.get(path, base_url=BASE, headers={"Sec-Fetch-Site": "same-origin"} | headers, buffered=True)

    def tree(self, path: str) -> html.HtmlElement:
        """A page that must be there."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:300])
        return html.fromstring(answer.text)

    def post(self, path: str, fields: Mapping[str, object], **headers: str) -> TestResponse:
        """A form sent from a page of ours."""
        headers = {"Origin": BASE, "Sec-Fetch-Site": "same-origin"} | headers
        return self.client.post(path, data=MultiDict(fields), base_url=BASE, headers=headers, buffered=True)

    def submit(self, path: str, action: str, /, **changes: object) -> TestResponse:
        """The form with this end of its action on a page, filled in as it stands but for ``changes``; "__" is "."."""
        form = next(form for form in self.tree(path).forms if str(form.action).partition("?")[0].endswith(action))
        fields = dict(form.form_values())
        fields |= {name.replace("__", "."): value for name, value in changes.items()}
        return self.post(urljoin(f"{BASE}{path}", str(form.action)).removeprefix(BASE), fields)

    def sign_in(self, name: str = NAME, password: str = PASSWORD, **changes: object) -> TestResponse:
        """Fill in the form at the door."""
        return self.submit("/admin/sign-in", "/sign-in", name=name, password=password, **changes)
