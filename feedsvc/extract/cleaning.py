"""What stands in a body and is not part of the story: the title again, bylines, label lines, 'read also', sharing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby, pairwise

from lxml.html import HtmlElement

from feedsvc.extract.blocks import Block
from feedsvc.extract.lines import bare, squash
from feedsvc.lexicon.dateshape import date_spans, is_date
from feedsvc.lexicon.names import out_of_brackets

#: Containers whose name says that they hold something else than the story.
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|social|breadcrumbs?|crumbs?|related|recommend\w*|newsletter|subscri\w+|cookie|"
    r"comments?|disqus|respond|sidebar|popular|trending|read-?more|readmore|see-?also|advert\w*|ads?|promo\w*|"
    r"pagination|pager|pagenav|toolbar|print|noprint|tags?|taglist|author-bio|byline|dateline-meta|credits?|"
    r"copyright|paywall|signup|donate|outbrain|taboola)(?:$|[\s_-])",
    re.IGNORECASE,
)
#: Openings of lines that lead elsewhere; only short lines that are mostly a link, or end in a colon, are refused.
_LEADS_ELSEWHERE = re.compile(
    r"(?:read (?:also|more|next|the full)|also read|see also|related|more (?:from|on|about)|watch|listen|recommended|"
    r"don[’']t miss|most read|you might also like|auch interessant|"
    r"das könnte sie auch|sur le même sujet|"
    r"lire aussi|à lire|lire la suite|voir aussi|lesen sie auch|lies auch|mehr zum thema|siehe auch|"
    r"weiterlesen|lee también|leer más|ver también|te puede interesar|leggi anche|leia (?:também|mais)|veja também|"
    r"lees ook|les også|läs (?:också|även|mer)|lue myös|læs også|czytaj (?:też|także|również)|zobacz|číst|přečtěte|"
    r"citește și|olvasta már|читайте также|читайте також|смотрите также|по теме|ayrıca oku|baca juga|xem thêm|"
    r"相关阅读|延伸阅读|相关新闻|推荐阅读|相關|關連記事|関連記事|あわせて読みたい|관련기사|اقرأ أيضا|قراءة أيضا)\b",
    re.IGNORECASE,
)
#: Whole lines of furniture.
_LINE = re.compile(
    r"(?:share(?: (?:this|on|via|article|story)\b.{0,40})?|teilen|partager|compartir|condividi|"
    r"分享(?:到|至)?|打印|字号.{0,12}|"
    r"advertisement|advertising|anzeige|werbung|publicité|publicidad|pubblicità|реклама|广告|"
    r"story continues below.{0,30}|"
    r"article continues.{0,40}|continue reading.{0,40}|loading\W*|copied|copy link|print|e-?mail|facebook|twitter|x|"
    r"whatsapp|linkedin|reddit|telegram|weibo|wechat|微信|微博|pinterest|save|comments?|\d+ comments?|"
    r"sign up (?:for|to).{0,120}|subscribe.{0,60}|follow us.{0,60}|all rights reserved.{0,60}|"
    r"(?:photo|image|picture|foto|bild|crédito?s?|credit)s?\s*[:：/].{0,80}|(?:©|copyright|\(c\)).{0,120}|"
    r"(?:责任编辑|責任編輯|责编|编辑|編輯|校对|审核|来源|來源|作者|记者|发布时间|发布日期|浏览次数|阅读次数|点击数?|打印本页|关闭窗口)\s*[:：].{0,60})",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"(?:by|von|par|por|di|door|av|af|text|story|reporting|written|posted|文|作者|记者|автор|текст)\b[ :：]\s*"
    r"(?P<names>[^.!?。]{2,70})",
    re.IGNORECASE,
)
_DATE_ONLY = re.compile(
    r"[^\n]{0,25}?(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}\s*[./年-]\s*\d{1,2}\s*[./月-]\s*\d{1,2}日?|"
    r"(?:\d{1,2}(?:st|nd|rd|th|\.)?\s+)?[^\W\d_]{3,12}\.?\s+(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?(?:de\s+)?\d{4})"
    r"[^\n]{0,25}"
)
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_CELLS = ("td", "th", "dt", "dd", "pre")
_SHORT = 90
#: Between a topic and the headline it leads to.
_LEAD_ENDS = (":", "：", "|", "｜", "»", "›", ">", "→", "–", "—", "+++", "•")
_TOPIC_LONGEST, _HEADLINE_WORDS = 60, 4
_SENTENCE_ENDS = (".", "!", "?", "。", "！", "？", "…", ".”", '."', ":", ",")


def is_furniture(
    block: Block, *, title: str, is_asides: Callable[[str, str], bool] | None = None, is_listed: bool = False
) -> bool:
    """Whether a block inside a body is not part of the story.

    ``is_asides`` recognizes further lines (labels, bylines in more languages); ``is_listed`` says that the block is an
    item of one of the story's own lists, which may be a link and nothing else.
    """
    text = block.text
    if title and block.key == title:
        return True
    if is_asides and is_asides(text, block.key):
        return True
    if len(text) > 160:
        return False
    if _LINE.fullmatch(text):
        return True
    if block.linked * 2 > len(text) and _LEADS_ELSEWHERE.match(text):
        return True
    if not is_listed and is_only_link(block):
        return True
    return bool(_LEADS_ELSEWHERE.match(text) and (text.endswith((":", "：")) or block.linked > 20))


def is_only_link(block: Block) -> bool:
    """Whether a line is a link and nothing else but a topic before it ("Health: ..."), and no sentence."""
    if len(block.text) <= 12 or block.text.endswith(_SENTENCE_ENDS) or block.linked * 2 < len(block.text):
        return False
    return block.linked > 0.9 * len(block.text) or _is_topic_and_link(block)


def _is_topic_and_link(block: Block) -> bool:
    """Whether a line begins with words and a sign that leads to the headline, a link, which is all the rest.

    An address, a name or a work that is cited is no headline.
    """
    start = len(block.nodes)
    while start and _is_linked(block.nodes[start - 1]):
        start -= 1
    lead = squash("".join(map(_node_text, block.nodes[:start])))
    words = len(block.text[len(lead) :].split())
    is_headline = words >= _HEADLINE_WORDS or (words < 3 and len(block.text) > len(lead) + 24 and "." not in block.text)
    return is_headline and len(lead) <= _TOPIC_LONGEST and lead.endswith(_LEAD_ENDS) and not any(map(str.isdigit, lead))


def _node_text(node: tuple[HtmlElement, bool]) -> str:
    element, is_tail = node
    return (element.tail if is_tail else element.text) or ""


def _is_linked(node: tuple[HtmlElement, bool]) -> bool:
    element, is_tail = node
    if not _node_text(node).strip():
        return True
    inner = element.getparent() if is_tail else element
    return inner is not None and any(one.tag == "a" for one in (inner, *inner.iterancestors()))


def own_items(blocks: Sequence[Block]) -> set[int]:
    """The numbers of linked list items that a body itself lists: changes, resources.

    Their list holds words beside its links, or a line that ends in a colon leads to it and prose goes on after it.
    What only leads elsewhere stands behind a story, or unannounced.
    """
    own: set[int] = set()
    place = 0
    for items, group in groupby(blocks, key=_list_of):
        run = list(group)
        before, place = blocks[place - 1] if place else None, place + len(run)
        if items is None:
            continue
        is_mixed = any(not is_only_link(block) and len(block.text) > 12 for block in run)
        is_led_to = before is not None and before.text.endswith((":", "：")) and not _LEADS_ELSEWHERE.match(before.text)
        if is_mixed or (is_led_to and any(not block.linked for block in blocks[place:])):
            own.update(block.index for block in run)
    return own


def _list_of(block: Block) -> HtmlElement | None:
    return next((one for one in (block.element, *block.element.iterancestors()) if one.tag in ("ul", "ol")), None)


def is_head_matter(block: Block, *, title: str) -> bool:
    """Whether a short line at either end of a body is its byline, its date or part of its label line."""
    text = block.text
    if len(text) > _SHORT:
        return False
    if (match := _BYLINE.fullmatch(out_of_brackets(text))) and len(match["names"].split()) <= 9:
        return True
    if _DATE_ONLY.fullmatch(text) or (is_date(text) and next(date_spans(text)).counts_from_now):
        return True
    # a line that goes on long after the title is a sentence that begins with it
    is_title = block.key in title or (title in block.key and len(block.key) <= 1.3 * len(title))
    return bool(title) and len(block.key) > 12 and is_title


def left_heads(told: Sequence[Block], kept: Sequence[Block]) -> set[int]:
    """The numbers of kept headings that headed what was taken out: the very next line is gone."""
    staying = {block.index for block in kept}
    return {
        one.index
        for one, following in pairwise(told)
        if one.element.tag in _HEADINGS and one.index in staying and following.index not in staying
        and is_only_link(following)
    }  # fmt: skip


def refrains(blocks: Iterable[Block]) -> set[str]:
    """Short lines that come again and again between a story's paragraphs: "Read more", "Article content", "Video"."""
    counts = Counter(block.key for block in blocks if len(block.text) <= 40 and block.element.tag not in _CELLS)
    return {key for key, count in counts.items() if count >= 3 and key}


def names_furniture(attributes: str) -> bool:
    """Whether an element's class and id name a part that is no story."""
    return bool(_FURNITURE.search(attributes))


def title_key(title: str | None) -> str:
    """The form in which titles are compared with blocks."""
    return bare(title or "")
