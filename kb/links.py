"""A place in an episode -> a link that opens there."""

from urllib.parse import urlencode, urlsplit, urlunsplit

from kb.models import Episode, Span

_APPLE = "podcasts.apple.com"
_YOUTUBE = ("youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be")


def permalink(episode_id: str, seconds: float | None = None) -> str:
    """Make the query string that opens our own player at that second.

    >>> permalink("evals-1", 754.6), permalink("evals-1")
    ('?ep=evals-1&t=754', '?ep=evals-1')
    """
    query = {"ep": episode_id} if seconds is None else {"ep": episode_id, "t": str(int(seconds))}
    return f"?{urlencode(query)}"


def outside(episode: Episode, span: Span) -> str | None:
    """Make a link to the publisher's own page or audio at that second; None where there is none.

    Apple Podcasts and YouTube take `t`, a plain audio address the media fragment `#t=`.
    """
    address = episode.link or episode.audio_url
    if not address or urlsplit(address).scheme not in ("http", "https"):
        return None
    if span.start is None:
        return address
    return _at(address, episode.audio_url, int(span.start))


def _at(address: str, audio: str | None, seconds: int) -> str:
    parts = urlsplit(address)
    if parts.hostname == _APPLE or parts.hostname in _YOUTUBE:
        query = f"{parts.query}&t={seconds}" if parts.query else f"t={seconds}"
        return urlunsplit(parts._replace(query=query))
    if audio and urlsplit(audio).scheme in ("http", "https"):
        return f"{urlsplit(audio)._replace(fragment='').geturl()}#t={seconds}"
    return address
