"""Votes as a file: there and back to the last bit, read by others, and refused where damaged."""

import csv
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval import export, pieces, ratings
from eval.arena import Arena
from eval.ballots import Ballots
from eval.columns import Columns
from eval.export import COLUMNS
from eval.models import Ballot, Choice, Contestant, Kind, Vote
from eval.taking import take
from kb.errors import DocumentError, LibraryError, NotFoundError, SettingsError
from kb.library import SqlLibrary
from tests.arena_house import HYBRID, WORDS, drawn, fill, item, judge, piece
from tests.test_jobs import DATABASES, Clock, a_library

FULL = Ballot(
    "words",
    "hybrid, with model",
    Choice.B,
    "q1",
    "Ána\nMaría",
    "one",
    reading=Choice.BOTH_BAD,
    propensity=1 / 3,
    seconds=0.1 + 0.2,
    cast=1_732_000_000.123457,
    style=(0.1, -2 / 3, 0.0, 1e-17, 0.5),
    reasons=('said "so"', "too; long, and\r\nmore"),
)
BARE = Ballot("hybrid", "words", Choice.TIE, "q2", "ben", "two")
CONTROL = Ballot(
    "words", pieces.shuffled_name("words"), Choice.A, "q1", "ben", "three", Kind.CONTROL
)
REPEAT = replace(BARE, kind=Kind.REPEAT, battle_id="four", repeats="two", winner=Choice.BOTH_BAD)
ALL = [FULL, BARE, CONTROL, REPEAT]

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
CHOICES = st.sampled_from(Choice)
BALLOTS = st.builds(
    Ballot,
    model_a=NAMES.map("a{}".format),
    model_b=NAMES.map("b{}".format),
    winner=CHOICES,
    item_id=NAMES,
    voter_id=NAMES,
    battle_id=NAMES,
    kind=st.sampled_from([Kind.PLAIN, Kind.REPEAT]),
    repeats=st.just("") | NAMES,
    reading=st.none() | CHOICES,
    propensity=st.floats(0, 1),
    seconds=st.none() | st.floats(0, 1e9),
    cast=NUMBERS,
    style=st.just(()) | st.tuples(*[st.floats(-1, 1)] * 5),
    reasons=st.lists(st.text(st.characters(exclude_categories=["Cs"]))).map(tuple),
)

over_formats = pytest.mark.parametrize("kind", export.FORMATS)


# There and back


@over_formats
def test_votes_come_back_as_they_were(kind: str, tmp_path: Path) -> None:
    file = tmp_path / f"votes.{kind.upper()}"

    export.save(ALL, file)

    assert export.read(file) == ALL


@over_formats
@settings(max_examples=40)
@given(ballots=st.lists(BALLOTS, unique_by=lambda each: (each.voter_id, each.battle_id)))
def test_every_vote_comes_back_to_the_last_bit(kind: str, ballots: list[Ballot]) -> None:
    text = export.FORMATS[kind](ballots)

    assert export.parse(text, kind) == ballots
    assert export.FORMATS[kind](export.parse(text, kind)) == text


@over_formats
def test_no_votes_make_a_file_that_is_read(kind: str) -> None:
    assert export.parse(export.FORMATS[kind]([]), kind) == []


def test_the_first_columns_are_those_of_the_public_arenas() -> None:
    header, first, *_ = csv.reader(export.csv_text(ALL).splitlines())

    assert header[:5] == ["model_a", "model_b", "winner", "item_id", "voter_id"]
    assert first[:4] == ["words", "hybrid, with model", "model_b", "q1"]
    written = [json.loads(line)["winner"] for line in export.jsonl_text(ALL).splitlines()]
    assert written == ["model_b", "tie", "model_a", "tie (bothbad)"]


def test_what_a_spreadsheet_does_to_a_file_is_forgiven(tmp_path: Path) -> None:
    """It puts a mark in front, moves columns, adds blank lines and ends lines as it likes."""
    rows = csv.DictReader(export.csv_text([BARE, REPEAT]).splitlines())
    columns = sorted(COLUMNS)
    lines = [columns, *([row[name] for name in columns] for row in rows)]
    text = "\n".join(",".join(line) for line in lines) + "\n\n"
    file = tmp_path / "votes.csv"
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())

    assert export.read(file) == [BARE, REPEAT]


@pytest.mark.slow
def test_the_public_tool_reads_it_unchanged() -> None:
    """As its own notebook maps the four words: see Chatbot-Arena.ipynb of evalica."""
    if find_spec("evalica") is None:
        pytest.skip("evalica is not installed: it comes with the extra dev")
    evalica = import_module("evalica")
    rows = list(csv.DictReader(export.csv_text([BARE, FULL, REPEAT]).splitlines(keepends=True)))
    draw = evalica.Winner.Draw
    words = {"model_a": evalica.Winner.X, "model_b": evalica.Winner.Y}
    words |= {"tie": draw, "tie (bothbad)": draw}

    counted = evalica.counting(
        [row["model_a"] for row in rows],
        [row["model_b"] for row in rows],
        [words[row["winner"]] for row in rows],
    )

    scores: Mapping[str, float] = dict(counted.scores)
    assert scores == {"hybrid": 1.0, "words": 1.0, "hybrid, with model": 1.0}


