"""Lists are found without rules, whatever the markup; what is not the list is left alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedsvc.extract.document import Document
from feedsvc.extract.listing import read_listing
from feedsvc.model import Listing, Page, Rules

URL = "https://news.example/releases/"
TITLES = (
    "Harbour opens to larger ships",
    "Ferry timetable for the summer",
    "New crane arrives by sea",
    "Annual report",
)


def read(body: str, *, url: str = URL, rules: Rules | None = None) -> Listing:
    page = Page(
        url=url,
        requested_url=url,
        text=f"<html lang='en'><head><title>Releases</title></head><body>{body}</body></html>",
        fetched_at=datetime(2026, 5, 1, tzinfo=UTC),
    )
    return read_listing(Document.parse(page), rules or Rules())


def titles(listing: Listing) -> list[str]:
    return [item.title.text if item.title else "" for item in listing.items]


def days(listing: Listing) -> list[str]:
    return [item.published[0].text if item.published else "" for item in listing.items]


def each(template: str) -> str:
    return "".join(template.format(n=n, title=title) for n, title in enumerate(TITLES, 1))


NAVIGATION = (
    "<nav><ul>"
    + "".join(f"<li><a href='/{w}/'>{w}</a></li>" for w in ("home", "about", "team", "jobs", "shop"))
    + "</ul></nav>"
)
TAGS = (
    "<div class='tagcloud'>"
    + "".join(f"<a href='/tags/{w}/'>{w}</a> " for w in ("sea", "ship", "port", "ice", "fog"))
    + "</div>"
)

SHAPES = {
    "a list": "<ul>" + each("<li><a href='/releases/{n}/'>{title}</a> <span>2026-04-0{n}</span></li>") + "</ul>",
    "cards": each("<div class=card><img src=/i/{n}.jpg><h3><a href='/releases/{n}/'>{title}</a></h3><time datetime='2026-04-0{n}'>x</time><p>Some words about what happened here, and why it did.</p><a href='/releases/{n}/'>Read more</a></div>"),  # noqa: E501
    "whole cards as links": each("<a class=card href='/releases/{n}/'><h3>{title}</h3><p>2026-04-0{n}</p><p>Some words about what happened here, and why it did.</p></a>"),  # noqa: E501
    "a table": "<table>" + each("<tr><td>2026-04-0{n}</td><td><a href='/releases/{n}/'>{title}</a></td><td><a href='https://files.example/{n}'>https://files.example/{n}</a></td></tr>") + "</table>",  # noqa: E501
    "a definition list": "<dl>" + each("<dt>2026-04-0{n}</dt><dd><a href='/releases/{n}/'>{title}</a></dd>") + "</dl>",
    "headings and siblings": "<div>" + each("<h2><a href='/releases/{n}/'>{title}</a></h2><p>2026-04-0{n}</p><p>Some words about what happened here, and why it did.</p>") + "</div>",  # noqa: E501
    "dates before the headings": "<div>" + each("<p>2026-04-0{n}</p><h2><a href='/releases/{n}/'>{title}</a></h2>") + "</div>",  # noqa: E501
    "lines in one paragraph": "<p>" + each("2026-04-0{n} <a href='/releases/{n}/'>{title}</a><br>") + "</p>",
    "ever deeper nesting": "<dl>" + each("<div class=item><a href='#p{n}'>{title}</a><div>2026-04-0{n}</div><p><a href='/releases/{n}/'>More</a></p>") + "</dl>",  # noqa: E501
    "heading apart from an empty link": each("<div class=entry><h3>{title}</h3><span title='2026-04-0{n}'>x</span><a href='/releases/{n}/' aria-label='link to {title}'></a></div>"),  # noqa: E501
    "several columns": "<div class=row>" + each("<div class=col><div class=box><a class=box-link href='/releases/{n}/'><h4>{title}</h4><small>2026-04-0{n}</small></a></div></div>") + "</div>",  # noqa: E501
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_links_titles_and_dates_are_found(shape: str) -> None:
    listing = read(NAVIGATION + f"<main>{SHAPES[shape]}</main>" + TAGS)
    assert [item.url for item in listing.items] == [f"{URL}{n}/" for n in (1, 2, 3, 4)]
    assert titles(listing) == list(TITLES)
    assert days(listing) == [f"2026-04-0{n}" for n in (1, 2, 3, 4)]


def test_days_take_the_year_of_the_heading_that_they_stand_under() -> None:
    groups = "".join(
        f"<h2>{year}</h2><ul>"
        + "".join(f"<li>5 May <a href='/releases/{year}-{n}/'>{title}</a></li>" for n, title in enumerate(TITLES))
        + "</ul>"
        for year in (2026, 2025)
    )
    assert days(read(f"<main>{groups}</main>")) == ["5 May 2026"] * 4 + ["5 May 2025"] * 4


@pytest.mark.parametrize("heading", ["May 2026", "2026年5月", "2026/05", "2026 (4)", "Mai 2026"])
def test_a_month_may_head_days(heading: str) -> None:
    items = "".join(f"<li><i>05-1{n}</i> <a href='/releases/{n}/'>{title}</a></li>" for n, title in enumerate(TITLES))
    assert days(read(f"<main><h3>{heading}</h3><ul>{items}</ul></main>")) == [f"2026-05-1{n}" for n in range(4)]


def test_releases_take_the_day_that_they_stand_under() -> None:
    groups = "".join(
        f"<h3>{day} May 2026</h3><ul>"
        + "".join(f"<li><a href='/releases/{day}-{n}/'>{title}</a></li>" for n, title in enumerate(TITLES[:2]))
        + "</ul>"
        for day in (7, 6, 5)
    )
    expected = ["7 May 2026", "7 May 2026", "6 May 2026", "6 May 2026", "5 May 2026", "5 May 2026"]
    assert days(read(f"<main>{groups}</main>")) == expected


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ("<b class='date day'> 1{n} </b><b class='date month'> / 05 </b>", "2026-05-1{n}"),
        ("<b class=month>May</b> <b class=day>1{n}</b>", "1{n} May 2026"),
        ("<b class=day>1{n}</b><b class=month>05</b><b class=year>2025</b>", "2025-05-1{n}"),
    ],
)
def test_day_and_month_may_stand_in_elements_of_their_own(pieces: str, expected: str) -> None:
    items = "".join(
        f"<li>{pieces.format(n=n)}<a href='/releases/{n}/'>{title}</a></li>" for n, title in enumerate(TITLES)
    )
    listing = read(f"<main><time class=lead>2026</time><ul>{items}</ul></main>")
    assert days(listing) == [expected.format(n=n) for n in range(4)]


def test_a_summary_may_open_with_the_date() -> None:
    item = (
        "<div><h3><a href='/releases/{n}/'>{title}</a></h3><p>(May 1{n}, 2026) "
        + "Words about it. " * 20
        + "</p></div>"
    )
    assert days(read(f"<main>{each(item)}</main>")) == [f"May 1{n}, 2026" for n in (1, 2, 3, 4)]


def test_a_lead_story_made_like_the_others_belongs_to_the_list() -> None:
    lead = "<section><div class=lead><a class=tile href='/releases/9/'><h3>The lead</h3><p>2026-04-09</p></a></div></section>"  # noqa: E501
    rest = each("<div><a class=tile href='/releases/{n}/'><h3>{title}</h3><p>2026-04-0{n}</p></a></div>")
    assert titles(read(f"<main>{lead}<section>{rest}</section></main>")) == ["The lead", *TITLES]


def test_a_lead_story_made_otherwise_is_titled_by_its_own_heading() -> None:
    lead = "<div class=lead><a href='/releases/9/'><img src=/9.jpg></a><div><time>2026-04-09</time><h2>The lead</h2><p>Words.</p><a href='/releases/9/'>Read the story</a></div></div>"  # noqa: E501
    rest = each("<article><h3><a href='/releases/{n}/'>{title}</a></h3><time>2026-04-0{n}</time></article>")
    assert titles(read(f"<main>{lead}<section>{rest}</section></main>")) == ["The lead", *TITLES]


def test_one_item_made_with_more_wrappers_belongs_to_the_list() -> None:
    plain = "<li><h3><a class=t href='/releases/{n}/'>{title}</a></h3><p>About it</p><p>April 0{n}, 2026</p></li>"
    odd = "<li><div class=row><div><h3><a class=t href='/releases/9/'>The odd one</a></h3><p>About it</p><p>April 09, 2026</p></div><img src=/9.png></div></li>"  # noqa: E501
    assert titles(read(f"<ul>{each(plain)}{odd}</ul>")) == [*TITLES, "The odd one"]


def test_dates_that_begin_every_title_are_no_part_of_it() -> None:
    listing = read("<main><ul>" + each("<li><a href='/releases/{n}/'>2026-04-0{n} - {title}</a></li>") + "</ul></main>")
    assert titles(listing) == list(TITLES)


def test_a_date_that_a_title_is_about_stays() -> None:
    listing = read("<main><ul>" + each("<li><a href='/releases/{n}/'>Digest of {n} May 2026</a></li>") + "</ul></main>")
    assert titles(listing) == [f"Digest of {n} May 2026" for n in (1, 2, 3, 4)]


def test_summary_image_and_author_come_along() -> None:
    card = "<article><img src='blank.gif' data-src='/i/{n}.jpg'><h2><a href='/releases/{n}/'>{title}</a></h2><span class=author>Ann Lee</span><p>Words that tell in one sentence what this release is about.</p></article>"  # noqa: E501
    first = read(f"<main>{each(card)}</main>").items[0]
    assert first.image is not None
    assert first.image.url == "https://news.example/i/1.jpg"
    assert first.summary is not None
    assert first.summary.text == "Words that tell in one sentence what this release is about."
    assert [author.text for author in first.authors] == ["Ann Lee"]


def test_titles_cut_short_are_completed_by_their_attribute() -> None:
    cut = "<li><a href='/releases/{n}/' title='{title} and more'>{title} an...</a> 2026-04-0{n}</li>"
    assert titles(read(f"<ul>{each(cut)}</ul>")) == [f"{title} and more" for title in TITLES]


@pytest.mark.parametrize("heading", ["{year}", "{year} (14)", "{year}年"])
def test_a_year_above_its_releases_titles_none_of_them(heading: str) -> None:
    card = "<div class=entry><h3>{title}</h3><p>May {n}</p><a href='/releases/{n}/'></a></div>"
    group = f"<div class=year><h2>{heading}</h2>{{}}</div>"
    body = "".join(group.format(card.format(n=n, title=title), year=2026 - n) for n, title in enumerate(TITLES[:3], 1))
    assert titles(read(f"<main>{body}</main>")) == list(TITLES[:3])


def test_the_same_few_labels_beside_the_links_are_no_part_of_titles() -> None:
    names = ["Harbour opens early", "Ferry timetable", "Crane arrives by sea", "Annual report of the port"]
    kinds = ["Talk", "Media", "Talk", "Talk"]
    items = "".join(
        f"<li><h3>{kind} - <a href='/releases/{n}/'>{name}</a></h3><p>2026-04-0{n}</p></li>"
        for n, (kind, name) in enumerate(zip(kinds, names, strict=True), 1)
    )
    assert titles(read(f"<ul>{items}</ul>")) == names


def test_links_that_all_say_read_more_are_a_list_where_what_stands_before_them_differs() -> None:
    item = (
        "<dd class='accordion-navigation'><a href='#p{n}'>{title}</a><div><a href='/read/{n}'>Read more</a></div></dd>"
    )
    listing = read(f"{NAVIGATION}<main><dl>{each(item)}</dl></main>")
    assert [item.url for item in listing.items] == [f"https://news.example/read/{n}" for n in (1, 2, 3, 4)]
    assert titles(listing) == list(TITLES)


def test_a_home_page_that_tells_much_of_itself_still_has_its_list() -> None:
    about = "<p>" + "Who we are, what we do, and how it came about. " * 90 + "</p>"
    cards = each("<div class=card><h3><a href='/releases/{n}/'>{title}</a></h3><time>2026-04-0{n}</time></div>")
    body = f"<div>{about}</div><div>{cards}</div>"
    assert titles(read(body, url="https://news.example/")) == list(TITLES)
    assert "single release" in read(body, url="https://news.example/about-us.html").reason


def test_a_date_published_and_never_changed_is_the_date_of_the_release() -> None:
    item = "<li><h3><a href='/releases/{n}/'>{title}</a></h3><time class='entry-date published updated' datetime='2026-04-0{n}'>last week</time></li>"  # noqa: E501
    assert read(f"<ul>{each(item)}</ul>").items[0].published[0].confidence >= 0.8


def test_rows_that_a_click_follows_are_items() -> None:
    rows = each("<tr onclick=\"location.href='/releases/{n}/'\"><td>{title}</td><td>2026-04-0{n}</td></tr>")
    listing = read(f"<table>{rows}</table>")
    assert [item.url for item in listing.items] == [f"{URL}{n}/" for n in (1, 2, 3, 4)]
    assert titles(listing) == list(TITLES)


def test_portraits_and_pixels_are_no_pictures_but_backgrounds_are() -> None:
    card = (
        "<div class=card><img class=avatar src=/a.png><img width=1 src=/p.gif>"
        "<div style=\"background-image: url('/i/{n}.jpg')\"></div><h3><a href='/releases/{n}/'>{title}</a></h3></div>"
    )
    images = [item.image.url if item.image else "" for item in read(each(card)).items]
    assert images == [f"https://news.example/i/{n}.jpg" for n in (1, 2, 3, 4)]


def test_a_page_without_a_list_says_so() -> None:
    listing = read("<p>Nothing to see.</p>")
    assert not listing.items
    assert listing.reason.startswith("nothing here, because ")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_no_text_makes_reading_raise(text: str) -> None:
    read(text)


PIECES = st.sampled_from(
    ["<a href=/x>", "<a href='/y/1'>two words", "</a>", "<li>", "</ul>", "<ul>", "<h2>", "<table><tr><td>", "</table>",
     "2026-05-01", "12 May", "<time datetime=x>", "<dl><dt>", "<dd>", "<a href='http://['>", "<a href='//'>", "text ", "<br>",  # noqa: E501
     "<div class='a b1'>", "</div>", "<img src>", "<nav>", "<base href='::'>"]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=60).map("".join))
def test_no_markup_makes_reading_raise(markup: str) -> None:
    read(markup)


BOILERPLATE = st.sampled_from(
    [NAVIGATION, TAGS, "<footer><a href='/imprint/'>Imprint</a> © 2026</footer>", "<form><input name=q></form>",
     "<div class='social share'><a href='https://social.example/a'>s</a><a href='https://social.example/b'>t</a></div>",
     "<aside class=sidebar><h4>Popular</h4><ul><li><a href='/releases/1/'>Harbour opens</a></li></ul></aside>"]
)  # fmt: skip


@given(before=st.lists(BOILERPLATE, max_size=3), after=st.lists(BOILERPLATE, max_size=3))
def test_boilerplate_around_a_list_changes_nothing(before: list[str], after: list[str]) -> None:
    content = f"<main>{SHAPES['cards']}</main>"
    assert read("".join(before) + content + "".join(after)).items == read(content).items


@pytest.mark.parametrize(
    "item",
    [
        "<li><a href='/releases/{n}/'>Story {n} of many</a> 2026-05-01</li>",
        "<p><a class='{name}' href='/releases/{n}/'>Story {n} of many</a></p>",
        "<a href='/releases/{n}/'>Story {n} of many</a><br>",
    ],
)
def test_a_list_of_thousands_is_read_whole(item: str) -> None:
    names = [f"{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}" for n in range(3000)]
    assert len(read("".join(item.format(n=n, name=name) for n, name in enumerate(names))).items) == 3000
