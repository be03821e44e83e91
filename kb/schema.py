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
)

VERSION = "0002"
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
