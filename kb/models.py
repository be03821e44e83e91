"""The domain: frozen values, whole at construction. Times are seconds from the start of the audio."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Tier(StrEnum):
    """How strong a piece of evidence is, weakest first.

    >>> Tier.NOTES.strength < Tier.BRIEF.strength < Tier.TRANSCRIPT.strength
    True
    """

    NOTES = "notes"
    BRIEF = "brief"
    TRANSCRIPT = "transcript"

    @property
    def strength(self) -> int:
        """Give 0 for notes, 1 for a brief, 2 for the words themselves."""
        return list(Tier).index(self)


class Unit(StrEnum):
    """The two sizes in which a document is indexed."""

    WINDOW = "window"
    SENTENCE = "sentence"


class Role(StrEnum):
    """What a person is to an episode."""

    HOST = "host"
    GUEST = "guest"
    MENTIONED = "mentioned"
    SPEAKER = "speaker"


class Health(StrEnum):
    """What a strict decode of a recording showed."""

    OK = "ok"
    SUSPECT = "suspect"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of an episode: the atom that quotes, passages and citations hold.

    `start` and `end` are None where the source has no times (a brief, an untimed transcript).
    `exact` is False where they were interpolated between sparse marks.
    """

    episode_id: str
    start: float | None = None
    end: float | None = None
    exact: bool = True

    def __post_init__(self) -> None:
        if (self.start is None) != (self.end is None):
            raise ValueError("a span has both times or neither")
        if self.start is not None and self.end is not None and not 0 <= self.start <= self.end:
            raise ValueError(f"a span runs forward from 0, not {self.start}-{self.end}")


