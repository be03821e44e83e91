"""Recordings, known by their first bytes or their name."""

import hashlib
from pathlib import Path

import pytest

from ingest.sources.media import Recording, RemoteRecording
from kb.errors import AudioError

BEGINNINGS = {
    "MP3 with tags": b"ID3\x04\x00",
    "MP3": b"\xff\xfb\x90\x00",
    "AAC": b"\xff\xf1\x50\x80",
    "FLAC": b"fLaC\x00",
    "Opus": b"OggS\x00",
    "WAV": b"RIFF\x00\x00\x00\x00WAVE",
    "MP4": b"\x00\x00\x00\x20ftypM4A ",
    "WebM": b"\x1aE\xdf\xa3",
}


@pytest.mark.parametrize("head", BEGINNINGS.values(), ids=BEGINNINGS)
def test_the_first_bytes_decide_whatever_the_name(head: bytes) -> None:
    assert Recording().recognises("download.bin", head)


@pytest.mark.parametrize("name", ["talk.mp3", "talk.M4A", "talk.webm", "a.b.opus"])
def test_a_damaged_recording_is_known_by_its_name(name: str) -> None:
    assert Recording().recognises(name, b"<html>not found</html>")


@pytest.mark.parametrize(
    ("origin", "head"),
    [
        ("talk.txt", b"RIFF\x00\x00\x00\x00WEBP"),
        ("talk.pdf", b"%PDF-1.7"),
        ("talk.txt", "Ada: hello".encode("utf-16")),
        ("talk.txt", b"\xff"),
        ("mp3", b""),
        ("https://a.example/talk.mp3", b""),
    ],
)
def test_other_things_are_no_recordings(origin: str, head: bytes) -> None:
    assert not Recording().recognises(origin, head)


def test_a_recording_is_named_by_its_bytes_and_titled_by_its_file(tmp_path: Path) -> None:
    path = tmp_path / "votes_and-judges.mp3"
    path.write_bytes(b"ID3 some audio")
    (found,) = Recording().read(str(path), latest=1)
    assert found.episode.key == f"audio:{hashlib.sha256(b'ID3 some audio').hexdigest()}"
    assert (found.episode.title, found.episode.show.title) == ("votes and judges", "My recordings")
    assert found.media == str(path)
    copy = path.rename(tmp_path / "copy.mp3")
    (again,) = Recording().read(str(copy), latest=1)
    assert again.episode.key == found.episode.key


@pytest.mark.parametrize(("name", "fault"), [("gone.mp3", "No such file"), ("", "Is a directory")])
def test_what_cannot_be_opened_is_refused(tmp_path: Path, name: str, fault: str) -> None:
    with pytest.raises(AudioError, match=f"cannot be opened: {fault}") as caught:
        next(Recording().read(str(tmp_path / name), latest=1))
    assert caught.value.hint


# at an address


@pytest.mark.parametrize(
    ("url", "head"),
    [
        ("https://a.example/talk.mp3", b""),
        ("http://a.example/x/Talk.M4A?token=1#t=2", b"<html>"),
        ("https://a.example/play?id=7", BEGINNINGS["MP4"]),
    ],
)
def test_an_address_is_a_recording_by_its_path_or_its_first_bytes(url: str, head: bytes) -> None:
    assert RemoteRecording().recognises(url, head)
    assert not Recording().recognises(url, head)


@pytest.mark.parametrize(
    ("url", "head"),
    [
        ("talk.mp3", b"ID3"),
        ("https://a.example/?file=talk.mp3", b""),
        ("https://a.example/feed", b"<rss>"),
        ("file:///etc/talk.mp3", b"ID3"),
        ("ftp://a.example/talk.mp3", b""),
        ("https://[bad/talk.mp3", b""),
    ],
)
def test_other_addresses_are_no_recordings(url: str, head: bytes) -> None:
    assert not RemoteRecording().recognises(url, head)


def test_an_address_is_one_episode_whatever_its_signature() -> None:
    url = "https://a.example/shows/votes_and%20judges.mp3?sig=abc"
    (found,) = RemoteRecording().read(url, latest=1)
    episode = found.episode
    assert (episode.title, episode.show.title) == ("votes and judges", "My recordings")
    assert episode.key == (
        "enclosure:https://a.example/shows/votes_and%20judges.mp3|votes and judges"
    )
    assert (episode.link, episode.audio_url, found.media) == (url, url, url)
    (again,) = RemoteRecording().read(url.replace("abc", "xyz"), latest=1)
    assert (again.episode.id, again.episode.key) == (episode.id, episode.key)


@pytest.mark.parametrize(
    ("path", "title"), [("/", "a.example"), ("/..%2F..%2Fsecret.mp3", "secret")]
)
def test_a_path_names_no_file_here(path: str, title: str) -> None:
    (found,) = RemoteRecording().read(f"https://a.example{path}", latest=1)
    assert found.episode.title == title
