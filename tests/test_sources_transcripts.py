"""Transcript files of every kind, well-formed, damaged and misnamed."""

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pysubs2
import pytest
import webvtt
from hypothesis import given
from hypothesis import strategies as st

from ingest.ports import Found
from ingest.sources import documents, transcripts
from ingest.sources.transcripts import (
    HTML,
    JSON,
    KINDS,
    PODLOVE,
    SRT,
    TEXT,
    WEBVTT,
    TranscriptFile,
)
from kb.errors import DocumentError
from kb.identity import document_key, episode_id
from kb.models import Person, Role, Segment, Word

HERE = Path(__file__).parent / "data"


def read(path: Path, kind: TranscriptFile = TEXT) -> Found:
    (found,) = kind.read(str(path), latest=1)
    return found


def segments(tmp_path: Path, text: str, name: str = "talk.txt") -> tuple[Segment, ...]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return transcripts.transcript(path).segments


def spoken(tmp_path: Path, text: str, name: str = "talk.txt") -> list[tuple[str | None, str]]:
    return [(segment.speaker, segment.text) for segment in segments(tmp_path, text, name)]


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


def kind_of(path: Path) -> str | None:
    head = path.read_bytes()
    return next((kind.name for kind in KINDS if kind.recognises(str(path), head)), None)


# WebVTT and SRT


def test_webvtt_keeps_voices_times_and_lines() -> None:
    assert transcripts.transcript(HERE / "talk.vtt").segments == (
        Segment("Welcome. How do you know that one model is better?", "Ada Byron", 0, 2.5, line=7),
        Segment("You vote, twenty times & more.", "Bo Li", 2.5, 6, line=11),
        Segment("Twenty?", "Ada Byron", 6, 8, line=14),
        Segment("Not ninety.", "Bo Li", 6, 8, line=14),
    )


def test_srt_keeps_labels_until_the_next_label_or_change_of_speaker() -> None:
    heard = transcripts.transcript(HERE / "talk.srt").segments
    assert [segment.speaker for segment in heard] == ["Ada", "Bo", "Bo", None, "Ada", "Bo"]
    assert heard[1] == Segment("You vote, twenty times & more.", "Bo", 2.5, 6, line=7)
    assert heard[3].text == ">> Somebody laughs."


def test_a_colon_in_a_long_talk_without_labels_names_nobody(tmp_path: Path) -> None:
    cues = [f"00:{n // 60:02}:{n % 60:02}.000 --> 01:00:00.000\nWord\n" for n in range(300)]
    cues[10] = cues[200] = cues[10].replace("Word", "So: here we go")
    heard = segments(tmp_path, "\n".join(["WEBVTT\n", *cues]))
    assert {segment.speaker for segment in heard} == {None}
    assert heard[10].text == "So: here we go"


@pytest.mark.parametrize("name", ["talk.vtt", "shelf/arena-3.vtt"])
def test_webvtt_is_read_as_an_independent_reader_reads_it(name: str) -> None:
    same_as_webvtt_py(HERE / name)


def test_srt_is_read_as_an_independent_reader_reads_it() -> None:
    twin = pysubs2.load(str(HERE / "talk.srt"))
    ours = transcripts.transcript(HERE / "talk.srt").segments
    assert [(s.start, s.end) for s in ours] == [(e.start / 1000, e.end / 1000) for e in twin]


