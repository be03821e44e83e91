"""Captions that roll, as YouTube makes them: every line once, whatever is shown twice."""

from pathlib import Path

import pytest

from ingest.sources import transcripts
from kb.models import Segment, Word

HERE = Path(__file__).parent / "data"


def heard(tmp_path: Path, text: str) -> tuple[Segment, ...]:
    path = tmp_path / "talk.vtt"
    path.write_text(text, encoding="utf-8")
    return transcripts.transcript(path).segments


def cue(start: int, *lines: str) -> str:
    body = "\n".join(lines)
    return f"00:00:{start:02}.000 --> 00:00:{start + 1:02}.000\n{body}\n"


def test_rolling_captions_give_each_line_once_with_its_times() -> None:
    found = transcripts.transcript(HERE / "rolling.vtt").segments
    assert [(s.text, s.start, s.end) for s in found] == [
        ("hello and welcome", 0.16, 2.389),
        ("to the show", 2.399, 4.55),
        ("yeah", 4.56, 5.99),
        ("yeah", 6.0, 7.99),
        ("you vote > twenty", 8.0, 10.0),
    ]


def test_marks_between_words_give_their_times() -> None:
    found = transcripts.transcript(HERE / "rolling.vtt").segments
    assert found[0].words == (
        Word("hello", 0.16, 0.48),
        Word("and", 0.48, 0.64),
        Word("welcome", 0.64, 2.389),
    )
    assert found[2].words == ()


def test_three_lines_that_roll_are_three_lines(tmp_path: Path) -> None:
    lines = ["one", "two", "three", "four", "five", "six"]
    text = "\n".join(cue(n, *lines[max(0, n - 2) : n + 1]) for n in range(6))
    assert [s.text for s in heard(tmp_path, f"WEBVTT\n\n{text}")] == lines


@pytest.mark.parametrize(
    "shown",
    [
        [["No."], ["No."], ["No."], ["No."]],  # said four times
        [["Row your boat"], ["Row your boat", "gently"], ["down"], ["the stream"], ["merrily"]],
        [["One"], ["Two"]],
    ],
)
def test_what_is_said_again_is_not_taken_for_rolling(
    tmp_path: Path, shown: list[list[str]]
) -> None:
    text = "\n".join(cue(n, *lines) for n, lines in enumerate(shown))
    found = heard(tmp_path, f"WEBVTT\n\n{text}")
    assert [s.text for s in found] == [" ".join(lines) for lines in shown]


def test_a_line_of_spaces_begins_a_caption_but_does_not_join_two(tmp_path: Path) -> None:
    found = heard(
        tmp_path,
        "WEBVTT\n\n00:01.000 --> 00:02.000\n \nHello\n  \n00:02.000 --> 00:03.000\nthere\n \n"
        "3\n00:03.000 --> 00:04.000\nBye\n",
    )
    assert [s.text for s in found] == ["Hello", "there", "Bye"]