# Damaged files


def spoilt(kind: str, column: str, cell: object) -> str:
    """Give two votes, the second with another cell."""
    if kind == "csv":
        [header, *rows] = csv.reader(export.csv_text([BARE, REPEAT]).splitlines())
        rows[1][header.index(column)] = str(cell)
        return "\n".join(
            ",".join(f'"{each}"' for each in line).replace('"[', "[") for line in [header, *rows]
        )
    first, second = export.jsonl_text([BARE, REPEAT]).splitlines()
    return f"{first}\n{json.dumps(json.loads(second) | {column: cell})}"


@over_formats
@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("winner", "model_c"),
        ("winner", "both bad"),
        ("winner", ""),
        ("reading", "left"),
        ("kind", "planned"),
        ("model_a", " "),
        ("model_b", "hybrid"),
        ("model_b", "hybrid (citations shuffled)"),
        ("item_id", ""),
        ("voter_id", ""),
        ("battle_id", ""),
        ("propensity", "1.5"),
        ("propensity", ""),
        ("seconds", "-1"),
        ("seconds", "soon"),
        ("cast", "1e999"),
        ("cast", "1_000"),
        ("words", "0.5"),
        ("reasons", "too long"),
    ],
)
def test_a_damaged_cell_is_told_by_line_and_column(kind: str, column: str, cell: str) -> None:
    line = {"csv": 3, "jsonl": 2}[kind]
    named = "marks" if column == "words" else column  # one covariate alone: the next is missing

    with pytest.raises(DocumentError, match=f"votes, line {line}, column {named}: ") as refusal:
        export.parse(spoilt(kind, column, cell), kind, name="votes")
    assert "Nothing was taken in" in refusal.value.hint


@pytest.mark.parametrize("cell", [True, [1], {"a": "b"}, math.nan, ["a", None]])
def test_a_json_value_of_another_kind_is_told(cell: object) -> None:
    with pytest.raises(DocumentError, match=r"line 2(?:, column reasons)?: is no JSON"):
        export.parse(spoilt("jsonl", "reasons", cell), "jsonl")


@over_formats
def test_a_second_vote_of_one_voter_on_one_battle_is_told(kind: str) -> None:
    text = export.FORMATS[kind]([BARE, REPEAT, BARE])

    with pytest.raises(DocumentError, match=r"line [34], column battle_id: .* vote of ben"):
        export.parse(text, kind)


def without(kind: str, column: str) -> str:
    """Give two votes without a column."""
    rows = [json.loads(line) for line in export.jsonl_text([BARE, REPEAT]).splitlines()]
    kept = [{name: row[name] for name in row if name != column} for row in rows]
    if kind == "jsonl":
        return "\n".join(map(json.dumps, kept))
    return "\n".join(
        [",".join(kept[0]), *(",".join(str(v or "") for v in row.values()) for row in kept)]
    )


