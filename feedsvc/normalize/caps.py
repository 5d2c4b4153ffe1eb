"""Caps on markup before a parser sees it (rule F6): a parser running in C cannot be interrupted.

HTML5 tree builders take time quadratic in nesting (1.1 MB of nested ``div`` took nh3 134 seconds), in the attributes
of one tag, and in formatting elements left open. Here the markup is read once, token by token (WHATWG HTML 13.2.5),
and tags beyond a cap are left out; text never is. Depth errs on the high side: an end tag counts only where a tree
builder would heed it (13.2.6.4.7).
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

DEPTH_MAX = 512
TAGS_MAX = 200_000
ATTRIBUTES_MAX = 64
ATTRIBUTE_MAX = 1_048_576
#: Elements that a tree builder may make anew from formatting elements left open, over the whole markup.
_REBUILT_MAX = 300_000
#: Markup shorter than this, with fewer tags than ``DEPTH_MAX``, is harmless whatever it holds.
_HARMLESS = 32_768
#: A tag shorter than this has too few attributes to matter.
_SHORT_TAG = 512

VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_TABLE_PARTS = frozenset("table caption td th tr tbody thead tfoot".split())
_BLOCKS = _TABLE_PARTS | frozenset(
    "address article aside blockquote center dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header "
    "hgroup li main nav ol p pre section summary ul".split()
)
#: What an end tag does not reach past ("has an element in scope").
_SCOPE = frozenset({"table", "td", "th", "caption"})
_ITEM_SCOPE = _SCOPE | {"ul", "ol"}
#: A start tag of the key closes one of these that stands directly above it.
_CLOSES = {
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "p": frozenset({"p"}),
    "a": frozenset({"a"}),
    "td": frozenset({"td", "th"}),
    "th": frozenset({"td", "th"}),
}

_S = r"[\t\n\f\r ]"
_ATTRIBUTE = (
    rf"[^\t\n\f\r />][^\t\n\f\r />=]*+"
    rf"(?:{_S}*+={_S}*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\t\n\f\r >\"'][^\t\n\f\r >]*+|(?=>)|\Z))?+"
)
_REST = rf"(?:[\t\n\f\r /]++|{_ATTRIBUTE})*+"
_TOKEN = re.compile(
    rf"<(?P<end>/?)(?P<name>[a-zA-Z][^\t\n\f\r />]*+){_REST}(?:>|\Z)"
    r"|<!--(?:-?>|.*?(?:--!?>|\Z))|<(?:[!?]|/[^a-zA-Z])[^>]*+(?:>|\Z)",
    re.S,
)
_ONE_ATTRIBUTE = re.compile(_ATTRIBUTE)
#: Elements whose inside is no markup, or never shown: left out with their inside, or with it as text.
_LEFT_OUT = frozenset("script style noscript noembed noframes template svg select datalist title".split())
_AS_TEXT = frozenset({"textarea", "xmp"})
_ENDS = {name: re.compile(rf"</{name}(?=[\t\n\f\r />])[^>]*>", re.I) for name in (*_LEFT_OUT, *_AS_TEXT, "iframe")}


def capped(markup: str, *, keep: frozenset[str]) -> str:
    """``markup`` without the tags that go beyond the caps; tags not in ``keep`` go as well where capping is needed."""
    if markup.count("<") <= DEPTH_MAX and len(markup) <= _HARMLESS:
        return markup
    return _Capping(keep).run(markup)


@dataclass(slots=True)
class _Open:
    name: str
    is_written: bool


@dataclass(slots=True)
class _Capping:
    keep: frozenset[str]
    out: list[str] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    #: Formatting elements started and not ended, in the order of their start.
    active: list[str] = field(default_factory=list)
    depth: int = 0
    tags: int = 0
    rebuilt: int = 0

    def run(self, markup: str) -> str:
        at = 0
        while token := _TOKEN.search(markup, at):
            self.out.append(markup[at : token.start()])
            at = token.end()
            name = (token["name"] or "").lower()
            if not token["end"] and name in _ENDS:
                at = self._skip(name, token, markup)
            elif name in self.keep:
                self._end(name, token[0]) if token["end"] else self._start(name, token[0])
        self.out.append(markup[at:])
        return "".join(self.out)

    def _skip(self, name: str, token: re.Match[str], markup: str) -> int:
        end = _ENDS[name].search(markup, token.end())
        inside_end, after = (end.start(), end.end()) if end else (len(markup), len(markup))
        if name in _AS_TEXT:
            self.out.append(html.escape(html.unescape(markup[token.end() : inside_end]), quote=False))
        elif name in self.keep:
            self.out.append(f"{_with_few_attributes(token[0])}</{name}>")
        return after

    def _start(self, name: str, tag: str) -> None:
        self.tags += 1
        self._count_rebuilt(name)
        is_written = self.tags <= TAGS_MAX and not (name in _FORMATTING and self.rebuilt > _REBUILT_MAX)
        if name not in VOID:
            if self.stack and self.stack[-1].name in _CLOSES.get(name, ()):
                self._pop(len(self.stack) - 1)
            is_written = is_written and self.depth < DEPTH_MAX
            self.stack.append(_Open(name, is_written))
            self.depth += is_written
            if is_written and name in _FORMATTING:
                self.active.append(name)
        if is_written:
            self.out.append(_with_few_attributes(tag))

    def _end(self, name: str, tag: str) -> None:
        self._count_rebuilt(name)
        at = self._reached(name)
        if at is None:
            if name in ("br", "p") or (name in _FORMATTING and name in self.active):
                self._write_end(name, tag)
            return
        if self.stack[at].is_written:
            self._write_end(name, tag)
        if name in _FORMATTING:
            self.depth -= self.stack.pop(at).is_written
        else:
            self._pop(at)

    def _write_end(self, name: str, tag: str) -> None:
        if name in self.active:
            del self.active[len(self.active) - 1 - self.active[::-1].index(name)]
        self.out.append(_with_few_attributes(tag))

    def _reached(self, name: str) -> int | None:
        """The place in the stack of the element that an end tag of this name ends, or None where it is ignored."""
        if name in _TABLE_PARTS:
            stops = frozenset({"table"})
        elif name == "li":
            stops = _ITEM_SCOPE
        else:
            stops = _SCOPE if name in _BLOCKS or name in _FORMATTING else _BLOCKS
        for at in range(len(self.stack) - 1, -1, -1):
            if self.stack[at].name == name:
                return at
            if self.stack[at].name in stops:
                return None
        return None

    def _pop(self, at: int) -> None:
        self.depth -= sum(one.is_written for one in self.stack[at:])
        del self.stack[at:]

    def _count_rebuilt(self, name: str) -> None:
        if name in _BLOCKS and self.active:
            self.rebuilt += len(self.active)
            if self.rebuilt > _REBUILT_MAX:
                self.out.extend(f"</{one}>" for one in reversed(self.active))
                self.active.clear()


def _with_few_attributes(tag: str) -> str:
    if len(tag) < _SHORT_TAG:
        return tag if tag.endswith(">") else ""
    head = re.match(r"</?[^\t\n\f\r />]*", tag)
    assert head is not None
    attributes = [one[0] for one in _ONE_ATTRIBUTE.finditer(tag.removesuffix(">"), head.end())]
    return " ".join([head[0], *(one for one in attributes[:ATTRIBUTES_MAX] if len(one) <= ATTRIBUTE_MAX)]) + ">"
