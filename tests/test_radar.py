"""Companies by first mention: who, when, how many voices since, and what is known already."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from kb import keeping, schema
from kb.errors import DocumentError
from kb.insight import known
from kb.insight.radar import Radar, Sighting
from kb.insight.spotting import key
from kb.library import SqlLibrary
from kb.models import Tier
from tests.samples import entry, episode, transcript

ION, MARA = "Ion Stoica", "Mara Quill"
OSTREL = "There is a company called Ostrel in the valley."


def silent(_: str) -> Mapping[str, str]:
    return {}


@pytest.fixture
def library(tmp_path: Path) -> SqlLibrary:
    return SqlLibrary(f"sqlite:///{tmp_path / 'library.sqlite'}", tmp_path)


def hear(library: SqlLibrary, show: str, day: date | None, *turns: tuple[str | None, str]) -> str:
    held = episode(f"On {show}", show, published=day)
    library.save(entry(held, {Tier.TRANSCRIPT: transcript(*turns)}))
    return held.id


def one(library: SqlLibrary, name: str, **options: object) -> Sighting:
    found = Radar(library, silent).companies(**options)  # type: ignore[arg-type]
    (company,) = [each for each in found if each.key == key(name)]
    return company


def names(library: SqlLibrary, **options: object) -> list[str]:
    return [each.name for each in Radar(library, silent).companies(**options)]  # type: ignore[arg-type]


def test_the_first_mention_is_the_earliest_by_date(library: SqlLibrary) -> None:
    hear(library, "B", date(2025, 5, 1), (MARA, OSTREL))
    first = hear(library, "A", date(2024, 5, 1), (None, "Hello."), (ION, OSTREL))
    hear(library, "C", None, (MARA, OSTREL))
    found = one(library, "Ostrel")
    assert (found.day, found.episode_id, found.speaker) == (date(2024, 5, 1), first, ION)
    assert found.start == 6.0


def test_voices_and_shows_are_distinct(library: SqlLibrary) -> None:
    for n, who in enumerate((ION, ION, MARA, None)):
        hear(library, f"Show {n}", date(2025, 1, n + 1), (who, OSTREL))
    found = one(library, "Ostrel")
    assert (found.voices, found.shows, found.episodes) == (3, 4, 4)


def test_a_mention_that_says_nothing_of_it_counts_once_it_is_known(library: SqlLibrary) -> None:
    hear(library, "A", date(2024, 1, 1), (ION, "We run it on Ostrel these days."))
    hear(library, "B", date(2025, 1, 1), (MARA, OSTREL))
    assert one(library, "Ostrel").day == date(2024, 1, 1)


def test_one_slip_in_many_is_no_company(library: SqlLibrary) -> None:
    for n in range(9):
        hear(library, f"Show {n}", date(2025, 1, n + 1), (ION, "We write it in Fortran today."))
    hear(library, "Slip", date(2025, 2, 1), (ION, "She is an engineer at Fortran, sort of."))
    assert names(library) == []


def test_a_sponsor_read_is_no_mention(library: SqlLibrary) -> None:
    read = "This episode is brought to you by Ostrel. Ostrel is a company that sells cables."
    hear(
        library, "A", date(2025, 1, 1), (MARA, read), (ION, "There is a company called Vell here.")
    )
    assert names(library) == ["Vell"]


def test_spellings_are_merged(library: SqlLibrary) -> None:
    hear(library, "A", date(2025, 1, 1), (ION, "He is the CEO of Ostrel Inc. now, he said."))
    hear(library, "B", date(2025, 1, 2), (MARA, "She is the CTO of OSTREL these days."))
    hear(library, "C", date(2025, 1, 3), (MARA, "They are customers of Ostrel Labs, I think."))
    assert one(library, "ostrel").episodes == 3


def test_corrections_merge_what_was_heard_for_a_name(library: SqlLibrary) -> None:
    hear(library, "A", date(2024, 1, 1), (ION, "There is a company called Ostral here."))
    hear(library, "B", date(2025, 1, 1), (MARA, OSTREL))
    correction = {"heard": "ostral", "name": "Ostrel", "episode_id": "", "state": "accepted"}
    with library.writing() as db:
        db.execute(
            sa.insert(schema.corrections).values(**correction, source="ada", evidence=[], noted=1.0)
        )
    (found,) = Radar(library, lambda _: {"ostral": "ostrel"}).companies()
    assert (found.name, found.day, found.episodes) == ("Ostrel", date(2024, 1, 1), 2)


def test_since_leaves_out_what_was_named_before(library: SqlLibrary) -> None:
    hear(library, "A", date(2024, 1, 1), (ION, OSTREL))
    hear(library, "B", date(2025, 1, 1), (ION, f"{OSTREL} And a company called Vell, too."))
    hear(library, "C", None, (ION, "There is a company called Dune here."))
    assert names(library, since=date(2024, 6, 1)) == ["Vell"]
    assert names(library) == ["Vell", "Ostrel", "Dune"]


def test_what_is_known_is_left_out(library: SqlLibrary, tmp_path: Path) -> None:
    hear(library, "A", date(2024, 1, 1), (ION, f"{OSTREL} And a company called Vell, too."))
    file = tmp_path / "known.csv"
    file.write_text("id;Company;stage\n1;OSTREL, Inc.;seed\n", encoding="utf-8")
    assert names(library, known=known.read(file)) == ["Vell"]


def test_what_was_read_is_kept_until_it_changes(
    library: SqlLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear(library, "A", date(2024, 1, 1), (ION, OSTREL))
    read = list[str]()
    real = library.passages_of

    def counting(episode_id: str, **narrowed: object) -> object:
        read.append(episode_id)
        return real(episode_id, **narrowed)  # type: ignore[arg-type]

    monkeypatch.setattr(library, "passages_of", counting)
    for _ in range(3):
        assert names(library) == ["Ostrel"]
    assert len(read) == 1
    hear(library, "A", date(2024, 1, 1), (ION, "There is a company called Vell here."))
    assert (names(library), len(read)) == (["Vell"], 2)


def test_what_is_kept_but_damaged_is_read_again(library: SqlLibrary) -> None:
    held = hear(library, "A", date(2024, 1, 1), (ION, OSTREL))
    assert names(library) == ["Ostrel"]
    library.remember(f"names|{held}", library.artefacts.put(b"not json"))
    assert names(library) == ["Ostrel"]


def test_what_is_kept_goes_with_its_episode(library: SqlLibrary) -> None:
    held = hear(library, "A", date(2024, 1, 1), (ION, OSTREL))
    assert names(library) == ["Ostrel"]
    keeping.delete(library, library.artefacts, [library.episode(held)])
    assert (names(library), library.recall(f"names|{held}")) == ([], None)


def test_an_empty_library_has_nothing_on_the_radar(library: SqlLibrary) -> None:
    assert names(library) == []


@pytest.mark.parametrize(
    "text",
    [
        "name,url\nOstrel Inc.,x\nVell,y\n",
        "\ufeffCompany Name\nOstrel\nVell\n",
        "Ostrel\nVell\n",
        "id\tOrganisation\n1\tOstrel\n2\tVELL\n\n3\n",
        'stage;company\nseed;"Ostrel, Inc."\nseed;Vell\n',
    ],
)
def test_the_column_of_names_is_found(text: str, tmp_path: Path) -> None:
    file = tmp_path / "known.csv"
    file.write_text(text, encoding="utf-8")
    assert known.read(file) == {"ostrel", "vell"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no names"),
        (b"\n\n", "holds no names"),
        (b"url,stage\nx,seed\n", "no column of names"),
        (b"\xff\xfe\x00broken", "is not text"),
        (b'name\n"' + b"x" * 200_000 + b'"\n', "no CSV file"),
    ],
)
def test_a_file_without_names_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    file = tmp_path / "known.csv"
    file.write_bytes(content)
    with pytest.raises(DocumentError, match=message):
        known.read(file)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be read"):
        known.read(tmp_path / "nothing.csv")


def test_a_name_is_known_in_whatever_spelling() -> None:
    assert (
        len(
            {
                key(name)
                for name in ("Prediction Guard", "PredictionGuard Inc.", "predictionguard.com")
            }
        )
        == 1
    )
