"""Transcripts in JSON: of the podcast namespace, of Podlove, and as recognisers write them."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Annotated

from pydantic import (
    AliasChoices,
    AliasPath,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
)

from ingest import timecodes
from ingest.sources.documents import Document
from kb.errors import DocumentError
from kb.models import Segment, Word
from kb.text import fault


def _clock(value: object) -> object:
    """Read a time written as a clock; all else is left for pydantic to judge."""
    return timecodes.seconds(value) if isinstance(value, str) and ":" in value else value


_Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False), BeforeValidator(_clock)]
_Label = Annotated[str | None, BeforeValidator(lambda name: None if name is None else str(name))]


class _Word(BaseModel):
    model_config = ConfigDict(frozen=True)

    text: str = Field(validation_alias=AliasChoices("punctuated_word", "word", "text"))
    start: _Seconds | None = None
    end: _Seconds | None = None
    probability: float = Field(
        1.0, validation_alias=AliasChoices("probability", "score", "confidence")
    )


class _Segment(BaseModel):
    """What all of them call, under one name or another, a stretch of speech.

    podcast namespace: startTime, endTime, body, speaker. Podlove: start, end as clocks, text, voice.
    Whisper and WhisperX: start, end, text, words. Deepgram: transcript. whisper.cpp: timestamps.
    """

    model_config = ConfigDict(frozen=True)

    body: str = Field(validation_alias=AliasChoices("body", "text", "transcript"))
    start: _Seconds = Field(
        validation_alias=AliasChoices("startTime", "start", AliasPath("timestamps", "from"))
    )
    end: _Seconds = Field(
        validation_alias=AliasChoices("endTime", "end", AliasPath("timestamps", "to"))
    )
    voice: _Label = None
    speaker: _Label = None
    words: tuple[_Word, ...] = ()

    @property
    def called(self) -> str | None:
        """Give the speaker: by the name of the voice, where there is one, else by its number."""
        name = (self.voice or "").strip() or (self.speaker or "").strip()
        return f"Speaker {name}" if name.isdigit() else name or None


class _Transcript(BaseModel):
    model_config = ConfigDict(frozen=True)

    segments: tuple[_Segment, ...] = Field(
        validation_alias=AliasChoices(
            *("segments", "transcript", "transcripts", "transcription"),
            AliasPath("results", "utterances"),
        )
    )
    language: str | None = Field(
        None, validation_alias=AliasChoices("language", AliasPath("result", "language"))
    )


class _Utterances(BaseModel):
    """What AssemblyAI writes: times in milliseconds."""

    model_config = ConfigDict(frozen=True)

    utterances: tuple[_Segment, ...]


_LIST = TypeAdapter(tuple[_Segment, ...])
_BEGINNING = re.compile(
    r"""\s*\{\s*"text"\s*:\s*"|\s*\[\s*\{[^{}]*"start(?:Time)?"\s*:[^{}]*"(?:text|body)"\s*:"""
)
_HEAD = 2**16
_NAMED = re.compile(r'"(?:segments|transcripts?|transcription|utterances)"\s*:\s*\[')
_PODLOVE = re.compile(r'"start_ms"\s*:|"voice"\s*:')
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def is_json(text: str) -> bool:
    """Tell whether a text begins like a transcript in JSON of any shape."""
    shaped = text.lstrip().startswith("{") and _NAMED.search(text)
    return bool(shaped or _BEGINNING.match(text[:_HEAD]))


def is_podlove(text: str) -> bool:
    """Tell whether it is a transcript as Podlove's publisher and player have it."""
    return is_json(text) and _PODLOVE.search(text) is not None


def parse(document: Document) -> tuple[Segment, ...]:
    """Read the segments, with words and their times where there are any.

    Raises:
        DocumentError: it is no JSON, has another shape, or holds no words.
    """
    parts, unit = _utterances(document)
    parts = parts or _read(document).segments
    for number, part in enumerate(parts):
        if part.end < part.start:
            raise _damaged(document, f"segments.{number} ends before it starts")
    heard = tuple(_segment(part, unit) for part in parts if part.body.strip())
    if not heard:
        raise _damaged(document, "it holds no words")
    return heard


def language(document: Document) -> str | None:
    """Give the language that it says it is in, where that is a code."""
    said = "" if _utterances(document)[0] else _read(document).language or ""
    return said if _LANGUAGE.fullmatch(said) else None


def _utterances(document: Document) -> tuple[tuple[_Segment, ...], int]:
    """Give the utterances, and how many parts of a second they count in."""
    if '"utterances"' in document.text:
        with suppress(ValidationError):  # Deepgram's are within its results
            return _Utterances.model_validate_json(document.text).utterances, 1000
    return (), 1


def _read(document: Document) -> _Transcript:
    try:
        if document.text.lstrip().startswith("["):
            return _Transcript(segments=_LIST.validate_json(document.text), language=None)
        return _Transcript.model_validate_json(document.text)
    except ValidationError as error:
        raise _damaged(document, fault(error)) from error


def _segment(part: _Segment, unit: int) -> Segment:
    return Segment(
        part.body.strip(),
        part.called,
        part.start / unit,
        part.end / unit,
        words=tuple(_words(part.words, unit)),
    )


def _words(words: Iterable[_Word], unit: int) -> Iterator[Word]:
    """Give the words that have times: recognisers leave numbers without."""
    for word in words:
        if word.start is not None and word.end is not None and word.start <= word.end:
            yield Word(word.text.strip(), word.start / unit, word.end / unit, word.probability)


def _damaged(document: Document, fault: str) -> DocumentError:
    return DocumentError(
        f"{document.name} is no transcript in podcast JSON: {fault}",
        hint="Wanted: segments with startTime, endTime, body, and speaker where known.",
    )
