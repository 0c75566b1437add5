# SPDX-License-Identifier: Apache-2.0
"""Plan: a million reminders scheduled by "rappelctl import" - read, checked, worded for their template,
sealed, and stored so that a repetition finds them - beside a bare COPY of the very same rows into the very
same table with its indexes, and the same file imported a second time.
"""

import datetime
import json
import random
import statistics
import subprocess
import time

from figures import Figure
from send_side import Bench, Node
from send_side import TARGETS as TARGETS  # noqa: PLC0414

COUNT = 1_000_000
QUICK_COUNT = 5_000
REMINDERS_EACH = 10
DAYS = 365


def write_lines(file, count, citizens):
    """Appointments of everybody over a year, in no order."""
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    chance = random.Random(count)
    with file.open("w", encoding="utf-8") as out:
        for number in range(count):
            at = now + datetime.timedelta(seconds=chance.randrange(86_400, DAYS * 86_400))
            line = {"key": f"rdv-{number}", "citizen": f"c{chance.randrange(citizens)}",
                    "template": "caseworker_note", "send_at": at.isoformat().replace("+00:00", "Z"),
                    "values": {"title": "Rendez-vous avec votre conseillère",
                               "body": "Merci d'apporter votre dossier et une pièce d'identité."}}
            out.write(json.dumps(line, ensure_ascii=False) + "\n")


def import_seconds(node, lines, key, count):
    begun = time.monotonic()
    answer = subprocess.run(
        [node.daemon.bin_folder / "rappelctl", "--config", node.daemon.file, "--json", "import",
         "--tenant", "bench", lines], stdout=subprocess.PIPE, check=True)
    taken = time.monotonic() - begun
    told = json.loads(answer.stdout)
    if told[key] != count:
        raise RuntimeError(f"the import answered {told}")
    return taken


def copy_seconds(bench, database, rows):
    """The rows that are there, out and in again, without what PostgreSQL itself makes of them."""
    [[columns]] = bench.postgres.query(
        "select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute "
        "where attrelid = 'rappel.reminder'::regclass and attnum > 0 and not attisdropped "
        "and attgenerated = ''", database)
    bench.sql(f"\\copy (select {columns} from rappel.reminder) to {rows}", database)
    bench.sql("truncate rappel.reminder", database)
    bench.tidy(database)
    begun = time.monotonic()
    bench.sql(f"\\copy rappel.reminder ({columns}) from {rows}", database)
    return time.monotonic() - begun


def run(build, quick, runs, count=None):
    count = count or (QUICK_COUNT if quick else COUNT)
    citizens = max(1, count // REMINDERS_EACH)
    taken = {"import": [], "again": [], "copy": []}
    with Bench(build) as bench, bench.database() as template:
        lines, rows = bench.folder / "lines.ndjson", bench.folder / "rows"
        write_lines(lines, count, citizens)
        Node(bench, template, "filler").add_citizens(citizens)
        bench.tidy(template)
        for _ in range(runs):
            with bench.database(template) as database:
                node = Node(bench, database)
                taken["import"].append(import_seconds(node, lines, "planned", count))
                taken["again"].append(import_seconds(node, lines, "known", count))
                taken["copy"].append(copy_seconds(bench, database, rows))

    def rate(name):
        return statistics.median(count / each for each in taken[name])

    against = f"bare COPY: {rate('copy'):,.0f} rows/s"

    def figure(name, way):
        ratio = statistics.median(
            copy / own for own, copy in zip(taken[way], taken["copy"], strict=True))
        return Figure("plan", name, rate(way), "reminders/s", runs, against, ratio)

    return [figure(f"import of {count:,}", "import"), figure("the same file again", "again")]
