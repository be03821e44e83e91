"""`soundproof follow`, `unfollow`, `following`, `sync` and `worker`."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from types import FrameType
from typing import Annotated

import typer

from kb.errors import FetchError, SourceError
from ui.commands.common import PARTLY, Json, complain, give, house, say

verbs = typer.Typer()


@verbs.command()
def follow(
    feeds: Annotated[
        list[str], typer.Argument(help="Feed addresses, or OPML files.", show_default=False)
    ],
    *,
    latest: Annotated[
        int, typer.Option(min=0, help="How many episodes to take at first; later every new one.")
    ] = 5,
) -> None:
    """Follow shows: `sync`, or the worker by itself, adds their new episodes."""
    here = house()
    for url, title in _named(feeds):
        new = here.subscriptions.follow(url, title=title, latest=latest)
        give(f"{'Following' if new else 'Followed already'}: {title or url}")
    say("Their episodes come with: soundproof sync")


@verbs.command()
def unfollow(
    feed: Annotated[str, typer.Argument(help="The feed's address, or the show's title.")],
) -> None:
    """Stop following a show; its episodes stay."""
    gone = house().subscriptions.unfollow(feed)
    give(f"Not followed any more: {gone.title or gone.url}")


@verbs.command()
def following(
    *,
    opml: Annotated[bool, typer.Option("--opml", help="Print OPML for other programs.")] = False,
    json: Json = False,
) -> None:
    """List the followed shows, and what came of their last reading."""
    from ingest.sources import opml as opmls  # noqa: PLC0415 - heavy: see the budget of --help
    from ui import printing_work as printing  # noqa: PLC0415

    followed = house().subscriptions.all()
    if opml:
        give(opmls.write(tuple(opmls.Subscription(s.title, s.url) for s in followed)).decode())
    elif json:
        give(printing.as_json(followed))
    elif followed:
        give("\n".join(map(printing.subscription, followed)))
    else:
        say("No show is followed. Follow one: soundproof follow FEED-ADDRESS")


@verbs.command()
def sync(
    feeds: Annotated[
        list[str] | None, typer.Argument(help="Only these feeds, by address or title.")
    ] = None,
) -> None:
    """Read the followed feeds now, and queue what is new for the worker."""
    here = house()
    named = [here.subscriptions.subscription(each) for each in feeds or []]
    chosen = named or here.subscriptions.all()
    follower, failed = here.follower(), list[int]()
    for each in chosen:
        try:
            done = follower.sync(each.url)
            give(f"{done.title}: {done.outcome}")
        except (FetchError, SourceError) as error:
            say(f"{each.title or each.url}:")
            failed.append(complain(error))
    if not chosen:
        say("No show is followed. Follow one: soundproof follow FEED-ADDRESS")
    if failed:
        raise typer.Exit(PARTLY if len(failed) < len(chosen) else failed[0])


@verbs.command()
def worker() -> None:
    """Do what is queued, and read followed feeds on time, until stopped (Ctrl-C)."""
    here = house()
    stop = Event()

    def stopped(number: int, frame: FrameType | None) -> None:
        del number, frame
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stopped)
    made = here.worker()
    say(f"Worker {made.name} is at work (stop with Ctrl-C; what is under way is taken up again)")
    made.run(stop)
    # Steps that are still at work would hold the process up; they are made to be cut off.
    sys.stderr.flush()
    os._exit(0)


def _named(feeds: list[str]) -> Iterator[tuple[str, str]]:
    """Give the address and title of each feed; an OPML file names many."""
    from ingest.sources import opml as opmls  # noqa: PLC0415 - heavy: see the budget of --help

    for feed in feeds:
        if "://" in feed:
            yield feed, ""
            continue
        try:
            content = Path(feed).read_bytes()
        except OSError as error:
            raise SourceError(
                f"{feed} cannot be read: {(error.strerror or 'unknown').lower()}",
                hint="Give a feed's address with https:// in front, or an OPML file.",
            ) from error
        yield from ((each.url, each.title) for each in opmls.read(content, Path(feed).name))
