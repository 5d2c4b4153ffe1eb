"""The tree of categories: said, moved, merged, removed."""

from __future__ import annotations

from feedsvc.web.api.models.categories import (
    CategoryDocument,
    CategoryMove,
    CategoryPatch,
    CategoryReset,
    MovedDocument,
    NewCategory,
)
from feedsvc.web.api.models.common import Page
from feedsvc.web.api.operation import Answer, Call, Document, Nothing, operation

TAG = "categories"


@operation("GET", "/categories", tag=TAG, scope="read", answer=Page[CategoryDocument])
def list_categories(call: Call[Nothing, Nothing]) -> Page[CategoryDocument]:
    """Read the whole tree, parents before children."""
    return Page(items=[CategoryDocument.of(branch) for branch in call.desk.categories.tree()])


@operation("POST", "/categories", tag=TAG, scope="write", body=NewCategory, answer=CategoryDocument, status=201)
def add_category(call: Call[Nothing, NewCategory]) -> Answer:
    """Make a category, and those above it."""
    made = call.desk.categories.create(call.body.path, call.body.texts())
    document = CategoryDocument.of(call.desk.categories.get(made.path))
    return Answer(document=document, location=f"/categories/{made.path}")


@operation("GET", "/categories.toml", tag=TAG, scope="read", media_type="application/toml")
def export_categories(call: Call[Nothing, Nothing]) -> Answer:
    """Export the tree in force as categories.toml; what breadcrumbs made is left out."""
    return Answer(
        raw=call.desk.categories.toml().encode(),
        headers={"Content-Disposition": 'attachment; filename="categories.toml"'},
    )


@operation("GET", "/categories/{path}", tag=TAG, scope="read", answer=CategoryDocument)
def get_category(call: Call[Document, Document]) -> CategoryDocument:
    """Read one category."""
    return CategoryDocument.of(call.desk.categories.get(call.path["path"]))


@operation(
    "PATCH",
    "/categories/{path}",
    tag=TAG,
    scope="write",
    body=CategoryPatch,
    answer=CategoryDocument,
    matches="get_category",
)
def change_category(call: Call[Nothing, CategoryPatch]) -> CategoryDocument:
    """Let a category say something else, over what is declared."""
    call.desk.categories.edit(call.path["path"], call.body.texts())
    return get_category(call)


@operation("DELETE", "/categories/{path}", tag=TAG, scope="write", matches="get_category")
def remove_category(call: Call[Nothing, Nothing]) -> Answer:
    """End a category and all below it (410); its entries go to the one above."""
    call.desk.categories.remove(call.path["path"])
    return Answer()


@operation("POST", "/category-moves", tag=TAG, scope="write", body=CategoryMove, answer=MovedDocument, also=(404,))
def move_category(call: Call[Nothing, CategoryMove]) -> MovedDocument:
    """Rename, move or merge a category; its addresses lead to the new one for ever (301)."""
    moved = call.desk.categories.move(call.body.path, call.body.to)
    return MovedDocument(path=call.body.to, entries=moved.entries, sources=moved.sources, is_merged=moved.is_merged)


@operation("POST", "/category-resets", tag=TAG, scope="write", body=CategoryReset, answer=CategoryDocument, also=(404,))
def reset_category(call: Call[Nothing, CategoryReset]) -> CategoryDocument:
    """Let a category say again what is declared."""
    call.desk.categories.reset(call.body.path, call.body.names)
    return CategoryDocument.of(call.desk.categories.get(call.body.path))
