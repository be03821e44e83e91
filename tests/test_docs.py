"""Docs and code say the same: commands, options, settings, dependencies, modules, paths, links.

A block fenced as `console run` is run in an empty library, see CONTRIBUTING.md.
"""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import pytest
import typer.main
from pydantic import SecretStr
from typer.core import TyperGroup

from kb.settings import Settings
from tests.conftest import ROOT
from ui import cli

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "examples" / "README.md"])
README = (ROOT / "README.md").read_text("utf-8")
CLI = (ROOT / "docs" / "cli.md").read_text("utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text("utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
DEPENDENCIES = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
_PATH = re.compile(r"`((?:kb|ingest|eval|ui|tests|docs|examples|benchmarks)/[\w./-]*)`")
_LINK = re.compile(r"\]\((?!https?:)([^)#]*)(#[^)]*)?\)")
_MAKE = re.compile(r"^\$ make ([a-z]+)|`make ([a-z]+)", re.MULTILINE)
_TREE = re.compile(r"^( *)(\S+)  +\S", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Command:
    """A command that a page shows, the lines it shows of what is printed, and the exit status."""

    page: str
    words: tuple[str, ...]
    said: tuple[str, ...]
    status: int


def commands() -> Iterator[Command]:
    for page in PAGES:
        for block in re.findall(
            r"^```console run\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL
        ):
            for text in block.split("$ ")[1:]:
                called, *lines = text.splitlines()
                said = tuple(line for line in lines if line and not line.startswith("[exit "))
                status = re.search(r"^\[exit (\d+)\]$", text, re.MULTILINE)
                words = tuple(shlex.split(called))
                yield Command(page.name, words, said, int(status[1]) if status else 0)


def sections(text: str) -> Mapping[str, str]:
    """Give each second-level section of a page by its heading."""
    found = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


def rows(text: str) -> list[list[str]]:
    """Give the cells of all table rows, headings included."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def program() -> TyperGroup:
    found = typer.main.get_command(cli.app)
    assert isinstance(found, TyperGroup)
    return found


def options(command: str) -> set[str]:
    """Give the long options of a command or group; of the whole program for the empty name."""
    found = program().commands[command] if command else None
    members = found.commands.values() if isinstance(found, TyperGroup) else [found or program()]
    params = (param for member in members for param in member.params)
    return {name for param in params for name in param.opts if name.startswith("--")}


def command_names() -> set[str]:
    return set(program().commands)


def modules() -> list[str]:
    found = [path for room in ("kb", "ingest", "ui") for path in (ROOT / room).rglob("*.py")]
    names = [path.relative_to(ROOT).as_posix() for path in found if path.name != "__init__.py"]
    return [name for name in names if "/versions/" not in name]


def tree() -> Iterator[str]:
    """Give the paths of the README's file tree, where two spaces are a step down."""
    drawn = sections(README)["What is where"].split("```")[1]
    parents = list[str]()
    for indent, name in _TREE.findall(drawn):
        parents[len(indent) // 2 :] = [name]
        yield "".join(parents)


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


# The command line


@pytest.mark.parametrize("shown", list(commands()), ids=lambda shown: " ".join(shown.words))
def test_a_command_that_is_shown_prints_what_is_shown(shown: Command, tmp_path: Path) -> None:
    name, *arguments = shown.words
    assert name == "soundproof"
    kept = {each: os.environ[each] for each in ("PATH", "LANG") if each in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "ui.cli", *arguments],
        env=kept | {"SOUNDPROOF_HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "COLUMNS": "120"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    printed = done.stdout + done.stderr
    assert done.returncode == shown.status, f"{shown.page}: {printed}"
    for line in shown.said:
        assert line in printed, shown.page


def test_some_commands_are_run() -> None:
    assert len(list(commands())) > 3


def test_every_command_has_its_section() -> None:
    told = {title.removeprefix("soundproof ") for title in sections(CLI) if "soundproof" in title}
    assert told == command_names()


@pytest.mark.parametrize("command", sorted(command_names()))
def test_a_command_s_section_tells_its_options_and_no_others(command: str) -> None:
    assert set(_OPTION.findall(sections(CLI)[f"soundproof {command}"])) >= options(command)
    tables = rows(sections(CLI)[f"soundproof {command}"])
    told = {option for cells in tables for option in _OPTION.findall(cells[0])}
    assert told <= options(command)


def test_the_options_of_every_command_are_told() -> None:
    told = set(_OPTION.findall(sections(CLI)["Options of every command"]))
    assert told == options("") | {"--help"}


def test_commands_in_all_pages_exist() -> None:
    shown = {
        name
        for page in PAGES
        for name in re.findall(
            r"(?:^\$ |`)soundproof ([a-z]+)", page.read_text("utf-8"), re.MULTILINE
        )
    }
    assert shown <= command_names()


# Settings


def test_every_setting_has_its_row_with_default_and_meaning() -> None:
    told = {cells[0]: cells[1:] for cells in rows(SETTINGS) if len(cells) == 3}
    told.pop("variable")
    known = {f"`SOUNDPROOF_{name.upper()}`": name for name in Settings.model_fields}
    assert told.keys() == known.keys()
    for variable, name in known.items():
        field = Settings.model_fields[name]
        default, meaning = told[variable]
        assert meaning == field.description
        if field.default_factory is None:
            assert default == in_words(field.default), variable


def in_words(default: object) -> str:
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    if default in ("", ()):
        return "empty"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def test_settings_in_all_pages_exist() -> None:
    said = "".join(page.read_text("utf-8") for page in PAGES)
    beside = {cells[0].strip("`") for cells in rows(sections(SETTINGS)["Not settings, but read"])}
    known = {f"SOUNDPROOF_{name.upper()}" for name in Settings.model_fields} | beside
    assert set(re.findall(r"SOUNDPROOF_[A-Z_]+", said)) <= known


# Dependencies


def test_every_dependency_has_its_row_under_its_extra() -> None:
    wanted = {"Needed to run": PROJECT["dependencies"]} | PROJECT["optional-dependencies"]
    told = {re.sub(r"^Extra `(\w+)`.*", r"\1", t): s for t, s in sections(DEPENDENCIES).items()}
    for extra, requirements in wanted.items():
        names = {re.split(r"[\[<>=~! ]", requirement)[0] for requirement in requirements}
        table = rows(told[extra])
        assert {cells[0] for cells in table} == {"package"} | names, extra
        assert all(len(cells) == 4 and all(cells) for cells in table)


# Files


def test_every_path_of_the_readme_s_tree_exists() -> None:
    drawn = list(tree())
    assert "kb/adapters/" in drawn
    assert [path for path in drawn if not (ROOT / path).exists()] == []


def test_every_top_level_folder_is_in_the_readme_s_tree() -> None:
    ignored = [line.strip("/") for line in (ROOT / ".gitignore").read_text("utf-8").splitlines()]
    folders = [
        path.name
        for path in ROOT.iterdir()
        if path.is_dir()
        and not path.name.startswith(".")
        and not any(fnmatch(path.name, pattern) for pattern in ignored)
    ]
    assert {f"{name}/" for name in folders} <= set(tree())


def test_every_module_is_named() -> None:
    drawn = set(tree())
    assert [
        name for name in modules() if f"`{name}`" not in ARCHITECTURE and name not in drawn
    ] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_names_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    beside = page.parent if page.parent != ROOT / "docs" else ROOT
    named = [path for path in _PATH.findall(text) if not (ROOT / path).exists()]
    assert [path for path in named if not (beside / path).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_s_links_lead_somewhere(page: Path) -> None:
    for target, anchor in _LINK.findall(page.read_text("utf-8")):
        found = page.parent / target if target else page
        assert found.exists(), target
        if anchor:
            assert anchor[1:] in anchors(found), f"{target}{anchor}"


def test_make_targets_in_all_pages_exist() -> None:
    made = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    told = {a or b for page in PAGES for a, b in _MAKE.findall(page.read_text("utf-8"))}
    assert told
    assert told <= made


def test_the_changelog_begins_with_this_version() -> None:
    newest = next(iter(sections((ROOT / "CHANGELOG.md").read_text("utf-8"))))
    assert newest.split()[0] == PROJECT["version"]
