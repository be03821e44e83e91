"""Who stands behind a draft: independent voices counted, who talks their book, which companies."""

from collections.abc import Iterator, Mapping, Sequence

from kb.drafting.evidence import Evidence
from kb.drafting.proof import Variants
from kb.drafts import Excerpt, Heading, Line, Section
from kb.insight import entities, voices
from kb.insight.entities import Kind, Mention
from kb.models import Passage

_COMPANIES = 8
_NOBODY = "Of those who are cited here, none is known to talk their book."
Said = Mapping[str, tuple[Passage, ...]]
"""The first that is cited of each speaker, by their label."""

_UNNAMED = "No company is named in what is cited here."
_NAMELESS = "None of what is cited here has a speaker with a name."


def sections(
    cited: Sequence[Excerpt], evidence: Evidence, variants: Variants
) -> tuple[Section, ...]:
    """Count over what a thesis cites. What is counted is said as a view of ours, with its sources.

    One guest on three shows is one voice. Companies of sponsor reads are left out.
    """
    passages = [sentence for excerpt in cited for sentence in excerpt.sentences]
    episodes = {excerpt.episode.id: excerpt.episode for excerpt in cited}
    heard = voices.counted(passages, episodes)
    firsts = {
        label: excerpt.sentences
        for excerpt in reversed(cited)
        if (label := excerpt.sentences[0].speaker)
    }
    companies = _companies(cited, evidence, variants)
    return (
        Section(Heading.VOICES, (_counted(heard, firsts),)),
        Section(Heading.BOOK, tuple(_interested(heard, firsts)) or (Line(_NOBODY, own=True),)),
        Section(Heading.COMPANIES, tuple(map(_named, companies)) or (Line(_UNNAMED, own=True),)),
    )


def _counted(heard: voices.Voices, firsts: Said) -> Line:
    known = [voice for voice in heard.voices if voice.known]
    if not known:
        return Line(_NAMELESS, own=True)
    free = len(heard.independent)
    names = ", ".join(voice.name for voice in known)
    shows = len({show for voice in known for show in voice.shows})
    said = (
        f"Of {_many(len(known), 'voice')} on {_many(shows, 'show')} ({names}), "
        f"{free} {'is' if free == 1 else 'are'} not known to talk their book."
    )
    unnamed = f" Nameless speakers of {_many(heard.unknown, 'episode')} are not counted."
    cited = [passage for voice in known for passage in _said_by(voice.name, firsts)]
    return Line(said + (unnamed if heard.unknown else ""), tuple(cited), own=True)


def _interested(heard: voices.Voices, firsts: Said) -> Iterator[Line]:
    for voice in heard.interested:
        said = f"{voice.name} talks their book: {voice.interest}."
        yield Line(said, _said_by(voice.name, firsts), own=True)


def _said_by(name: str, firsts: Said) -> tuple[Passage, ...]:
    """Give the first that is cited of whoever is called so."""
    return next((said for label, said in firsts.items() if voices.same(label, name)), ())


def _companies(
    cited: Sequence[Excerpt], evidence: Evidence, variants: Variants
) -> Sequence[Mention]:
    """Give the companies that the cited sentences name, each once, where nobody paid for it."""
    found = dict[str, Mention]()
    for excerpt in cited:
        first = excerpt.sentences[0]
        mentions = entities.mentions(
            excerpt.episode,
            evidence.document(first),
            variants=variants(excerpt.episode.id),
            sponsored=evidence.sponsored(first),
        )
        places = {sentence.id for sentence in excerpt.sentences}
        for each in mentions:
            named = each.kind is Kind.COMPANY and each.passage.id in places
            if named and not each.sponsored and each.mentioned_as != "sponsor":
                found.setdefault(each.name, each)
    return list(found.values())[:_COMPANIES]


def _named(mention: Mention) -> Line:
    who = f", named by {mention.speaker}" if mention.speaker else ""
    as_what = f" ({mention.mentioned_as})" if mention.mentioned_as else ""
    return Line(f"{mention.name}{as_what}{who}.", (mention.passage,))


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
