"""The drafter that needs no model: sentences that were said, word for word, arranged by their cues.

What stands between them is ours and says so: it is marked as the analyst's own view.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from kb import links, questions
from kb.drafting import leanings, posts
from kb.drafting.leanings import Leaning
from kb.drafts import Excerpt, Heading, Kind, Line, Order, Section, Style
from kb.seal import joined

_EACH = 2
"""Excerpts in each part of a thesis."""
_POSTS = 3
_BLOG = 6
_TELLING = 10
"""Words that a post says at the least."""
_FALLOFF = 4
"""Places down the list at which a cue counts half."""
_NONE = {
    Heading.PROBLEM: "No problem was named in what was found in the library.",
    Heading.SOLUTION: "No solution was told in what was found in the library.",
    Heading.FOR: "No evidence for this was found in the library.",
    Heading.AGAINST: "The library was asked for evidence against this, and none was found in it.",
}
"""The parts that argue, in their order, and what stands in one for which nothing was found."""
_PARTS = (
    (Heading.AGAINST, Leaning.AGAINST),
    (Heading.PROBLEM, Leaning.PROBLEM),
    (Heading.SOLUTION, Leaning.SOLUTION),
    (Heading.FOR, Leaning.FOR),
)
"""The scarcest first: each excerpt stands in one part."""
_STEM, _ENOUGH = 5, 3
"""Letters of a stem; cues of which more say no more."""
_MARKS = str.maketrans("", "", '"“”«»„‟＂″`')


class ExtractiveDrafter:
    """Drafts in verbatim sentences."""

    @property
    def name(self) -> str:
        return "extractive"

    def draft(self, order: Order) -> tuple[Section, ...]:
        if order.kind is Kind.THESIS:
            return tuple(_thesis(order))
        return tuple(_posts(order) if order.kind is Kind.POST else _blog(order))


# Theses


def _thesis(order: Order) -> Iterator[Section]:
    parts = arranged(order.excerpts, about(order))
    for heading, none in _NONE.items():
        lines = tuple(map(quoted, parts[heading]))
        yield Section(heading, lines or (Line(none, own=True),))
    yield Section(Heading.CHANGE, _change(parts, _person(order.style)))


def about(order: Order) -> frozenset[str]:
    """Give the stems of what is asked for; of nothing asked, the title's."""
    return _stems(order.question.mended if order.question else order.title)


def arranged(excerpts: Sequence[Excerpt], asked: frozenset[str]) -> dict[Heading, list[Excerpt]]:
    """Give each part the excerpts that lean its way and say most of what is asked for."""
    left, parts = list(excerpts), dict[Heading, list[Excerpt]]()
    for heading, leaning in _PARTS:
        fitting = [each for each in left if _leans(each, leaning)]
        weights = {id(each): _weight(excerpts, each, leaning, asked) for each in fitting}
        parts[heading] = sorted(fitting, key=lambda each: -weights[id(each)])[:_EACH]
        left = [each for each in left if each not in parts[heading]]
    if not parts[Heading.FOR]:
        parts[Heading.FOR] = [each for each in left if not each.contrary][:_EACH]
    return parts


def _leans(excerpt: Excerpt, leaning: Leaning) -> bool:
    """Tell whether an excerpt leans one way; to speak against, more than any other way."""
    count = leanings.strength(excerpt.text, leaning)
    if leaning is not Leaning.AGAINST:
        return count > 0 and not excerpt.contrary
    others = (each for each in Leaning if each is not Leaning.AGAINST)
    most = max(leanings.strength(excerpt.text, each) for each in others)
    return count > most or (excerpt.contrary and count == most > 0)


def _weight(
    excerpts: Sequence[Excerpt], excerpt: Excerpt, leaning: Leaning, asked: frozenset[str]
) -> float:
    rank = 0 if excerpt.contrary else excerpts.index(excerpt)
    held = len(asked & _stems(excerpt.text))
    strength = min(leanings.strength(excerpt.text, leaning), _ENOUGH)
    return strength * (1 + held) * _FALLOFF / (_FALLOFF + rank)


def _stems(text: str) -> frozenset[str]:
    """Give the content words of a text, cut so that endings do not matter."""
    return frozenset(word[:_STEM] for word in questions.content(text))


