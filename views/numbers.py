"""Write numbers as each language does, for people: counts, shares, pounds, minutes, clock times."""

from __future__ import annotations

import math
from datetime import date

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent

from geo.words import Language, say

LOCALES: dict[Language, str] = {"en": "en_GB", "cy": "cy_GB"}
MISSING = "–"


def count_text(value: float, language: Language) -> str:
    """Return a whole number with thousands set apart, or a dash where it is not known."""
    return (
        str(format_decimal(round(value), format="#,##0", locale=LOCALES[language])) if math.isfinite(value) else MISSING
    )


def decimal_text(value: float, language: Language) -> str:
    """Return a number with up to two decimals below 1, one below 10 and none above, or a dash where it is not known."""
    if not math.isfinite(value):
        return MISSING
    shape = "#,##0.##" if abs(value) < 1 else "#,##0.#" if abs(value) < 10 else "#,##0"
    return str(format_decimal(value, format=shape, locale=LOCALES[language]))


def rate_text(value: float, language: Language) -> str:
    """Return a rate with two decimals, so that a column of them can be read down, or a dash where it is not known."""
    return str(format_decimal(value, format="#,##0.00", locale=LOCALES[language])) if math.isfinite(value) else MISSING


def percent_text(share: float, language: Language) -> str:
    """Return a share (0 to 1) in whole per cent; what is small but not nought stays visible as "<1%", what is nearly all as ">99%"."""
    if not math.isfinite(share):
        return MISSING
    if 0 < share < 0.005:
        return "<" + str(format_percent(0.01, format="0%", locale=LOCALES[language]))
    if 0.995 <= share < 1 - 1e-6:  # sums of people miss 1 by less
        return ">" + str(format_percent(0.99, format="0%", locale=LOCALES[language]))
    return str(format_percent(share, format="0%", locale=LOCALES[language]))


def pounds_text(value: float, language: Language) -> str:
    """Return pounds: pence below 100, whole and rounded to three figures from 1,000."""
    if not math.isfinite(value):
        return MISSING
    if abs(value) >= 1000:
        value = round(value, 2 - math.floor(math.log10(abs(value))))
    shape = "¤#,##0.00" if abs(value) < 100 and value else "¤#,##0"
    return str(format_currency(value, "GBP", format=shape, locale=LOCALES[language], currency_digits=False))


def minutes_text(minutes: float, language: Language) -> str:
    """Return whole minutes, rounded up, or a dash."""
    return say("number.minutes", language, minutes=math.ceil(minutes - 1e-9)) if math.isfinite(minutes) else MISSING


def clock_text(seconds: float) -> str:
    """Return seconds after midnight as HH:MM of a 24-hour clock."""
    minutes = int(seconds) // 60
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def date_text(day: date, language: Language) -> str:
    """Return a date with its month in words."""
    return str(format_date(day, "d MMMM y", locale=LOCALES[language]))
