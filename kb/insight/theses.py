"""Theses that are kept: each new episode is read once for what speaks for or against them.

What a rule attaches is a suggestion; a person confirms, turns or rejects it, and what was rejected
does not come back. Sponsor reads never count.
"""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from kb import anchors, identity, schema, sponsors
from kb.errors import NotFoundError, SettingsError
from kb.insight import stances
from kb.insight import standing as standings
from kb.insight.stances import Judged, Stance
from kb.insight.standing import RULE, Attachment, Standing, Watched
from kb.library import SqlLibrary
from kb.models import Episode, Filters, Hit, Passage, Tier, Unit

if TYPE_CHECKING:
    from kb.search import Search

_FEW = 40
"""New episodes up to which each is searched by itself; of more, the best passages are taken."""
_BEST, _AN_EPISODE = 400, 5
"""Passages that are looked at in one search, and that one episode may attach at once."""
_ALIKE = 0.6
"""Cosine from which a passage that shares no words is worth showing."""


@dataclass(frozen=True, slots=True)
class Updated:
    """What bringing a thesis up to date did: episodes read, passages attached."""

    thesis: Watched
    read: int
    attached: tuple[Attachment, ...]


class Theses:
    """The kept theses of a library."""

    def __init__(
        self,
        library: SqlLibrary,
        search: Callable[[], "Search"],
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._library = library
        self._search = search
        self._now = now

    # Theses

    def new(self, title: str, statement: str, *, person: str) -> Watched:
        """Keep a thesis; nothing is searched yet.

        Raises:
            SettingsError: it says nothing, or one of that title is kept.
        """
        name = identity.slug(title)
        if not title.strip() or not stances.terms(statement):
            raise SettingsError(
                "A thesis needs a title, and a statement that says something",
                hint='For example: soundproof thesis new "Evals" "Public benchmarks leak"',
            )
        if any(each.id == name for each in self.all()):
            raise SettingsError(
                f"A thesis is called {name} already", hint="Give this one another title."
            )
        made = Watched(name, title.strip(), statement.strip(), person, self._now(), 0)
        with self._library.writing() as db:
            db.execute(sa.insert(schema.theses).values(**asdict(made)))
        return made

    def all(self) -> list[Watched]:
        """Give the kept theses by title."""
        table = schema.theses
        with self._library.reading() as db:
            found = db.execute(sa.select(table).order_by(table.c.title, table.c.id)).mappings()
            return [Watched(**row) for row in found]

    def thesis(self, wanted: str) -> Watched:
        """Give the thesis of that title or id, or whose id begins so.

        Raises:
            NotFoundError: there is none, or more than one.
        """
        known = self.all()
        exact = [each for each in known if wanted in (each.id, each.title)]
        found = exact or [each for each in known if wanted and each.id.startswith(wanted)]
        if len(found) != 1:
            many = f"{len(found)} theses begin with" if found else "No thesis is called"
            raise NotFoundError(f"{many} {wanted!r}", hint="soundproof thesis list shows them.")
        return found[0]

    def delete(self, wanted: str) -> Watched:
        """Delete a thesis with what was attached to it; the episodes stay."""
        gone = self.thesis(wanted)
        with self._library.writing() as db:
            for table, column in (
                (schema.attachments, schema.attachments.c.thesis_id),
                (schema.theses, schema.theses.c.id),
            ):
                db.execute(sa.delete(table).where(column == gone.id))
        return gone

    # Passages

    def attachments(self, thesis_id: str) -> list[Attachment]:
        """Give all that was attached to a thesis, rejected too, oldest first."""
        table = schema.attachments
        query = sa.select(table).where(table.c.thesis_id == thesis_id)
        with self._library.reading() as db:
            found = db.execute(query.order_by(table.c.noted, table.c.passage_id)).mappings()
            return [_attachment(row) for row in found]

    def standing(self, wanted: str) -> Standing:
        """Tell how a thesis stands on all that is attached to it."""
        thesis = self.thesis(wanted)
        return standings.of(self._library, thesis, self.attachments(thesis.id))

    def judge(
        self, wanted: str, passage_id: str, stance: Stance, *, person: str, why: str = ""
    ) -> Attachment:
        """Note what a person says a passage is to a thesis, instead of what was noted before.

        Raises:
            NotFoundError: there is no such thesis or passage.
        """
        thesis = self.thesis(wanted)
        noted = {each.passage_id: each.words for each in self.attachments(thesis.id)}
        words = noted.get(passage_id) or self._words(passage_id)
        made = Attachment(thesis.id, passage_id, words, stance, person, why, self._now())
        table = schema.attachments
        noted_before = (table.c.thesis_id == thesis.id, table.c.passage_id == passage_id)
        with self._library.writing() as db:
            db.execute(sa.delete(table).where(*noted_before))
            db.execute(sa.insert(table).values(**_row(made)))
        return made

    def update(self, wanted: str) -> Updated:
        """Read the episodes that are new or changed since, and attach what speaks of the thesis."""
        thesis = self.thesis(wanted)
        # Read first: what changes while we search is read again next time.
        revision = self._library.revision()
        fresh = {each for each, at in self._library.revisions().items() if at > thesis.searched}
        attached = self._suggest(thesis, self._found(thesis, fresh)) if fresh else []
        with self._library.writing() as db:
            table = schema.theses
            db.execute(sa.update(table).where(table.c.id == thesis.id).values(searched=revision))
        return Updated(self.thesis(thesis.id), len(fresh), tuple(attached))

    def _found(self, thesis: Watched, fresh: Collection[str]) -> list[Attachment]:
        known = _Known(self.attachments(thesis.id))
        taken, paid = dict[str, list[Attachment]](), dict[str, frozenset[int]]()
        for hit in self._hits(thesis, fresh):
            judged, episode = _judged(thesis, hit), hit.episode
            of = taken.setdefault(episode.id, [])
            if judged is None or len(of) >= _AN_EPISODE or known.has(hit.passage):
                continue
            if episode.id not in paid:
                paid[episode.id] = self._paid(episode)
            if paid[episode.id].isdisjoint(range(hit.passage.first, hit.passage.last + 1)):
                of.append(self._suggestion(thesis, hit.passage, judged))
        return [each for of in taken.values() for each in of]

    def _suggestion(self, thesis: Watched, passage: Passage, judged: Judged) -> Attachment:
        return Attachment(
            thesis.id, passage.id, passage.text, judged.stance, RULE, judged.why, self._now()
        )

    def _hits(self, thesis: Watched, fresh: Collection[str]) -> Iterator[Hit]:
        search = self._search()
        question = search.understand(thesis.statement)
        tiers = frozenset({Tier.TRANSCRIPT})
        if len(fresh) > _FEW:
            hits = search.find(question, filters=Filters(tiers=tiers), limit=_BEST)
            yield from (hit for hit in hits if hit.episode.id in fresh)
            return
        for each in sorted(fresh):
            yield from search.find(
                question, filters=Filters(tiers=tiers, episode=each), limit=4 * _AN_EPISODE
            )

    def _paid(self, episode: Episode) -> frozenset[int]:
        """Give the ordinals of an episode's sentences inside sponsor reads."""
        said = self._library.passages_of(episode.id, unit=Unit.SENTENCE, tier=Tier.TRANSCRIPT)
        return sponsors.reads(episode, said)

    def _words(self, passage_id: str) -> str:
        found = self._library.passages([passage_id]).get(passage_id)
        if found is None:
            raise NotFoundError(
                f"No passage is called {passage_id!r}",
                hint="soundproof search --json tells the ids of passages.",
            )
        return found.text

    def _suggest(self, thesis: Watched, found: Sequence[Attachment]) -> list[Attachment]:
        """Attach what a rule found, except where somebody noted something while it was looked for.

        Raises:
            NotFoundError: the thesis was deleted meanwhile.
        """
        table, kept = schema.attachments, schema.theses
        with self._library.writing() as db:
            if db.scalar(sa.select(kept.c.id).where(kept.c.id == thesis.id)) is None:
                raise NotFoundError(
                    f"The thesis {thesis.id} was deleted meanwhile",
                    hint="soundproof thesis list shows those that are kept.",
                )
            rows = db.execute(sa.select(table).where(table.c.thesis_id == thesis.id)).mappings()
            known = _Known([_attachment(row) for row in rows])
            fresh = [each for each in found if not known.noted(each)]
            for each in fresh:
                db.execute(sa.insert(table).values(**_row(each)))
        return fresh


class _Known:
    """What is attached already, by its words: ids move with a new transcript."""

    def __init__(self, attached: Sequence[Attachment]) -> None:
        self._ids = {each.passage_id for each in attached}
        self._anchors = {(each.episode_id, anchors.anchor(each.words)) for each in attached}

    def has(self, passage: Passage) -> bool:
        """Tell whether a passage is attached, or begins as one that is."""
        begins = (passage.span.episode_id, anchors.anchor(passage.text))
        return passage.id in self._ids or begins in self._anchors

    def noted(self, found: Attachment) -> bool:
        """Tell whether something is noted of a passage already."""
        begins = (found.episode_id, anchors.anchor(found.words))
        return found.passage_id in self._ids or begins in self._anchors


def _judged(thesis: Watched, hit: Hit) -> Judged | None:
    judged = stances.weigh(thesis.statement, hit.passage.text)
    if judged is None and hit.meaning >= _ALIKE:
        return Judged(Stance.CONTEXT, f"means nearly the same (cosine {hit.meaning:.2f})", 0.0)
    return judged


def _row(attached: Attachment) -> dict[str, str | float]:
    return asdict(attached) | {"stance": attached.stance.value}


def _attachment(row: RowMapping) -> Attachment:
    return replace(Attachment(**row), stance=Stance(row["stance"]))
