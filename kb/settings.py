"""Every setting: an environment variable SOUNDPROOF_*, a line of soundproof.toml, or the default."""

from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Literal

import platformdirs
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings.exceptions import SettingsError as SourceSettingsError

from kb.errors import SettingsError


class Settings(BaseSettings):
    """Where things are kept and which engines are used; docs/settings.md says each in a line."""

    model_config = SettingsConfigDict(
        env_prefix="SOUNDPROOF_", frozen=True, extra="forbid", toml_file="soundproof.toml"
    )

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("soundproof", appauthor=False)),
        description="Folder of the library, its files and its indexes.",
    )
    database_url: str = Field(
        default="", description="SQLAlchemy URL of the library; empty: SQLite in `home`."
    )
    device: Literal["auto", "cpu", "cuda"] = Field(
        default="auto", description="Where models run; auto: a GPU when there is one."
    )
    threads: int = Field(default=0, ge=0, description="CPU threads for models; 0: all cores.")
    whisper_engine: Literal["auto", "faster-whisper", "openai-whisper"] = Field(
        default="auto", description="Speech recogniser; auto: faster-whisper."
    )
    whisper_model: str = Field(
        default="auto",
        description="Model name or folder; auto: large-v3-turbo on a GPU, base on a CPU.",
    )
    language: str = Field(default="", description="Language of the audio; empty: detected.")
    embedder: str = Field(
        default="sentence-transformers/all-MiniLM-L6-v2",
        description="Model that turns text into vectors.",
    )
    embedder_runtime: Literal["auto", "onnx", "torch"] = Field(
        default="auto", description="What runs it; auto: ONNX for MiniLM on a CPU, else torch."
    )
    offline: bool = Field(
        default=False, description="Never ask a model hub; only packaged or cached weights."
    )
    writer: Literal["extractive", "openai"] = Field(
        default="extractive",
        description="Who words answers: verbatim sentences, or an OpenAI-compatible model.",
    )
    llm_url: str = Field(
        default="http://127.0.0.1:11434/v1", description="Base URL of the OpenAI-compatible server."
    )
    llm_model: str = Field(default="", description="Model name on that server.")
    llm_api_key: SecretStr = Field(
        default=SecretStr(""), description="Its key; kept out of logs and output."
    )
    llm_context_window: int = Field(default=8192, ge=1024, description="Its context, in tokens.")
    llm_timeout: float = Field(default=120, gt=0, description="Seconds to wait for it.")
    critic_model: str = Field(
        default="",
        description="Another model on that server, which objects to drafts; empty: rules do.",
    )
    fetch_allow: tuple[str, ...] = Field(
        default=(), description="host:port pairs that may be fetched although they are private."
    )
    fetch_limit_mb: int = Field(default=2048, ge=1, description="Largest download, in MB.")
    fetches: int = Field(default=4, ge=1, description="Downloads at once, by the worker.")
    sync_hours: float = Field(
        default=6, ge=0, description="Hours between readings of a followed feed; 0: never."
    )
    artefacts_url: str = Field(
        default="", description="fsspec address of audio and artefacts; empty: in `home`."
    )
    chroma_url: str = Field(
        default="",
        description="URL of a Chroma server; empty: a folder in `home`, shared by itself.",
    )
    ui_host: str = Field(default="127.0.0.1", description="Address the app listens on.")
    ui_port: int = Field(default=8501, ge=1, le=65535, description="Port the app listens on.")
    ui_url: str = Field(
        default="", description="Where people find the app; empty: at its host and port."
    )
    ui_hosts: tuple[str, ...] = Field(
        default=(), description="Further names that the app answers to."
    )
    oidc_metadata_url: str = Field(
        default="", description="Sign-in: the provider's openid-configuration."
    )
    oidc_client_id: str = Field(default="", description="Sign-in: what the provider calls us.")
    oidc_client_secret: SecretStr = Field(
        default=SecretStr(""), description="Sign-in: our secret there; kept out of logs and output."
    )
    oidc_allow: tuple[str, ...] = Field(
        default=(), description="Sign-in: who may come in, as ada@example.org or @example.org."
    )
    oidc_hours: float = Field(
        default=12, gt=0, description="Sign-in: hours until the next one is due."
    )
    cookie_secret: SecretStr = Field(
        default=SecretStr(""), description="Sign-in: signs cookies; empty: anew at each start."
    )

    @property
    def database(self) -> str:
        """Give the library's URL with the default filled in."""
        return self.database_url or f"sqlite:///{self.home / 'library.sqlite'}"

    @property
    def queue(self) -> str:
        """Give the URL of the database that holds the queue: the library's, if that is a server."""
        return self.database_url or f"sqlite:///{self.home / 'queue.sqlite'}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take arguments first, then the environment, then soundproof.toml of the working folder."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load() -> Settings:
    """Read the settings.

    Raises:
        SettingsError: naming each setting that makes no sense.
    """
    try:
        return Settings()
    except (SourceSettingsError, TOMLDecodeError) as error:
        raise SettingsError(
            f"A setting cannot be read: {error}",
            hint="Lists are JSON: SOUNDPROOF_FETCH_ALLOW='[\"127.0.0.1:8080\"]'.",
        ) from error
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()
        )
        raise SettingsError(
            f"A setting makes no sense: {faults}", hint="docs/settings.md lists them all."
        ) from error
