"""Which episode is which: keys, ids and slugs. Pure functions, so the same input gives the same id."""

import hashlib
import re
import unicodedata
from urllib.parse import urlsplit, urlunsplit

_SLUG_LENGTH = 48


def slug(text: str) -> str:
    """Fold a title to lower-case ASCII words joined by dashes; its hash where nothing is left.

    >>> slug("Ep 69: Ion Stoica on evals -- & more!"), slug("日本")
    ('ep-69-ion-stoica-on-evals-more', 'untitled-cf2abf0c')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = "-".join(re.findall(r"[a-z0-9]+", plain.lower()))
    nameless = f"untitled-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    return words[:_SLUG_LENGTH].strip("-") or nameless


def episode_id(key: str, title: str) -> str:
    """Make the readable id of an episode: the slug of its title and eight digits of its key's hash.

    >>> episode_id("guid:show:1", "Taking TAO home")
    'taking-tao-home-6da99fc4'
    """
    return f"{slug(title)}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"


def feed_key(*, feed: str, guid: str | None, enclosure: str | None, title: str) -> str:
    """Name a feed's episode: by guid, else by its enclosure without the query, plus the title.

    >>> feed_key(feed="tao-talk", guid=None, enclosure="https://a.example/1.mp3?sig=x", title="One")
    'enclosure:https://a.example/1.mp3|One'
    """
    if guid:
        return f"guid:{feed}|{guid}"
    return f"enclosure:{without_query(enclosure or '')}|{title}"


def without_query(url: str) -> str:
    """Drop query and fragment: signed addresses of one file differ only there.

    >>> without_query("https://a.example/1.mp3?token=1#t=3")
    'https://a.example/1.mp3'
    """
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))


def document_key(show: str, title: str) -> str:
    """Name an episode that is known only from a document.

    >>> document_key("Eye On A.I.", "#261 Jonathan Frankle")
    'document:eye-on-a-i|261-jonathan-frankle'
    """
    return f"document:{slug(show)}|{slug(title)}"


def audio_key(sha256: str) -> str:
    """Name an episode that is known only from its audio, by the file's hash."""
    return f"audio:{sha256}"
