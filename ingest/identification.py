"""Settle which episode of the library was found, and bring together what is known of it."""

from dataclasses import replace

from ingest.ports import Found
from ingest.sources.media import MY_RECORDINGS
from kb.identity import audio_key, slug, without_query
from kb.models import Episode
from kb.ports import Library

_AUDIO = audio_key("")
_BARE = slug(MY_RECORDINGS)


def identified(found: Found, library: Library) -> tuple[Episode | None, Episode]:
    """Give the episode as the library has it (None: not yet), and as it is now known.

    It is known by its key, else by one it had before, else by another that its source gives: an
    episode whose guid changed is still the one with that enclosure and title, published that day.
    (Some shows have one title and one file name for all their episodes.)

    Raises:
        NotFoundError: a person said which it is, but the library has none of that id.
    """
    if found.to is not None:
        wanted = library.episode(found.to)
        return wanted, filled(wanted, found.episode)
    known = library.episode_by_key(found.episode.key)
    others = (library.episode_by_key(key) for key in found.also)
    known = known or next((each for each in others if _same_day(each, found.episode)), None)
    return known, _merged(found.episode, known) if known else found.episode


def same_recording(episode: Episode, library: Library) -> Episode:
    """Take a new episode for one of the library with the very same audio, where that may be.

    It may be in the same show, or where the library knows a recording that it had no name for: a
    show that airs another show's episode has an episode of its own.
    """
    if episode.audio is None or library.episode_by_key(episode.key) is not None:
        return episode
    known = library.episode_by_key(audio_key(episode.audio))
    if known is None or known.show.id not in (episode.show.id, _BARE):
        return episode
    return _merged(episode, known)


def same_place(address: str, other: str) -> bool:
    """Tell whether two addresses differ in their query alone, as signed ones do."""
    return without_query(address) == without_query(other)


def filled(episode: Episode, other: Episode) -> Episode:
    """Fill what one account of an episode leaves open from the other."""
    gaps = {
        name: getattr(other, name)
        for name in (
            *("published", "duration", "link", "audio_url", "summary", "people", "chapters"),
            *("audio", "playback", "warnings", "health", "withdrawn"),
        )
        if not getattr(episode, name)
    }
    return replace(episode, **gaps)


def _same_day(known: Episode | None, found: Episode) -> bool:
    if known is None:
        return False
    return None in (known.published, found.published) or known.published == found.published


def _merged(found: Episode, known: Episode) -> Episode:
    """Lay the newer account over the library's; a bare recording adds nothing but its audio."""
    if found.show.id == _BARE and known.show.id != _BARE:
        return filled(known, found)
    key = found.key if known.key.startswith(_AUDIO) else known.key
    measured = known.duration if known.audio else found.duration
    return filled(replace(found, id=known.id, key=key, duration=measured), known)
