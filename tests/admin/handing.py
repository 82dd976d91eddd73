"""Files handed to the office, as by dropping and pasting."""

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


def png(colour: str) -> bytes:
    """A picture of one colour."""
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(stream, "PNG")
    return stream.getvalue()


def hand(office: Office, type: str, *files: tuple[str, str, bytes], place: str = ".uploads") -> None:
    """Drop or paste these files there: their names, types and bytes."""
    sent = [(name, kind, base64.b64encode(content).decode()) for name, kind, content in files]
    office.run(HANDED, place, type, sent)
