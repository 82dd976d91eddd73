"""The settings of media: in a folder, or in a bucket of a service that speaks S3."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from api.settings import types
from api.settings.rows import setting

EXAMPLE = "s3://bucket?region=eu-west-3, or s3://bucket/folder?endpoint=https://s3.example.org&region=auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketAddress:
    """`prefix` stands before each key, `endpoint` is that of AWS if it is empty.

    Credentials are no part of it: they come from the environment, so that no log shows them.
    """

    name: str
    prefix: str = ""
    endpoint: str = ""
    region: str = ""

    def __str__(self) -> str:
        options = {name: value for name in _OPTIONS if (value := getattr(self, name))}
        place = f"s3://{self.name}" + (f"/{self.prefix}" if self.prefix else "")
        return f"{place}?{urlencode(options, safe=':/')}" if options else place


_OPTIONS = ("endpoint", "region")


def _media(text: str) -> BucketAddress | Path:
    if "://" not in text:
        return Path(text).absolute()
    # Nothing of the text is repeated: it may hold a secret.
    parts, options = urlsplit(text), dict(parse_qsl(urlsplit(text).query, keep_blank_values=True))
    if parts.scheme != "s3" or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{1,62}", parts.netloc):
        raise ValueError(f"it is neither a folder nor the address of a bucket, such as {EXAMPLE}")
    if set(options) - set(_OPTIONS) or parts.fragment:
        raise ValueError(
            "the address of a bucket has endpoint and region alone;"
            " credentials are read from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        )
    endpoint, prefix = options.get("endpoint", ""), parts.path.strip("/")
    if endpoint and not re.fullmatch(r"https?://[A-Za-z0-9.\[\]:-]+/?", endpoint):
        raise ValueError("its endpoint is not the origin of a server, such as https://s3.example.org")
    if not re.fullmatch(r"[A-Za-z0-9._-]*(/[A-Za-z0-9._-]+)*", prefix) or ".." in prefix:
        raise ValueError("the folder in its bucket has a name of letters, digits, dots, dashes and slashes")
    if not re.fullmatch(r"[A-Za-z0-9-]*", options.get("region", "")):
        raise ValueError("its region is not a name, such as eu-west-3")
    if find_spec("obstore") is None:
        raise ValueError("a bucket needs a package: pip install 'kiosque-server[s3]'")
    return BucketAddress(
        name=parts.netloc, prefix=prefix, endpoint=endpoint.rstrip("/"), region=options.get("region", "")
    )


PLACE = types.SettingType("folder or URL", _media)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaSettings:
    """The choices of where media are, and how large."""

    media_url: BucketAddress | Path | None = setting(
        "KIOSQUE_MEDIA_URL",
        PLACE,
        lambda _: None,
        "folder of what is uploaded, or `s3://bucket?endpoint=…&region=…`",
        shown="`<KIOSQUE_DATA>/media`",
    )
    media_public_url: str = setting(
        "KIOSQUE_MEDIA_PUBLIC_URL",
        types.WEB_URL,
        lambda _: "",
        "address that pictures are served at, if not by Kiosque itself: of a CDN, or of the bucket's `sizes`",
        shown="`<KIOSQUE_URL>/media`",
    )
    file_bytes: int = setting(
        "KIOSQUE_FILE_BYTES",
        types.count(0, 2**40),
        "2147483648",
        "most bytes of a file to sell; a picture has at most 25 MB",
    )
