# SPDX-License-Identifier: Apache-2.0
"""What keeps a message from leaving, through the real daemon: a quiet hour, and a silence that is
previewed, set, listed and ended through the API and rappelctl."""

import datetime
import json
import unittest

from town import Town, in_seconds

from rigs.processes import wait_until

ANNA = {
    "given_name": "Anna", "time_zone": "Etc/UTC",
    "contacts": [{"channel": "email", "address": "anna@example.org"},
                 {"channel": "sms", "address": "06 39 98 01 02"}],
}  # fmt: skip


def hour(offset):
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=offset)
    return at.strftime("%H:%M")


class NotSendingTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        quiet = {"quiet_from": hour(-2), "quiet_to": hour(2), "quiet_channels": ["sms"]}
        cls.town = cls.enterClassContext(Town(extra={"courtesy": quiet}))
        cls.town.put("anna", ANNA)

    def held(self, reminder, reason):
        return wait_until(
            lambda: (now := self.town.reminder(reminder["id"]))["reason"] == reason and now,
            f"the reminder is held as {reason}",
        )

    def metric(self, reason):
        body = self.town.call("GET", "/metrics").body
        text = body.decode() if isinstance(body, bytes) else body
        wanted = f'rappel_not_sent_total{{reason="{reason}"}} '
        (line,) = [line for line in text.splitlines() if line.startswith(wanted)]
        return int(float(line.rsplit(" ", 1)[1]))

    def test_an_sms_waits_for_the_end_of_the_quiet_hours_and_an_email_does_not(self):
        sms = self.town.schedule("anna", 1, "sms")
        mail = self.town.schedule("anna", 1, "email")
        self.town.wait_state(mail, {"sent", "delivered"})
        held = self.held(sms, "tenant_quiet_hours")
        self.assertEqual(held["state"], "planned")
        waits = datetime.datetime.fromisoformat(held["next_at"].replace("Z", "+00:00"))
        left = waits - datetime.datetime.now(datetime.timezone.utc)
        self.assertLess(left, datetime.timedelta(hours=2))
        self.assertGreater(left, datetime.timedelta(hours=1, minutes=50))
        self.assertEqual(self.town.deliveries(sms), [])
        wait_until(lambda: self.metric("tenant_quiet_hours") >= 1, "the metric counts it")

    def test_a_silence_is_previewed_and_holds_and_gives_back_when_it_ends(self):
        body = {"matcher": {"notifier": "mail"}, "ends_at": in_seconds(3600)}
        soon = self.town.schedule("anna", 25, "email", title="Pas maintenant")
        seen = self.town.call("POST", "/v1/silences/preview", body).json
        self.assertEqual((seen["matching"], seen["samples"][0]["id"]), (1, soon["id"]))
        whole = {**body, "author": "Mme Diallo", "comment": "panne du relais", "expected": 0}
        self.assertEqual(self.town.call("POST", "/v1/silences", whole).status, 409)
        whole["expected"] = seen["matching"]
        silence = self.town.call("POST", "/v1/silences", whole)
        self.assertEqual(silence.status, 201, silence.body)
        self.held(soon, "silenced")
        listed = json.loads(self.town.daemon.ctl("--json", "silence", "list", "--tenant", "demo"))
        self.assertEqual([item["comment"] for item in listed], ["panne du relais"])
        self.town.daemon.ctl("silence", "end", "--tenant", "demo", silence.json["id"])
        self.town.wait_state(soon, {"sent", "delivered"})
        self.assertEqual(self.town.call("GET", "/v1/silences").json["items"], [])
        wait_until(lambda: self.metric("silenced") >= 1, "the metric counts it")

    def test_rappelctl_sets_a_silence_only_with_the_number_that_it_showed(self):
        self.town.schedule("anna", 3000, "inapp", title="Plus tard")
        words = ["silence", "set", "--tenant", "demo", "--notifier", "inbox", "--until",
                 in_seconds(3600), "--author", "Mme Diallo", "--comment", "essai"]  # fmt: skip
        with self.assertRaisesRegex(RuntimeError, "--expected 1"):
            self.town.daemon.ctl(*words)
        shown = self.town.daemon.ctl(*words, "--expected", "1")
        self.assertIn("1 reminder(s) that wait now", shown)
        (silence,) = json.loads(self.town.daemon.ctl("--json", "silence", "list", "--tenant", "demo"))
        self.assertEqual(silence["matcher"], {"notifier": "inbox"})
        self.town.daemon.ctl("silence", "end", "--tenant", "demo", silence["id"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
