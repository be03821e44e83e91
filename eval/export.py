"""Votes as a file: CSV or JSON lines in the columns of the public arenas, then our own.

`winner` is `model_a`, `model_b`, `tie` or `tie (bothbad)`, as in the public arena data, so that what
reads that (evalica, FastChat's notebooks) reads this. A number is written as the shortest text that
gives the very same number again, so that a recount from the file is the same to the last bit.
"""

import csv
import io
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from eval.models import STYLE, Ballot, Choice, Kind
from eval.pieces import plain_name
from kb.errors import DocumentError, NotFoundError, SettingsError

WINNERS = {
    Choice.A: "model_a",
    Choice.B: "model_b",
    Choice.TIE: "tie",
    Choice.BOTH_BAD: "tie (bothbad)",
}
_STYLE = tuple(name.replace(" ", "_") for name in STYLE)
COLUMNS = (
    "model_a", "model_b", "winner", "item_id", "voter_id", "battle_id", "kind", "repeats",
    "reading", "propensity", "seconds", "cast", *_STYLE, "reasons",
)  # fmt: skip

_CHOICES = {word: choice for choice, word in WINNERS.items()}
_KINDS = {kind.value: kind for kind in Kind}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
Value = str | int | float | list[str] | None
Word = TypeVar("Word")
_REASONS = TypeAdapter(list[str], config=ConfigDict(strict=True))
_PAIRS = TypeAdapter(tuple[tuple[str, Value], ...], config=ConfigDict(strict=True))


def csv_text(ballots: Iterable[Ballot]) -> str:
    """Write comma-separated values; a cell is empty where nothing is known."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for each in ballots:
        cells = _values(each).values()
        writer.writerow([_json(cell) if isinstance(cell, list) else cell for cell in cells])
    return out.getvalue()


def jsonl_text(ballots: Iterable[Ballot]) -> str:
    """Write one JSON object a line; null where nothing is known."""
    return "".join(f"{_json(_values(each))}\n" for each in ballots)


FORMATS: Mapping[str, Callable[[Iterable[Ballot]], str]] = {"csv": csv_text, "jsonl": jsonl_text}
"""By the ending of the file's name."""


def save(ballots: Iterable[Ballot], file: Path) -> None:
    """Write votes to a file, in the format that its name ends in.

    Raises:
        SettingsError: that is no format of ours, or the file cannot be written.
    """
    text = FORMATS[_format(file)](ballots)
    try:
        file.write_bytes(text.encode())
    except OSError as error:
        raise SettingsError(
            f"{file} cannot be written: {(error.strerror or 'unknown').lower()}",
            hint="Name a file in a folder that you may write to.",
        ) from error


def read(file: Path) -> list[Ballot]:
    """Read votes that `save` wrote.

    Raises:
        NotFoundError: there is no such file.
        DocumentError: it is damaged; the line and the column are named.
        SettingsError: its name ends in no format of ours.
    """
    kind = _format(file)
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise NotFoundError(f"{file} cannot be read", hint="Check the path.") from error
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"{file.name} is no UTF-8 text", hint="Nothing was taken in. Export it anew."
        ) from error
    return parse(text, kind, name=file.name)


def parse(text: str, kind: str, *, name: str = "the export") -> list[Ballot]:
    """Read votes from a text in a format of `FORMATS`; `name` is for errors.

    Raises:
        DocumentError: it is damaged; the line and the column are named.
    """
    found = dict[tuple[str, str], Ballot]()
    for line in _LINES[kind](text, name):
        ballot = _ballot(line)
        if found.setdefault((ballot.voter_id, ballot.battle_id), ballot) is not ballot:
            raise line.bad("battle_id", f"a line before holds the vote of {ballot.voter_id} on it")
    return list(found.values())


# Writing


def _values(ballot: Ballot) -> dict[str, Value]:
    style = ballot.style or (None,) * len(_STYLE)
    values: tuple[Value, ...] = (
        ballot.model_a,
        ballot.model_b,
        WINNERS[ballot.winner],
        ballot.item_id,
        ballot.voter_id,
        ballot.battle_id,
        ballot.kind.value,
        ballot.repeats or None,
        None if ballot.reading is None else WINNERS[ballot.reading],
        ballot.propensity,
        ballot.seconds,
        ballot.cast,
        *style,
        list(ballot.reasons) or None,
    )
    return dict(zip(COLUMNS, values, strict=True))


def _json(value: Value | dict[str, Value]) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _format(file: Path) -> str:
    ending = file.suffix.removeprefix(".").lower()
    if ending not in FORMATS:
        raise SettingsError(
            f"{file.name} does not say its format", hint="Let its name end in .csv or .jsonl."
        )
    return ending


# Reading


