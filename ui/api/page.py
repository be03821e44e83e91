"""The OpenAPI description as a page that is plain HTML: it loads nothing and runs nothing."""

from collections.abc import Iterator
from html import escape
from typing import Protocol, cast

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;"
    "color-scheme:light dark}code,h2{font-family:ui-monospace,monospace}h2{font-size:1rem;"
    "margin:2rem 0 0}p{margin:.2rem 0}table{border-collapse:collapse;margin:.4rem 0}"
    "td{padding:.1rem 1rem .1rem 0;vertical-align:top}"
)
Tree = dict[str, object]


class Described(Protocol):
    """What can describe itself as OpenAPI."""

    title: str

    def openapi(self) -> Tree:
        """Give the description."""
        ...


def html(described: Described) -> str:
    """Write the whole page."""
    tree = described.openapi()
    body = "\n".join(_operations(tree))
    title = escape(described.title)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{title}</h1>"
        '<p>For programs: <a href="openapi.json">openapi.json</a>. A token is sent as '
        "<code>Authorization: Bearer …</code>; make one with "
        f"<code>soundproof token new NAME</code>.</p>{body}</main></body></html>"
    )


def _operations(tree: Tree) -> Iterator[str]:
    for path, methods in _of(tree, "paths").items():
        for method, told in cast("Tree", methods).items():
            operation = cast("Tree", told)
            yield f"<h2>{escape(method.upper())} {escape(path)}</h2>"
            yield f"<p>{escape(str(operation.get('description', '')))}</p>"
            yield _table(_parameters(operation))
            yield _table(_fields(tree, operation))


def _parameters(operation: Tree) -> Iterator[tuple[str, str, str]]:
    for each in cast("list[Tree]", operation.get("parameters", [])):
        needed = "needed" if each.get("required") else ""
        yield str(each["name"]), f"{each['in']} {needed}".strip(), str(each.get("description", ""))


def _fields(tree: Tree, operation: Tree) -> Iterator[tuple[str, str, str]]:
    """Yield the fields of the JSON that an operation takes."""
    content = _of(_of(operation, "requestBody"), "content")
    schema = _of(_of(content, "application/json"), "schema")
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    shape = _of(_of(_of(tree, "components"), "schemas"), name)
    needed = cast("list[str]", shape.get("required", []))
    for field in _of(shape, "properties"):
        yield field, "body needed" if field in needed else "body", ""


def _table(rows: Iterator[tuple[str, str, str]]) -> str:
    drawn = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td>{escape(kind)}</td><td>{escape(what)}</td></tr>"
        for name, kind, what in rows
    )
    return f"<table>{drawn}</table>" if drawn else ""


def _of(tree: Tree, name: str) -> Tree:
    return cast("Tree", tree.get(name, {}))
