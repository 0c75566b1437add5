# SPDX-License-Identifier: Apache-2.0
"""Reminders from a file of JSON lines, by the real rappelctl beside the running daemon."""

import json
import unittest

from town import Town, in_seconds, wait_until

CITIZEN = {"given_name": "Alice", "contacts": [{"channel": "email", "address": "a@example.org"}]}


def line(citizen, key, seconds=86_400, **more):
    return json.dumps(
        {"key": key, "citizen": citizen, "template": "caseworker_note", "send_at": in_seconds(seconds),
         "values": {"title": "Rendez-vous", "body": "Merci d'apporter votre dossier."}, **more}
    )  # fmt: skip


class ImportTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.town = cls.enterClassContext(Town(extra={"scheduler": {"sweep_interval": "1s"}}))
        for name in ("alice", "bruno"):
            cls.town.put(name, CITIZEN)

    def imported(self, *lines, check=True):
        file = self.town.folder / "lines.ndjson"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.rejects = self.town.folder / "rejects.ndjson"
        return json.loads(self.town.daemon.ctl(
            "--json", "import", "--tenant", "demo", str(file), "--rejects", str(self.rejects), check=check,
        ))  # fmt: skip

    def test_a_daemon_that_runs_sends_what_was_imported(self):
        answer = self.imported(line("alice", "soon", 1))
        self.assertEqual((answer["planned"], answer["refused"]), (1, 0))
        (reminder,) = self.town.call("GET", "/v1/citizens/alice/reminders").json["items"]
        wait_until(lambda: self.town.reminder(reminder["id"])["state"] in ("sent", "delivered"),
                   "the imported reminder is sent")  # fmt: skip

    def test_what_is_refused_is_kept_to_be_mended_and_the_rest_is_planned_once(self):
        wrong = line("nobody", "k1")
        lines = [line("bruno", "k1"), wrong, "{", line("bruno", "k2", -86_400)]
        answer = self.imported(*lines, check=False)
        self.assertEqual((answer["lines"], answer["planned"], answer["refused"]), (4, 1, 3))
        self.assertEqual([(r["line"], r["where"], r["code"]) for r in answer["refusals"]],
                         [(2, "/citizen", "unknown_citizen"), (3, "", "bad_json"),
                          (4, "/send_at", "in_the_past")])  # fmt: skip
        self.assertTrue(all(refusal["detail"] for refusal in answer["refusals"]))
        self.assertEqual(self.rejects.read_text("utf-8").splitlines(), lines[1:])
        again = self.imported(lines[0])
        self.assertEqual((again["planned"], again["known"]), (0, 1))

    def test_a_wrong_call_says_what_is_wrong(self):
        for words, told in (
            (["--tenant", "demo", "/no/such/file"], "/no/such/file cannot be read"),
            (["--tenant", "dmo", "/dev/null"], 'did you mean "demo"?'),
            (["/dev/null"], "--tenant is required"),
        ):
            with self.assertRaises(RuntimeError) as refused:
                self.town.daemon.ctl("import", *words)
            self.assertIn(told, str(refused.exception))


if __name__ == "__main__":
    unittest.main()
