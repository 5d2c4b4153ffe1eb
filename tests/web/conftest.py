"""The web side over a real store, asked through WSGI."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from werkzeug.test import Client

from feedsvc.service.access import Access
from feedsvc.web import create_app
from tests.support.admins import Admin
from tests.support.serving import Serving


@pytest.fixture
def client(service: Serving) -> Client:
    return Client(create_app(service))


@pytest.fixture
def admin(service: Serving, client: Client) -> Admin:
    """An admin with a password that is cheap to check, not signed in yet."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    service.desk.__dict__["access"] = Access(service.store, clock=lambda: service.now, hasher=hasher)
    service.desk.access.create(Admin.NAME, Admin.PASSWORD)
    return Admin(client)


@pytest.fixture
def ada(admin: Admin) -> Admin:
    """The same, signed in."""
    assert admin.sign_in().status_code == 303
    return admin