def same_as_webvtt_py(path: Path) -> None:
    twin = webvtt.read(str(path))
    ours = transcripts.transcript(path).segments
    assert words(" ".join(s.text for s in ours)) == words(
        " ".join(caption.text for caption in twin.captions)
        .replace("&nbsp;", " ")
        .replace("&amp;", "&")
    )
    times = {(caption.start_in_seconds, caption.end_in_seconds) for caption in twin.captions}
    assert {(int(s.start or 0), int(s.end or 0)) for s in ours} <= {
        (int(start), int(end)) for start, end in times
    }


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("WEBVTT\n\n00:00:0x.000 --> 00:00:02.000\nHello\n", "line 3 has no times"),
        ("WEBVTT\n\n00:00:05.000 --> 00:00:02.000\nHello\n", "line 3 ends before it starts"),
        ("WEBVTT\n\nHello\n", "holds no cues"),
        ("WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n\n", "holds no cues"),
    ],
)
def test_a_broken_webvtt_says_where(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(DocumentError, match=f"talk.vtt.*{fault}") as caught:
        segments(tmp_path, text, "talk.vtt")
    assert caught.value.hint


def test_a_broken_srt_says_where(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"talk\.srt is damaged: line 2 "):
        segments(tmp_path, "1\n00:00 -> 00:02 --> nonsense\nHello\n", "talk.srt")


# podcast JSON


def test_podcast_json_keeps_speakers_and_times() -> None:
    found = read(HERE / "talk.json", JSON)
    assert found.transcript
    assert found.transcript.segments == (
        Segment("Welcome. How do you know?", "Ada", 0, 2.5),
        Segment("You vote.", "Bo", 2.5, 6),
        Segment("Laughter.", None, 6, 7.25),
    )
    assert found.episode.people == (Person("Ada", Role.SPEAKER), Person("Bo", Role.SPEAKER))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"segments": [', "Invalid JSON"),
        ('{"segments": []}', "holds no words"),
        ('{"version": "1.0.0"}', "segments: Field required"),
        ('{"segments": [{"startTime": 1, "endTime": 2}]}', "segments.0.body"),
        ('{"segments": [{"startTime": 3, "endTime": 2, "body": "x"}]}', "ends before it starts"),
        ('{"segments": [{"startTime": NaN, "endTime": 2, "body": "x"}]}', "segments.0.startTime"),
        ('{"segments": [{"startTime": -1, "endTime": 2, "body": "x"}]}', "segments.0.startTime"),
    ],
)
def test_a_broken_json_says_where(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(DocumentError, match=fault):
        segments(tmp_path, text, "talk.json")


def test_podlove_keeps_voices_and_clocks() -> None:
    found = read(HERE / "talk.podlove.json", PODLOVE)
    assert found.transcript
    assert found.transcript.segments == (
        Segment("Welcome. How do you know?", "Ada Byron", 0, 2.5),
        Segment("You vote.", "Bo Li", 2.5, 6),
        Segment("Twenty times.", "Speaker 3", 3606, 3607.25),
    )


SHAPES = {
    "Podlove, wrapped": """{"transcript": [{"start": "00:00:01.000", "end": "00:00:02.000",
        "start_ms": 1000, "end_ms": 2000, "voice": "Ada", "text": "Yes."}]}""",
    "Podlove, web player": """{"transcripts": [{"start": "00:00:01.000", "end": "00:00:02.000",
        "start_ms": 1000, "end_ms": 2000, "voice": "Ada", "speaker": "7", "text": "Yes."}]}""",
    "a bare list": """[{"id": 0, "start": 1, "end": 2, "speaker": "Ada", "text": " Yes."}]""",
    "WhisperX": """{"segments": [{"start": 1, "end": 2, "text": " Yes.", "speaker": "Ada",
        "words": [{"word": "5"}]}], "word_segments": []}""",
    "Deepgram": """{"metadata": {}, "results": {"channels": [], "utterances": [{"start": 1.0,
        "end": 2.0, "speaker": "Ada", "transcript": "Yes.", "words": []}]}}""",
    "AssemblyAI": """{"id": "x", "utterances": [{"start": 1000, "end": 2000, "speaker": "Ada",
        "text": "Yes.", "words": []}]}""",
    "whisper.cpp": """{"result": {"language": "en"}, "transcription": [{"speaker": "Ada",
        "timestamps": {"from": "00:00:01,000", "to": "00:00:02,000"}, "text": " Yes."}]}""",
}


@pytest.mark.parametrize("text", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("name", ["talk.json", "talk.txt", "transcript"])
def test_other_shapes_of_json_are_read_too(tmp_path: Path, text: str, name: str) -> None:
    assert segments(tmp_path, text, name) == (Segment("Yes.", "Ada", 1, 2),)


def test_what_whisper_writes_keeps_its_words_and_its_language(tmp_path: Path) -> None:
    told = {
        "text": " You vote. " + "long " * 20_000,
        "segments": [
            {
                "id": 0,
                "start": 0.0,
                "end": 2.0,
                "text": " You vote.",
                "words": [
                    {"word": " You", "start": 0.0, "end": 0.5, "probability": 0.9},
                    {"word": " vote.", "start": 0.5, "end": 2.0, "probability": 0.8},
                ],
            }
        ],
        "language": "en",
    }
    path = tmp_path / "talk.txt"
    path.write_text(json.dumps(told), encoding="utf-8")
    assert JSON.recognises(str(path), path.read_bytes()[: 2**16])
    found = transcripts.transcript(path)
    assert found.language == "en"
    assert found.segments == (
        Segment(
            "You vote.",
            None,
            0,
            2,
            words=(Word("You", 0, 0.5, 0.9), Word("vote.", 0.5, 2, 0.8)),
        ),
    )


@pytest.mark.parametrize(
    "text",
    [
        '{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Intro"}]}',
        '{"transcript": "https://a.example/1.vtt"}',
        '[{"title": "Intro", "start": 0}]',
        "[]",
        "[00:03] Only a mark, no list.",
    ],
)
def test_other_json_is_no_transcript(text: str) -> None:
    assert not JSON.recognises("x", text.encode())
    assert not PODLOVE.recognises("x", text.encode())


# text and Markdown


def test_markdown_is_read_with_front_matter_labels_marks_and_breaks() -> None:
    found = read(HERE / "talk.md")
    assert found.transcript
    heard = found.transcript.segments
    assert [(s.speaker, s.text, s.line) for s in heard] == [
        ("Ada Byron", "Welcome. [laughs] How do you know that one model is better?", 14),
        ("Bo Li", "You vote, twenty times. Note: not ninety.", 16),
        ("Bo Li", "And then you count [unintelligible 00:20.50] again.", 18),
        ("Ada Byron", "Back to the votes.", 22),
        ("Ada Byron", "Who pays for them?", 22),
        ("Cy Young", "Nobody [does](https://arena.example/pay).", 24),
    ]
    assert [s.start for s in heard][:2] == [0, 10]
    assert (heard[2].end, heard[3].start, heard[3].end, heard[4].start) == (40, 60, 70, 70)
    assert heard[-1].end == 120
    assert not any(s.exact for s in heard)


def test_front_matter_describes_the_episode() -> None:
    episode = read(HERE / "talk.md").episode
    assert (episode.title, episode.show.title) == ("Votes and judges", "The Small Arena")
    assert episode.key == document_key("The Small Arena", "Votes and judges")
    assert episode.id == episode_id(episode.key, episode.title)
    assert (episode.published, episode.duration) == (date(2026, 2, 3), 120)
    assert episode.link == "https://arena.example/3"
    assert episode.audio_url == "https://arena.example/3.mp3"
    assert episode.people == (
        Person("Ada Byron", Role.HOST),
        Person("Bo Li", Role.GUEST),
        Person("Cy Young", Role.SPEAKER),
    )
    assert episode.warnings == ()


def test_front_matter_names_no_files_and_no_scripts(tmp_path: Path) -> None:
    path = tmp_path / "talk.md"
    path.write_text(
        "---\naudio: ../secret.mp3\nlink: javascript:alert(1)\ndate: soon\n---\n**Ada:** Hello.\n",
        encoding="utf-8",
    )
    episode = read(path).episode
    assert (episode.audio_url, episode.link, episode.published) == (None, None, None)
    assert [warning.split(" “")[0] for warning in episode.warnings] == [
        "The date",
        "The link",
        "The audio",
    ]


def test_two_rules_around_talk_are_no_front_matter(tmp_path: Path) -> None:
    assert spoken(tmp_path, "---\nAda says something\n---\nBo too\n") == [
        (None, "Ada says something"),
        (None, "Bo too"),
    ]


def test_the_title_is_the_first_heading_or_else_the_file_name(tmp_path: Path) -> None:
    for name, text, title in [
        ("a.md", "# Taking TAO home\n\nAda: Hello.\n", "Taking TAO home"),
        ("taking-tao_home.txt", "Ada: Hello.\n", "taking tao home"),
    ]:
        (tmp_path / name).write_text(text, encoding="utf-8")
        found = read(tmp_path / name)
        assert (found.episode.title, found.episode.show.title) == (title, "My documents")
        assert found.transcript
        assert [s.text for s in found.transcript.segments] == ["Hello."]


@pytest.mark.parametrize(
    "text",
    [
        "**Ada Byron:** Yes.\n\n**Bo Li:** No.\n",
        "**Ada Byron**: Yes.\n**Bo Li**: No.\n",
        "Ada Byron: Yes.\nBo Li: No.\n",
        "**Ada Byron:**\n\nYes.\n\n**Bo Li:**\n\nNo.\n",
        "[00:00:03] Ada Byron: Yes.\n[00:00:05] Bo Li: No.\n",
        "(0:03) Ada Byron: Yes.\n(0:05) Bo Li: No.\n",
        "0:03 - Ada Byron: Yes.\n0:05 - Bo Li: No.\n",
        "Ada Byron (00:03): Yes.\nBo Li (00:05): No.\n",
        "Ada Byron  0:03\nYes.\n\nBo Li  0:05\nNo.\n",
        "0:03\nAda Byron: Yes.\n0:05\nBo Li: No.\n",
        '"**Ada Byron:** Yes.\n**Bo Li:** No.\n',
    ],
)
def test_all_usual_labels_are_read(tmp_path: Path, text: str) -> None:
    assert spoken(tmp_path, text) == [("Ada Byron", "Yes."), ("Bo Li", "No.")]
    if ":0" in text:
        assert [segment.start for segment in segments(tmp_path, text)] == [3, 5]


def test_words_before_a_colon_are_not_all_names(tmp_path: Path) -> None:
    text = (
        "Ada: Listen: one thing.\nHere is why: votes.\nNote: paper.\nBo: No.\nAda: Yes.\nBo: No.\n"
    )
    assert spoken(tmp_path, text)[:3] == [
        ("Ada", "Listen: one thing."),
        ("Ada", "Here is why: votes."),
        ("Ada", "Note: paper."),
    ]


def test_a_full_name_that_speaks_once_is_not_lost_in_the_turn_before(tmp_path: Path) -> None:
    text = "Ada: Yes.\nSo be it.\nCy Young: Me too.\nAda: Good.\nRemember: no.\n"
    assert spoken(tmp_path, text)[2:] == [
        ("Cy Young", "Me too."),
        ("Ada", "Good."),
        ("Ada", "Remember: no."),
    ]


@pytest.mark.parametrize("label", ["Break", "Outro", "Music", "Ad break"])
def test_a_break_is_no_speaker_and_ends_the_turn(tmp_path: Path, label: str) -> None:
    text = f"**Ada:** Yes.\n\n**{label}:**\n\nAn unnamed voice.\n\n**Bo:** No.\n"
    assert spoken(tmp_path, text) == [("Ada", "Yes."), (None, "An unnamed voice."), ("Bo", "No.")]


def test_a_heading_inside_is_said_by_nobody(tmp_path: Path) -> None:
    text = "# Title\n\n**Ada:** Yes.\n\n## Part: Two\n\n**Ada:** No.\n"
    assert spoken(tmp_path, text) == [("Ada", "Yes."), (None, "Part: Two"), ("Ada", "No.")]


def test_an_untimed_transcript_has_no_times(tmp_path: Path) -> None:
    assert {(s.start, s.end) for s in segments(tmp_path, "Ada: Yes.\nBo: No.\n")} == {(None, None)}


def test_brackets_that_hold_no_time_stay(tmp_path: Path) -> None:
    kept = "See [99:99], [chapter 3:16] and [12:30](https://a.example)."
    assert spoken(tmp_path, f"Ada: {kept}\n") == [("Ada", kept)]
    assert segments(tmp_path, f"Ada: {kept}\n")[0].start is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "**Ada:** ", "**Bo Li**: ", "\\[01:02\\] ", "> ", "- "]),
            st.text("ab é.:,?!*_()[]–", min_size=1, max_size=30),
            st.sampled_from(["", " [02:03:04.55]", " \\[unintelligible 00:03:04\\]"]),
            st.text("cd ü\\", max_size=10),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_no_word_is_lost(parts: list[tuple[str, str, str, str]]) -> None:
    source = "\n\n".join("".join(part) for part in parts)
    kept = re.sub(
        r"\\?\[[\d:.]+\\?\]|^\*\*(Ada|Bo Li)(:\*\*|\*\*:)", " ", source, flags=re.MULTILINE
    )
    document = documents.document(f"{source}\n\nAnd an end.", "talk.md")
    heard = TEXT.parse(document, None)
    assert words(" ".join(s.text for s in heard)) == words(f"{kept} And an end.")


