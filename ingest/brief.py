"""An episode -> its brief, kept as the episode's document of the tier `brief`.

What is chosen comes from `ingest.extracts` by rule or from `ingest.gathering` with a model. Here it
becomes the seven sections: companies and people, posts and ideas are made from it in one way.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ingest import extracts
from ingest.gathering import Gathering
from ingest.matter import Matter, said
from kb import briefs, indexes, passages, reembedding, sponsors
from kb.errors import LibraryError, NotFoundError, WriterError
from kb.gists import Used
from kb.insight import entities
from kb.insight.entities import Kind
from kb.models import Brief, Entity, Entry, Idea, Origin, QuoteStatus, Theme, Thesis, Tier, Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence

    from ingest.matter import Case, Pick, Picks
    from ingest.ports import Progress
    from kb.insight.entities import Mention
    from kb.models import Episode, Passage
    from kb.ports import Briefer, Embedder, Library

POST = 280
"""Characters of a short post, its link among them."""
_POSTS, _IDEAS, _ENTITIES = 5, 3, 20
_HEADLINE = 6
"""Words of a sentence that stand for a title."""
_TRIES = 5
"""Times that a brief is laid beside an episode that changes meanwhile."""
_BESIDE = 5
"""Sentences around a thesis in which companies belong to it."""


@dataclass(frozen=True, slots=True)
class Briefed:
    """A brief in the library; `changed` is False where it was there already.

    `used` are the tokens that this took, `quoted` counts by status the quotes that the model gave
    before any were checked.
    """

    episode: Episode
    brief: Brief
    changed: bool
    remarks: tuple[str, ...] = ()
    used: Used = field(default_factory=Used)
    quoted: Mapping[QuoteStatus, int] = field(default_factory=dict[QuoteStatus, int])


@dataclass(frozen=True, slots=True)
class Briefing:
    """Makes and keeps briefs; without a `briefer` by rule alone."""

    library: Library
    embedder: Callable[[], Embedder]
    variants: Callable[[str], Mapping[str, str]]
    briefer: Briefer | None = None

    def brief(self, episode_id: str, *, force: bool = False) -> Generator[Progress, None, Briefed]:
        """Make an episode's brief and keep it; one that was imported stays, unless by `force`.

        Raises:
            NotFoundError: there is no such episode (any more), or nothing to make a brief of.
            LibraryError: the episode was changed over and over meanwhile.
        """
        episode = self.library.episode(episode_id)
        imported = self._imported(episode, force=force)
        if imported is not None:
            return imported
        made = yield from self.make(episode)
        return self._keep(made, force=force)

    def made(self, episode_id: str, *, force: bool = False) -> Briefed:
        """Do as `brief` does in one go."""
        work = self.brief(episode_id, force=force)
        while True:
            try:
                next(work)
            except StopIteration as done:
                briefed: Briefed = done.value
                return briefed

    def make(self, episode: Episode) -> Generator[Progress, None, Briefed]:
        """Make a brief without keeping it. Where the model fails, rules stand in for it.

        Raises:
            NotFoundError: there is nothing to make a brief of.
        """
        matter = self._matter(episode)
        if self.briefer is None or not matter.heard:
            brief = assemble(matter, extracts.picks(matter), extracts.NAME)
            return Briefed(episode, brief, changed=True)
        before, gathering = self.briefer.used, Gathering(matter, self.briefer, self.library)
        ruled = extracts.picks(matter)
        try:
            picks = yield from gathering.picks()
            maker = self.briefer.name
        except WriterError as error:
            picks = replace(ruled, remarks=(f"{error}. {error.hint} Made by rule instead.",))
            maker = f"{extracts.NAME} ({error})"
        filled = replace(
            picks,
            overview=picks.overview or ruled.overview,
            conclusion=picks.conclusion or ruled.conclusion,
        )
        return Briefed(
            episode,
            assemble(matter, filled, maker),
            changed=True,
            remarks=picks.remarks,
            used=_since(before, self.briefer.used),
            quoted=dict(gathering.quoted),
        )

    def _matter(self, episode: Episode) -> Matter:
        transcript, notes = (
            tuple(self.library.passages_of(episode.id, unit=Unit.SENTENCE, tier=tier))
            for tier in (Tier.TRANSCRIPT, Tier.NOTES)
        )
        if not transcript and not notes:
            raise NotFoundError(
                f"{episode.title} has neither transcript nor notes: there is nothing to brief",
                hint="Add its audio, or a transcript with --to.",
            )
        return Matter(episode, transcript or notes, notes, self.variants(episode.id))

    def _imported(self, episode: Episode, *, force: bool) -> Briefed | None:
        """Give the brief that somebody imported, if it is to stay."""
        held = self.library.document(episode.id, Tier.BRIEF)
        if not isinstance(held, Brief) or held.origin.kind == briefs.MADE or force:
            return None
        kept = "Its brief was imported and stays; to replace it: --force"
        return Briefed(episode, held, changed=False, remarks=(kept,))

    def _keep(self, made: Briefed, *, force: bool) -> Briefed:
        """Keep a brief beside what the episode is by now: a model may have taken minutes."""
        wanted = made.episode.id
        for _ in range(_TRIES):
            revision = self.library.revisions().get(wanted)
            episode = self.library.episode(wanted)
            imported = self._imported(episode, force=force)
            if imported is not None:
                return imported
            if self.library.document(wanted, Tier.BRIEF) == made.brief:
                return replace(made, episode=episode, changed=False)
            entry = self._entry(episode, made.brief)
            if self.library.revisions().get(wanted) == revision:
                self.library.save(entry)
                return replace(made, episode=entry.episode)
        raise LibraryError(
            f"{made.episode.title} was changed over and over while its brief was to be kept",
            hint="Make its brief again when nothing else is at work on it.",
        )

    def _entry(self, episode: Episode, brief: Brief) -> Entry:
        """Put the brief beside the other documents, whose passages stay as they are."""
        held = {
            tier: brief if tier is Tier.BRIEF else self.library.document(episode.id, tier)
            for tier in Tier
        }
        documents = {tier: document for tier, document in held.items() if document is not None}
        cut = [
            passage
            for tier in documents
            for passage in (
                passages.cut(episode.id, tier, brief.segments)
                if tier is Tier.BRIEF
                else self.library.passages_of(episode.id, tier=tier)
            )
        ]
        kept = replace(episode, tiers=tuple(documents))
        embedder = reembedding.reusing(self.library, self.embedder(), episode)
        indexes.make_vectors(self.library, embedder, kept, cut)
        return Entry(kept, documents, tuple(cut))


def assemble(matter: Matter, picks: Picks, maker: str) -> Brief:
    """Make the seven sections of what was chosen, as they read in Markdown."""
    mentions = entities.mentions(
        matter.episode, matter.sentences, variants=matter.variants, sponsored=matter.sponsored
    )
    brief = Brief(
        overview=picks.overview,
        topics=tuple(Theme(_title(each.title, each.sentence), each.text) for each in picks.topics),
        conclusion=picks.conclusion,
        themes=tuple(map(_theme, picks.themes)),
        theses=tuple(_thesis(each, mentions) for each in picks.cases),
        observations=tuple(map(_theme, picks.observations)),
        entities=tuple(_entities(matter.episode, mentions)),
        posts=tuple(_posts(matter, picks)),
        ideas=tuple(_ideas(picks)),
        segments=(),
        origin=Origin(briefs.MADE, maker),
    )
    return briefs.parse(briefs.to_markdown(brief), brief.origin)


def _theme(pick: Pick) -> Theme:
    return Theme(_title(pick.title, pick.sentence), pick.text, pick.sentence.text)


def _title(title: str, sentence: Passage) -> str:
    return _plain(title) or _headline(sentence)


def _plain(title: str) -> str:
    """Take from a title what would make it a quote."""
    return "".join(letter for letter in title if letter not in '"“”').strip()


def _headline(sentence: Passage) -> str:
    words = sentence.text.split()
    return " ".join(words[:_HEADLINE]).rstrip(".,;:!?") + ("…" if words[_HEADLINE:] else "")


def _thesis(case: Case, mentions: Sequence[Mention]) -> Thesis:
    return Thesis(
        title=_title(case.title, case.problem),
        problem=said(case.problem),
        solution=said(case.solution) if case.solution else "",
        quote=(case.solution or case.problem).text,
        opportunity=said(case.opportunity) if case.opportunity else "",
        companies=", ".join(_companies(case, mentions)),
    )


def _companies(case: Case, mentions: Sequence[Mention]) -> Iterable[str]:
    """Give the companies that are named around a thesis; a sponsor is none of them."""
    sponsoring = {each.name for each in mentions if each.sponsored}
    near = {n for part in case.parts for n in range(part.first - _BESIDE, part.first + _BESIDE + 1)}
    return dict.fromkeys(
        each.name
        for each in mentions
        if each.kind is Kind.COMPANY and each.passage.first in near and each.name not in sponsoring
    )


def _entities(episode: Episode, mentions: Sequence[Mention]) -> Iterator[Entity]:
    """Yield companies and people, the most mentioned first: as what, by whom, how often."""
    named = [each for each in mentions if each.kind is not Kind.OTHER and _sayable(each.name)]
    full = _full_names(named)
    named = [replace(each, name=full.get(each.name, each.name)) for each in named]
    counts = Counter(each.name for each in named)
    bought = sponsors.named(episode)
    for name, count in counts.most_common(_ENTITIES):
        found = [each for each in named if each.name == name]
        paid = name in bought or any(each.sponsored for each in found)
        stated = next((each.mentioned_as for each in found if each.mentioned_as), "")
        speakers = dict.fromkeys(each.speaker for each in found if each.speaker)
        by = f"named by {' and '.join(list(speakers)[:3])}" if speakers else ""
        often = f"{count} times" if count > 1 else ""
        kind = "sponsor" if paid else stated or found[0].kind.value
        yield Entity(name, "; ".join(filter(None, (kind, by, often))))


def _full_names(mentions: Sequence[Mention]) -> Mapping[str, str]:
    """Give, for each given name that stands alone, the full name of the one person who has it."""
    people = {each.name for each in mentions if each.kind is Kind.PERSON}
    alone = {name for name in people if " " not in name}
    given = {each: [name for name in people if name.startswith(f"{each} ")] for each in alone}
    return {name: found[0] for name, found in given.items() if len(found) == 1}


def _sayable(name: str) -> bool:
    """Tell whether a name is read back from its line."""
    return not any(mark in name for mark in ("(", ")", " - ", " – ", " — ", "*"))


def _posts(matter: Matter, picks: Picks) -> Iterator[str]:
    """Yield short posts: a quote, who said it, and a link to the second."""
    quoted = [each.sentence for each in (*picks.observations, *picks.themes)]
    quoted += [each.solution or each.problem for each in picks.cases]
    posts = (f"{said(each)} {matter.link(each)}" for each in dict.fromkeys(quoted))
    short = [each for each in posts if len(each) <= POST]
    yield from short[:_POSTS]


def _ideas(picks: Picks) -> Iterator[Idea]:
    """Yield what a blog post could stand on: theses first, then what is counted or surprising."""
    cases = [
        Idea(_title(each.title, each.problem), said(each.problem), each.parts[-1].text)
        for each in picks.cases
    ]
    others = [
        Idea(_title(each.title, each.sentence), "", each.sentence.text)
        for each in (*picks.observations, *picks.themes)
    ]
    yield from [*cases, *others][:_IDEAS]


def _since(before: Used, after: Used) -> Used:
    return Used(
        after.prompt - before.prompt,
        after.reply - before.reply,
        after.requests - before.requests,
        after.estimated,
    )
