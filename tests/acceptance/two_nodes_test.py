# SPDX-License-Identifier: Apache-2.0
"""Two rappeld on one PostgreSQL: each owns about half of the shards, every reminder is sent once, and the
shards of one that stops or dies go to the other."""

import email
import re
import threading
import time
import unittest
from collections import Counter

from town import Town, in_seconds

from rigs import web
from rigs.processes import wait_until

SHARDS = 256
LEASE_TTL_S = 4
SETTINGS = {
    "scheduler": {"lease_ttl": f"{LEASE_TTL_S}s", "lease_margin": "1s", "sweep_interval": "1s"},
    "dispatch": {"unknown_delay": "200ms", "retry_first": "200ms"},
}
CITIZENS = 60


def metric(node, name):
    text = web.call(node.address, "GET", "/metrics").body.decode()
    return int(float(re.search(rf"^{name} (\S+)$", text, re.MULTILINE).group(1)))


def owned(node):
    return metric(node, "rappel_shards_owned")


class TwoNodesTest(unittest.TestCase):
    def setUp(self):
        self.town = self.enterContext(Town(extra=SETTINGS))
        self.first = self.town.daemon
        self.second = self.town.add_node()
        wait_until(self.both_settled, "each node has its part", 30)
        for number in range(CITIZENS):
            self.town.put(f"c{number}", {
                "given_name": f"C{number}",
                "contacts": [{"channel": "email", "address": f"c{number}@example.org"}]})  # fmt: skip

    def both_settled(self):
        return owned(self.first) + owned(self.second) == SHARDS and owned(self.second) > 0

    def plan(self, seconds, nodes):
        """One reminder for each citizen, asked for at these nodes in turn; their ids."""
        at, ids = in_seconds(seconds), []
        for number in range(CITIZENS):
            answer = nodes[number % len(nodes)].api("POST", "/v1/reminders", {
                "citizen": f"c{number}", "template": "caseworker_note", "channels": ["email"],
                "values": {"title": "Rendez-vous", "body": "Bonjour."}, "send_at": at},
                self.town.key)  # fmt: skip
            self.assertEqual(answer.status, 201, answer.body)
            ids.append(answer.json["reminders"][0]["id"])
        return ids

    def query(self, sql):
        return self.town.postgres.query(sql, "rappel")

    def wait_all_sent(self, seconds=60):
        wait_until(
            lambda: self.query(
                "select count(*) from rappel.reminder where state not in ('sent', 'delivered')")
            == [["0"]],
            "every reminder was sent",
            seconds,
        )  # fmt: skip

    def mails(self, node):
        """How often each reminder was mailed by a node."""
        folder = self.town.folder if node is self.first else node.folder.parent
        keys = Counter()
        for path in (folder / "mail/new").glob("*"):
            message = email.message_from_bytes(path.read_bytes())
            keys[message["Message-ID"].strip("<>").split("@")[0].rsplit("-", 1)[0]] += 1
        return keys

    def check_sent_once(self, ids):
        first, second = self.mails(self.first), self.mails(self.second)
        self.assertEqual(first + second, Counter(dict.fromkeys(ids, 1)))
        return sum(first.values()), sum(second.values())

    def test_each_owns_about_half_and_what_either_plans_is_sent_once(self):
        self.assertEqual(metric(self.first, "rappel_nodes_live"), 2)
        for node in (self.first, self.second):
            self.assertGreater(owned(node), SHARDS // 4)
        ids = self.plan(4, [self.first, self.second]) + self.plan(4, [self.second, self.first])
        self.wait_all_sent()
        by_first, by_second = self.check_sent_once(ids)
        self.assertGreater(by_first, 0)
        self.assertGreater(by_second, 0)

    def test_a_node_that_is_asked_to_stop_hands_over_at_once(self):
        ids = self.plan(8, [self.first])
        stopping = threading.Thread(target=self.first.stop)
        asked = time.monotonic()
        stopping.start()
        wait_until(lambda: owned(self.second) == SHARDS, "the second owns everything", 30)
        took = time.monotonic() - asked
        stopping.join()
        print(f"handed over in {took:.2f} s", flush=True)
        self.assertLess(took, LEASE_TTL_S)  # not by waiting for the lease to end
        self.assertEqual(metric(self.second, "rappel_take_overs_total"), 0)
        self.wait_all_sent()
        _, by_second = self.check_sent_once(ids)
        self.assertGreater(by_second, len(ids) // 4)
        self.first.start()
        wait_until(self.both_settled, "each node has its part again", 30)
        self.assertEqual(metric(self.second, "rappel_lease_losses_total"), 0)

    def test_the_reminders_of_a_node_that_is_killed_are_sent_within_the_ttl_and_a_second(self):
        node = (self.town.folder / "state/node").read_text().strip()
        shards = self.query(f"select shard from rappel.shard_lease where owner = '{node}'")
        ids = self.plan(LEASE_TTL_S - 1, [self.second, self.first])
        self.first.kill()
        killed = time.time()
        self.wait_all_sent()
        self.check_sent_once(ids)
        theirs = ",".join(row[0] for row in shards)
        last = self.query("select extract(epoch from max(started_at)) from rappel.delivery"
                          f" where shard in ({theirs})")  # fmt: skip
        late = float(last[0][0]) - killed
        print(f"the last left {late:.2f} s after the kill", flush=True)
        self.assertLessEqual(late, LEASE_TTL_S + 1)
        self.assertEqual(metric(self.second, "rappel_take_overs_total"), len(shards))
        self.assertEqual(metric(self.second, "rappel_nodes_live"), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