def _change(parts: dict[Heading, list[Excerpt]], person: str) -> tuple[Line, ...]:
    mind = "My mind would change" if person == "I" else "Our mind would change"
    against = parts[Heading.AGAINST]
    if not against:
        said = f"{mind} if a voice with nothing to sell said the opposite from what they have seen."
        return (Line(said, own=True),)
    first = against[0]
    who = first.sentences[0].speaker or "this speaker"
    said = f"{mind} if more independent voices held what {who} says against this."
    return (Line(said, first.sentences, own=True),)


def quoted(excerpt: Excerpt) -> Line:
    """Quote an excerpt whole. Marks within it are left out: the words are what was heard."""
    return Line(f"“{_unmarked(excerpt)}”", excerpt.sentences)


def _unmarked(excerpt: Excerpt) -> str:
    return " ".join(excerpt.text.translate(_MARKS).split())


def _person(style: Style | None) -> str:
    return style.person if style else "we"


# Posts


def _posts(order: Order) -> Iterator[Section]:
    for number, (best, room) in enumerate(islice(_posted(order), _POSTS), 1):
        said = posts.pieces(_unmarked(best), room)
        for place, piece in enumerate(said, 1):
            title = f"Post {number}" + (f" ({place}/{len(said)})" if len(said) > 1 else "")
            yield Section(title, (Line(f"“{piece}”", best.sentences),))


def _posted(order: Order) -> Iterator[tuple[Excerpt, int]]:
    """Yield what can be posted with the room for it; what is too short to be read alone comes last."""
    short, asked = list[tuple[Excerpt, int]](), about(order)
    for excerpt in sorted(order.excerpts, key=lambda each: each.contrary):
        link = links.outside(excerpt.episode, joined([each.span for each in excerpt.sentences]))
        room = posts.room(link, excerpt.sentences[0].speaker)
        best = _fitting(excerpt, room, asked)
        if len(best.text.split()) >= _TELLING:
            yield best, room
        else:
            short.append((best, room))
    yield from short


def _fitting(excerpt: Excerpt, room: int, asked: frozenset[str]) -> Excerpt:
    """Give the run of an excerpt's sentences in one post that says most of what was asked."""
    sentences = excerpt.sentences
    runs = (sentences[a:b] for a in range(len(sentences)) for b in range(a + 1, len(sentences) + 1))
    made = [Excerpt(run, excerpt.episode, excerpt.contrary) for run in runs]
    fit = [each for each in made if posts.length(each.text) <= room]

    def told(one: Excerpt) -> tuple[int, int]:
        return len(asked & _stems(one.text)), len(one.text)

    return max(fit, key=told, default=excerpt)


# Blog posts


def _blog(order: Order) -> Iterator[Section]:
    parts = arranged(_styled(order), about(order))
    headings = order.style is None or order.style.headings
    yield Section("", (Line(_opening(order), own=True),))
    for title, heading in (
        ("The problem", Heading.PROBLEM),
        ("What is done about it", Heading.SOLUTION),
        ("What speaks for it", Heading.FOR),
        ("What speaks against it", Heading.AGAINST),
    ):
        if parts[heading]:
            yield Section(title if headings else "", tuple(map(quoted, parts[heading])))
    yield Section("", _change(parts, _person(order.style)))


def _styled(order: Order) -> Sequence[Excerpt]:
    """Give as many excerpts as a post takes; of those, the sentences as long as the style's first."""
    best = order.excerpts[:_BLOG] + tuple(each for each in order.excerpts[_BLOG:] if each.contrary)
    style = order.style
    if style is None:
        return best
    return sorted(best, key=lambda each: abs(_sentence(each) - style.words))


def _sentence(excerpt: Excerpt) -> float:
    return len(excerpt.text.split()) / len(excerpt.sentences)


def _opening(order: Order) -> str:
    """Open as the style does: with the question, with how much was found, or plainly."""
    kind, person = (order.style.opening if order.style else "statement"), _person(order.style)
    if kind == "question" and order.question and order.question.text.endswith("?"):
        return order.question.text
    count = len({each.episode.id for each in order.excerpts})
    episodes = "one episode" if count == 1 else f"{count} episodes"
    asks = f" and asked: {order.title}" if order.question else f" on {order.title.rstrip('.?!')}."
    if kind == "figure" or not person:
        return f"{episodes[:1].upper()}{episodes[1:]} on one subject: {order.title.rstrip('.?!')}."
    return f"{'I' if person == 'I' else 'We'} listened to {episodes}{asks}"
