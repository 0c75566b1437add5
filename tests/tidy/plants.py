# SPDX-License-Identifier: Apache-2.0
"""Violations to plant, one or more for each check: (test, check, file, text, what must be found).

A file that exists gets the text appended. Forbidden words are written in pieces, so that the checks
do not find this page.
"""

S = "// SPDX-License-Identifier: Apache-2.0\n"
MIGRATION = "schema/migrations/9999_planted.sql"
QUERY = "schema/queries/planted.sql"
GOOD_TABLE = (
    "create table planted (shard smallint, tenant uuid, id uuid, name text, "
    "primary key (shard, tenant, id){more});\n"
)
SECURED = (
    "alter table planted enable row level security;\n"
    "create policy own on planted using (true);\n"
)

LAYERS = [
    (
        "order",
        "daemon/base/planted.hpp",
        S + '#include "store/store.hpp"\n',
        "base includes store/store.hpp",
    ),
    (
        "order",
        "daemon/rules/planted.hpp",
        S + '#include "adapt/model.hpp"\n',
        "rules includes adapt/model.hpp",
    ),
    (
        "order",
        "daemon/planner/planted.cpp",
        S + "#include <scheduler/scheduler.hpp>\n",
        "planner includes",
    ),
    (
        "order",
        "daemon/store/planted.cpp",
        S + '#include "../notify/frame.hpp"\n',
        "must be named from daemon/",
    ),
    ("order", "daemon/drawer/planted.cpp", S, "no module of the layer list"),
    (
        "plugins",
        "plugins/planted/a.cpp",
        S + '#include "base/id.hpp"\n',
        "includes base/id.hpp of the daemon",
    ),
    (
        "plugins",
        "plugins/planted/a.cpp",
        S + "#include <rappel/inside.hpp>\n",
        "is not an installed header",
    ),
    (
        "plugins",
        "plugins/planted/a.cpp",
        S + '#include "../email/mime.hpp"\n',
        "outside the plugin's own folder",
    ),
    ("heavy", "daemon/store/planted/db.hpp", S + "#include <pqxx/pqxx>\n", None),
    (
        "heavy",
        "daemon/store/planted.hpp",
        S + '#include "store/planted/db.hpp"\n',
        "of another folder",
    ),
    ("heavy", "daemon/api/planted.hpp", S + "#include <httplib.h>\n", None),
    ("heavy", "daemon/app/planted.cpp", S + '#include "api/planted.hpp"\n', "includes httplib.h"),
    ("cycles", "daemon/base/planted.hpp", S + '#include "base/planted_too.hpp"\n', None),
    (
        "cycles",
        "daemon/base/planted_too.hpp",
        S + '#include "base/planted.hpp"\n',
        "includes itself through",
    ),
]

SQL = [
    ("locks", QUERY, "select pg_advisory_xact_lock(1);\n", "an advisory lock"),
    ("locks", QUERY, "select id from reminder for update skip locked;\n", "skip locked"),
    (
        "locks",
        MIGRATION,
        "do $$ begin perform pg_try_advisory_lock(1); end $$;\n",
        "an advisory lock",
    ),
    (
        "triggers",
        MIGRATION,
        "create trigger t after insert on event execute function f();\n",
        "no triggers",
    ),
    ("triggers", MIGRATION, "create materialized view v as select 1;\n", "materialized view"),
    (
        "triggers",
        MIGRATION,
        "create table t (shard int, id bigserial);\n",
        "positions come from shard_head",
    ),
    ("clock", QUERY, "update reminder set due_at = now() where shard = $1;\n", "now("),
    (
        "clock",
        MIGRATION,
        "create table t (at timestamptz default current_timestamp);\n",
        "current_timestamp",
    ),
    (
        "mutations",
        QUERY,
        "with a as (update reminder set state = 1 returning id)\n"
        "update reminder set state = 2 where id in (select id from a);\n",
        "changes reminder 2 times",
    ),
    (
        "keys",
        MIGRATION,
        "create table planted (id uuid primary key, tenant uuid);\n",
        "it starts with shard",
    ),
    ("keys", MIGRATION, GOOD_TABLE.format(more=", unique (shard, name)"), "unique (shard, name)"),
    (
        "keys",
        MIGRATION,
        GOOD_TABLE.format(more="") + "create unique index i on planted (name);\n",
        "unique (name)",
    ),
    (
        "row_security",
        MIGRATION,
        GOOD_TABLE.format(more=""),
        "`enable row level security` is missing",
    ),
    (
        "row_security",
        MIGRATION,
        GOOD_TABLE.format(more="") + SECURED,
        "`force row level security` is missing",
    ),
    (
        "row_security",
        MIGRATION,
        "create table planted (shard int primary key);\n",
        "has no tenant column",
    ),
]

