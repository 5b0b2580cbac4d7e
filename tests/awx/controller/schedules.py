"""The rules of schedules, as the serializer of AWX 24.6.1 checks them."""

from __future__ import annotations

import re

from .errors import Rejection

#: What a rule may say, which dateutil reads for AWX.
FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY")
PARTS = {
    *("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYSETPOS", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"),
    *("BYDAY", "BYHOUR", "BYMINUTE", "BYSECOND", "BYEASTER"),
}


def check(rule: str) -> None:
    """Reject a rule that AWX would not take."""
    errors = []
    starts = re.findall(r".*?(DTSTART(;[^:]+)?\:[0-9]+T[0-9]+Z?)", rule)
    if not starts:
        errors.append("Valid DTSTART required in rrule. Value should start with: DTSTART:YYYYMMDDTHHMMSSZ")
    if re.findall(r".*?(DTSTART:[0-9]+T[0-9]+) ", rule):
        errors.append("DTSTART cannot be a naive datetime.  Specify ;TZINFO= or YYYYMMDDTHHMMSSZZ.")
    if len(starts) > 1:
        errors.append("Multiple DTSTART is not supported.")
    if "rrule:" not in rule.lower():
        errors.append("One or more rule required in rrule.")
    errors += [f"{word} not allowed in rrule." for word in ("EXDATE", "RDATE") if f"{word.lower()}:" in rule.lower()]
    for one in re.findall(r".*?(RULE\:[^\s]*)", rule):
        errors += _errors_of(one)
    if errors:
        raise Rejection({"rrule": errors})


def _errors_of(rule: str) -> list[str]:
    errors = []
    parts = dict(part.partition("=")[::2] for part in rule.partition(":")[2].split(";"))
    if "interval" not in rule.lower():
        errors.append(f"INTERVAL required in rrule: {rule}")
    elif "secondly" in rule.lower():
        errors.append(f"SECONDLY is not supported: {rule}")
    if re.match(r".*?BYDAY[\:\=][0-9]+[a-zA-Z]{2}", rule):
        errors.append(f"BYDAY with numeric prefix not supported: {rule}")
    if "COUNT" in rule and "UNTIL" in rule:
        errors.append(f"RRULE may not contain both COUNT and UNTIL: {rule}")
    if re.search(r"COUNT=[0-9]{4}", rule):
        errors.append(f"COUNT > 999 is unsupported: {rule}")
    if parts.get("FREQ", "").upper() not in FREQUENCIES or {part.upper() for part in parts} - PARTS:
        errors.append(f"rrule parsing failed validation: {rule}")
    return errors
