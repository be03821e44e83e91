"""Transcripts and show notes in HTML, and pages that are neither."""

import re
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sources import documents, html_pages, html_text, html_tree, transcripts
from ingest.sources.shownotes import ShowNotes
from ingest.sources.transcripts import HTML, KINDS
from kb.models import Chapter, Person, Role

HERE = Path(__file__).parent / "data"


def spoken(markup: str) -> list[tuple[str | None, str]]:
    heard = HTML.parse(documents.document(markup, "talk.html"), None)
    return [(segment.speaker, segment.text) for segment in heard]


def test_the_form_of_the_podcast_namespace_is_read_whole() -> None:
    heard = transcripts.transcript(HERE / "talk.html", duration=70).segments
    assert [(s.speaker, s.text, s.start, s.end, s.line) for s in heard] == [
        ("Ada Byron", "Welcome. How do you know that one model is better?", 0, 10, 3),
        ("Bo Li", "You vote, twenty times & more.", 10, 43.333, 6),
        ("Bo Li", "Then you count.", 43.333, 60, 7),
        ("Ada Byron", "Who pays for them?", 60, 70, 10),
    ]
    assert not any(s.exact for s in heard)


@pytest.mark.parametrize(
    "markup",
    [
        "<cite>Ada Byron:</cite><time>0:03</time><p>Yes.</p><cite>Bo Li</cite><time>0:05</time><p>No.",
        "<p>Ada Byron (00:03): Yes.</p><p>Bo Li (00:05): No.</p>",
        "<p>Ada Byron (<a href='?t=3'>00:03</a>):<br>Yes.</p><p>Bo Li (<a href='?t=5'>00:05</a>):<br>No.",
        "<p><b>Ada Byron:</b> [00:03] Yes.</p><p><strong>Bo Li</strong>: [00:05] No.</p>",
        "<dl><dt>Ada Byron <time>0:03</time><dd>Yes.<dt>Bo Li (0:05)<dd>No.</dl>",
        (
            "<table><tr><th>At<th>Who<th>What<tr><td>0:03<td>Ada Byron<td>Yes."
            "<tr><td>(0:05)<td>Bo Li<td>No.</table>"
        ),
        (
            "<div><span class='ts-speaker'>Ada Byron</span><time>0:03</time><div>Yes.</div></div>"
            "<div><span class='ts-speaker'>Bo Li</span><time>0:05</time><div>No.</div></div>"
        ),
        "<main><h1>Talk</h1><p>0:03</p><p>Ada Byron: Yes.</p><p>0:05</p><p>Bo Li: No.</p></main>",
    ],
)
def test_all_usual_forms_give_speakers_and_times(markup: str) -> None:
    assert spoken(markup) == [("Ada Byron", "Yes."), ("Bo Li", "No.")]
    heard = HTML.parse(documents.document(markup, "talk.html"), None)
    assert [segment.start for segment in heard] == [3, 5]


def test_names_in_bold_paragraphs_of_their_own_speak_where_they_come_again() -> None:
    turn = "<p><b>{}</b></p><p>{}</p>"
    said = [("Ada", "Yes."), ("Bo", "No."), ("Ada", "Why?"), ("Bo", "Votes.")]
    markup = "".join(turn.format(*each) for each in said)
    assert spoken(markup) == said
    assert HTML.looks_right(markup)
    assert not HTML.looks_right("".join(turn.format(n, n) for n in ("News", "Sport")))


def test_a_work_that_is_cited_in_a_sentence_is_not_speaking() -> None:
    assert spoken(
        "<p><b>Ada:</b> As <cite>The Times</cite> says.</p><p><cite>Nature</cite> too.</p>"
    ) == [
        ("Ada", "As The Times says."),
        ("Ada", "Nature too."),
    ]


def test_menus_scripts_and_footers_are_not_said() -> None:
    markup = (
        "<html><head><title>T</title><style>p{}</style></head><body><nav>Home</nav><main>"
        "<script>'<p>Ada: evil</p>'</script><p>Ada: Yes.</p><p>Bo: No.</p><p>Ada: Why?</p>"
        "<aside>Buy this</aside><div hidden>Unseen</div></main><footer>Copyright</footer>"
    )
    assert spoken(markup) == [("Ada", "Yes."), ("Bo", "No."), ("Ada", "Why?")]


