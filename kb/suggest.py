"""Questions that what is in the library answers, for someone who does not know where to begin."""

from kb import names
from kb.models import Filters
from kb.ports import Library
from kb.questions import is_common

_TIMES = 3
"""How often a name must occur for there to be something to say about it."""


def questions(library: Library, *, count: int = 3) -> tuple[str, ...]:
    """Ask about the names that are spoken of most and belong to nobody who speaks."""
    of_people = (*library.people(), *(each.show.title for each in library.episodes(Filters())))
    speaking = {word for name in of_people for word in names.fold(name).split()}
    known = sorted(library.names().items(), key=lambda item: (-item[1], item[0]))
    topics = dict[str, str]()
    for name, times in known:
        plain = names.fold(name) in speaking or is_common(name)
        if times >= _TIMES and not plain:
            topics.setdefault(names.fold(name), name)
    return tuple(f"What was said about {name}?" for name in list(topics.values())[:count])
