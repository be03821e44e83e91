"""What is at a path or address: it is found out, said, and read; or a clear error."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from ingest.finding import Given, find
from ingest.ports import Found, Progress
from ingest.sources.transcripts import KINDS
from kb.errors import FetchError, SourceError
from kb.models import Brief, Notes, Origin, Segment, Transcript
from tests.fakes_ingest import FakeFetcher
from tests.samples import episode

VTT = b"WEBVTT\n\n00:00.000 --> 00:03.000\n<v Mara Quill>Everybody shows a benchmark.\n"


@dataclass(frozen=True, slots=True)
class Known:
    """A source of one kind of thing: addresses that end so, or whatever begins so."""

    name: str
    suffix: str = "?"
    begins: bytes = b"?"
    asked: list[str] = field(default_factory=list[str])
    remote: bool = True

    def recognises(self, origin: str, head: bytes) -> bool:
        return origin.endswith(self.suffix) or head.startswith(self.begins)

    def read(self, origin: str, *, latest: int) -> Iterator[Found]:
        self.asked.append(origin)
        for number in range(latest):
            yield Found(episode(f"Talk {number}", "The Night Desk"))


@dataclass(frozen=True, slots=True)
class Papers:
    """A source of local files that bring every kind of document."""

    link: str | None = None
    name: str = "papers"
    remote: bool = False
    read_as: list[Path] = field(default_factory=list[Path])

    def recognises(self, origin: str, head: bytes) -> bool:
        return "://" not in origin and head.startswith(b"papers")

    def read(self, origin: str, *, latest: int) -> Iterator[Found]:
        del latest
        path = Path(origin)
        self.read_as.append(path)
        segments, named = (Segment(path.read_text()),), Origin("file", path.name)
        yield Found(
            episode=replace(episode("Talk", "The Night Desk"), link=self.link),
            transcript=Transcript(segments, named),
            notes=Notes(segments, named),
            brief=Brief("", (), "", (), (), (), (), (), (), segments, named),
        )


def news(
    origin: str, *known: Known | Papers, pages: Mapping[str, bytes] | None = None
) -> list[str]:
    """Say what was told and found, a word each."""
    found = find(origin, known, FakeFetcher(pages or {}), latest=2)
    return [
        f"{each.step}: {each.message}" if isinstance(each, Progress) else each.episode.title
        for each in found
    ]


def papers(url: str, source: Papers) -> Found:
    pages = {url: b"papers of a talk"}
    (found,) = (
        each
        for each in find(url, [source], FakeFetcher(pages), latest=5)
        if not isinstance(each, Progress)
    )
    return found


# Files


def test_a_file_is_known_by_name_or_content(tmp_path: Path) -> None:
    path = tmp_path / "talk.one"
    path.write_bytes(b"two")
    one, two = Known("first kind", ".one"), Known("second kind", begins=b"two")

    assert news(str(path), one, two) == [f"read: first kind: {path}", "Talk 0", "Talk 1"]
    assert news(str(path), two)[0] == f"read: second kind: {path}"
    assert one.asked == two.asked == [str(path)]


def test_a_folder_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is a folder") as refusal:
        news(str(tmp_path), Known("any", ""))
    assert refusal.value.hint == f"Add its files one by one: soundproof add {tmp_path}/*"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("gone.mp3", "no such file"),
        ("empty.mp3/talk.mp3", "not a directory"),
        ("A whole paragraph, pasted by mistake. " * 20, "file name too long"),
    ],
)
def test_what_cannot_be_opened_is_refused_with_the_reason(
    tmp_path: Path, name: str, reason: str
) -> None:
    (tmp_path / "empty.mp3").touch()

    with pytest.raises(SourceError, match=f"cannot be read: {reason}") as refusal:
        news(str(tmp_path / name), Known("any", ""))
    assert refusal.value.hint


def test_an_empty_file_is_refused_whatever_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "talk.one").touch()

    with pytest.raises(SourceError, match=r"talk\.one is empty"):
        news(str(tmp_path / "talk.one"), Known("first kind", ".one"))


def test_a_file_that_nobody_knows_is_refused_with_what_is_known(tmp_path: Path) -> None:
    (tmp_path / "talk.xyz").write_bytes(b"\0\1")

    with pytest.raises(SourceError, match=r"talk\.xyz is nothing that can be read") as refusal:
        news(str(tmp_path / "talk.xyz"), Known("first kind"), Known("second kind"))
    assert refusal.value.hint == "Add one of these: first kind, second kind."


# Addresses


def test_an_address_that_says_what_it_is_is_not_looked_at() -> None:
    told = news("https://a.example/talk.one", Known("first kind", ".one"))

    assert told == ["read: first kind: https://a.example/talk.one", "Talk 0", "Talk 1"]


def test_of_another_address_the_beginning_is_looked_at() -> None:
    url = "https://a.example/listen?id=1"
    one, two = Known("first kind", ".one"), Known("second kind", begins=b"<rss")

    told = news(url, one, two, pages={url: b"<rss>"})

    assert told == [f"look: {url}", f"read: second kind: {url}", "Talk 0", "Talk 1"]
    assert (one.asked, two.asked) == ([], [url])


def test_an_address_of_nothing_that_is_known_is_refused() -> None:
    url = "https://a.example/index.php"

    with pytest.raises(SourceError, match=r"index\.php is nothing that can be read") as refusal:
        news(url, Known("first kind", ".one"), Papers(), pages={url: b"<html>"})
    assert refusal.value.hint == "Add one of these: first kind, papers."


@pytest.mark.parametrize("url", ["https://a.example/gone", "ftp://a.example/x", "file:///etc/x"])
def test_an_address_that_cannot_be_fetched_is_that_error(url: str) -> None:
    with pytest.raises(FetchError, match="cannot be reached"):
        news(url, Papers())


@pytest.mark.parametrize("url", ["https://a.example/captions?lang=en", "https://a.example/1.vtt"])
def test_a_transcript_at_an_address_is_one_whatever_it_is_called(url: str) -> None:
    every = list(find(url, KINDS, FakeFetcher({url: VTT}), latest=5))

    assert [each.step for each in every if isinstance(each, Progress)] == ["look", "read"]
    (found,) = (each for each in every if not isinstance(each, Progress))
    assert found.transcript is not None
    assert found.transcript.segments[0].speaker == "Mara Quill"
    assert found.transcript.origin.detail == url


def test_documents_from_an_address_name_it() -> None:
    url = "https://a.example/talk/papers.txt?sig=1"
    source = Papers()

    found = papers(url, source)

    assert found.episode.link == url
    for document in (found.transcript, found.notes, found.brief):
        assert document is not None
        assert document.origin == Origin("file", url)
        assert document.segments[0].text == "papers of a talk"
    assert [path.name for path in source.read_as] == ["papers.txt"]


def test_a_link_that_a_document_gives_itself_stays() -> None:
    link = "https://show.example/talk"

    assert papers("https://a.example/papers.txt", Papers(link)).episode.link == link


@pytest.mark.parametrize(
    "end",
    [
        "..",
        "%2e%2e",
        "x/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "%2Ftmp%2Fabsolute",
        "%00",
        "nul%00l",
        "",
        ".",
        "x" * 5_000,
        "%F0%9F%8E%99" * 300 + ".txt",
        "%ff%fe",
    ],
)
def test_no_address_leads_out_of_its_folder(end: str) -> None:
    source = Papers()

    papers(f"https://a.example/{end}", source)

    (path,) = source.read_as
    assert path.parent.name.startswith("soundproof-")
    assert path.name not in ("", ".", "..")
    assert not path.parent.exists(), "the folder is cleared away"


def test_a_long_name_keeps_its_end() -> None:
    source = Papers()

    papers(f"https://a.example/{'long' * 100}.txt", source)

    assert source.read_as[0].suffix == ".txt"


# What a person says


def test_a_person_may_say_title_show_and_episode(tmp_path: Path) -> None:
    path = tmp_path / "talk.one"
    path.write_bytes(b"x")
    given = Given(title="Away with it", show="Second Opinion", to="some-id")

    _, found = find(str(path), [Known("kind", ".one")], FakeFetcher(), latest=1, given=given)

    assert isinstance(found, Found)
    assert (found.episode.title, found.to) == ("Away with it", "some-id")
    assert (found.episode.show.id, found.episode.show.title) == ("second-opinion", "Second Opinion")
    assert found.episode.id.startswith("away-with-it-")


@pytest.mark.parametrize("given", [Given(title="One for all"), Given(to="some-id")])
def test_what_is_said_of_one_episode_is_not_said_of_several(tmp_path: Path, given: Given) -> None:
    path = tmp_path / "talk.one"
    path.write_bytes(b"x")
    sources = [Known("kind", ".one")]

    with pytest.raises(SourceError, match="holds several episodes"):
        list(find(str(path), sources, FakeFetcher(), latest=2, given=given))

    _, *one = find(str(path), sources, FakeFetcher(), latest=1, given=given)
    _, *all_ = find(str(path), sources, FakeFetcher(), latest=2, given=Given(show="S"))
    assert (len(one), len(all_)) == (1, 2)


def test_where_nothing_is_said_everything_stays(tmp_path: Path) -> None:
    path = tmp_path / "talk.one"
    path.write_bytes(b"x")

    _, found = find(str(path), [Known("kind", ".one")], FakeFetcher(), latest=1)

    assert found == Found(episode("Talk 0", "The Night Desk"))
