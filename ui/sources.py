"""Every kind of thing that can be added."""

from pathlib import Path

from ingest.ports import Fetcher, Source
from ingest.sources.apple import ApplePodcasts
from ingest.sources.briefs import BriefFile
from ingest.sources.feed import FeedSource, ShowPage
from ingest.sources.manifest import Manifest
from ingest.sources.media import Recording, RemoteRecording
from ingest.sources.opml import OpmlFile
from ingest.sources.shownotes import ShowNotes
from ingest.sources.transcripts import KINDS
from ingest.sources.youtube import YouTube
from ingest.sources.ytdlp import YtDlp


def every(fetcher: Fetcher, downloads: Path) -> tuple[Source, ...]:
    """Give every source, the ones that are surest of their kind first."""
    feeds = FeedSource(fetcher)
    return (
        *(ApplePodcasts(fetcher, feeds), YouTube(YtDlp(), downloads), RemoteRecording(), feeds),
        *(OpmlFile(feeds), Manifest(), BriefFile(), ShowNotes(), *KINDS, Recording()),
        ShowPage(feeds),
    )
