# SPDX-License-Identifier: Apache-2.0
"""Nodes that die, and one that falls asleep."""

import signal

from rigs.processes import wait_until
from stage import LEASE_TTL_S, LOOK_SECONDS, SHARDS, Stage, metric, owned

TAKE_OVER_SECONDS_MAX = 40


def take_over(stage, survivor):
    wait_until(lambda: owned(survivor) == SHARDS, "the other has taken over", TAKE_OVER_SECONDS_MAX,
               LOOK_SECONDS)  # fmt: skip


def kill(faults, reminders, seed):
    """kill -9 of the only node; it comes back at once."""
    with Stage("kill", seed, nodes=1) as stage:
        for _ in stage.bursts(faults, reminders):
            with stage.fault("kill -9", stage.nodes[0]):
                stage.nodes[0].kill()
            stage.nodes[0].start()
    return stage.verdict


def kill_node(faults, reminders, seed):
    """kill -9 of one of two nodes: it comes back at once, or after the other has taken over."""
    with Stage("kill_node", seed) as stage:
        for number in stage.bursts(faults, reminders):
            victim = stage.random.choice(stage.nodes)
            with stage.fault("kill -9", victim):
                victim.kill()
            if number % 4 == 1:
                take_over(stage, stage.other(victim))
            victim.start()
    return stage.verdict


def sleeper(faults, reminders, seed):
    """SIGSTOP of one of two nodes past its leases, then SIGCONT."""
    with Stage("sleeper", seed) as stage:
        for _ in stage.bursts(faults, reminders):
            sleeping = stage.random.choice(stage.nodes)
            awake = stage.other(sleeping)
            losses = metric(sleeping, "rappel_lease_losses_total")
            with stage.fault("SIGSTOP", sleeping):
                sleeping.process.send_signal(signal.SIGSTOP)
                try:
                    take_over(stage, awake)
                    _send_the_share_of_both(stage)
                finally:
                    sleeping.process.send_signal(signal.SIGCONT)
                stage.wait_settled()
            stage.check(metric(sleeping, "rappel_lease_losses_total") > losses,
                        "the sleeper did not notice that it had lost its leases")  # fmt: skip
    return stage.verdict


def _send_the_share_of_both(stage):
    """What fell due while one slept has left, but for what is in flight at the sleeper for ever."""
    wait_until(
        lambda: stage.query(
            "select count(*) from rappel.reminder where state in ('planned', 'claimed', 'in_flight',"
            " 'unknown', 'retry_wait') and next_at < clock_timestamp() - interval '500 ms'")
        == [["0"]],
        f"the other sends everything within the leases ({LEASE_TTL_S} s) and a while",
        TAKE_OVER_SECONDS_MAX,
        LOOK_SECONDS,
    )  # fmt: skip
