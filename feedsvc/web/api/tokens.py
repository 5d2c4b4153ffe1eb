"""Tokens: made, listed, revoked."""

from __future__ import annotations

from datetime import timedelta

from feedsvc.service.refusal import Unknown
from feedsvc.web.api.models.common import Page
from feedsvc.web.api.models.standing import MadeToken, NewToken, TokenDocument
from feedsvc.web.api.operation import Answer, Call, Nothing, operation

TAG = "tokens"


@operation("GET", "/tokens", tag=TAG, scope="admin", answer=Page[TokenDocument])
def list_tokens(call: Call[Nothing, Nothing]) -> Page[TokenDocument]:
    """List tokens and when each was last used."""
    return Page(items=[TokenDocument.of(one) for one in call.desk.tokens.all()])


@operation("POST", "/tokens", tag=TAG, scope="admin", body=NewToken, answer=MadeToken, status=201)
def add_token(call: Call[Nothing, NewToken]) -> MadeToken:
    """Make a token; its secret is shown this once."""
    days = call.body.days
    token, secret = call.desk.tokens.create(
        call.body.name, call.body.scopes, expires_in=None if days is None else timedelta(days=days)
    )
    return MadeToken(token=TokenDocument.of(token), secret=secret)


@operation("DELETE", "/tokens/{token}", tag=TAG, scope="admin")
def revoke_token(call: Call[Nothing, Nothing]) -> Answer:
    """End a token at once; it needs no If-Match, as nothing of it can be lost."""
    if not call.desk.tokens.revoke(call.path["token"]):
        raise Unknown("there is no such token", subject=call.path["token"])
    return Answer()
