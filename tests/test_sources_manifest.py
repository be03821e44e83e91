"""A manifest of transcripts, and the ways in which one can point astray."""

import json
from datetime import date
from pathlib import Path

import pytest

from ingest.ports import Found
from ingest.sources.manifest import Manifest
from kb.errors import DocumentError
from kb.models import Chapter, Person, Role

HERE = Path(__file__).parent / "data"


def read(path: Path) -> list[Found]:
    assert Manifest().recognises(str(path), path.read_bytes())
    return list(Manifest().read(str(path), latest=1))


def written(folder: Path, *episodes: dict[str, object]) -> list[Found]:
    (folder / "talk.vtt").write_bytes((HERE / "talk.vtt").read_bytes())
    path = folder / "manifest.json"
    entries = [{"id": "a", "show": "S", "file": "talk.vtt", **episode} for episode in episodes]
    path.write_text(json.dumps({"episodes": entries}), encoding="utf-8")
    return read(path)


def test_an_episode_comes_with_transcript_notes_people_and_addresses() -> None:
    found = read(HERE / "shelf/manifest.json")[0]
    episode = found.episode
    assert (episode.id, episode.key) == ("arena-3", "manifest:the-small-arena|arena-3")
    assert (episode.published, episode.duration) == (date(2026, 2, 3), 9)
    assert episode.link == "https://arena.example/3"
    assert (episode.audio_url, found.media) == ("https://arena.example/3.mp3", None)
    assert episode.people == (Person("Ada Byron", Role.HOST), Person("Bo Li", Role.SPEAKER))
    assert episode.chapters == (Chapter("Votes", 0, 5), Chapter("Judges", 5, 9))
    assert found.transcript
    assert len(found.transcript.segments) == 4


def test_notes_are_the_description_and_the_numbered_lines_of_the_file() -> None:
    notes = read(HERE / "shelf/manifest.json")[0].notes
    assert notes
    assert [(s.line, s.text, s.start) for s in notes.segments] == [
        (None, "Bo Li counts votes.", None),
        (None, "And judges.", None),
        (1, "(0:00) Votes", 0),
        (2, "(0:05) Judges", 5),
        (4, "- [Paper & Sons](https://paper.example/)", None),
    ]


def test_what_is_missing_or_unsafe_is_left_out() -> None:
    found = read(HERE / "shelf/manifest.json")[1]
    episode = found.episode
    assert episode.title == "The Small Arena 2"
    assert episode.id.startswith("the-small-arena-2-")
    assert (episode.link, episode.published, found.notes) == (None, None, None)
    assert episode.warnings == ("The date “2026-01” is not a day and is left out.",)


@pytest.mark.parametrize("field", ["file", "shownotes"])
@pytest.mark.parametrize("name", ["../outside.vtt", "/etc/hosts", "sub/../../outside.vtt", "link"])
def test_a_file_outside_the_folder_is_never_read(tmp_path: Path, field: str, name: str) -> None:
    (tmp_path / "outside.vtt").write_bytes((HERE / "talk.vtt").read_bytes())
    folder = tmp_path / "shelf"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path / "outside.vtt")
    with pytest.raises(DocumentError, match="the file of a lies outside its folder"):
        written(folder, {field: name})


@pytest.mark.parametrize("field", ["file", "shownotes"])
def test_a_missing_file_is_named_before_anything_is_read(tmp_path: Path, field: str) -> None:
    with pytest.raises(DocumentError, match=r"the file of b is missing: gone\.vtt") as caught:
        written(tmp_path, {}, {"id": "b", field: "gone.vtt"})
    assert caught.value.hint


@pytest.mark.parametrize(
    ("episode", "fault"),
    [
        ({"show": None}, "episodes.0.show"),
        ({"duration_s": -3}, "episodes.0.duration_s"),
        ({"file": "a\0b"}, "episodes.0.file"),
        ({"hosts": "Ada"}, "episodes.0.hosts"),
    ],
)
def test_a_damaged_entry_is_named(tmp_path: Path, episode: dict[str, object], fault: str) -> None:
    with pytest.raises(DocumentError, match=fault):
        written(tmp_path, episode)


def test_two_episodes_of_one_id_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="lists a twice"):
        written(tmp_path, {}, {"title": "Another"})


@pytest.mark.parametrize("text", ["{", '{"episodes": []}', '{"episodes": 3}', ""])
def test_what_is_no_manifest_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError, match=r"manifest\.json"):
        next(Manifest().read(str(path), latest=1))


def test_the_real_manifest_gives_all_its_episodes(shared: Path) -> None:
    founds = read(shared / "data/corpus/text/dev/manifest.json")
    assert len(founds) == 53
    assert len({found.episode.id for found in founds}) == 53
    assert all(found.transcript and found.media is None for found in founds)
    assert sum(found.notes is not None for found in founds) == 51
    assert not [p for found in founds for p in found.episode.people if p.name == "Break"]
    by_id = {found.episode.id: found.episode for found in founds}
    assert by_id["practicalai-63"].people == (
        Person("Chris Benson", Role.HOST),
        Person("Daniel Whitenack", Role.HOST),
        Person("Michael Malyuk", Role.GUEST),
    )


def test_chapters_that_are_listed_go_before_those_in_a_text_and_stay_in_the_notes(
    tmp_path: Path,
) -> None:
    marks = [
        {"start": 0.0, "title": " Votes", "href": None},
        {"start": 5, "title": "Paper", "href": "https://paper.example/"},
        {"start": 7, "title": "Ink", "href": "javascript:alert(1)"},
    ]
    (found,) = written(
        tmp_path, {"duration_s": 9, "chapters": marks, "description": "0:00 One\n0:04 Two"}
    )
    assert found.episode.chapters == (
        Chapter("Votes", 0, 5),
        Chapter("Paper", 5, 7),
        Chapter("Ink", 7, 9),
    )
    assert found.notes
    assert [(s.text, s.start, s.end) for s in found.notes.segments][2:] == [
        ("Votes", 0, 5),
        ("Paper (https://paper.example/)", 5, 7),
        ("Ink", 7, 9),
    ]


def test_an_episode_without_a_show_is_one_of_the_list(tmp_path: Path) -> None:
    (tmp_path / "talk.vtt").write_bytes((HERE / "talk.vtt").read_bytes())
    path = tmp_path / "manifest.json"
    listed: dict[str, object] = {"episodes": [{"id": "a", "file": "talk.vtt"}]}
    path.write_text(json.dumps({"name": "Arena", **listed}), encoding="utf-8")
    assert [found.episode.show.title for found in read(path)] == ["Arena"]
    path.write_text(json.dumps(listed), encoding="utf-8")
    with pytest.raises(DocumentError, match="names no show for a"):
        read(path)


@pytest.mark.parametrize("mark", [{"start": -1, "title": "x"}, {"title": "x"}, {"start": 1}])
def test_a_damaged_chapter_is_told(tmp_path: Path, mark: dict[str, object]) -> None:
    with pytest.raises(DocumentError, match=r"is no manifest: episodes\.0\.chapters\.0"):
        written(tmp_path, {"chapters": [mark]})
