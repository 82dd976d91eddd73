"""The dates of three systems in UTC: an unknown one is None, a malformed one a ValueError."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_SQL = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"(?:[ T](?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
    r"(?P<zone>Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)
_MAIL_YEAR = re.compile(r" \d{4} \d{2}:\d{2}")  # the parser takes the year -0001 of drafts for 2000
_EPOCH = re.compile(r"\d{9,14}", re.ASCII)
_MOST_SECONDS = 10**11  # as seconds the year 5138, as milliseconds 1973
_JAVASCRIPT = re.compile(
    r"\w{3} (?P<month>\w{3}) (?P<day>\d{2}) (?P<year>\d{4}) (?P<time>\d{2}:\d{2}:\d{2})"
    r"(?: GMT(?P<zone>[+-]\d{4}))?",
    re.ASCII,
)


def moment(text: str) -> datetime | None:
    """An SQL date, UTC unless it has a zone; None if empty or zero, ValueError if malformed."""
    text = text.strip()
    if not text or text.startswith("0000-00-00"):
        return None
    match = _SQL.fullmatch(text)
    if not match:
        raise ValueError(f"“{text[:100]}” is not a date")
    zone, fields = match["zone"], {k: int(v or 0) for k, v in match.groupdict().items() if k != "zone"}
    try:
        value = datetime(**fields, tzinfo=UTC)
        if zone and zone != "Z":
            offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
            value = value - offset if zone[0] == "+" else value + offset
    except (ValueError, OverflowError) as error:
        raise ValueError(f"“{text}” is not a date") from error
    return value


def moment_or_epoch(value: str | int | None) -> datetime | None:
    """As `moment`, or as in old Ghost files: (milli)seconds since 1970, RFC 5322, as JavaScript prints it."""
    if value is None:
        return None
    if isinstance(value, int) or _EPOCH.fullmatch(value):
        number = int(value)
        try:
            return datetime.fromtimestamp(number if abs(number) < _MOST_SECONDS else number / 1000, UTC)
        except (OverflowError, OSError, ValueError) as error:
            raise ValueError(f"{value} is not a time") from error
    if js := _JAVASCRIPT.match(value):
        return mail_date(f"{js['day']} {js['month']} {js['year']} {js['time']} {js['zone'] or '+0000'}")
    return mail_date(value) or moment(value)


def first_known(*texts: str) -> datetime | None:
    """The first of several dates that can be read: WordPress fills unset ones with nonsense."""
    for text in texts:
        try:
            if known := moment(text):
                return known
        except ValueError:
            continue
    return None


def mail_date(text: str) -> datetime | None:
    """An RFC 5322 date in UTC, None where it is nonsense, as on drafts of WordPress."""
    if not _MAIL_YEAR.search(text):
        return None
    try:
        value = parsedate_to_datetime(text)
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def end_of(text: str) -> datetime | None:
    """When something ends on a date: with a time then, without one at the end of the day."""
    value = moment(text)
    if value is None or ":" in text or value.year == 9999:
        return value
    return value + timedelta(days=1)
