# SPDX-License-Identifier: Apache-2.0
"""Bad input, each with the answer it gets: clear, and nothing is lost. RAPPEL_SHOW=1 prints them."""

import json
import os
import subprocess
import unittest

from town import BIN, ROOT, Town, in_days, in_seconds

from rigs import web
from rigs.ports import free_port
from rigs.processes import wait_until, workplace

ANNA = {"given_name": "Anna", "contacts": [{"channel": "email", "address": "anna@example.org"}]}
NOTE = {"citizen": "anna", "template": "caseworker_note",
        "values": {"title": "Titre", "body": "Texte"}}  # fmt: skip


def show(what, answer):
    if os.environ.get("RAPPEL_SHOW"):
        print(f"\n{what}\n  → {answer}")


class BadRequestTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.town = cls.enterClassContext(Town())
        cls.town.put("anna", ANNA)

    def refused(self, what, status, pointer, method, path, body, headers=None, key=None):
        answer = self.town.call(method, path, body, headers, key)
        show(what, f"{answer.status} {answer.body.decode()}")
        self.assertEqual(answer.status, status, answer.body)
        self.assertTrue(answer.headers["content-type"].startswith("application/problem+json"))
        problem = answer.json
        self.assertEqual(problem["status"], status)
        self.assertTrue(problem["code"])
        if pointer is not None:
            self.assertEqual(problem["errors"][0]["pointer"], pointer)
        return problem

    def test_malformed_json(self):
        for body in (b'{"a":', b"", b"hello", b'{"a":1,"a":2}', b'{"a":"\xff"}', b"[" * 5000):
            headers = {"Content-Type": "application/json"}
            answer = self.town.call("POST", "/v1/reminders", body, headers)
            show(f"body {body[:20]!r}", f"{answer.status} {answer.body.decode()}")
            self.assertIn(answer.status, (400, 422))

    def test_wrong_types(self):
        self.refused("a number for a text", 422, "/template", "POST", "/v1/reminders",
                     {**NOTE, "template": 3, "send_at": in_seconds(60)})  # fmt: skip
        self.refused("a text for a list", 422, "/channels", "POST", "/v1/reminders",
                     {**NOTE, "channels": "email", "send_at": in_seconds(60)})  # fmt: skip
        self.refused("a number for a date", 422, "/birthdate", "PUT", "/v1/citizens/anna",
                     {**ANNA, "birthdate": 1970})  # fmt: skip

    def test_an_unknown_field_is_named_with_its_neighbour(self):
        problem = self.refused("sned_at", 422, "/sned_at", "POST", "/v1/reminders",
                               {**NOTE, "send_at": in_seconds(60), "sned_at": "x"})  # fmt: skip
        self.assertIn("send_at", problem["errors"][0]["mend"])

    def test_unknown_template_and_placeholders(self):
        self.refused("a template that is not there", 422, "/template", "POST", "/v1/reminders",
                     {**NOTE, "template": "caseworker_not", "send_at": in_seconds(60)})  # fmt: skip
        self.refused("a value that is missing", 422, "/values/body", "POST", "/v1/reminders",
                     {**NOTE, "values": {"title": "Titre"}, "send_at": in_seconds(60)})  # fmt: skip
        self.refused("a value that nobody asked for", 422, "/values/bdoy", "POST",
                     "/v1/reminders", {**NOTE, "send_at": in_seconds(60),
                     "values": {"title": "Titre", "body": "Texte", "bdoy": "x"}})  # fmt: skip

    def test_a_date_that_does_not_exist(self):
        self.refused("29 February 2027", 422, "/due_on", "POST", "/v1/reminders",
                     {**NOTE, "due_on": "2027-02-29", "offsets": ["-P7D"]})  # fmt: skip
        self.refused("a birth on 31 April", 422, "/birthdate", "PUT", "/v1/citizens/anna",
                     {**ANNA, "birthdate": "1970-04-31"})  # fmt: skip
        self.refused("an instant that is over", 422, "/send_at", "POST", "/v1/reminders",
                     {**NOTE, "send_at": "2020-01-01T09:00:00Z"})  # fmt: skip

    def test_an_oversized_body(self):
        answer = self.town.call("POST", "/v1/reminders", b'{"a":"' + b"x" * 2_000_000 + b'"}',
                                {"Content-Type": "application/json"})  # fmt: skip
        show("2 MB", f"{answer.status} {answer.body.decode()}")
        self.assertEqual(answer.status, 413)

    def test_a_wrong_key(self):
        bodies = set()
        for key in ("rpl_live_nothing", self.town.key[:-1] + ("a" if self.town.key[-1] != "a" else "b")):
            problem = self.refused("a wrong key", 401, None, "GET", "/v1/citizens/anna", None,
                                   key=key)  # fmt: skip
            bodies.add(problem["detail"])
        self.assertEqual(len(bodies), 1, "a wrong key must not tell what is wrong with it")
        answer = web.call(self.town.daemon.address, "GET", "/v1/citizens/anna")
        self.assertEqual(answer.status, 401)
        self.assertIn("www-authenticate", answer.headers)

    def test_another_tenants_citizen_is_unknown(self):
        other = self.town.new_tenant("voisine")
        mine = self.refused("nobody", 404, None, "GET", "/v1/citizens/nobody", None)
        theirs = self.refused("another tenant's", 404, None, "GET", "/v1/citizens/anna", None,
                              key=other)  # fmt: skip
        self.assertEqual({**mine, "instance": ""}, {**theirs, "instance": ""})
        reminder = self.town.schedule("anna", 3600, "email")
        self.refused("another tenant's reminder", 404, None, "DELETE",
                     f"/v1/reminders/{reminder['id']}", None, key=other)  # fmt: skip
        self.assertEqual(self.town.reminder(reminder["id"])["state"], "planned")