@dataclass(frozen=True, slots=True)
class Show:
    """A podcast. `id` is a slug of the title."""

    id: str
    title: str
    feed_url: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in an episode, `about` as the source puts it ("Partner at Redpoint")."""

    name: str
    role: Role
    about: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A titled stretch of an episode; the last one's end is unknown unless the duration is."""

    title: str
    start: float
    end: float | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """One heard word with its times; `probability` is the recogniser's own, 0 to 1."""

    text: str
    start: float
    end: float
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text by one speaker, as its source cut it. Never cleaned in place.

    `line` is the 1-based line of the source document; `exact` is False for interpolated times.
    """

    text: str
    speaker: str | None = None
    start: float | None = None
    end: float | None = None
    exact: bool = True
    line: int | None = None
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document came from.

    `kind` is `whisper`, `publisher` (offered by the feed), `file` or `model`;
    `detail` names the engine and its settings, or the file.
    """

    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """The raw words, immutable. `language` is a BCP 47 code where known.

    `basis` is the sha256 of the audio that its times count in, None where they are a publisher's
    or a file's own: inserted adverts shift those against the audio that is played. `doubted` are
    the (start, end) of what a recogniser heard and is not believed: it is left out.
    """

    segments: tuple[Segment, ...]
    origin: Origin
    language: str | None = None
    basis: str | None = None
    doubted: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Notes:
    """Show notes line by line; chapter lines carry the chapter's times."""

    segments: tuple[Segment, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Theme:
    """A numbered item of a brief: a title, what is said of it, and the quote it claims (or "")."""

    title: str
    text: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Thesis:
    """An investment thesis of a brief. Missing parts are empty, never made up."""

    title: str
    problem: str = ""
    solution: str = ""
    quote: str = ""
    opportunity: str = ""
    companies: str = ""


@dataclass(frozen=True, slots=True)
class Entity:
    """A company or person that a brief names, with what it was mentioned as."""

    name: str
    mentioned_as: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Idea:
    """A blog-post idea: title, thesis, quote."""

    title: str
    thesis: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """The seven sections. Its quotes are claims until `kb.seal` has checked them.

    `segments` is the source text line by line: what is indexed and cited.
    """

    overview: str
    topics: tuple[Theme, ...]
    conclusion: str
    themes: tuple[Theme, ...]
    theses: tuple[Thesis, ...]
    observations: tuple[Theme, ...]
    entities: tuple[Entity, ...]
    posts: tuple[str, ...]
    ideas: tuple[Idea, ...]
    segments: tuple[Segment, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode. `key` is its identity (see `kb.identity`), `id` a readable slug of it.

    `audio` and `playback` are the sha256 of stored artefacts; `tiers` says which documents it has.
    `health` is None where no audio was checked, `withdrawn` the day its feed was seen without it.
    """

    id: str
    key: str
    title: str
    show: Show
    published: date | None = None
    duration: float | None = None
    link: str | None = None
    audio_url: str | None = None
    summary: str = ""
    people: tuple[Person, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    audio: str | None = None
    playback: str | None = None
    tiers: tuple[Tier, ...] = ()
    warnings: tuple[str, ...] = ()
    health: Health | None = None
    withdrawn: date | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A searchable piece of one speaker's turn, word for word.

    `first` and `last` are the ordinals of its sentences within (episode, tier), `turn` the ordinal
    of the turn that holds them, `line` the line of the source document where it has lines.
    """

    id: str
    span: Span
    tier: Tier
    unit: Unit
    text: str
    first: int
    last: int
    turn: int
    speaker: str | None = None
    line: int | None = None


class Want(StrEnum):
    """The kind of answer that a question asks for, where it asks for one."""

    MOMENT = "moment"
    NUMBER = "number"
    OWN_WORDS = "own words"
    HOST = "host"


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name in a question, folded, with the library's spellings of what sounds like it."""

    text: str
    spellings: tuple[str, ...]
    person: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was asked and as it was understood.

    `mended` has misspelt names put right; `terms` are the words to look for, with weights.
    """

    text: str
    mended: str
    terms: Mapping[str, float]
    names: tuple[Name, ...] = ()
    wants: frozenset[Want] = frozenset()


@dataclass(frozen=True, slots=True)
class Filters:
    """What a person narrows a search to; None or empty means everything."""

    show: str | None = None
    person: str | None = None
    since: date | None = None
    until: date | None = None
    tiers: frozenset[Tier] = frozenset()
    episode: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """`Filters` resolved against the library; None means no restriction.

    `speakers` holds the labels to accept; None among them accepts passages without a speaker.
    """

    episodes: frozenset[str] | None = None
    tiers: frozenset[Tier] | None = None
    speakers: frozenset[str | None] | None = None

    @property
    def everything(self) -> bool:
        """Tell whether nothing is filtered out."""
        return self.episodes is None and self.tiers is None and self.speakers is None


@dataclass(frozen=True, slots=True)
class Score:
    """A passage's id and how well one index likes it; more is better."""

    passage_id: str
    value: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A found passage with its fused score and what it was made of.

    `words` is its BM25 score (0 where no word matched), `meaning` its cosine similarity.
    """

    passage: Passage
    episode: Episode
    score: float
    words: float = 0.0
    meaning: float = 0.0


class QuoteStatus(StrEnum):
    """What the seal found, see docs/architecture.md."""

    VERBATIM = "verbatim"
    HEARD_ALIKE = "heard-alike"
    STITCHED = "stitched"
    ALTERED = "altered"
    ABSENT = "absent"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Difference:
    """Words that a claimed quote and its source do not share, and of which kind they are."""

    kind: str
    claimed: str
    heard: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A claimed quote after the check. Made by `kb.seal` alone.

    `source` is the words as heard; `span` and `speaker` say where; None where nothing was found.
    `first` and `last` are its sentence ordinals. `pieces` are those of a stitched one, each sealed.
    """

    claim: str
    status: QuoteStatus
    source: str | None = None
    span: Span | None = None
    speaker: str | None = None
    first: int | None = None
    last: int | None = None
    differences: tuple[Difference, ...] = ()
    pieces: tuple["Quote", ...] = ()

    @property
    def quotable(self) -> bool:
        """Tell whether it may be shown between quotation marks."""
        return self.status in (QuoteStatus.VERBATIM, QuoteStatus.HEARD_ALIKE)


class Mark(StrEnum):
    """How a sentence that we show is backed."""

    QUOTED = "quoted"
    SUPPORTED = "supported"
    OWN_VIEW = "own view"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered place that backs a claim; `text` is word for word what is there.

    `first` and `last` are sentence ordinals within (episode, tier), so that a page can mark them.
    `link` opens at that second; None where the source has no address. `suspect` means that the
    recording is damaged or shorter than it should be, so its times may be off.
    """

    number: int
    passage_id: str
    span: Span
    tier: Tier
    text: str
    first: int
    last: int
    episode_title: str
    show_title: str
    speaker: str | None = None
    line: int | None = None
    link: str | None = None
    suspect: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence (or run of verbatim sentences) of a text we show, with the citations it rests on.

    `quotes` are those found in it, sealed; `why` says what its sources do not carry.
    """

    text: str
    mark: Mark
    citations: tuple[int, ...] = ()
    quotes: tuple[Quote, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, whole at construction: numbers run 1..n and every claim's numbers exist.

    No claims means "not on the record"; `reason` then says why and `nearest` holds what came close.
    """

    question: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    nearest: tuple[Hit, ...] = ()
    reason: str = ""
    writer: str = ""
    remarks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        numbers = [citation.number for citation in self.citations]
        if numbers != list(range(1, len(numbers) + 1)):
            raise ValueError("citations are numbered 1..n")
        used = {number for claim in self.claims for number in claim.citations}
        if used != set(numbers):
            raise ValueError("every citation backs a claim and every claim's number exists")
        if not self.claims and not self.reason:
            raise ValueError("an answer without claims says why")

    @property
    def abstained(self) -> bool:
        """Tell whether the library holds no answer."""
        return not self.claims


@dataclass(frozen=True, slots=True)
class Statement:
    """What a writer proposes: text, and the passages it says the text rests on. Not yet checked.

    `quoted` means the text is meant word for word.
    """

    text: str
    passage_ids: tuple[str, ...]
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A writer's proposal: statements in order, or none and the reason."""

    statements: tuple[Statement, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """All that one episode contributes to the library, written in one transaction.

    `also` holds further keys that it is known by.
    """

    episode: Episode
    documents: Mapping[Tier, Transcript | Notes | Brief]
    passages: tuple[Passage, ...]
    also: tuple[str, ...] = ()
