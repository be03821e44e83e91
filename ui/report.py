"""The arena's board as one HTML file that needs nothing else: interval chart, win matrix, what is open."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ui import cards_arena, printing_arena

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eval.board import Board, Rating
    from eval.tally import Tally
    from ui.sheet import Cell, Table

_STYLE = """
:root { color-scheme: light dark; --ink: #1d2733; --paper: #fff; --line: #d9dfe5; --mark: #23527c }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e3e8ed; --paper: #13181e; --line: #35404b; --mark: #8fbce6 } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; margin: 1rem 0; display: block; overflow-x: auto }
th, td { padding: .3rem .7rem; border-bottom: 1px solid var(--line); text-align: right }
th:first-child, td:first-child { text-align: left }
svg { width: 100%; height: auto } svg text { fill: var(--ink); font-size: 13px }
svg line { stroke: var(--line) } svg .reach { stroke: var(--mark); stroke-width: 2 }
svg circle { fill: var(--mark) }
"""
_ROW, _LEFT, _WIDE, _EDGE = 28, 200, 760, 20
_TICKS = 5


def html(told: Tally, *, made: str) -> str:
    """Write the report; `made` says when, in words."""
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>Arena board</title><style>{_STYLE}</style></head><body>",
            f"<h1>Arena board</h1><p>{escape(made)}</p>",
            *_verdict(told),
            *_board("The board", told.board),
            *(_board("With style left aside", told.controlled) if told.controlled else ()),
            *(
                _board("With the votes of those who are left out", told.everyone)
                if told.everyone
                else ()
            ),
            "</body></html>\n",
        ]
    )


def _verdict(told: Tally) -> Iterator[str]:
    winner, carried = cards_arena.verdict(told)
    yield f"<p><strong>{escape(winner)}</strong> {escape(carried)}</p>"


def _board(title: str, board: Board) -> Iterator[str]:
    yield f"<h2>{escape(title)}</h2>"
    yield f"<p>{escape(cards_arena.basis(board))}</p>"
    yield _chart(board.ratings)
    yield _table(cards_arena.ratings(board))
    for table in (cards_arena.shares(board), cards_arena.surely(board), cards_arena.swaying(board)):
        yield f"<h3>{escape(table.caption)}</h3>"
        yield _table(table)
    open_ = [pair for pair in board.pairs if not pair.separated]
    yield from _listed("Not told apart yet", [printing_arena.plan(pair) for pair in open_])
    if board.unanswered:
        bad = cards_arena.nobody_answers(board, {})
        yield f"<h3>{escape(bad.caption)}</h3>"
        yield _table(bad)


def _table(table: Table) -> str:
    cells = "".join(f'<th scope="col">{escape(each)}</th>' for each in table.head)
    body = "".join(
        f'<tr><th scope="row">{_text(first)}</th>'
        + "".join(f"<td>{_text(each)}</td>" for each in rest)
        + "</tr>"
        for first, *rest in table.rows
    )
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"


def _text(cell: Cell) -> str:
    return escape(cell if isinstance(cell, str) else cell.text)


def _listed(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"<h3>{escape(title)}</h3><ul>"
        yield from (f"<li>{escape(each)}</li>" for each in lines)
        yield "</ul>"


def _chart(ratings: Sequence[Rating]) -> str:
    """Draw each rating with its interval, on one scale."""
    low = min(each.points.low for each in ratings)
    high = max(each.points.high for each in ratings)
    reach = max(high - low, 1.0)

    def at(points: float) -> float:
        return _LEFT + (points - low) / reach * (_WIDE - _LEFT - _EDGE)

    tall = _ROW * (len(ratings) + 1)
    said = "; ".join(f"{each.name} {each.points.value:.0f}" for each in ratings)
    label = escape(f"Points with 95 % intervals: {said}")
    lines = [f'<svg viewBox="0 0 {_WIDE} {tall}" role="img" aria-label="{label}">']
    for tick in (low + reach * n / (_TICKS - 1) for n in range(_TICKS)):
        x = f"{at(tick):.1f}"
        lines.append(f'<line x1="{x}" x2="{x}" y1="0" y2="{tall - _ROW}"/>')
        lines.append(f'<text x="{x}" y="{tall - 8}" text-anchor="middle">{tick:.0f}</text>')
    for row, each in enumerate(ratings):
        y = _ROW * row + _ROW // 2
        ends = f'x1="{at(each.points.low):.1f}" x2="{at(each.points.high):.1f}"'
        lines.append(f'<text x="0" y="{y + 5}">{escape(each.name)}</text>')
        lines.append(f'<line class="reach" {ends} y1="{y}" y2="{y}"/>')
        lines.append(f'<circle cx="{at(each.points.value):.1f}" cy="{y}" r="5"/>')
    return "".join([*lines, "</svg>"])
