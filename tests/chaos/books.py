# SPDX-License-Identifier: Apache-2.0
"""The books of a run: what arrived, what was in flight when, which faults there were; and the verdict over
them. Nothing may be lost, and each copy too many is explained one by one or it is a fault of ours."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

KEY = re.compile(r"^(?P<reminder>[0-9a-f-]{36})-(?P<series>\d+)$")


@dataclass(frozen=True)
class Arrival:
    """One message that a provider has in its hands."""

    key: str  # the idempotency key: REMINDER-SERIES
    identity: str  # what the reader's side knows a copy by: the Message-ID, or the key itself
    repeatable: bool = True  # the second copy is invisible, so that doubt may be settled by sending again
    in_doubt: bool = False  # the provider took it and gave no clear answer

    @property
    def reminder(self):
        return KEY.match(self.key)["reminder"]


@dataclass(frozen=True)
class Flight:
    """A reminder was in flight at a node from `since` until `until` (seconds since 1970)."""

    reminder: str
    who: str
    since: float
    until: float


@dataclass
class Fault:
    """What was done to whom (None: to all), from when to when; `end` is set once it is over."""

    what: str
    who: str | None
    start: float
    end: float = float("inf")

    def touches(self, flight):
        hit = self.who in (None, flight.who)
        return hit and flight.since <= self.end and flight.until >= self.start


@dataclass
class Verdict:
    scenario: str
    faults: int = 0
    reminders: int = 0
    lost: list = field(default_factory=list)
    duplicates: int = 0  # copies beyond the first
    explained: int = 0
    problems: list = field(default_factory=list)  # anything else that must not be
    seconds: float = 0
    skipped: str = ""  # why, when it could not run

    @property
    def is_good(self):
        return not self.lost and not self.problems and self.explained == self.duplicates


def flights_of(steps, now):
    """The flights in (reminder, became, who, at) rows, which are in order. One that has not ended lasts
    until `now`."""
    open_flights, found = {}, []
    for reminder, became, who, at in steps:
        if begun := open_flights.pop(reminder, None):
            found.append(Flight(reminder, *begun, at))
        if became == "in_flight":
            open_flights[reminder] = (who, at)
    found += [Flight(reminder, *begun, now) for reminder, begun in open_flights.items()]
    return found


def explain(copies, flights, faults):
    """How many of the copies beyond the first are explained, and words about those that are not. A copy is
    explained by a doubt of its own, which left room for it: the provider never answered an earlier copy,
    or the reminder was in flight at a node that a fault has hit."""
    extra = len(copies) - 1
    first = copies[0]
    if len({copy.identity for copy in copies}) > 1:
        return 0, f"{first.key}: {extra + 1} copies under different identities"
    if not first.repeatable:
        return 0, f"{first.key}: sent {extra + 1} times, although nobody may repeat it"
    unanswered = sum(copy.in_doubt for copy in copies[:-1])
    hit = sum(any(fault.touches(flight) for fault in faults) for flight in flights)
    explained = min(extra, unanswered + hit)
    if explained < extra:
        return explained, f"{first.key}: {extra + 1} copies, {hit} flights hit, {unanswered} unanswered"
    return explained, ""


def judge(verdict, planned, told, arrivals, flights, faults):
    """Fills in the verdict. `planned`: what the API acknowledged; `told`: reminders of which a human was
    told that they did not arrive."""
    verdict.reminders = len(planned)
    by_key, of_reminder = defaultdict(list), defaultdict(list)
    for arrival in arrivals:
        by_key[arrival.key].append(arrival)
    for flight in flights:
        of_reminder[flight.reminder].append(flight)
    arrived = {copies[0].reminder for copies in by_key.values()}
    verdict.lost = sorted(set(planned) - arrived - set(told))
    if strangers := arrived - set(planned):
        verdict.problems.append(f"{len(strangers)} arrived that nobody planned: {min(strangers)}")
    for copies in by_key.values():
        if len(copies) == 1:
            continue
        explained, words = explain(copies, of_reminder[copies[0].reminder], faults)
        verdict.duplicates += len(copies) - 1
        verdict.explained += explained
        if words:
            verdict.problems.append(words)
    return verdict
