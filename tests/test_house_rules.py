"""Rules of this house that no outside tool checks."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from kb import schema
from tests.conftest import ROOT

_ROOMS = ("kb", "ingest", "eval", "ui")
MODULES = sorted(path for room in _ROOMS for path in (ROOT / room).rglob("*.py"))
FAKES = sorted((ROOT / "tests").glob("fakes*.py"))
_LONGEST = 400

over_all_modules = pytest.mark.parametrize(
    "module", MODULES, ids=lambda path: str(path.relative_to(ROOT))
)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Yield the full name of everything that a module imports, late imports too."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_the_rules_look_at_all_the_code() -> None:
    assert {ROOT / "kb/seal.py", ROOT / "ui/wiring.py", ROOT / "ingest/pipeline.py"} <= set(MODULES)


@over_all_modules
def test_a_module_is_no_longer_than_a_sitting(module: Path) -> None:
    # The domain stays on one page: it is read as a whole, and it holds no logic.
    longest = 500 if module == ROOT / "kb/models.py" else _LONGEST
    assert len(module.read_text("utf-8").splitlines()) <= longest


@over_all_modules
def test_only_the_seal_makes_quotes(module: Path) -> None:
    made = [
        node
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "Quote"
    ]
    assert bool(made) == (module == ROOT / "kb/seal.py")


@over_all_modules
def test_what_is_caught_is_named(module: Path) -> None:
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else "everything"
            assert not re.search(r"\b(?:everything|Exception)\b", caught)
            again = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
            assert "BaseException" not in caught or again


@over_all_modules
def test_only_the_wiring_chooses_adapters(module: Path) -> None:
    adapters = [name for name in imports(module) if re.match(r"(?:kb|ingest)\.adapters\b", name)]

    beside = all(name.startswith(f"{module.parent.parent.name}.adapters.") for name in adapters)
    chooses = module in {ROOT / "ui/engines.py", ROOT / "ui/wiring.py"}
    assert not adapters or chooses or module.parent.name == "adapters"
    assert beside or chooses


@pytest.mark.parametrize(
    "module",
    [each for each in MODULES if each.parent.name != "adapters" and each.name != "rows.py"],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_what_leaves_an_adapter_has_a_type(module: Path) -> None:
    annotations = [
        ast.unparse(node) for node in ast.walk(tree(module)) if isinstance(node, ast.Subscript)
    ]
    assert not [each for each in annotations if re.match(r"(?:dict|Mapping)\[str, Any\]", each)]


@over_all_modules
def test_no_html_is_let_through(module: Path) -> None:
    names = [node.arg for node in ast.walk(tree(module)) if isinstance(node, ast.keyword)]

    assert "unsafe_allow_html" not in names


def test_no_folder_is_named_pages() -> None:
    """Streamlit takes such a folder for pages of its own."""
    assert [path for room in _ROOMS for path in (ROOT / room).rglob("pages")] == []


def test_the_schemas_version_is_the_newest_migration() -> None:
    versions = sorted(path.stem for path in (ROOT / "kb/migrations/versions").glob("[0-9]*.py"))

    assert versions
    assert versions[-1].partition("_")[0] == schema.VERSION


# Ports


def classes(path: Path) -> dict[str, ast.ClassDef]:
    return {node.name: node for node in tree(path).body if isinstance(node, ast.ClassDef)}


def members(made: ast.ClassDef) -> set[str]:
    """Give the names of methods, fields, and attributes that `__init__` sets."""
    methods = {node.name: node for node in made.body if isinstance(node, ast.FunctionDef)}
    fields = {ast.unparse(node.target) for node in made.body if isinstance(node, ast.AnnAssign)}
    start = methods.get("__init__")
    stored = (
        node.attr
        for node in (ast.walk(start) if start else ())
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    )
    return {*methods, *fields, *stored}


def wanted(made: ast.ClassDef) -> set[str]:
    return {name for name in members(made) if not name.startswith("_")}


def is_protocol(made: ast.ClassDef) -> bool:
    return "Protocol" in map(ast.unparse, made.bases)


PORTS = {
    name: made
    for path in (ROOT / "kb/ports.py", ROOT / "ingest/ports.py")
    for name, made in classes(path).items()
    if is_protocol(made)
}


@pytest.mark.parametrize("port", PORTS)
def test_every_port_has_an_adapter(port: str) -> None:
    adapters = [
        name
        for path in MODULES
        for name, made in classes(path).items()
        if not is_protocol(made) and wanted(PORTS[port]) <= members(made)
    ]
    assert adapters


@pytest.mark.parametrize("port", PORTS)
def test_every_port_has_one_fake(port: str) -> None:
    fakes = {name: made for path in FAKES for name, made in classes(path).items()}

    assert f"Fake{port}" in fakes
    assert wanted(PORTS[port]) <= members(fakes[f"Fake{port}"])
