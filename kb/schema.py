"""The tables of the library. A change here needs a step in kb/migrations/versions and a new VERSION."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

VERSION = "0004"
"""The newest migration that this code knows."""

metadata = MetaData()


def _episode_column(*, primary_key: bool = True) -> Column[str]:
    return Column(
        "episode_id",
        String(120),
        ForeignKey("episodes.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )


shows = Table(
    "shows",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("title", Text, nullable=False),
    Column("feed_url", Text),
)

episodes = Table(
    "episodes",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("show_id", String(64), ForeignKey("shows.id"), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("published", Date),
    Column("duration", Float),
    Column("link", Text),
    Column("audio_url", Text),
    Column("summary", Text, nullable=False),
    Column("audio", String(64)),
    Column("playback", String(64)),
    Column("warnings", JSON, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("health", String(8)),
    Column("withdrawn", Date),
)

aliases = Table(
    "aliases",
    metadata,
    Column("key", Text, primary_key=True),
    _episode_column(primary_key=False),
)
"""Further keys of an episode: its guid of before, its enclosure, the hash of its audio."""

versions = Table(
    "versions",
    metadata,
    _episode_column(),
    Column("kind", String(16), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("noted", Float, nullable=False),
    Column("origin", Text, nullable=False),
)
"""Every audio and transcript that an episode ever had; `noted` in seconds since 1970."""

people = Table(
    "people",
    metadata,
    _episode_column(),
    Column("position", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("about", Text, nullable=False),
)

chapters = Table(
    "chapters",
    metadata,
    _episode_column(),
    Column("position", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("start", Float, nullable=False),
    Column("end", Float),
)

documents = Table(
    "documents",
    metadata,
    _episode_column(),
    Column("tier", String(16), primary_key=True),
    Column("sha256", String(64), nullable=False),
)

passages = Table(
    "passages",
    metadata,
    Column("id", String(180), primary_key=True),
    _episode_column(primary_key=False),
    Column("position", Integer, nullable=False),
    Column("tier", String(16), nullable=False),
    Column("unit", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("start", Float),
    Column("end", Float),
    Column("exact", Boolean, nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("speaker", Text),
    Column("line", Integer),
    Index("passages_in_order", "episode_id", "position"),
)

names = Table(
    "names",
    metadata,
    _episode_column(),
    Column("name", Text, primary_key=True),
    Column("count", Integer, nullable=False),
)

derivations = Table(
    "derivations",
    metadata,
    Column("recipe", Text, primary_key=True),
    Column("sha256", String(64), nullable=False),
)

counter = Table(
    "counter",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("value", Integer, nullable=False),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("url", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("show_id", String(64), nullable=False),
    Column("latest", Integer, nullable=False),
    Column("added", Float, nullable=False),
    Column("checked", Float),
    Column("outcome", Text, nullable=False),
    Column("failures", Integer, nullable=False),
)

offers = Table(
    "offers",
    metadata,
    Column("url", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("digest", String(64), nullable=False),
)
"""What a followed feed listed when it was last read; "" for what was passed over."""

jobs = Table(
    "jobs",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("parcel", String(64), nullable=False),
    Column("origin", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("step", String(16), nullable=False),
    Column("fraction", Float),
    Column("attempt", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("hint", Text, nullable=False),
    Column("episode_id", String(120)),
    Column("created", Float, nullable=False),
    Column("started", Float),
    Column("updated", Float, nullable=False),
)
"""What people see of the queue; times in seconds since 1970, `started` of the step."""

workers = Table(
    "workers",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("host", Text, nullable=False),
    Column("beat", Integer, nullable=False),
)

contestants = Table(
    "contestants",
    metadata,
    Column("name", Text, primary_key=True),
    Column("fingerprint", String(12), nullable=False),
    Column("settings", JSON, nullable=False),
    Column("registered", Float, nullable=False),
)
"""Ways of answering; without settings where only an import named one.

