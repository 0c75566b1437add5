# SPDX-License-Identifier: Apache-2.0
"""Reminders asked for while the world breaks: each is asked for under one Idempotency-Key, at one node after
the other, until a node has acknowledged it."""

import contextlib
import queue
import random
import threading
import uuid

from rigs.processes import wait_until
from town import in_seconds

THREADS = 4
DUE_WITHIN_S = (0.3, 1.5)
ANSWER_SECONDS_MAX = 6  # then the next node is asked
ACKNOWLEDGED_SECONDS_MAX = 120


class Load:
    def __init__(self, nodes, key, citizens, channels, seed):
        """`nodes`: those to ask; `channels`: a list of channels for each kind of reminder, in turn."""
        self.nodes, self.key, self.citizens, self.channels = nodes, key, citizens, channels
        self.acknowledged = []  # ids
        self.failures = []
        self._seed, self._released = seed, 0
        self._work = queue.SimpleQueue()
        self._is_abandoned = threading.Event()
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(THREADS)]
        for thread in self._threads:
            thread.start()

    def release(self, count):
        for _ in range(count):
            self._work.put(self._released)
            self._released += 1

    def finish(self):
        """Returns when everything released was acknowledged."""
        for _ in self._threads:
            self._work.put(None)
        for thread in self._threads:
            thread.join()
        if self.failures:
            raise self.failures[0]

    def abandon(self):
        """Ends the asking, without waiting for anything."""
        self._is_abandoned.set()
        for _ in self._threads:
            self._work.put(None)

    def _run(self):
        while (number := self._work.get()) is not None and not self._is_abandoned.is_set():
            try:
                self._plan(number)
            except Exception as failure:  # raised again by finish()
                self.failures.append(failure)

    def _plan(self, number):
        chance = random.Random(f"{self._seed}/{number}")
        nodes = self.nodes[:]
        chance.shuffle(nodes)
        request = {"key": None, "body": None, "turn": 0}

        def ask():
            if self._is_abandoned.is_set():
                raise InterruptedError("the scenario is over")
            if request["key"] is None:
                request.update(key=str(uuid.UUID(int=chance.getrandbits(128))),
                               body=self._body(number, chance))  # fmt: skip
            node = nodes[request["turn"] % len(nodes)]
            request["turn"] += 1
            with contextlib.suppress(OSError):
                answer = node.api("POST", "/v1/reminders", request["body"], self.key,
                                  {"Idempotency-Key": request["key"]}, ANSWER_SECONDS_MAX)  # fmt: skip
                if answer.status == 201:
                    return answer.json["reminders"][0]["id"]
                if answer.status == 422 and b"in_the_past" in answer.body:
                    request["key"] = None  # it took too long: was not done, and is asked anew
                elif answer.status < 500 and answer.status != 429:
                    raise AssertionError(f"{answer.status} {answer.body}")
            return None

        self.acknowledged.append(
            wait_until(ask, f"reminder {number} is acknowledged", ACKNOWLEDGED_SECONDS_MAX))  # fmt: skip

    def _body(self, number, chance):
        return {
            "citizen": self.citizens[number % len(self.citizens)],
            "template": "caseworker_note",
            "channels": self.channels[number % len(self.channels)],
            "send_at": in_seconds(chance.uniform(*DUE_WITHIN_S)),
            "values": {"title": f"Note {number}", "body": "Bonjour."},
        }
