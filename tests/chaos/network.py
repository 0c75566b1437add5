# SPDX-License-Identifier: Apache-2.0
"""Roads that turn into holes: nothing passes, nothing is closed."""

import contextlib
import time

from nodes import take_over
from providers import Gateway, Relay, notifiers
from rigs import web
from rigs.processes import wait_until
from rigs.proxy import Proxy
from stage import LOOK_SECONDS, SHARDS, Stage, owned

# Of the daemon: statement_timeout, the wait for a free connection, connect_timeout; three tries of each.
ANSWER_SECONDS_MAX = 30
BACK_SECONDS_MAX = 40


def half_open_database(faults, reminders, seed):
    """The road of one of two nodes to PostgreSQL is a hole; new connections pass again later, the old ones
    never end."""
    roads = []

    def second_dsn(stage):
        socket = stage.town.postgres.folder / ".s.PGSQL.5432"
        roads.append(stage.enter(Proxy(str(socket))))
        return f"host=127.0.0.1 port={roads[0].port} user=postgres dbname=rappel"

    with Stage("half_open_database", seed, second_dsn=second_dsn) as stage:
        cut_off = stage.nodes[1]
        for _ in stage.bursts(faults, reminders):
            with stage.fault("hole", cut_off):
                roads[0].hole()
                take_over(stage, stage.nodes[0])
                _check_it_answers(stage, cut_off)
                roads[0].heal()
                wait_until(cut_off.is_ready, "the node is back", BACK_SECONDS_MAX)
                stage.wait_settled()
    return stage.verdict


def _check_it_answers(stage, node):
    """A node without a database says so in time, rather than nothing."""
    began = time.monotonic()
    with contextlib.suppress(OSError):
        answer = web.call(node.address, "GET", "/readyz", timeout=ANSWER_SECONDS_MAX)
        stage.check(answer.status == 503, f"without a database /readyz answered {answer.status}")
        stage.check(owned(node) < SHARDS, "it trusts leases that another has")
        return
    stage.check(False, f"no answer of a node without a database in {time.monotonic() - began:.0f} s")


def half_open_provider(faults, reminders, seed):
    """The roads to a mail relay and to an SMS gateway are holes for a while: mails go again under the same
    Message-ID, an SMS never does."""
    with Relay(seed) as relay, Gateway(seed) as gateway:
        with Proxy(("127.0.0.1", relay.port)) as mail, Proxy(("127.0.0.1", gateway.port)) as sms:
            extra = {"notifiers": notifiers(mail.port, sms.port)}
            with Stage("half_open_provider", seed, nodes=1, extra=extra,
                       channels=(["email"], ["sms"])) as stage:  # fmt: skip
                stage.providers += [relay, gateway]
                for _ in stage.bursts(faults, reminders):
                    with stage.fault("hole"):
                        for road in (mail, sms):
                            road.hole()
                        _wait_in_doubt(stage)
                        for road in (mail, sms):
                            road.heal()
    return stage.verdict


def _wait_in_doubt(stage):
    """The time limits of the senders have ended what hung in the hole."""
    count = "select count(*) from chaos.step where was = 'in_flight' and became in ('unknown', 'retry_wait')"
    stage.load.release(4)
    before = int(stage.query(count)[0][0])
    wait_until(lambda: int(stage.query(count)[0][0]) >= before + 4, "what hangs is given up",
               ANSWER_SECONDS_MAX, LOOK_SECONDS)  # fmt: skip
