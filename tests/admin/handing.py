"""Files handed to the office, as by dropping and pasting, and answers that it never gets."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from tests.admin.office import Office

HANDED = """
    const [place, type, files] = arguments;
    const data = new DataTransfer();
    const bytesOf = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
    for (const [name, kind, text] of files) data.items.add(new File([bytesOf(text)], name, {type: kind}));
    const rest = {bubbles: true, cancelable: true};
    const event = type === "paste" ? new ClipboardEvent(type, {clipboardData: data, ...rest})
      : new DragEvent(type, {dataTransfer: data, ...rest});
    document.querySelector(place).dispatchEvent(event);
"""

LOST = """
    const sends = fetch;
    globalThis.fetch = async (path, options) => {
      const answer = await sends(path, options);
      if (options.method === "GET") return answer;
      globalThis.fetch = sends;
      throw new TypeError("Failed to fetch");
    };
"""


def answers_are_lost(office: Office) -> None:
    """The next thing that is asked for is done, but its answer does not arrive."""
    office.run(LOST)


def png(colour: str) -> bytes:
    """A picture of one colour."""
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(stream, "PNG")
    return stream.getvalue()


def hand(office: Office, type: str, *files: tuple[str, str, bytes], place: str = ".uploads") -> None:
    """Drop or paste these files there: their names, types and bytes."""
    sent = [(name, kind, base64.b64encode(content).decode()) for name, kind, content in files]
    office.run(HANDED, place, type, sent)
