# SPDX-License-Identifier: Apache-2.0
"""kill -9 of the daemon at random instants while reminders fall due. Nothing may be lost, and every
duplicate must have been in flight at a kill and carry the same Message-ID. Prints both counts."""

import concurrent.futures
import email
import os
import random
import sys
import unittest
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "acceptance"))

from town import Town, in_seconds  # noqa: E402

from rigs.processes import wait_until  # noqa: E402

KILLS = int(os.environ.get("RAPPEL_CHAOS_KILLS", "50"))
REMINDERS = int(os.environ.get("RAPPEL_CHAOS_REMINDERS", "5000"))
SEED = int(os.environ.get("RAPPEL_CHAOS_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 31)
CITIZENS = 100
FIRST_DUE_S = 20  # time to plan them all before the first is due
KILL_EVERY_S = 0.8  # about; sets over how long the reminders fall due

# Quick to come back and to settle doubt; everything else as shipped.
SETTINGS = {
    "scheduler": {"sweep_interval": "2s"},
    "dispatch": {"unknown_delay": "200ms", "retry_first": "200ms", "retry_last": "1s"},
}
FINAL = "('sent', 'delivered', 'failed', 'suppressed', 'cancelled', 'expired', 'dead')"


class KillTest(unittest.TestCase):
    def setUp(self):
        print(f"seed {SEED}: {KILLS} kills over {REMINDERS} reminders", flush=True)
        self.random = random.Random(SEED)
        self.town = self.enterContext(Town(extra=SETTINGS))

    def plan(self):
        """REMINDERS reminders, due over about the time that the kills take."""
        for number in range(CITIZENS):
            self.town.put(f"c{number}", {
                "given_name": f"C{number}",
                "contacts": [{"channel": "email", "address": f"c{number}@example.org"}]})  # fmt: skip
        span = KILLS * KILL_EVERY_S
        instants = [in_seconds(FIRST_DUE_S + self.random.random() * span) for _ in range(REMINDERS)]

        def post(number):
            answer = self.town.call("POST", "/v1/reminders", {
                "citizen": f"c{number % CITIZENS}", "template": "caseworker_note",
                "channels": ["email"], "send_at": instants[number],
                "values": {"title": f"Note {number}", "body": "Bonjour."}})  # fmt: skip
            assert answer.status == 201, answer.body
            return answer.json["reminders"][0]["id"]

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            return list(pool.map(post, range(REMINDERS)))

    def query(self, sql):
        return self.town.postgres.query(sql, "rappel")

    def kill_and_come_back(self):
        """Returns the ids that were in flight when the daemon died."""
        self.town.daemon.kill()
        in_doubt = {row[0] for row in self.query(
            "select id from rappel.reminder where state in ('in_flight', 'unknown')")}  # fmt: skip
        self.town.daemon.start()
        return in_doubt

    def mail_count(self):
        folder = self.town.folder / "mail/new"
        return len(os.listdir(folder)) if folder.exists() else 0

    def sent_files(self):
        """Every mail written, by idempotency key."""
        files = defaultdict(list)
        for path in (self.town.folder / "mail/new").iterdir():
            message = email.message_from_bytes(path.read_bytes())
            files[message["Message-ID"].strip("<>").split("@")[0]].append(message)
        return files

    def test_nothing_is_lost_and_every_duplicate_is_explained(self):
        ids = self.plan()
        in_doubt = set()
        # A kill comes when so many mails are out: random, and always in the middle of the work.
        for threshold in sorted(self.random.choices(range(1, REMINDERS), k=KILLS)):
            wait_until(lambda: self.mail_count() >= threshold, f"{threshold} mails are out", 120)  # noqa: B023
            in_doubt |= self.kill_and_come_back()
        wait_until(
            lambda: self.query(f"select count(*) from rappel.reminder where state not in {FINAL}")
            == [["0"]],
            "every reminder has come to an end",
            120,
        )
        files = self.sent_files()
        lost = [i for i in ids if f"{i}-0" not in files]
        duplicates = {key: mails for key, mails in files.items() if len(mails) > 1}
        copies = sum(len(mails) - 1 for mails in duplicates.values())
        print(f"kills {KILLS}, reminders {len(ids)}, in flight at a kill {len(in_doubt)},"
              f" lost {len(lost)}, duplicates {copies}", flush=True)  # fmt: skip
        self.assertEqual(lost[:3], [], f"{len(lost)} reminders were lost")
        self.assertEqual(len(set(files) - {f"{i}-0" for i in ids}), 0, "a mail that nobody planned")
        unexplained = [key for key in duplicates if key.rsplit("-", 1)[0] not in in_doubt]
        self.assertEqual(unexplained[:3], [], f"{len(unexplained)} duplicates were not in flight")
        for mails in duplicates.values():
            self.assertEqual(len({mail["Message-ID"] for mail in mails}), 1)
        states = self.query("select state, count(*) from rappel.reminder group by 1")
        self.assertEqual(sorted(states), sorted([["sent", str(len(ids))]])
                         if states[0][0] == "sent" else [["delivered", str(len(ids))]])  # fmt: skip


if __name__ == "__main__":
    unittest.main(verbosity=2)