class BadFileTest(unittest.TestCase):
    def check(self, configuration, *expected):
        with workplace() as folder:
            file = folder / "rappel.yaml"
            file.write_text(configuration)
            answer = subprocess.run([BIN / "rappeld", "--check-config", file], text=True,
                                    capture_output=True, timeout=30, check=False)  # fmt: skip
            show(configuration, f"exit {answer.returncode}\n{answer.stderr}")
            self.assertEqual(answer.returncode, 2, answer.stderr)
            for words in expected:
                self.assertIn(words, answer.stderr)

    def test_a_mistyped_key_is_named_with_its_place_and_neighbour(self):
        self.check("api:\n  lisen: 127.0.0.1:80\n", ":2:3:", "lisen", '"listen"')

    def test_a_wrong_value_is_named_with_its_place(self):
        self.check("scheduler:\n  lease_ttl: soon\n", ":2:14:", "soon", "15s")
        self.check("database:\n  connections_max: 0x10\n", ":2:", "connections_max")

    def test_a_secret_in_the_file_is_refused_and_not_shown(self):
        self.check('database:\n  dsn: "host=db password=hunter2"\n', "dsn_file")

    def test_what_the_configuration_names_must_be_there(self):
        self.check('api: {listen: localhost}\n', 'api.listen: "localhost" is not an address')
        self.check("keys: {master_key_file: /nonexistent}\n", "only one of the two keys")
        self.check("notifiers:\n  - {name: mail, channel: email, plugin: emial}\n",
                   "notifiers.mail.plugin", "rappel-notifier-emial.so")  # fmt: skip
        with workplace() as folder:
            key = folder / "key"
            key.write_text("not a key\n")
            key.chmod(0o644)
            self.check(f"keys: {{master_key_file: {key}, index_key_file: {folder}}}\n",
                       f"warning: keys.master_key_file: {key} can be read by other accounts",
                       f"keys.index_key_file: {folder} is a folder")  # fmt: skip

    def test_a_question_without_a_daemon_makes_no_database(self):
        with workplace() as folder:
            environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_STATE_HOME": str(folder)}
            answer = subprocess.run([BIN / "rappelctl", "--config", "", "status"], env=environment,
                                    text=True, capture_output=True, timeout=60, check=False)  # fmt: skip
            self.assertNotEqual(answer.returncode, 0)
            self.assertIn("start rappeld first", answer.stderr)
            self.assertEqual(list(folder.rglob("PG_VERSION")), [])

    def test_a_rule_with_a_typo_is_named_with_its_line(self):
        with workplace() as folder:
            subprocess.run(["cp", "-a", ROOT / "templates", folder / "templates"], check=True)
            (rule,) = sorted((folder / "templates/deadlines/fr").rglob("*cni*adult*.yaml"))[:1] or \
                sorted((folder / "templates/deadlines/fr").rglob("*.yaml"))[:1]  # fmt: skip
            lines = rule.read_text().splitlines()
            number = next(i for i, line in enumerate(lines) if line.startswith("version:"))
            lines[number] = lines[number].replace("version:", "verison:")
            rule.write_text("\n".join(lines) + "\n")
            self.check(f"templates_directory: {folder / 'templates'}\n",
                       f"{rule.name}:{number + 1}:", "verison", "version")  # fmt: skip


class BrokenWorldTest(unittest.TestCase):
    def test_postgresql_down_at_start_is_said_and_the_daemon_does_not_pretend(self):
        with workplace() as folder:
            file = folder / "rappel.yaml"
            file.write_text(json.dumps({
                "state_directory": str(folder / "state"),
                "api": {"listen": f"127.0.0.1:{free_port()}"},
                "database": {"dsn": f"host={folder} dbname=rappel user=postgres"}}))  # fmt: skip
            answer = subprocess.run([BIN / "rappeld", "--config", file], text=True,
                                    capture_output=True, timeout=120, check=False)  # fmt: skip
            show("PostgreSQL down at start", f"exit {answer.returncode}\n{answer.stderr}")
            self.assertEqual(answer.returncode, 1)
            self.assertIn("RPL-0002", answer.stderr)

    def test_postgresql_down_during_the_run_loses_nothing(self):
        with Town() as town:
            town.put("anna", ANNA)
            before = town.schedule("anna", 4, "email")
            town.postgres.stop("immediate")
            answer = town.call("GET", "/v1/citizens/anna")
            show("PostgreSQL down during the run", f"{answer.status} {answer.body.decode()}")
            self.assertEqual(answer.status, 503)
            self.assertIn("retry-after", answer.headers)
            self.assertFalse(town.daemon.is_ready())
            town.postgres.start()
            wait_until(town.daemon.is_ready, "ready again", 60)
            town.wait_state(before, {"sent", "delivered"}, 60)
            after = town.schedule("anna", 0, "email")
            town.wait_state(after, {"sent", "delivered"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
