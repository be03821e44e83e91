"""A draft -> what can be held against it, by rules; and whether it passes.

A draft does not pass by losing its point: the points it makes are counted against the most that it
ever made. Nor may the model that wrote it judge it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from kb.drafting import leanings, posts
from kb.drafts import Draft, Heading, Kind, Objection
from kb.errors import NotFoundError, SettingsError
from kb.insight import voices
from kb.models import Citation, Claim, Episode, Mark
from kb.ports import Critic, Library

_OLD = 3 * 365
"""Days after which evidence is called old."""
_FEW_VOICES = 2


@dataclass(frozen=True, slots=True)
class Review:
    """What a critic holds against a draft, with the points it makes and the most it ever made."""

    critic: str
    objections: tuple[Objection, ...]
    points: int
    most: int

    @property
    def passed(self) -> bool:
        """Tell whether nothing is held against it and no point was lost."""
        return not self.objections and self.points >= self.most


def review(critic: Critic, draft: Draft, *, most: int) -> Review:
    """Let a critic read a draft that once made `most` points.

    Raises:
        SettingsError: the critic is the model that wrote it.
        WriterError: the critic is a model, and failed.
    """
    if critic.name == draft.writer:
        raise SettingsError(
            f"{critic.name} wrote this draft and may not judge it",
            hint="Set SOUNDPROOF_CRITIC_MODEL to another model, or leave it empty for rules.",
        )
    return Review(critic.name, critic.objections(draft), draft.points, most)


@dataclass(frozen=True, slots=True)
class RuleCritic:
    """Objects by rules; `today` is the day from which age is counted, None for this one."""

    library: Library
    today: date | None = None

    @property
    def name(self) -> str:
        """Name the critic."""
        return "rules"

    def objections(self, draft: Draft) -> tuple[Objection, ...]:
        """Give what the rules hold against sentences, then against the whole."""
        numbered = {each.number: each for each in draft.citations}
        found = [
            Objection(what, number)
            for number, claim in enumerate(draft.claims, 1)
            for what in _sentence(claim, [numbered[each] for each in claim.citations])
        ]
        whole = _thesis(draft) if draft.kind is Kind.THESIS else _length(draft)
        evidence = (*whole, *self._evidence(draft)) if draft.citations else (*whole, _BARE)
        return (*found, *map(Objection, evidence))

    def _evidence(self, draft: Draft) -> Iterator[str]:
        episodes = self._episodes(draft)
        days = [each.published for each in episodes.values() if each.published]
        newest = max(days, default=None)
        age = (self._today() - newest).days if newest else 0
        if newest and age > _OLD:
            yield f"The newest evidence is of {newest.isoformat()}: {age // 365} years old."
        if draft.kind is Kind.THESIS:
            yield from self._voices(draft, episodes)

    def _voices(self, draft: Draft, episodes: dict[str, Episode]) -> Iterator[str]:
        passages = self.library.passages(each.passage_id for each in draft.citations)
        held = [each for each in passages.values() if each.span.episode_id in episodes]
        heard = voices.counted(held, episodes)
        known = [voice for voice in heard.voices if voice.known]
        if len(known) < _FEW_VOICES:
            yield "All of it rests on one voice." if known else "It rests on no voice with a name."
        elif not heard.independent:
            yield "Every voice with a name talks its book."

    def _episodes(self, draft: Draft) -> dict[str, Episode]:
        found = dict[str, Episode]()
        for episode_id in dict.fromkeys(each.span.episode_id for each in draft.citations):
            try:
                found[episode_id] = self.library.episode(episode_id)
            except NotFoundError:
                continue  # its sentences are marked already
        return found

    def _today(self) -> date:
        return self.today or datetime.now(UTC).date()


_BARE = "Nothing in it cites anything."


def _sentence(claim: Claim, cited: list[Citation]) -> Iterator[str]:
    if claim.mark is Mark.UNSUPPORTED:
        yield f"Nothing carries it: {claim.why}"
    if claim.mark is Mark.QUOTED:
        return  # somebody else's words
    said = " ".join(each.text for each in cited)
    grand = leanings.superlative(claim.text)
    if grand and grand.lower() not in said.lower():
        yield f"“{grand}” is more than its sources say."
    if claim.mark is Mark.OWN_VIEW and not cited and any(map(str.isdigit, claim.text)):
        yield "It gives a number without a source."
    if claim.mark is Mark.SUPPORTED and leanings.hedged(said) and not leanings.hedged(claim.text):
        yield "Its source is less sure than it is."


def _thesis(draft: Draft) -> Iterator[str]:
    against = [
        claim for part in draft.parts if part.title == Heading.AGAINST for claim in part.claims
    ]
    if not any(claim.citations for claim in against):
        yield "It gives no evidence against."


def _length(draft: Draft) -> Iterator[str]:
    """Say what is wrong with a post as a post."""
    numbered = {each.number: each for each in draft.citations}
    if draft.kind is Kind.BLOG:
        count = posts.words(posts.article(draft))
        if count > posts.BLOG_WORDS:
            yield f"It has {count} words; {posts.BLOG_WORDS} are allowed."
        return
    for part in draft.parts:
        numbers = [each for claim in part.claims for each in claim.citations]
        if not any(posts.linked(numbered[each].link) for each in numbers):
            yield f"{part.title} has no link."
        count = posts.length(posts.post(part, draft.citations))
        if count > posts.LONGEST:
            yield f"{part.title} has {count} characters; {posts.LONGEST} are allowed."
