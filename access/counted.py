"""Put amounts of time into sentences: Welsh has a form of its own for two of them, English for one.

Each is a :class:`Message` whose plural form goes by the number, to be a value of the sentence: a text that said "{minutes} munud" would
say 2 munud for 2 funud.
"""

from __future__ import annotations

from geo.words import Message


def minutes_said(minutes: int) -> Message:
    """Return minutes as they stand in a timetable: "7 min"."""
    return Message("count.minutes", count=minutes)


def minutes_in_full(minutes: float) -> Message:
    """Return minutes as they stand in a sentence: "7 minutes"; decimals only where there are any."""
    return Message("count.minutes_in_full", {"count": f"{minutes:g}"}, minutes)


def hours_said(hours: float) -> Message:
    """Return hours as they stand in a sentence: "24 hours"; decimals only where there are any."""
    return Message("count.hours", {"count": f"{hours:g}"}, hours)