@dataclass(frozen=True, slots=True)
class _Line:
    """A vote as text: where it stands, and its cells by column, "" for what is not known."""

    file: str
    number: int
    cells: Mapping[str, str]

    def bad(self, column: str, what: str) -> DocumentError:
        where = f"{self.file}, line {self.number}" + (f", column {column}" if column else "")
        return DocumentError(
            f"{where}: {what}", hint="Nothing was taken in. Mend that place, or export anew."
        )

    def text(self, column: str) -> str:
        if not self.cells[column].strip():
            raise self.bad(column, "is empty")
        return self.cells[column]

    def word(self, column: str, words: Mapping[str, Word]) -> Word:
        said = self.cells[column]
        if said not in words:
            raise self.bad(column, f"{said[:80]!r} is none of {', '.join(words)}")
        return words[said]

    def number_in(self, column: str, low: float, high: float = math.inf) -> float:
        said = self.cells[column]
        value = float(said) if _NUMBER.fullmatch(said) else math.nan
        if not (math.isfinite(value) and low <= value <= high):
            raise self.bad(column, f"{said[:80]!r} is no number that can stand here")
        return value


def _csv_lines(text: str, name: str) -> Iterator[_Line]:
    """Yield each record, with the line that it begins in."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header, begins = list[str](), 1
    try:
        for cells in reader:
            line = _Line(name, begins, dict(zip(header, cells, strict=False)))
            begins = reader.line_num + 1
            if not header:
                header = _checked(line, cells)
            elif len(cells) > len(header):
                raise line.bad("", "has more cells than there are columns")
            elif cells:  # a blank line says nothing
                yield _whole(line)
    except csv.Error as error:
        raise _Line(name, begins, {}).bad("", f"is no CSV: {error}") from error
    if not header:
        _checked(_Line(name, 1, {}), ())


def _jsonl_lines(text: str, name: str) -> Iterator[_Line]:
    """Yield each object, its values as the cells of a CSV would be."""
    for number, given in enumerate(text.split("\n"), 1):
        if not given.strip():
            continue
        empty = _Line(name, number, {})
        try:
            pairs = _PAIRS.validate_python(json.loads(given, object_pairs_hook=tuple))
        except (ValueError, RecursionError) as error:
            raise empty.bad("", "is no JSON object of texts and numbers") from error
        _checked(empty, [column for column, _ in pairs])
        yield _Line(name, number, {column: _cell(value) for column, value in pairs})


_LINES: Mapping[str, Callable[[str, str], Iterator[_Line]]] = {
    "csv": _csv_lines,
    "jsonl": _jsonl_lines,
}


def _cell(value: Value) -> str:
    if isinstance(value, list):
        return _json(value)
    return "" if value is None else str(value)


def _checked(line: _Line, header: Sequence[str]) -> list[str]:
    """Insist on just the columns of an export, in whatever order."""
    for name in COLUMNS:
        if name not in header:
            raise line.bad(name, "is missing")
    for name in header:
        if name not in COLUMNS or header.count(name) > 1:
            raise line.bad(name[:80], "is no column of an export, or stands there twice")
    return list(header)


def _whole(line: _Line) -> _Line:
    for name in COLUMNS:
        if name not in line.cells:
            raise line.bad(name, "is missing")
    return line


def _ballot(line: _Line) -> Ballot:
    kind = line.word("kind", _KINDS)
    style = tuple(line.number_in(name, -1, 1) for name in _STYLE if _styled(line))
    return Ballot(
        model_a=line.text("model_a"),
        model_b=_other(line, kind),
        winner=line.word("winner", _CHOICES),
        item_id=line.text("item_id"),
        voter_id=line.text("voter_id"),
        battle_id=line.text("battle_id"),
        kind=kind,
        repeats=line.cells["repeats"],
        reading=line.word("reading", _CHOICES) if line.cells["reading"] else None,
        propensity=line.number_in("propensity", 0, 1),
        seconds=line.number_in("seconds", 0) if line.cells["seconds"] else None,
        cast=line.number_in("cast", -math.inf),
        style=style,
        reasons=_reasons(line),
    )


def _styled(line: _Line) -> bool:
    """Tell whether the covariates are known: all of them are, or none."""
    return any(line.cells[name] for name in _STYLE)


def _other(line: _Line, kind: Kind) -> str:
    """Give the second name: another than the first, or in a control the same with one side spoilt."""
    a, b = line.text("model_a"), line.text("model_b")
    alike = plain_name(a) == plain_name(b)
    if a == b or alike is not (kind is Kind.CONTROL):
        wanted = "of a control are one contestant, one of them with its citations shuffled"
        raise line.bad("model_b", f"the two {wanted if kind is Kind.CONTROL else 'are the same'}")
    return b


def _reasons(line: _Line) -> tuple[str, ...]:
    said = line.cells["reasons"]
    try:
        return tuple(_REASONS.validate_json(said)) if said else ()
    except ValidationError as error:
        raise line.bad("reasons", "is no JSON list of texts") from error
