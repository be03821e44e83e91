"""An invented episode of two topics, long enough for a brief, with a sponsor read in its middle."""

from dataclasses import replace

from ingest.matter import Matter
from kb.models import Chapter, Entry, Passage, Person, Role, Tier, Unit
from tests.samples import INES, MARA, entry, episode, notes, transcript

PROBLEM = "The biggest problem for small farms is that a harvest robot is too expensive to buy."
SOLUTION = "We built a platform at Furrow that lets farms rent a harvest robot by the acre."
OPPORTUNITY = "The whole market for a harvest robot is going to be 4 billion dollars in five years."
FIGURE = "A harvest robot at Furrow picks 40 percent more melons than a tired crew does."
DESCRIBED = "Ines Okafor rents robots to farms and explains why grain silos explode every summer."
READ = (
    "This episode is brought to you by Larder.",
    "Larder keeps your team fed with a harvest robot of snacks for 9 dollars a month.",
    "Visit larder.com slash desk and use our code DESK for your first box.",
)
_ROBOTS = (
    "A harvest robot sees melons with two cameras and a lamp.",
    "Melons bruise when a harvest robot grips them with cold fingers.",
    "Every harvest robot at Furrow learns from melons that were dropped.",
    "Farmers drive a harvest robot with the same lever as a tractor.",
    "Ripe melons sound hollow, and a harvest robot listens for it.",
)
_SILOS = (
    "Grain dust in silos burns faster than petrol does.",
    "Sensors in silos measure grain dust every minute of the night.",
    "Most silos vent grain dust through one narrow chimney.",
    "Old silos store grain dust in corners that no broom reaches.",
    "Inspectors close silos when grain dust covers a white plate.",
)


def _turns() -> list[tuple[str | None, str]]:
    robots: list[tuple[str | None, str]] = [(INES, text) for text in _ROBOTS]
    silos: list[tuple[str | None, str]] = [(INES, text) for text in _SILOS]
    return [
        (MARA, "Welcome to the show, Ines."),
        *(robots * 2),
        (INES, PROBLEM),
        (MARA, "So what did you do?"),
        (INES, SOLUTION),
        (INES, OPPORTUNITY),
        *robots,
        (INES, FIGURE),
        *((MARA, text) for text in READ),
        (MARA, "And what of the silos?"),
        *(silos * 3),
        (MARA, "Thank you for listening to our show."),
    ]


TALK = entry(
    replace(
        episode("Robots and silos", "The Night Desk"),
        audio_url="https://cdn.example/robots.mp3",
        duration=300.0,
        people=(Person(MARA, Role.HOST), Person(INES, Role.GUEST, "Founder of Furrow")),
    ),
    {
        Tier.TRANSCRIPT: transcript(*_turns()),
        Tier.NOTES: notes(DESCRIBED, "- https://furrow.example"),
    },
)
CHAPTERS = (
    Chapter("Robots that pick", 0, 120),
    Chapter("Sponsor: Larder", 120, 144),
    Chapter("Silos that burn", 144, 300),
)


def sentences(held: Entry, tier: Tier = Tier.TRANSCRIPT) -> tuple[Passage, ...]:
    """Give an entry's sentences of a tier."""
    return tuple(p for p in held.passages if p.unit is Unit.SENTENCE and p.tier is tier)


def matter(held: Entry = TALK) -> Matter:
    """Give what a brief of an entry is made of."""
    heard, noted = sentences(held), sentences(held, Tier.NOTES)
    return Matter(held.episode, heard or noted, noted, {})
