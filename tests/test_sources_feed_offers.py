"""What a publisher offers beside an episode, in its less usual forms."""

import pytest

from kb.models import Chapter
from tests.test_sources_feed import SHOW, Web, read, rss, tide


def test_chapters_of_a_file_end_where_it_says_unless_the_next_has_begun() -> None:
    listed = b"""\xef\xbb\xbf{"version": "1.2.0", "chapters": [
        {"startTime": 0, "title": "Fog", "endTime": 60}, {"startTime": 90, "title": " Two\\nlines "},
        {"startTime": 120, "title": "Late", "endTime": 9000}, {"startTime": 600, "title": null},
        {"startTime": 700, "title": "Hidden", "toc": false},
        {"startTime": 800, "title": "Bells", "endTime": 700}]}"""

    episode = read(SHOW, tide(json=listed))[1].episode

    assert episode.chapters == (
        Chapter("Fog", 0, 60),
        Chapter("Two lines", 90, 120),
        Chapter("Late", 120, 800),
        Chapter("Bells", 800, 1800),
    )


def test_chapters_that_begin_together_are_all_kept() -> None:
    listed = b'{"chapters": [{"startTime": 5, "title": "B"}, {"startTime": 5, "title": "A"}]}'

    episode = read(SHOW, tide(json=listed))[1].episode

    assert [(chapter.title, chapter.end) for chapter in episode.chapters] == [("B", 5), ("A", 1800)]


PAGE = """<cite>Ode:</cite><time>0:00</time><p>A buoy hears.</p>
<cite>Mara:</cite><time>0:09</time><p>More than it says.</p>"""
PODLOVE = """{"transcript": [{"start": "00:00:00", "end": "00:00:02", "start_ms": 0, "end_ms": 2000,
    "speaker": "1", "voice": "Ode", "text": "A buoy hears."}]}"""


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("text/html", PAGE),
        ("text/plain", "Ode: A buoy hears.\n\nMara: More than it says.\n\nOde: Yes."),
        ("application/json", PODLOVE),
    ],
)
def test_transcripts_are_read_in_their_other_forms_too(kind: str, content: str) -> None:
    there = "https://tide.example/1"
    feed = rss(f"<item><guid>1</guid><podcast:transcript url='{there}' type='{kind}'/></item>")

    (found,) = read(SHOW, Web({SHOW: feed, there: content.encode()}))

    assert found.transcript is not None, found.episode.warnings
    assert found.transcript.segments[0].speaker == "Ode"
    assert found.transcript.segments[0].text == "A buoy hears."
