"""What sanitized HTML may hold: tags, attributes, and where lazy images keep theirs. Words as data (rule C1)."""

from __future__ import annotations

TAGS = frozenset(
    "a abbr acronym address article aside audio b bdi big blockquote br caption center cite code col colgroup data "
    "dd del details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li main "
    "mark nav ol p picture pre q rp rt ruby s samp section small source span strike strong sub summary sup "
    "table tbody td tfoot th thead time tr track tt u ul var video wbr".split()
)

#: Left out with their inside; of other tags that are not allowed the inside stays.
CONTENT_GONE = frozenset(
    "script style template noscript noembed noframes svg math title select datalist textarea object applet".split()
)

ATTRIBUTES: dict[str, frozenset[str]] = {
    tag: frozenset(names.split())
    for tag, names in {
        "*": "title lang dir translate",
        "a": "href hreflang type",
        "audio": "src controls loop muted preload",
        "blockquote": "cite",
        "code": "class",
        "col": "span align valign width",
        "colgroup": "span align valign width",
        "data": "value",
        "del": "cite datetime",
        "details": "open",
        "div": "align",
        "h1": "align", "h2": "align", "h3": "align", "h4": "align", "h5": "align", "h6": "align",
        "hr": "align size width",
        "img": "src srcset sizes alt width height align border hspace vspace loading decoding",
        "ins": "cite datetime",
        "li": "value type",
        "ol": "start reversed type",
        "p": "align",
        "pre": "class width",
        "q": "cite",
        "source": "src srcset sizes type media width height",
        "table": "summary align border cellpadding cellspacing width frame rules",
        "tbody": "align valign",
        "td": "colspan rowspan headers scope abbr align valign width height nowrap",
        "tfoot": "align valign",
        "th": "colspan rowspan headers scope abbr align valign width height nowrap",
        "thead": "align valign",
        "time": "datetime",
        "tr": "align valign",
        "track": "src kind srclang label default",
        "ul": "type",
        "video": "src poster controls width height loop muted preload playsinline",
    }.items()
}  # fmt: skip

#: Attributes that hold one URL; ``srcset`` holds several.
URL_ATTRIBUTES = frozenset({"href", "src", "cite", "poster"})

#: Where scripts find what an image shall show, the surest first -> the attribute that it becomes.
LAZY = {
    "data-src": "src", "data-original": "src", "data-lazy-src": "src", "data-lazy": "src", "data-original-src": "src",
    "data-orig-file": "src", "data-actualsrc": "src", "data-echo": "src", "data-hi-res-src": "src", "data-img": "src",
    "data-image": "src", "data-url": "src", "data-full": "src", "data-large": "src", "data-img-url": "src",
    "data-lazyload": "src", "data-lazy-loaded-src": "src", "data-cfsrc": "src", "data-ks-lazyload": "src",
    "data-srcset": "srcset", "data-lazy-srcset": "srcset", "data-original-set": "srcset",
    "data-sizes": "sizes", "data-poster": "poster",
}  # fmt: skip

#: Endings and words of pictures that only hold the place until a script puts the real one there.
STAND_INS = (
    "blank.", "/blank", "spacer.", "transparent.", "placeholder", "loading.", "lazy.", "pixel.", "1x1", "grey.",
    "gray.",     "dummy.", "empty.",
)  # fmt: skip