From here on rows are only ever added: what was made, drawn and voted is not changed or taken back.
"""

items = Table(
    "items",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
)

pieces = Table(
    "pieces",
    metadata,
    Column("item_id", Text, ForeignKey("items.id"), primary_key=True),
    Column("contestant", Text, ForeignKey("contestants.name"), primary_key=True),
    Column("content", Text, nullable=False),
    Column("frozen", Float, nullable=False),
)
"""What a contestant made of an item, as JSON."""

battles = Table(
    "battles",
    metadata,
    Column("id", Text, primary_key=True),
    Column("item_id", Text, ForeignKey("items.id"), nullable=False, index=True),
    Column("a", Text, ForeignKey("contestants.name"), nullable=False),
    Column("b", Text, ForeignKey("contestants.name"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("repeats", Text, nullable=False),
    Column("shuffled", String(1), nullable=False),
    Column("planted", Text, nullable=False),
    Column("style", JSON, nullable=False),
    Column("propensity", Float, nullable=False),
    Column("voter", Text, nullable=False),
    Column("turn", Integer),
    Column("drawn", Float, nullable=False),
    UniqueConstraint("voter", "turn"),
)
"""What was set before whom, as that voter's battle number `turn`; None for what was imported.

The number is what keeps two tabs from drawing two battles at once. `shuffled` names the side of a
control that `planted` (JSON) stands in for.
"""

votes = Table(
    "votes",
    metadata,
    Column("voter", Text, primary_key=True),
    Column("battle_id", Text, ForeignKey("battles.id"), primary_key=True),
    Column("choice", String(16), nullable=False),
    Column("reading", String(16)),
    Column("reasons", JSON, nullable=False),
    Column("objections", JSON, nullable=False),
    Column("seconds", Float),
    Column("cast", Float, nullable=False),
)

verdicts = Table(
    "verdicts",
    metadata,
    Column("judge", Text, primary_key=True),
    Column("battle_id", Text, ForeignKey("battles.id"), primary_key=True),
    Column("straight", String(16), nullable=False),
    Column("crossed", String(16), nullable=False),
    Column("given", Float, nullable=False),
)
"""What judges that are models said, in both orders: kept apart from people's votes."""

exclusions = Table(
    "exclusions",
    metadata,
    Column("voter", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("excluded", Boolean, nullable=False),
    Column("person", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("noted", Float, nullable=False),
)
"""Who left a voter out of the board, or let them in again, and why; the highest number holds."""

corrections = Table(
    "corrections",
    metadata,
    Column("heard", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("episode_id", String(120), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("source", Text, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("noted", Float, nullable=False),
)
"""What was heard for a name, and the name; in all episodes where `episode_id` is ""."""

relabellings = Table(
    "relabellings",
    metadata,
    _episode_column(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("speaker", Text),
    Column("start", Float),
    Column("words", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("noted", Float, nullable=False),
)
"""Speakers renamed by a person: all turns of a label, or the one line that has these words."""

drafts = Table(
    "drafts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("created", Float, nullable=False),
    Column("updated", Float, nullable=False),
)
"""Drafts as JSON, each whole."""

theses = Table(
    "theses",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("title", Text, nullable=False),
    Column("statement", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("created", Float, nullable=False),
    Column("searched", Integer, nullable=False),
)
"""Theses that are watched; `searched` is the library's revision up to which episodes were read."""

attachments = Table(
    "attachments",
    metadata,
    Column("thesis_id", String(80), ForeignKey("theses.id"), primary_key=True),
    Column("passage_id", String(180), primary_key=True),
    Column("words", Text, nullable=False),
    Column("stance", String(16), nullable=False),
    Column("source", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("noted", Float, nullable=False),
)
"""Passages for, against or beside a thesis; `words` finds them again after a new transcript."""

outcomes = Table(
    "outcomes",
    metadata,
    Column("statement_id", String(80), primary_key=True),
    Column("outcome", String(16), nullable=False),
    Column("person", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("noted", Float, nullable=False),
)
"""What became of a prediction, as a person marked it."""

tokens = Table(
    "tokens",
    metadata,
    Column("name", Text, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("created", Float, nullable=False),
    Column("revoked", Float),
)
"""Who may use the API; of a token only its hash is kept."""
