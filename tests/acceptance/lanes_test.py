# SPDX-License-Identifier: Apache-2.0
"""Providers that say "too fast" or fail: the real daemon, real senders, HTTP gateways that answer as told."""

import sys
import unittest
from pathlib import Path

from town import Town

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rigs import web  # noqa: E402
from rigs.processes import wait_until  # noqa: E402
from rigs.sms_gateway import SmsGateway, accept  # noqa: E402

ANNA = {"given_name": "Anna", "contacts": [
    {"channel": "sms", "address": "06 39 98 01 02"},
    {"channel": "email", "address": "anna@example.org"}]}  # fmt: skip
RETRY_AFTER = 20
SHORT = {"dispatch": {"retry_first": "200ms", "retry_last": "2s", "unknown_delay": "500ms"}}
BREAKER = {"results_min": 4, "window": 8, "open_for": "2s", "open_for_max": "4s", "probes": 2}


def busy(_sms):
    return 429, {"Retry-After": str(RETRY_AFTER)}


def broken(_sms):
    return 503, {}


class LanesTest(unittest.TestCase):
    def town(self, *sms):
        town = self.enterContext(Town(extra=SHORT, sms=list(sms)))
        town.put("anna", ANNA)
        return town

    def lane(self, town, name):
        lanes = web.call(town.daemon.address, "GET", "/lanes").json["lanes"]
        return next(lane for lane in lanes if lane["notifier"] == name)

    def wait_lane(self, town, name, condition, what):
        def there():
            lane = self.lane(town, name)
            return lane if condition(lane) else None

        return wait_until(there, what, 40)

    def test_a_retry_after_silences_the_lane_and_mails_go_on(self):
        gateway = self.enterContext(SmsGateway())
        gateway.answer = busy
        town = self.town(gateway.notifier("sms"))
        first = town.schedule("anna", 0, "sms", title="Premier")
        refused = gateway.wait_for_count(1)[0]
        gateway.answer = accept
        self.wait_lane(town, "sms", lambda lane: lane["pauses"] == 1, "the lane is paused")
        others = [town.schedule("anna", 0, "sms", title=f"Autre {n}") for n in range(5)]
        mail = town.schedule("anna", 0, "email")
        town.wait_state(mail, {"sent", "delivered"}, seconds=RETRY_AFTER)
        self.assertEqual(len(gateway.received), 1)
        self.assertRegex(town.daemon.ctl("status"), r"sms +sms +(paused|well)")
        for reminder in [first, *others]:
            town.wait_state(reminder, {"sent", "delivered"})
        later = gateway.received[1:]
        self.assertEqual(len(later), 6)
        self.assertGreaterEqual(min(sms.at for sms in later) - refused.at, RETRY_AFTER - 0.1)
        self.assertIn("RPL-0422", town.daemon.log.read_text())

    def test_a_failing_provider_is_probed_and_comes_back(self):
        gateway = self.enterContext(SmsGateway())
        gateway.answer = broken
        town = self.town(gateway.notifier("sms", breaker=BREAKER))
        reminders = [town.schedule("anna", 0, "sms", title=f"Rappel {n}") for n in range(10)]
        self.wait_lane(town, "sms", lambda lane: lane["breaker"] != "closed", "the breaker opens")
        wait_until(lambda: self.lane(town, "sms")["openings"] >= 3, "probes have failed twice", 40)
        before = len(gateway.received)
        self.assertLess(before, 40, "a sick provider is not hammered")
        gateway.answer = accept
        for reminder in reminders:
            town.wait_state(reminder, {"sent", "delivered"}, seconds=60)
        self.wait_lane(town, "sms", lambda lane: lane["breaker"] == "closed", "it is closed again")
        sent = [sms.key for sms in gateway.received if sms.status == 200]
        self.assertEqual(len(sent), len(set(sent)), "nothing was sent twice")
        log = town.daemon.log.read_text()
        self.assertIn("RPL-0420", log)
        self.assertIn("RPL-0421", log)
        metrics = web.call(town.daemon.address, "GET", "/metrics").body.decode()
        self.assertRegex(metrics, r'rappel_lane_breaker_openings_total\{notifier="sms"\} [1-9]')

    def test_another_provider_takes_over_and_what_may_have_left_is_never_sent_twice(self):
        bad = self.enterContext(SmsGateway())
        good = self.enterContext(SmsGateway())
        # 500: nobody knows whether it left, so it is no other provider's to send again.
        bad.answer = lambda _sms: (500, {})
        town = self.town(bad.notifier("first", weight=3, breaker={**BREAKER, "open_for": "20s",
                                                                  "open_for_max": "20s"}),
                         good.notifier("second"))  # fmt: skip
        doubtful = [town.schedule("anna", 0, "sms", title=f"Avant {n}") for n in range(8)]
        self.wait_lane(town, "first", lambda lane: lane["breaker"] == "open", "the breaker opens")
        after = [town.schedule("anna", 0, "sms", title=f"Apres {n}") for n in range(6)]
        for reminder in after:
            town.wait_state(reminder, {"sent", "delivered"})
        for reminder in doubtful:
            town.wait_state(reminder, {"sent", "delivered", "failed", "dead"})
        keys = [sms.key for sms in bad.received + good.received]
        self.assertEqual(len(keys), len(set(keys)), "no message reached a gateway twice")
        self.assertGreaterEqual(len(good.received), 6)

    def test_a_rate_holds_over_the_whole_path(self):
        gateway = self.enterContext(SmsGateway())
        town = self.town(gateway.notifier("sms", rate="5/s", burst=2))
        reminders = [town.schedule("anna", 0, "sms", title=f"Rappel {n}") for n in range(15)]
        for reminder in reminders:
            town.wait_state(reminder, {"sent", "delivered"})
        at = sorted(sms.at for sms in gateway.received)
        # A little slack: a message takes its time from the daemon through its sender.
        for first in range(len(at) - 7):
            self.assertGreater(at[first + 7] - at[first], (8 - 2) / 5 - 0.3)


if __name__ == "__main__":
    unittest.main(verbosity=2)