# damage, and names that lie


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind.suffixes], ids=lambda kind: kind.name
)
@pytest.mark.parametrize(
    ("content", "fault"),
    [(b"", "is empty"), (b" \n\n", "is empty"), (b"Ada: caf\xe9", "byte 8 cannot be read")],
)
def test_empty_and_undecodable_files_are_refused(
    tmp_path: Path, kind: TranscriptFile, content: bytes, fault: str
) -> None:
    path = tmp_path / f"talk{kind.suffixes[0]}"
    path.write_bytes(content)
    assert kind.recognises(str(path), content)
    with pytest.raises(DocumentError, match=fault) as caught:
        read(path, kind)
    assert caught.value.hint


@pytest.mark.parametrize(
    "text", ["---\n---\n", "# Only a title\n", "**Break:** [00:03]\n", "***\n"]
)
def test_a_text_without_words_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(DocumentError, match="holds no words"):
        segments(tmp_path, text)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be opened: No such file"):
        read(tmp_path / "nowhere.vtt")


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "talk.vtt").open("wb") as file:
        file.truncate(2**25 + 1)
    with pytest.raises(DocumentError, match="larger than 32 MB"):
        read(tmp_path / "talk.vtt")


@pytest.mark.parametrize("address", ["http://[bad", "https://", "ftp://a.example", "", None])
def test_what_is_no_web_address_is_none(address: str | None) -> None:
    assert documents.web(address) is None