@over_formats
@pytest.mark.parametrize("column", COLUMNS)
def test_a_missing_column_is_told(kind: str, column: str) -> None:
    with pytest.raises(DocumentError, match=f"line 1, column {column}: is missing"):
        export.parse(without(kind, column), kind)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1, column model_a: is missing"),
        (export.csv_text([]).replace("cast", "cast,Notes"), "column Notes: is no column"),
        (export.csv_text([]).replace("cast", "cast,cast"), "column cast: .* stands there twice"),
        (export.csv_text([BARE]) + "hybrid,words\r\n", "line 3, column winner: is missing"),
        (export.csv_text([BARE]).rstrip() + ",more", "line 2: has more cells"),
        (export.csv_text([FULL]) + '"', "line 4: is no CSV"),
    ],
    ids=["empty", "further column", "column twice", "cut off", "further cell", "open quote"],
)
def test_a_damaged_csv_is_told(text: str, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        export.parse(text, "csv")


@pytest.mark.parametrize("line", ["{", "[]", "3", '{"model_a": "a"} {}', '"model_a"', "[" * 9999])
def test_a_line_that_is_no_object_is_told(line: str) -> None:
    with pytest.raises(DocumentError, match=r"line 2: is no JSON object|line 2, column model_a"):
        export.parse(export.jsonl_text([BARE]) + line, "jsonl")


def test_a_key_that_is_there_twice_is_told() -> None:
    text = export.jsonl_text([BARE]).replace('"cast":', '"cast": 1, "cast":')

    with pytest.raises(DocumentError, match=r"column cast: .* twice"):
        export.parse(text, "jsonl")


def test_files_that_cannot_be_read_or_written_are_told(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_bytes(b"\xff\xfe")

    with pytest.raises(DocumentError, match="no UTF-8"):
        export.read(tmp_path / "bad.csv")
    with pytest.raises(NotFoundError, match="cannot be read"):
        export.read(tmp_path / "none.csv")
    with pytest.raises(SettingsError, match="does not say its format"):
        export.save(ALL, tmp_path / "votes.xlsx")
    with pytest.raises(SettingsError, match="cannot be written"):
        export.save(ALL, tmp_path / "nowhere" / "votes.csv")


# Into another library


@pytest.fixture(params=DATABASES)
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlLibrary]:
    with a_library(request.param, tmp_path / "there") as opened:
        yield opened


@pytest.fixture
def voted(tmp_path: Path) -> Iterator[list[Ballot]]:
    """Give votes that were cast, as another library holds them."""
    clock = Clock()
    with a_library("sqlite", tmp_path / "here") as here:
        ballots, arena = fill(here), Arena(here)
        for n in range(40):
            clock.time += 1 / 3
            duel = drawn(arena, f"voter{n % 5}")
            choice = list(Choice)[n % 4]
            judge(Ballots(here, now=clock), duel, f"voter{n % 5}", choice, reasons="clear short")
        yield ballots.ballots()


@over_formats
def test_an_import_is_exported_as_it_came(
    kind: str, voted: list[Ballot], library: SqlLibrary
) -> None:
    text = export.FORMATS[kind](voted)

    assert take(library, export.parse(text, kind)) == len(voted)

    assert Ballots(library).ballots() == voted
    assert export.FORMATS[kind](Ballots(library).ballots()) == text


@over_formats
@pytest.mark.parametrize("controlled", [False, True])
def test_a_recount_from_a_file_is_the_same_board(
    kind: str, voted: list[Ballot], *, controlled: bool
) -> None:
    back = export.parse(export.FORMATS[kind](voted), kind)

    boards = [ratings.rate(Columns.of(each), controlled=controlled) for each in (voted, back)]

    assert boards[0].ratings
    assert repr(boards[0]) == repr(boards[1])


def test_taking_the_same_again_changes_nothing(voted: list[Ballot], library: SqlLibrary) -> None:
    assert take(library, voted[:30]) == 30
    assert take(library, voted) == 10
    assert take(library, voted) == 0

    assert Ballots(library).ballots() == voted


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"winner": Choice.BOTH_BAD}, "vote ben two"),
        ({"item_id": "q7"}, "battle two"),
        ({"propensity": 0.5}, "battle two"),
    ],
)
def test_what_is_here_is_not_changed_by_an_import(
    library: SqlLibrary, change: dict[str, str], what: str
) -> None:
    take(library, [BARE])
    new = replace(BARE, battle_id="five", item_id="q8", model_a="new")

    with pytest.raises(LibraryError, match=f"The {what} is here already"):
        take(library, [new, replace(BARE, **change)])  # type: ignore[arg-type]
    assert Ballots(library).ballots() == [BARE]
    assert {each.name for each in Ballots(library).contestants()} == {"hybrid", "words"}
    assert [each.id for each in Ballots(library).items()] == ["q2"]


def test_an_imported_contestant_gets_its_settings_when_it_is_registered(
    library: SqlLibrary,
) -> None:
    take(library, ALL)
    ballots = Ballots(library)

    assert Contestant("words", ()) in ballots.contestants()
    assert ballots.register(WORDS)
    assert ballots.contestant("words") == WORDS
    with pytest.raises(LibraryError, match="other settings"):
        ballots.register(Contestant("words", (("search", "else"),)))


def test_an_imported_item_gets_its_text_when_it_is_frozen(library: SqlLibrary) -> None:
    take(library, [replace(BARE, item_id=item(1).id)])
    ballots = Ballots(library)

    assert ballots.freeze(item(1), "words", piece("It was so."))
    assert ballots.items() == [item(1)]


def test_an_imported_battle_cannot_be_shown_here(library: SqlLibrary) -> None:
    take(library, ALL)

    with pytest.raises(NotFoundError, match="fought elsewhere"):
        Ballots(library).reveal("ben", "two")
    with pytest.raises(NotFoundError, match="fought elsewhere"):
        Ballots(library).cast(Vote("ana", "two", Choice.A))
    assert Ballots(library).battles() == []


def test_what_a_voter_judged_elsewhere_is_not_drawn_for_them(library: SqlLibrary) -> None:
    ballots = fill(library, items=1, contestants=(WORDS, HYBRID))
    take(library, [replace(BARE, voter_id="ana", item_id="q00")])

    assert not hasattr(Arena(library).draw("ana"), "item")
    assert drawn(Arena(library), "ben").item.id == "q00"
    assert len(ballots.ballots()) == 1
