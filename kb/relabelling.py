"""Speakers renamed by a person: all turns of a label, or one line; and back again.

The raw transcript is kept. What people said is laid over it whenever the episode is saved, so it
reaches passages, people, indexes and exports, and outlives a new transcript.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace

import sqlalchemy as sa

from kb import rows, schema, speakers
from kb.corrections import plain
from kb.errors import NamingError, NotFoundError
from kb.library import SqlLibrary
from kb.models import Episode, Passage, Tier, Transcript, Unit
from kb.speakers import Renaming


class Relabelling:
    """What people said of the speakers of a library's episodes."""

    def __init__(self, library: SqlLibrary, *, now: Callable[[], float] = time.time) -> None:
        self._library = library
        self._now = now

    def rename(
        self, episode_id: str, speaker: str | None, name: str, *, person: str = ""
    ) -> Renaming:
        """Give all turns of a label another name; None stands for turns without a label.

        Raises:
            NotFoundError: there is no such episode, or no such label in it.
            NamingError: the name is none, or the label's own.
        """
        name, known = plain(name), self.labels(episode_id)
        if speaker not in known:
            there = ", ".join(str(each) for each in known if each) or "none"
            raise NotFoundError(
                f"Nobody is labelled {_called(speaker)} there", hint=f"The labels are: {there}."
            )
        return self._add(episode_id, _fresh(name, speaker), person)

    def rename_line(self, episode_id: str, first: int, name: str, *, person: str = "") -> Renaming:
        """Give one line to another speaker; `first` is its sentence's number.

        Raises:
            NotFoundError: there is no such episode, or no such line in it.
            NamingError: the name is none, or the line's speaker has it.
        """
        said = self._sentences(episode_id)
        if not 0 <= first < len(said):
            raise NotFoundError(
                f"There is no line {first} there", hint=f"The lines are 0 to {len(said) - 1}."
            )
        line = said[first]
        fresh = _fresh(plain(name), line.speaker, start=speakers.place(line), words=line.text)
        return self._add(episode_id, fresh, person)

    def line_at(self, episode_id: str, seconds: float) -> int:
        """Give the number of the line that is said at a second.

        Raises:
            NotFoundError: there is no such episode, or nothing is said then.
        """
        for each in self._sentences(episode_id):
            start, end = each.span.start, each.span.end
            if start is not None and end is not None and start <= seconds <= end:
                return each.first
        raise NotFoundError(
            "Nothing is said at that time", hint="Take the time from the transcript, or --line."
        )

    def labels(self, episode_id: str) -> Mapping[str | None, int]:
        """Give who speaks, as it is shown, and how many lines each; None for unlabelled ones."""
        return Counter(each.speaker for each in self._sentences(episode_id))

    def all(self, episode_id: str) -> tuple[Renaming, ...]:
        """Give what was said of an episode's speakers, in order."""
        self._library.episode(episode_id)
        with self._library.reading() as db:
            return rows.renamings(db, episode_id)

    def undo(self, episode_id: str, number: int) -> Renaming:
        """Take a renaming back; the others stay.

        Raises:
            NotFoundError: there is no such episode, or no such renaming.
        """
        gone = next((each for each in self.all(episode_id) if each.number == number), None)
        if gone is None:
            raise NotFoundError(
                f"No renaming there has the number {number}",
                hint="`soundproof names speakers EPISODE` shows them.",
            )
        table = schema.relabellings
        with self._library.writing() as db:
            db.execute(
                sa.delete(table).where(table.c.episode_id == episode_id, table.c.number == number)
            )
            self._library.rename_again(db, episode_id)
        return gone

    def transcript(self, episode_id: str) -> Transcript:
        """Give the transcript with its speakers as they are shown, to read and to export.

        Raises:
            NotFoundError: there is no such episode, or it has no transcript.
        """
        said = self.all(episode_id)
        raw = self._library.document(episode_id, Tier.TRANSCRIPT)
        if not isinstance(raw, Transcript):
            raise _no_transcript(self._library.episode(episode_id))
        return speakers.transcript(raw, said)

    def _sentences(self, episode_id: str) -> list[Passage]:
        episode = self._library.episode(episode_id)
        found = self._library.passages_of(episode_id, unit=Unit.SENTENCE, tier=Tier.TRANSCRIPT)
        if not found:
            raise _no_transcript(episode)
        return found

    def _add(self, episode_id: str, fresh: Renaming, person: str) -> Renaming:
        with self._library.writing() as db:
            number = 1 + max((each.number for each in rows.renamings(db, episode_id)), default=0)
            made = replace(fresh, number=number, person=person, noted=self._now())
            values = {"episode_id": episode_id} | asdict(made)
            db.execute(sa.insert(schema.relabellings).values(values))
            self._library.rename_again(db, episode_id)
        return made


def _fresh(
    name: str, speaker: str | None, *, start: float | None = None, words: str = ""
) -> Renaming:
    if name == speaker:
        raise NamingError(f"{name} is the speaker there already", hint="Say another name.")
    return Renaming(0, name, speaker, start, words)


def _called(speaker: str | None) -> str:
    return "with nothing" if speaker is None else speaker


def _no_transcript(episode: Episode) -> NotFoundError:
    return NotFoundError(
        f"{episode.title} has no transcript", hint="Add its audio, or a transcript with --to."
    )