@pytest.mark.parametrize("suffix", [".txt", ".mp3", ".json", ""])
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *(("talk.vtt", WEBVTT), ("talk.srt", SRT), ("talk.json", JSON), ("talk.md", TEXT)),
        *(("talk.html", HTML), ("talk.podlove.json", PODLOVE), ("rolling.vtt", WEBVTT)),
    ],
)
def test_content_decides_whatever_the_name(
    tmp_path: Path, name: str, kind: TranscriptFile, suffix: str
) -> None:
    path = tmp_path / f"misnamed{suffix}"
    path.write_bytes((HERE / name).read_bytes())
    assert kind_of(path) == kind.name
    assert transcripts.transcript(path).segments == transcripts.transcript(HERE / name).segments


def test_byte_order_marks_and_windows_line_ends_change_nothing(tmp_path: Path) -> None:
    plain = transcripts.transcript(HERE / "talk.srt").segments
    text = (HERE / "talk.srt").read_text(encoding="utf-8").replace("\n", "\r\n")
    for encoding in ("utf-8-sig", "utf-16"):
        path = tmp_path / f"{encoding}.txt"
        path.write_bytes(text.encode(encoding))
        assert kind_of(path) == SRT.name
        assert transcripts.transcript(path).segments == plain


def test_a_head_cut_within_a_letter_is_still_known() -> None:
    head = ("WEBVTT\n\n00:00.000 --> 00:01.000\n" + "é" * 50).encode()[:-1]
    assert WEBVTT.recognises("talk.bin", head)


