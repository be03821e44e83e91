"""Passages or a question -> a draft: gather, let a drafter propose, check, count, keep to length.

A drafter only proposes. What it writes is read by `kb.drafting.proof` like anything else; what fails there
stays in the draft, marked unsupported.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from kb.drafting import backing, posts
from kb.drafting.evidence import Evidence
from kb.drafting.proof import Proof
from kb.drafts import Draft, Excerpt, Heading, Kind, Line, Order, Part, Section, Style
from kb.errors import NotFoundError, SourceError, WriterError
from kb.models import Filters, Mark, Question, Tier
from kb.ports import Drafter
from kb.seal import folded
from kb.search import Search

_LONGEST_TITLE = 90
_BARREN = "None of the {count} sentences of {name} was carried by what it cites. Verbatim instead."
_WEAK = "Some of this rests on notes or a brief, not on the words that were said."


@dataclass(frozen=True, slots=True)
class Asked:
    """What a draft is wanted of: a question, or passages by id or permalink, or both."""

    text: str = ""
    passages: tuple[str, ...] = ()
    title: str = ""
    filters: Filters | None = None


@dataclass(frozen=True, slots=True)
class Drafting:
    """Makes drafts; `plain` is the drafter that needs no model and steps in for `drafter`."""

    proof: Proof
    drafter: Drafter
    plain: Drafter
    search: Callable[[], Search]

    def draft(self, kind: Kind, asked: Asked, *, style: Style | None = None) -> Draft:
        """Make a draft.

        Raises:
            SourceError: neither a question nor a passage is given.
            NotFoundError: a passage is not there, or nothing in the library bears on the question.
            EmptyLibraryError: the library holds nothing yet.
        """
        proof = self.proof.sitting()
        evidence = Evidence(proof.library)
        question, excerpts = self._gathered(evidence, asked)
        title = _title(asked, excerpts)
        order = Order(kind, title, excerpts, question, style)
        blank = Draft(kind, title, (), (), question=asked.text)
        draft = self._proposed(order, replace(blank, remarks=_remarks(order)), proof)
        if kind is not Kind.THESIS:
            short = _shortened(draft)
            spare = replace(blank, remarks=short.remarks)
            return short if short.parts else self._read(order, spare, self.plain, proof)
        told = backing.sections(_cited(draft, excerpts), evidence, proof.variants)
        return proof.read(draft, _ordered((*proof.reopened(draft), *told)))

    def _gathered(
        self, evidence: Evidence, asked: Asked
    ) -> tuple[Question | None, tuple[Excerpt, ...]]:
        if not asked.text.strip() and not asked.passages:
            raise SourceError(
                "A draft of nothing was asked for", hint="Give a question, or --passage ID."
            )
        chosen = evidence.chosen(asked.passages)
        if not asked.text.strip():
            question, found = None, tuple[Excerpt, ...]()
        else:
            search = self.search()
            question = search.understand(asked.text)
            found = evidence.asked(search, question, asked.filters)
        if chosen:
            held = {each.id for one in chosen for each in one.sentences}
            found = tuple(
                each for each in found if each.contrary and each.sentences[0].id not in held
            )
        if not (chosen or found):
            raise NotFoundError(
                "Nothing in the library bears on this",
                hint="Ask in other words, or choose passages: soundproof search WORDS --json",
            )
        return question, (*chosen, *found)

    def _proposed(self, order: Order, blank: Draft, proof: Proof) -> Draft:
        """Let the drafter propose; where it fails, or nothing of it holds, verbatim sentences do."""
        if self.drafter is self.plain:
            return self._read(order, blank, self.drafter, proof)
        try:
            draft = self._read(order, blank, self.drafter, proof)
        except WriterError as error:
            remark = f"{error}. {error.hint} Drafted in verbatim sentences instead."
        else:
            argued = [claim for claim in draft.claims if claim.mark is not Mark.OWN_VIEW]
            if any(claim.mark is not Mark.UNSUPPORTED for claim in argued):
                return self._completed(order, draft, proof)
            remark = _BARREN.format(count=len(argued), name=self.drafter.name)
        return self._read(
            order, replace(blank, remarks=(*blank.remarks, remark)), self.plain, proof
        )

    def _read(self, order: Order, blank: Draft, drafter: Drafter, proof: Proof) -> Draft:
        proposed, doubles = _once(drafter.draft(order))
        remarks = [f"Said twice and left out: {doubles}."] if doubles else []
        made = replace(blank, writer=drafter.name, remarks=(*blank.remarks, *remarks))
        return proof.read(made, proposed)

    def _completed(self, order: Order, draft: Draft, proof: Proof) -> Draft:
        """Fill the parts of a thesis that a model left empty: what speaks against is never left out."""
        if order.kind is not Kind.THESIS:
            return draft
        written = {part.title for part in draft.parts}
        missing = [each for each in self.plain.draft(order) if each.title not in written]
        return proof.read(draft, [*proof.reopened(draft), *missing]) if missing else draft


def _title(asked: Asked, excerpts: Sequence[Excerpt]) -> str:
    given = asked.title or asked.text or excerpts[0].episode.title
    said = " ".join(given.split())
    return said if len(said) <= _LONGEST_TITLE else f"{said[: _LONGEST_TITLE - 1].rstrip()}…"


def _remarks(order: Order) -> tuple[str, ...]:
    question = order.question
    mended = question is not None and question.mended != question.text
    weak = any(each.sentences[0].tier is not Tier.TRANSCRIPT for each in order.excerpts)
    searched = [f"Searched for: {question.mended}"] if question and mended else []
    return (*searched, *([_WEAK] if weak else []))


def _once(sections: Sequence[Section]) -> tuple[list[Section], int]:
    """Leave out what was said before; give how many sentences that were."""
    seen, doubles = set[tuple[str, ...]](), 0

    def fresh(line: Line) -> bool:
        nonlocal doubles
        said = tuple(folded(line.text))
        known = not said or said in seen
        seen.add(said)
        doubles += known
        return not known

    kept = [
        Section(each.title, tuple(line for line in each.lines if fresh(line))) for each in sections
    ]
    return [each for each in kept if each.lines], doubles


def _ordered(sections: Sequence[Section]) -> list[Section]:
    order = [str(heading) for heading in Heading]
    return sorted(sections, key=lambda each: order.index(each.title))


def _cited(draft: Draft, excerpts: Sequence[Excerpt]) -> list[Excerpt]:
    """Give the excerpts of which a draft cites something."""
    cited = {
        (each.span.episode_id, each.tier, n)
        for each in draft.citations
        for n in range(each.first, each.last + 1)
    }
    return [
        excerpt
        for excerpt in excerpts
        if any((each.span.episode_id, each.tier, each.first) in cited for each in excerpt.sentences)
    ]


def _shortened(draft: Draft) -> Draft:
    """Leave out what is too long, and say how much that was."""
    kept = _posts(draft) if draft.kind is Kind.POST else _article(draft)
    parts = tuple(kept)
    lost = len(draft.claims) - sum(len(part.claims) for part in parts)
    if not lost:
        return draft
    remark = f"{lost} sentences were left out: too long for a {draft.kind}."
    return _numbered(replace(draft, parts=parts, remarks=(*draft.remarks, remark)))


def _posts(draft: Draft) -> Iterator[Part]:
    for part in draft.parts:
        if posts.length(posts.post(part, draft.citations)) <= posts.LONGEST:
            yield part


def _article(draft: Draft) -> Iterator[Part]:
    """Take sentences from the end of the longest part until few enough words are left."""
    parts = list(draft.parts)
    while posts.words(posts.article(replace(draft, parts=tuple(parts)))) > posts.BLOG_WORDS:
        longest = max(range(len(parts)), key=lambda at: len(parts[at].claims))
        parts[longest] = replace(parts[longest], claims=parts[longest].claims[:-1])
        parts = [part for part in parts if part.claims]
    yield from parts


def _numbered(draft: Draft) -> Draft:
    """Number the citations that are left anew."""
    used = dict.fromkeys(number for claim in draft.claims for number in claim.citations)
    numbers = {old: new for new, old in enumerate(sorted(used), 1)}
    parts = tuple(
        replace(
            part,
            claims=tuple(
                replace(claim, citations=tuple(numbers[each] for each in claim.citations))
                for claim in part.claims
            ),
        )
        for part in draft.parts
    )
    citations = (each for each in draft.citations if each.number in numbers)
    return replace(
        draft,
        parts=parts,
        citations=tuple(replace(each, number=numbers[each.number]) for each in citations),
    )
