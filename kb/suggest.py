"""Questions that what is in the library answers, for someone who does not know where to begin."""

import re
from collections.abc import Iterator
from itertools import chain, islice, zip_longest

from kb import names, questions
from kb.ask import Asker
from kb.models import Episode, Filters
from kb.ports import Library

_SUGGESTIONS, _TRIES = 3, 12
_TIMES = 3
"""How often a name must occur for there to be something to say about it."""
_TELLING = 2
"""Words that a chapter's title must have to be about something."""
_APART = re.compile(
    r"\b(?:intro|outro|sponsor|advert|break|quickfire|credits|welcome)", re.IGNORECASE
)


def tried(library: Library, asker: Asker) -> tuple[str, ...]:
    """Give up to three questions that the library answers: the asker was asked each of them."""
    asked = islice(candidates(library), _TRIES)
    answered = (each for each in asked if not asker.answer(each).abstained)
    return tuple(islice(answered, _SUGGESTIONS))


def candidates(library: Library) -> Iterator[str]:
    """Ask about chapters, one of each episode before a second of any; then names; then titles."""
    episodes = library.episodes(Filters())
    by_turns = zip_longest(*(list(_chapters(episode)) for episode in episodes))
    chapters = (title for titles in by_turns for title in titles if title)
    titles = (episode.title for episode in episodes)
    for topic in dict.fromkeys(chain(chapters, _names(library), titles)):
        yield f"What was said about {topic}?"


def _chapters(episode: Episode) -> Iterator[str]:
    for chapter in episode.chapters:
        title = chapter.title.rstrip(" ?.!")
        if len(questions.content(title)) >= _TELLING and not _APART.search(title):
            yield title


def _names(library: Library) -> Iterator[str]:
    """Yield the names that are spoken of most and belong to nobody who speaks."""
    speaking = {word for person in library.people() for word in names.fold(person).split()}
    for name, times in sorted(library.names().items(), key=lambda item: (-item[1], item[0])):
        if times >= _TIMES and names.fold(name) not in speaking and not questions.is_common(name):
            yield name