DOCS = [
    (
        "named_paths",
        "docs/planted.md",
        "See `daemon/base/nowhere.hpp`.\n",
        "daemon/base/nowhere.hpp",
    ),
    ("named_paths", "README.md", "\nRun `./packaging/nothing --now`.\n", "packaging/nothing"),
    ("named_paths", "docs/planted.md", "```sh\n$ ./tests/nothing\n```\n", "tests/nothing"),
    ("links", "docs/planted.md", "[gone](gone.md)\n", "dead link gone.md"),
    ("links", "docs/planted.md", "# Here\n[there](#there)\n", "no heading for #there"),
]

WORDS = [
    ("licence", "daemon/base/planted.cpp", "int planted;\n", "the SPDX line comes first"),
    ("licence", "packaging/planted", "#!/bin/sh\ntrue\n", "the SPDX line comes first"),
    ("lengths", "daemon/base/planted.cpp", S + "\n" * 400, "longer than 400"),
    ("lengths", "daemon/base/planted.hpp", S + "\n" * 150, "longer than 150"),
    ("regex", "daemon/base/planted.cpp", S + "#include <reg" "ex>\n", "std::regex"),
    (
        "clock",
        "daemon/rules/planted.cpp",
        S + "auto n = std::chrono::system_clock::now();\n",
        "system_clock",
    ),
    ("clock", "plugins/planted/a.cpp", S + "auto n = time(nullptr);\n", "time(nullptr)"),
    ("unfinished", "daemon/base/planted.cpp", S + "// TO" "DO later\n", "planted.cpp:2"),
    ("unfinished", "packaging/planted.sh", "# good enough for n" "ow\n", "planted.sh:1"),
    ("foreign", "docs/planted.md", "The file is /wor" "k/main/x.\n", "docs/planted.md:1"),
    ("foreign", "docs/planted.md", "Written with Chat" "GPT.\n", "docs/planted.md:1"),
    (
        "sleeps",
        "tests/base/planted_test.cpp",
        S + "std::this_thread::sle" "ep_for(1s);\n",
        "planted_test.cpp:2",
    ),
    ("sleeps", "tests/planted.py", "import time\ntime.sle" "ep(1)\n", "planted.py:2"),
    ("sleeps", "tests/planted.sh", "true; sle" "ep 1\n", "planted.sh:1"),
    ("test_names", "tests/base/planted_test.cpp", S + 'TEST_CASE("one, two") {}\n', "comma"),
    (
        "test_names",
        "tests/base/planted_test.cpp",
        S + 'TEST_CASE("one") {}\nTEST_CASE("one") {}\n',
        "a second test",
    ),
]

LOG_IDS = [
    (
        "unique",
        "daemon/base/planted.cpp",
        S + 'auto a = "RPL-9998";\nauto b = "RPL-9998";\n',
        "already written at",
    ),
    (
        "explained",
        "daemon/base/planted.cpp",
        S + 'auto a = "RPL-9998";\n',
        "RPL-9998 is not explained",
    ),
    (
        "explained",
        "docs/MESSAGES.md",
        "\n| RPL-9999 | it broke | mend it |\n",
        "RPL-9999 is written nowhere",
    ),
    (
        "explained",
        "docs/MESSAGES.md",
        "\n| RPL-9999 | it broke | |\n",
        "does not say what happened",
    ),
]

UNITS = [
    ("verify", "systemd/rappeld.service", "[Service]\nWatchdoggSec=3\n", "WatchdoggSec"),
    ("traps", "systemd/rappeld.service", "[Service]\nKillMode=control-group\n", "KillMode=mixed"),
    (
        "exposure",
        "systemd/rappeld.service",
        "[Service]\nPrivateNetwork=no\nSystemCallFilter=\n",
        "more exposed",
    ),
    (
        "exposure",
        "systemd/rappel-sender@.service",
        "[Service]\nNoNewPrivileges=no\nRestrictNamespaces=no\n",
        "more exposed",
    ),
    ("traps", "systemd/rappeld.service", "[Service]\nSocketBindDeny=any\n", "has no effect"),
    (
        "traps",
        "systemd/rappeld.service",
        "[Service]\nCacheDirectory=rappel\n",
        "does not name /var/cache/rappel",
    ),
    (
        "traps",
        "systemd/rappeld.service",
        "[Service]\nSystemCallFilter=~@memlock\n",
        "@memlock must stay allowed",
    ),
    ("traps", "systemd/rappel-sender@.service", "[Service]\nUser=\n", "Group without User"),
]

PLANTS = {
    "layers_test.py": LAYERS,
    "sql_subset_test.py": SQL,
    "docs_paths_test.py": DOCS,
    "words_test.py": WORDS,
    "log_ids_test.py": LOG_IDS,
    "units_test.py": UNITS,
}