def test_a_plain_page_of_paragraphs_is_still_text_where_it_is_offered_as_a_transcript() -> None:
    assert spoken("<p>Only text,</p>\n<p>and more.</p>") == [
        (None, "Only text,"),
        (None, "and more."),
    ]


def test_the_head_of_a_page_describes_the_episode(tmp_path: Path) -> None:
    path = tmp_path / "transcript"
    head = (
        "<html lang='de'><head><title>Votes | Arena</title>"
        "<meta property='og:site_name' content='The Small Arena'>"
        "<link rel='canonical' href='https://arena.example/3'></head>"
    )
    path.write_text(head + (HERE / "talk.html").read_text(encoding="utf-8"), encoding="utf-8")
    (found,) = HTML.read(str(path), latest=1)
    assert (found.episode.title, found.episode.show.title) == ("Votes | Arena", "The Small Arena")
    assert found.episode.link == "https://arena.example/3"
    assert found.transcript
    assert found.transcript.language == "de"
    assert found.transcript.segments[0].speaker == "Ada Byron"


def test_a_page_whose_head_fills_what_is_peeked_at_is_known_by_what_follows(tmp_path: Path) -> None:
    path = tmp_path / "saved.html"
    talk = (HERE / "talk.html").read_text(encoding="utf-8")
    path.write_text(f"<html><head><script>{'x' * 2**17}</script></head>{talk}", encoding="utf-8")
    head = path.read_bytes()[: 2**16]
    assert [kind for kind in KINDS if kind.recognises(str(path), head)] == [HTML]
    assert not HTML.recognises("https://a.example/saved.html", head)


@pytest.mark.parametrize(
    "markup",
    [
        "<!doctype html><html><body><p>A letter about nothing.</p></body></html>",
        "<html><p><b>Price:</b> 5</p><p><b>Size:</b> 4</p><p><b>Colour:</b> red</p></html>",
        "<html><p>Ada: hello.</p><p>A long article goes on.</p><p>And on.</p></html>",
        "<html><nav><a href='/notes'>Show notes</a></nav><p>Welcome.</p></html>",
        "<html><p>Open 9:00 to 17:00</p><p>At 10:30 we met.</p></html>",
        "<html><ul><li>Mon 9:00<li>Tue 10:00</ul></html>",
        "<html></html>",
    ],
)
def test_a_page_that_is_neither_is_recognised_as_neither(markup: str) -> None:
    assert not any(kind.recognises("page.html", markup.encode()) for kind in KINDS)
    assert not any(kind.recognises("page.txt", markup.encode()) for kind in KINDS)
    assert not ShowNotes().recognises("page.html", markup.encode())


def test_a_page_of_notes_gives_chapters_people_and_its_links() -> None:
    (found,) = ShowNotes().read(str(HERE / "notes.html"), latest=1)
    episode = found.episode
    assert (episode.title, episode.show.title) == ("Ep 3: Votes and judges", "The Small Arena")
    assert (episode.published, episode.link) == (date(2026, 2, 3), "https://arena.example/3")
    assert episode.summary.startswith("Bo Li counts votes for a living.")
    assert episode.chapters == (
        Chapter("Intro", 0, 90),
        Chapter("Why votes", 90, 3723),
        Chapter("What judges miss", 3723),
    )
    assert episode.people == (
        Person("Ada Byron", Role.HOST, "editor of The Small Arena"),
        Person("Bo Li", Role.GUEST, "https://arena.example/bo"),
    )
    assert found.notes
    text = "\n".join(segment.text for segment in found.notes.segments)
    assert "Read the paper (https://paper.example/votes)." in text
    assert "never shown" not in text
    assert "newsletter" not in text
    assert [(s.line, s.start) for s in found.notes.segments if s.start is not None] == [
        (19, 0),
        (20, 90),
        (21, 3723),
    ]


