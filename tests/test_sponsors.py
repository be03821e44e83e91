"""Sponsor reads: where they begin, how far they go, and what only sounds like one."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.sources.manifest import Manifest
from kb import passages, sponsors
from kb.models import Chapter, Episode, Passage, Segment, Tier, Unit
from tests.samples import episode

EPISODE = episode("Talk", "The Night Desk")
TALK = [f"Number {n} of the sentences says something about silos." for n in range(70)]


def cut(
    lines: Sequence[str], *, speakers: Sequence[str | None] = (), exact: bool = True
) -> tuple[Passage, ...]:
    who = [*speakers, *[None] * (len(lines) - len(speakers))]
    segments = [
        Segment(text, speaker, n * 5.0, n * 5.0 + 4.0, exact)
        for n, (text, speaker) in enumerate(zip(lines, who, strict=True))
    ]
    cuts = passages.cut("talk-1", Tier.TRANSCRIPT, segments)
    return tuple(each for each in cuts if each.unit is Unit.SENTENCE)


def read(lines: Sequence[str], held: Episode = EPISODE, *, exact: bool = True) -> list[str]:
    sentences = cut(lines, exact=exact)
    found = sponsors.reads(held, sentences)
    return [each.text for each in sentences if each.first in found]


READS = [
    (
        "This episode is brought to you by Larder.",
        "Snacks keep a team awake.",
        "Go to larder.com slash desk and use the promo code DESK.",
    ),
    (
        "And now a word from our sponsor, Larder.",
        "I have been eating from Larder for years.",
        "That's larder.com.",
    ),
    ("Support for this show comes from Larder.", "Sign up at larder.com for a free trial."),
    (
        "Today's show is sponsored by Larder, the shelf that fills itself.",
        "They have 40 kinds of nuts.",
        "Visit larder.com slash desk.",
        "Thank you to Larder for supporting the show.",
    ),
    ("Thanks to our sponsors this week.", "Larder gives you 20 percent off your first shelf."),
]


@pytest.mark.parametrize("said", READS, ids=lambda said: said[0])
def test_a_read_is_found_whole_and_the_talk_around_it_is_not(said: Sequence[str]) -> None:
    assert read([*TALK, *said, *TALK]) == list(said)


def test_a_read_may_tell_a_story_before_it_comes_to_the_point() -> None:
    story = [f"Then the shelf was empty for the {n}th day." for n in range(12)]
    said = ["This portion is brought to you by Larder.", *story, "Visit larder.com to order."]
    assert read([*TALK, *said, *TALK]) == said


def test_a_read_ends_where_the_show_goes_on() -> None:
    said = ["This episode is brought to you by Larder.", "Larder fills shelves."]
    after = ["Okay, let's get back to the silos that Larder never saw.", "Larder is big."]
    assert read([*TALK, *said, *after, *TALK]) == said


def test_a_read_ends_with_its_speaker() -> None:
    sentences = cut(
        [
            "This show is sponsored by Larder.",
            "Larder fills shelves.",
            "I once met Larder's founder.",
        ],
        speakers=["Mara", "Mara", "Ines"],
    )
    assert sponsors.reads(EPISODE, sentences) == {0, 1}


@pytest.mark.parametrize(
    "said",
    [
        "But this is not a sponsored episode, we don't do sponsored guests.",
        "We have one sponsor for this event, and they rented a studio.",
        "Again, this is brought to you by a Mac right now.",
        "The code is open source, and I wrote it with code that was older.",
        "They received an initial sponsorship of 20 thousand dollars.",
        "You can go to github.com slash silos to see the sensors.",
        "Prices are 20 percent off what they were in 1990.",
    ],
)
def test_what_is_only_said_of_sponsors_and_sites_is_talk(said: str) -> None:
    assert read([*TALK, said, *TALK]) == []


def test_a_code_gives_itself_away_at_the_edges_of_an_episode_only() -> None:
    said = "The promo code is all one word."
    assert read([said, *TALK]) == [said]
    assert read([*TALK, *TALK, said]) == [said]
    assert read([*TALK, said, *TALK]) == []


CHAPTERS = (Chapter("Silos", 0, 50), Chapter("Sponsor: Larder", 50, 100), Chapter("Dust", 100, 350))


def test_a_chapter_of_a_sponsor_is_a_read_where_times_are_exact() -> None:
    held = replace(EPISODE, chapters=CHAPTERS)
    assert read(TALK, held) == TALK[10:20]


def test_where_times_are_near_a_chapter_is_only_believed_with_the_sponsor_s_name() -> None:
    # Publishers cut the words of ads from transcripts and leave their chapters.
    held = replace(EPISODE, chapters=CHAPTERS)
    assert read(TALK, held, exact=False) == []
    named = [*TALK[:12], "Larder is what I eat.", *TALK[12:]]
    assert read(named, held, exact=False) == ["Larder is what I eat."]


def test_nothing_in_nothing() -> None:
    assert sponsors.reads(EPISODE, ()) == frozenset()


# Real episodes


@pytest.mark.slow
def test_the_reads_of_the_development_corpus_are_found_and_little_else(shared: Path) -> None:
    """Places looked up by hand: two shows with reads by their host, all others cut theirs away."""
    by_hand = {
        "talkpython-465": {*range(13, 20), *range(202, 214), *range(427, 448), *range(942, 952)},
        "talkpython-488": {*range(12, 22), *range(222, 248), *range(395, 412), *range(713, 728)},
        "news-40": set(range(33, 48)),
        "news-129": set(range(28, 35)),
        "news-130": set(range(24, 33)),
    }
    hits = found = wanted = 0
    for each in Manifest().read(str(shared / "data/corpus/text/dev/manifest.json"), latest=1):
        assert each.transcript
        cuts = passages.cut(each.episode.id, Tier.TRANSCRIPT, each.transcript.segments)
        held = [passage for passage in cuts if passage.unit is Unit.SENTENCE]
        reads, right = sponsors.reads(each.episode, held), by_hand.get(each.episode.id, set())
        hits += len(reads & right)
        found += len(reads)
        wanted += len(right)
    assert hits / found >= 0.97
    assert hits / wanted >= 0.90
