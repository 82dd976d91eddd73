"""The cost of imports: posts a second into a small and a large site, and memory for few and many posts."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

from bench.rows import BODY
from bench.servers import ROOT
from bench.words import text, title

QUARTERS = 4
START = datetime(2020, 1, 1, tzinfo=UTC)
HEAD = (
    '<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Site</title>'
    "<wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>https://example.org</wp:base_site_url>\n"
)
POST = (
    "<item><title>{title}</title><dc:creator>ada</dc:creator><content:encoded><![CDATA[{body}]]>"
    "</content:encoded><wp:post_id>1{number}</wp:post_id><wp:post_date_gmt>{at}</wp:post_date_gmt>"
    "<wp:post_name>post-{number}</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>"
    '<category domain="category" nicename="notes">Notes</category>'
    '<category domain="post_tag" nicename="tag-{tag}">Tag {tag}</category></item>\n'
)


def measure_imports(
    folder: Path, small: Path, large: Path, *, posts: int, say: Callable[[str], None]
) -> dict[str, list[dict[str, float]]]:
    """Posts a second and peak megabytes of `kiosque import`: a tenth and all of them into an empty site, then
    a quarter at a time into the small site and the large one in turn."""
    found: dict[str, list[dict[str, float]]] = {"few": [], "many": [], "small": [], "large": []}
    for name, count in (("few", posts // 10), ("many", posts)):
        found[name].append(_import(folder / name, _export(folder / f"{name}.xml", range(count)), count))
    for number in range(QUARTERS):
        quarter = range(number * posts // QUARTERS, (number + 1) * posts // QUARTERS)
        export = _export(folder / f"{number}.xml", quarter)
        found["small"].append(_import(small, export, len(quarter)))
        found["large"].append(_import(large, export, len(quarter)))
    for name, runs in found.items():
        rates = ", ".join(f"{run['rate']:,.0f}" for run in runs)
        say(f"import, {name:6} {rates} posts/s  at most {max(run['memory'] for run in runs):.0f} MB")
    return found


def _import(data: Path, export: Path, posts: int) -> dict[str, float]:
    command = [sys.executable, "-m", "api", "import", str(export)]
    environ = os.environ | {"KIOSQUE_DATA": str(data)}
    with tempfile.TemporaryFile("w+") as output:
        began = time.monotonic()
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=output)
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, _peak(process.pid))
            time.sleep(0.05)
        seconds = time.monotonic() - began
        output.seek(0)
        said = output.read()
    if process.returncode or not re.search(rf"articles\s+{posts} created", said):
        raise RuntimeError(f"the import of {export} failed: {said}")
    return {"posts": posts, "rate": posts / seconds, "memory": peak}


def _peak(pid: int) -> float:
    """The peak memory of the process in megabytes; `wait` reports a figure that includes its parent's."""
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) * 1024 / 1e6 if found else 0.0


def _export(path: Path, numbers: range) -> Path:
    with path.open("w") as file:
        file.write(HEAD)
        file.writelines(_posts(numbers))
        file.write("</channel></rss>\n")
    return path


def _posts(numbers: range) -> Iterator[str]:
    chance = random.Random(9)
    bodies = [text(chance, BODY) for _ in range(200)]
    for number in numbers:
        at = START + timedelta(hours=number)
        body = f"<p>{number}</p>\n\n{bodies[number % len(bodies)]}"
        words, date = escape(title(chance)), f"{at:%Y-%m-%d %H:%M:%S}"
        yield POST.format(title=words, body=body, number=number, at=date, tag=number % 30)