def test_notes_on_one_line_of_markup_are_many_lines(tmp_path: Path) -> None:
    path = tmp_path / "notes.html"
    path.write_text("<html><p>0:00 One<br>1:00 Two<br>2:00 Three</p></html>", encoding="utf-8")
    (found,) = ShowNotes().read(str(path), latest=1)
    assert [chapter.title for chapter in found.episode.chapters] == ["One", "Two", "Three"]
    assert found.notes
    assert [(s.text, s.start, s.end) for s in found.notes.segments] == [
        ("0:00 One", 0, 60),
        ("1:00 Two", 60, 120),
        ("2:00 Three", 120, 120),
    ]


@pytest.mark.parametrize(
    "markup",
    [
        "<p>a<p>b",
        "<div>a</div></div><p>b</p>",
        "a<br/>b",
        "<table><tr><td>a</table>b",
        "<li>a<li>b",
    ],
)
def test_markup_that_is_not_well_formed_is_read_all_the_same(markup: str) -> None:
    assert [text for _, text in html_pages.document(markup, "x").lines] == ["a", "b"]


def test_a_tower_of_elements_is_read_without_falling_over() -> None:
    markup = "<div>" * 5000 + "<p>Ada: Yes.</p>" + "</div>" * 5000
    assert spoken(markup) == [("Ada", "Yes.")]


@pytest.mark.parametrize("tag", ["dt", "b", "cite", "a", "td", "h2", "li", "span"])
def test_long_text_in_any_element_is_kept(tag: str) -> None:
    text = " ".join(f"word{n}" for n in range(200))
    for after in ("", ": more"):
        page = html_pages.document(f"<html><p><{tag}>{text}</{tag}>{after}</p>", "x", notes=True)
        assert text in page.text
        assert after in page.text


@pytest.mark.parametrize(
    "piece", ["<", "<!--", "<a ", "<a x='", "</", "<![", "<?", "<script>", "<b>", "&", "<p>x</div>"]
)
def test_broken_markup_is_read_in_a_time_that_grows_with_its_length(piece: str) -> None:
    started = time.process_time()
    html_pages.document(f"<html><p>Ada: Yes.</p>{piece * 10_000}", "x")
    html_text.plain(f"<p>Ada: Yes.</p>{piece * 10_000}")
    assert time.process_time() - started < 5  # html.parser alone takes minutes for some of these


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p title='a > b'>x</p>", "x"),
        ("<p>1 < 2 and 3 > 2</p>", "1 < 2 and 3 > 2"),
        ("İİİ<script>let x = '<p>no</p>'; if (a<b && \"c) {}</script><p>x</p>", "İİİ\nx"),
        ("<p>x</p><!-- <p>no</p> --><p>y</p><!-- never ends <p>no</p>", "x\ny"),
        ("<style>p > b {}</STYLE><p>x", "x"),
    ],
)
def test_scripts_comments_and_brackets_are_told_from_text(markup: str, text: str) -> None:
    assert html_pages.document(markup, "x").text == text
    assert html_text.plain(markup) == text


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["p", "div", "li", "span", "em", "h2", "blockquote", "td", "b"]),
            st.text("ab é.,?!()–&<>'\"", max_size=20),
        ),
        max_size=10,
    )
)
def test_no_word_of_a_page_is_lost(parts: list[tuple[str, str]]) -> None:
    escaped = [
        (tag, text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
        for tag, text in parts
    ]
    markup = "".join(f"<{tag}>{text} </{tag}>\n" for tag, text in escaped)
    page = html_pages.document(f"<html>{markup}", "x")
    wanted = Counter(word for _, text in parts for word in re.findall(r"\w+", text))
    assert Counter(re.findall(r"\w+", page.text)) == wanted


@pytest.mark.parametrize("links", [True, False])
def test_plain_text_keeps_addresses_where_they_are_wanted(*, links: bool) -> None:
    text = html_text.plain("<p>See <a href='https://a.example/x'>this</a>.", links=links)
    assert text == ("See this (https://a.example/x)." if links else "See this.")


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("<?xml version='1.0'?><!DOCTYPE html><html>", True),
        ("<!-- saved -->\n<p>", True),
        ("<?xml version='1.0'?><rss>", False),
        ("<opml>", False),
        ("# <p>", False),
        ("", False),
    ],
)
def test_what_html_is(text: str, *, known: bool) -> None:
    assert html_tree.is_html(text) is known
