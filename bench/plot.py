"""The ratios as a picture: a point for each median, a line from the lowest round to the highest."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from bench.promises import TIMES, Finding

ROW, TOP, LEFT, WIDTH, RIGHT = 22, 46, 400, 420, 120
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 } .group { font-weight: 600 } .scale { fill: #59636e }
.grid { stroke: #d1d9e0 } .one { stroke: #59636e } .range { stroke-width: 3; stroke-linecap: round }
.kept { stroke: #1a7f37; fill: #1a7f37 } .missed { stroke: #cf222e; fill: #cf222e }
.told { stroke: #0969da; fill: #0969da } .limit { stroke: #1f2328; stroke-width: 2 }
text.kept, text.missed, text.told { stroke: none }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc } .scale { fill: #9198a1 } .grid { stroke: #3d444d } .one { stroke: #9198a1 }
  .kept { stroke: #3fb950; fill: #3fb950 } .missed { stroke: #f85149; fill: #f85149 }
  .told { stroke: #4493f8; fill: #4493f8 } .limit { stroke: #f0f6fc }
}
"""


def drawn(findings: Sequence[Finding]) -> str:
    """An SVG of the findings that are ratios, on a logarithmic scale."""
    ratios = [finding for finding in findings if finding.unit == TIMES]
    groups = list(dict.fromkeys(finding.group for finding in ratios))
    height = TOP + ROW * (len(ratios) + len(groups)) + 16
    width = LEFT + WIDTH + RIGHT
    scale = _Scale([value for finding in ratios for value in (*finding.values, finding.median)])
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        ' aria-label="Ratios: median, and range over the rounds">',
        f"<style>{STYLE}</style>",
        *_grid(scale, height),
    ]
    y = TOP
    for group in groups:
        lines.append(f'<text class="group" x="8" y="{y + 15}">{escape(group)}</text>')
        y += ROW
        for finding in (ratio for ratio in ratios if ratio.group == group):
            lines += _row(finding, scale, y)
            y += ROW
    return "\n".join([*lines, "</svg>", ""])


class _Scale:
    """Where a ratio is, from left to right."""

    def __init__(self, values: Sequence[float]) -> None:
        marks = [step * 10.0**power for power in range(-4, 5) for step in (1, 2, 5)]
        first = max(mark for mark in marks if mark <= min([*values, 0.5]))
        last = min(mark for mark in marks if mark >= max([*values, 20]))
        self.marks = [mark for mark in marks if first <= mark <= last]

    def __call__(self, ratio: float) -> float:
        first, last = math.log10(self.marks[0]), math.log10(self.marks[-1])
        return LEFT + WIDTH * (math.log10(ratio) - first) / (last - first)


def _grid(scale: _Scale, height: int) -> Iterator[str]:
    for mark in scale.marks:
        x = scale(mark)
        kind = "one" if mark == 1 else "grid"
        yield f'<line class="{kind}" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 12}" y2="{height - 8}"/>'
        yield f'<text class="scale" x="{x:.1f}" y="{TOP - 20}" text-anchor="middle">{mark:g}</text>'


def _row(finding: Finding, scale: _Scale, y: int) -> Iterator[str]:
    middle = y + 11
    kind = {True: "kept", False: "missed", None: "told"}[finding.kept]
    low, high, point = (scale(ratio) for ratio in (min(finding.values), max(finding.values), finding.median))
    limit = finding.at_least if finding.at_least is not None else finding.at_most
    yield f'<text x="20" y="{y + 15}">{escape(finding.what)}</text>'
    yield f'<line class="range {kind}" x1="{low:.1f}" x2="{high:.1f}" y1="{middle}" y2="{middle}"/>'
    yield f'<circle class="{kind}" cx="{point:.1f}" cy="{middle}" r="5"/>'
    told = f"× {finding.median:.2f}"
    if limit is not None:
        x = scale(limit)
        yield f'<line class="limit" x1="{x:.1f}" x2="{x:.1f}" y1="{y + 2}" y2="{y + 20}"/>'
        told += f" ({'≥' if finding.at_least is not None else '≤'} {limit:g})"
    yield f'<text class="{kind}" x="{LEFT + WIDTH + 8}" y="{y + 15}">{told}</text>'