def test_binary_data_is_no_transcript_whatever_its_name() -> None:
    assert not any(kind.recognises("talk.txt", b"\x00\x01\x02" * 30) for kind in KINDS)


# the real thing


def test_real_transcripts_lose_no_word_and_name_no_break(shared: Path) -> None:
    folder = shared / "data/corpus/text/dev"
    listing = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["episodes"]
    assert len(listing) == 53
    for entry in listing:
        path = folder / entry["file"]
        heard = transcripts.transcript(path, duration=entry["duration_s"]).segments
        named = set(entry.get("speakers_in_file", ())) - {"Break"}
        assert set(transcripts.speakers(heard)) == named, path.name
        assert words(" ".join(s.text for s in heard)) == words(bare(path)), path.name
        starts = [s.start for s in heard if s.start is not None]
        assert starts == sorted(starts), path.name
        assert len(starts) == (len(heard) if entry["timestamps"] else 0), path.name


def test_real_webvtt_is_read_as_an_independent_reader_reads_it(shared: Path) -> None:
    files = [*(shared / "data").rglob("*.vtt")]
    assert files
    for path in files:
        same_as_webvtt_py(path)


def bare(path: Path) -> str:
    """Take labels, marks and cue times off the source, by other means than the reader's."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".vtt":
        return "\n".join(line for line in text.split("\n")[1:] if "-->" not in line)
    text = re.sub(r"(?m)^\*\*[^*:\n]+(:\*\*|\*\*:)", "", text)
    return re.sub(r"\\?\[(\d+:)?\d+:\d+(\.\d+)?\\?\]", " ", text)
