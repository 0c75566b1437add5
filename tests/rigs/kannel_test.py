# SPDX-License-Identifier: Apache-2.0
import sys
import unittest
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rigs import kannel as kannel_rig  # noqa: E402
from rigs.processes import wait_until, workplace  # noqa: E402


class KannelTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(workplace())
        cls.kannel = cls.enterClassContext(kannel_rig.Kannel(folder))

    def send(self, to, text, **more):
        query = urllib.parse.urlencode(
            {
                "username": kannel_rig.USER,
                "password": kannel_rig.PASSWORD,
                "to": to,
                "text": text,
                "charset": "UTF-8",
                **more,
            }
        )
        with urllib.request.urlopen(f"{self.kannel.send_url}?{query}", timeout=10) as answer:
            return answer.status, answer.read().decode()

    def test_a_text_arrives_with_its_two_receipts(self):
        url = f"{self.kannel.receipt_url}?id=42&type=%d"
        status, body = self.send(
            "0033600000001",
            "Votre carte expire le 3 mai",
            coding=0,
            **{"dlr-mask": 31, "dlr-url": url},
        )
        self.assertEqual((status, body[:2]), (202, "0:"))
        sms = self.kannel.wait_for(lambda s: s.to == "0033600000001")
        self.assertEqual((sms.sender, sms.text), ("Mairie", "Votre carte expire le 3 mai"))
        calls = self.kannel.receipts.calls
        wait_until(
            lambda: {c["type"] for p, c in calls if p == "/dlr" and c["id"] == "42"} >= {"1", "8"},
            "accepted and delivered are reported",
        )

    def test_any_letter_arrives_in_ucs2(self):
        self.send("0033600000002", "Reçu à l’accueil, ô joie ☎", coding=2)
        sms = self.kannel.wait_for(lambda s: s.to == "0033600000002")
        self.assertEqual((sms.kind, sms.text), ("ucs-2", "Reçu à l’accueil, ô joie ☎"))

    def test_a_long_text_arrives_in_parts(self):
        self.send("0033600000003", "0123456789" * 20, coding=0)

        def two_parts():
            found = [sms for sms in self.kannel.texts() if sms.to == "0033600000003"]
            return found if len(found) == 2 else None

        parts = sorted(wait_until(two_parts, "two parts arrive"), key=lambda part: part.header[-1])
        self.assertEqual("".join(part.text for part in parts), "0123456789" * 20)

    def test_a_wrong_password_is_refused(self):
        with self.assertRaises(urllib.error.HTTPError) as refused:
            self.send("0033600000004", "x", password="wrong")
        self.assertEqual(refused.exception.code, 403)

    def test_what_is_sent_while_the_centre_is_away_arrives_when_it_is_back(self):
        self.kannel.stop_centre()
        _, body = self.send("0033600000005", "plus tard")
        self.assertIn(body[:2], ("0:", "3:"))
        self.kannel.start_centre()
        self.assertEqual(
            self.kannel.wait_for(lambda s: s.to == "0033600000005", seconds=60).text, "plus tard"
        )


if __name__ == "__main__":
    unittest.main()
