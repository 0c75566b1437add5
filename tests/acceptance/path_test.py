# SPDX-License-Identifier: Apache-2.0
"""From an event to a delivered message, on the real binary, real PostgreSQL, a real SMTP server over
STARTTLS and a real Kannel with its fake SMS centre."""

import json
import unittest

from town import PHONE, Town, in_days, in_seconds

ALICE = {
    "given_name": "Alice", "family_name": "Martin", "birthdate": "1964-03-02", "nationality": "FR",
    "address": {"lines": ["1 rue Neuve"], "postcode": "35000", "city": "Rennes", "insee": "35238"},
    "contacts": [{"channel": "email", "address": "alice@example.org"},
                 {"channel": "sms", "address": "06 39 98 01 02"}],
}  # fmt: skip


class PathTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.town = cls.enterClassContext(Town(real=True))
        cls.town.put("alice", ALICE)

    def test_a_reminder_arrives_by_mail_over_starttls(self):
        reminder = self.town.schedule("alice", 1, "email", title="Rendez-vous à 10 h")
        mail = self.town.sink.wait_for(
            lambda m: "alice@example.org" in m.to and "10 h" in (m.message["Subject"] or "")
        )
        self.assertTrue(mail.over_tls)
        self.assertIn("apporter votre dossier", mail.text)
        self.assertIn(PHONE, mail.text)
        self.assertIn('lang="fr"', mail.html)
        self.town.wait_state(reminder, {"sent", "delivered"})
        (delivery,) = self.town.deliveries(reminder)
        self.assertEqual(delivery["result"], "accepted")
        self.assertEqual(delivery["channel"], "email")
        self.assertIn(delivery["idempotency_key"], mail.message["Message-ID"])

    def test_a_reminder_arrives_by_sms_through_kannel(self):
        reminder = self.town.schedule("alice", 1, "sms", title="Piece manquante")
        text = self.town.kannel.wait_for(lambda sms: sms.to.endswith("639980102"))
        self.assertEqual(text.sender, "Mairie")
        self.town.wait_state(reminder, {"sent", "delivered"})
        (delivery,) = self.town.deliveries(reminder)
        self.assertEqual(delivery["result"], "accepted")
        self.assertGreaterEqual(delivery["sms_segments"], 1)

    def test_a_reminder_arrives_in_the_inbox(self):
        reminder = self.town.schedule("alice", 1, "inapp", title="Votre dossier")
        self.town.wait_state(reminder, {"delivered"})
        inbox = self.town.call("GET", "/v1/citizens/alice/inbox").json["items"]
        (message,) = [item for item in inbox if item["reminder"] == reminder["id"]]
        self.assertIn("Votre dossier", message["title"])
        self.assertIn(PHONE, message["body"])

    def test_events_become_deadlines_with_their_reasons(self):
        issued = in_days(-365 * 14)
        answer = self.town.events("alice", [
            {"type": "identity_document.issued", "occurred_on": issued,
             "data": {"id": "cni-1", "kind": "cni", "issued_on": issued}}])  # fmt: skip
        (card,) = [d for d in answer["deadlines"] if d["subject"] == "cni-1"]
        self.assertEqual(card["due_on"][:4], str(int(issued[:4]) + 15))
        self.assertTrue(card["explanation"]["legal"])
        self.assertTrue(card["explanation"]["arithmetic"])
        self.assertTrue(card["explanation"]["line"]["fr"])
        self.assertTrue([r for r in answer["reminders"] if r["deadline"] == card["id"]])
        listed = self.town.call("GET", "/v1/citizens/alice/deadlines").json["items"]
        self.assertIn(card["id"], [item["id"] for item in listed])

    def test_documents_received_cancel_what_was_planned(self):
        self.town.put("bruno", {**ALICE, "given_name": "Bruno"})
        asked = self.town.events("bruno", [
            {"type": "document.requested", "occurred_on": in_days(0),
             "data": {"claim": "c1", "label": "bourse", "documents": ["bulletin"],
                      "received_on": in_days(0), "due_on": in_days(40)}}])  # fmt: skip
        planned = [r["id"] for r in asked["reminders"]]
        self.assertTrue(planned)
        done = self.town.events("bruno", [
            {"type": "document.received", "data": {"claim": "c1"}}])  # fmt: skip
        self.assertEqual(done["reminders"], [])
        for identity in planned:
            reminder = self.town.reminder(identity)
            self.assertEqual((reminder["state"], reminder["reason"]),
                             ("cancelled", "deadline_met"))  # fmt: skip

    def test_a_withdrawn_reminder_is_not_sent(self):
        reminder = self.town.schedule("alice", 3600, "email", title="Ne part pas")
        answer = self.town.call("DELETE", f"/v1/reminders/{reminder['id']}")
        self.assertEqual(answer.status, 200)
        self.assertEqual(self.town.reminder(reminder["id"])["state"], "cancelled")
        self.assertEqual(self.town.call("DELETE", f"/v1/reminders/{reminder['id']}").status, 200)

    def test_a_dead_mailbox_leads_to_the_next_channel(self):
        self.town.put("chloe", {
            **ALICE, "given_name": "Chloé",
            "contacts": [{"channel": "email", "address": "gone@example.org"},
                         {"channel": "sms", "address": "06 39 98 01 77"}]})  # fmt: skip
        self.town.sink.answer("gone@example.org", "550 5.1.1 No such mailbox")
        answer = self.town.call("POST", "/v1/reminders", {
            "citizen": "chloe", "template": "caseworker_note", "send_at": in_seconds(1),
            "channels": ["email", "sms"],
            "values": {"title": "Dossier", "body": "Merci de rappeler."}})  # fmt: skip
        reminder = answer.json["reminders"][0]
        self.town.kannel.wait_for(lambda sms: sms.to.endswith("639980177"))
        self.town.wait_state(reminder, {"sent", "delivered"})
        results = sorted(d["result"] for d in self.town.deliveries(reminder))
        self.assertEqual(results, ["accepted", "bad_address"])

    def test_the_same_idempotency_key_is_one_reminder(self):
        body = {"citizen": "alice", "template": "caseworker_note", "channels": ["inapp"],
                "send_at": in_seconds(7200),
                "values": {"title": "Une fois", "body": "Une seule."}}  # fmt: skip
        headers = {"Idempotency-Key": "k-1"}
        first = self.town.call("POST", "/v1/reminders", body, headers)
        second = self.town.call("POST", "/v1/reminders", body, headers)
        self.assertEqual(first.status, 201)
        self.assertEqual((second.status, second.json), (first.status, first.json))
        body["values"]["title"] = "Autre"
        self.assertEqual(self.town.call("POST", "/v1/reminders", body, headers).status, 409)

    def test_the_journal_never_shows_a_person(self):
        log = self.town.daemon.process.log_text()
        for canary in ("alice@example.org", "639980102", "apporter votre dossier", self.town.key):
            self.assertNotIn(canary, log)

    def test_nothing_personal_reaches_the_tables_in_clear(self):
        dump = json.dumps(self.town.postgres.query(
            "select encode(profile, 'escape') || encode(reference, 'escape') from rappel.citizen"
            " union all select encode(data, 'escape') from rappel.event", "rappel"))  # fmt: skip
        for canary in ("alice", "Martin", "639980102"):
            self.assertNotIn(canary, dump)


if __name__ == "__main__":
    unittest.main(verbosity=2)
