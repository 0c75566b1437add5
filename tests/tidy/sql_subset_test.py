# SPDX-License-Identifier: Apache-2.0
"""The subset of SQL that runs alike on one PostgreSQL, behind PgBouncer, under Patroni and on Citus."""

import re
from collections import Counter

import sql_text
import tree

# Small, copied to every node, without a shard.
REFERENCE_TABLES = {
    "tenant",
    "api_key",
    "template_version",
    "rule_version",
    "schema_migration",
    "key_proof",
    "silence",
}
# About a shard itself, not about anybody in it.
SHARD_TABLES = {"shard_head", "shard_lease"}
TENANT_COLUMNS = ("tenant", "tenant_id")


def all_statements(project):
    for path in project.files("schema", suffixes=(".sql",)):
        for line, statement in sql_text.statements(tree.text_of(path) or ""):
            yield project.name(path), line, statement


def forbidden(project, pattern, why, unless=None):
    for name, line, statement in all_statements(project):
        match = re.search(pattern, statement)
        if match and not (unless and re.search(unless, statement)):
            at = line + statement[: match.start()].count("\n")
            yield f"{name}:{at}: {' '.join(match.group(0).split())}: {why}"


def locks(project):
    """Correctness rests on rows, leases and unique keys: an advisory lock lives in one server's memory
    and is lost by a pooler, and SKIP LOCKED is not routed by shard."""
    yield from forbidden(project, r"\bpg_\w*advisory\w*", "an advisory lock")
    yield from forbidden(project, r"\bskip\s+locked\b", "claims are fenced by the lease instead")


def triggers(project):
    """What a statement does stands in the statement; a view copied to disk escapes row security; a
    sequence or a transaction number gives no order of commit."""
    yield from forbidden(
        project, r"\bcreate\s+(or\s+replace\s+)?(constraint\s+|event\s+)?trigger\b", "no triggers"
    )
    yield from forbidden(
        project, r"\bmaterialized\s+view\b", "it is filled by its owner, who sees all tenants"
    )
    yield from forbidden(
        project,
        r"\b((small|big)?serial[248]?\b|nextval\s*\(|create\s+sequence\b|"
        r"as\s+identity\b|txid_\w+|pg_current_xact_id|xmin\b)",
        "positions come from shard_head",
    )


def clock(project):
    """`now` is a parameter, so a test can choose it and every row of one piece of work agrees. Only a
    lease is measured by the clock of the database, which all nodes share."""
    yield from forbidden(
        project,
        r"\b(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\(|"
        r"\b(current_(timestamp|date|time)|localtime(stamp)?)\b",
        "the instant is a parameter",
        unless=r"\bshard_lease\b",
    )


MUTATION = re.compile(
    r"\b(insert\s+into|delete\s+from(?:\s+only)?|merge\s+into|truncate(?:\s+table)?|"
    r"(?<!for )(?<!key )(?<!do )update(?:\s+only)?)\s+([\w.\"]+)"
)
NO_TABLE = {"set", "of", "nowait", "skip", "on", "or", "to", "for"}


def mutations(project):
    """Two changes of one table in one statement see the same snapshot and overwrite each other."""
    for name, line, statement in all_statements(project):
        if not re.match(r"(with|insert|update|delete|merge)\b", statement):
            continue
        flat = re.sub(r"\s+", " ", statement)
        changed = Counter(
            sql_text.bare(m.group(2)) for m in MUTATION.finditer(flat) if m.group(2) not in NO_TABLE
        )
        for table, times in sorted(changed.items()):
            if times > 1:
                yield f"{name}:{line}: changes {table} {times} times in one statement"


def tables(project):
    """name -> (file, Table) with the unique indexes made elsewhere."""
    found = {}
    for name, line, statement in all_statements(project):
        table = sql_text.table_of(line, statement)
        if table:
            found[table.name] = (name, table)
    for name, line, statement in all_statements(project):
        index = sql_text.unique_index_of(statement)
        if index and index[0] in found:
            found[index[0]][1].unique.append((line, index[1]))
    return found


def keys(project):
    """The shard leads every key, so that one schema runs on one server or is distributed by shard; the
    tenant follows in unique keys, so that a duplicate tells nothing about another tenant."""
    for name, table in tables(project).values():
        where = f"{name}:{table.line}: {table.name}"
        if table.name in REFERENCE_TABLES:
            continue
        if table.primary[:1] != ["shard"]:
            yield f"{where}: the primary key is ({', '.join(table.primary)}); it starts with shard"
        for _, columns in table.unique:
            if columns[:1] != ["shard"] or len(columns) < 2 or columns[1] not in TENANT_COLUMNS:
                yield f"{where}: unique ({', '.join(columns)}) must start with shard, tenant"


def row_security(project):
    """Row security is the second line behind the API's own check; without FORCE the owner sees all."""
    enabled, forced, with_policy = set(), set(), set()
    for _, _, statement in all_statements(project):
        altered = re.match(
            r"alter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?([\w.\"]+)\s+(.*)",
            statement,
            re.DOTALL,
        )
        if altered and re.search(r"\benable\s+row\s+level\s+security", altered.group(2)):
            enabled.add(sql_text.bare(altered.group(1)))
        if altered and re.search(r"\bforce\s+row\s+level\s+security", altered.group(2)):
            forced.add(sql_text.bare(altered.group(1)))
        policy = re.match(r"create\s+policy\s+\S+\s+on\s+([\w.\"]+)", statement)
        if policy:
            with_policy.add(sql_text.bare(policy.group(1)))
    for name, table in tables(project).values():
        where = f"{name}:{table.line}: {table.name}"
        if not set(TENANT_COLUMNS) & set(table.columns):
            if table.name not in REFERENCE_TABLES | SHARD_TABLES:
                yield f"{where}: has no tenant column"
            continue
        for done, what in (
            (enabled, "enable row level security"),
            (forced, "force row level security"),
            (with_policy, "create policy"),
        ):
            if table.name not in done:
                yield f"{where}: `{what}` is missing"


CHECKS = {
    "locks": locks,
    "triggers": triggers,
    "clock": clock,
    "mutations": mutations,
    "keys": keys,
    "row_security": row_security,
}
if __name__ == "__main__":
    tree.main(CHECKS)
