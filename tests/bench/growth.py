# SPDX-License-Identifier: Apache-2.0
"""Growth: the drain of the benchmark "drain" while one and five million reminders wait for months to
come, beside the same drain when none does; and the memory that the daemon needs then.

The rows that wait are copies of real ones under other ids, ten for each citizen, due at random instants
between two months and two years from now. --count N: the drain's size.
"""

import contextlib
import datetime
import statistics

from drain import COUNT, QUICK_COUNT, drain
from figures import Figure
from send_side import Bench, Node
from send_side import TARGETS as TARGETS  # noqa: PLC0414

WAITING = (1_000_000, 5_000_000)
QUICK_WAITING = (10_000, 20_000)
SAMPLES = 1_000  # citizens whose rows are copied
REMINDERS_EACH = 10
STATEMENT_ROWS = 200_000  # reminders that one statement copies

SAMPLES_DUE_IN = datetime.timedelta(days=4 * 365)  # later than every copy: by this they are told apart

MONTHS = "select rappel.prepare_month(now() + n * interval '10 days') from generate_series(0, 76) n"
# A copy's id has its shard in the first byte, as every id has.
CITIZENS = """
with copy as (
  select c.*, k.wrapped, overlay(c.reference_index placing decode(md5(c.id::text || n), 'hex') from 2) as copied,
         (lpad(to_hex(c.shard::int), 2, '0') || substr(md5(c.id::text || n), 3))::uuid as copy
  from rappel.citizen c
  join rappel.citizen_key k on k.shard = c.shard and k.tenant = c.tenant and k.citizen = c.id
  cross join generate_series({first}, {last}) n
  where c.id in (select citizen from rappel.reminder where due_at > now() + interval '3 years')),
keys as (
  insert into rappel.citizen_key (shard, tenant, citizen, wrapped)
  select shard, tenant, copy, wrapped from copy)
insert into rappel.citizen (shard, tenant, id, reference_index, reference, profile, version,
                            reevaluate_at, rulebook, evaluation)
select shard, tenant, copy, copied, reference, profile, version, reevaluate_at, rulebook, evaluation
from copy
"""
REMINDERS = """
insert into rappel.reminder (shard, tenant, id, due_at, citizen, stage, message, topic, lane, statutory,
                             misfire, next_at, channels, state, state_reason, attempt, channel_index,
                             "values")
select shard, tenant, copy, at, of_copy, stage, message, topic, lane, statutory, misfire, at, channels,
       state, state_reason, attempt, channel_index, "values"
from (
  select r.*, now() + interval '60 days' + random() * interval '670 days' as at,
         (lpad(to_hex(r.shard::int), 2, '0') || substr(md5(r.citizen::text || n), 3))::uuid as of_copy,
         (lpad(to_hex(r.shard::int), 2, '0') || substr(md5(r.id::text || n || '-' || m), 3))::uuid as copy
  from rappel.reminder r
  cross join generate_series({first}, {last}) n cross join generate_series(1, {each}) m
  where r.due_at > now() + interval '3 years') as copies
"""


def add_waiting(bench, database, count):
    """COUNT reminders that wait, copied from those of SAMPLES citizens."""
    node = Node(bench, database, "samples")
    node.fill(SAMPLES, datetime.datetime.now(datetime.timezone.utc) + SAMPLES_DUE_IN)
    bench.sql(MONTHS, database)
    copies = max(1, count // (SAMPLES * REMINDERS_EACH))
    step = max(1, STATEMENT_ROWS // (SAMPLES * REMINDERS_EACH))
    for first in range(1, copies + 1, step):
        last = min(copies, first + step - 1)
        bench.sql(CITIZENS.format(first=first, last=last), database)
        bench.sql(REMINDERS.format(first=first, last=last, each=REMINDERS_EACH), database)
    bench.tidy(database)


def run(build, quick, runs, count=None):
    count = count or (QUICK_COUNT if quick else COUNT)
    sizes = QUICK_WAITING if quick else WAITING
    taken = {0: [], **{size: [] for size in sizes}}
    with Bench(build) as bench, contextlib.ExitStack() as stack:
        templates = {0: None}
        for size in sizes:
            templates[size] = stack.enter_context(bench.database())
            add_waiting(bench, templates[size], size)
        for _ in range(runs):
            for size, template in templates.items():
                taken[size].append(drain(bench, count, template))

    def rate(size):
        return statistics.median(count / each["seconds"] for each in taken[size])

    figures = [Figure("growth", "drain with nothing else", rate(0), "reminders/s", runs)]
    for size in sizes:
        slower = statistics.median(with_all["seconds"] / alone["seconds"]
                                   for with_all, alone in zip(taken[size], taken[0], strict=True))
        figures.append(Figure("growth", f"drain with {size:,} waiting", rate(size), "reminders/s", runs,
                              "times as long as with nothing else", slower))
    for size in (0, *sizes):
        figures.append(Figure("growth", f"memory of the daemon with {size:,} waiting",
                              statistics.median(each["rss"] for each in taken[size]), "MiB", runs))
    return figures
