"""Documents from the network, kept among the library's files for conditional requests."""

from dataclasses import dataclass

from pydantic import TypeAdapter

from ingest.memo import Memo
from ingest.ports import Kept
from kb.ports import Library


@dataclass(frozen=True, slots=True)
class _Card:
    """What is noted beside a document: its hash, and how to ask whether it changed."""

    sha256: str
    url: str
    etag: str
    modified: str


_CARD = TypeAdapter(_Card)


@dataclass(frozen=True, slots=True)
class DocumentCache:
    """An `HttpCache` in a library: a card and a document, each under its hash."""

    library: Library

    def recall(self, url: str) -> Kept | None:
        """Give the document last fetched from an address, if it is still kept."""
        card = Memo(self.library, _CARD).recall(_recipe(url))
        if card is None or self.library.recall(_body(card.sha256)) is None:
            return None
        content = self.library.artefacts.path(card.sha256).read_bytes()
        return Kept(content, card.url, card.etag, card.modified)

    def remember(self, url: str, kept: Kept) -> None:
        """Keep a document; the card is written last, so it never points nowhere."""
        sha256 = self.library.artefacts.put(kept.content)
        self.library.remember(_body(sha256), sha256)
        card = _Card(sha256, kept.url, kept.etag, kept.modified)
        Memo(self.library, _CARD).remember(_recipe(url), card)


def _recipe(url: str) -> str:
    return f"card|{url}"


def _body(sha256: str) -> str:
    return f"document|{sha256}"
