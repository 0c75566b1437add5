# SPDX-License-Identifier: Apache-2.0
"""SIGTERM finishes what is in hand and gives the leases back; SIGHUP takes good templates and keeps the
old ones when the new are wrong. The embedded PostgreSQL comes and goes with the daemon."""

import os
import shutil
import signal
import unittest

from town import ROOT, Town

from rigs.processes import wait_until

ANNA = {"given_name": "Anna", "contacts": [{"channel": "email", "address": "anna@example.org"}]}


class SignalsTest(unittest.TestCase):
    def test_a_stop_is_clean_and_a_start_goes_on(self):
        with Town() as town:
            town.put("anna", ANNA)
            later = town.schedule("anna", 6, "email")
            self.assertEqual(town.daemon.stop(), 0)
            held = town.postgres.query(
                "select count(*) from rappel.shard_lease where owner is not null", "rappel")  # fmt: skip
            self.assertEqual(held, [["0"]])
            town.daemon.start()
            town.wait_state(later, {"sent", "delivered"})

    def test_a_reload_takes_good_templates_and_refuses_bad_ones(self):
        with Town() as town:
            templates = town.folder / "templates"
            shutil.copytree(ROOT / "templates", templates)
            town.daemon.configure({**town.configuration, "templates_directory": str(templates)})
            town.daemon.restart()
            town.put("anna", ANNA)
            file = templates / "messages/fr/caseworker_note.yaml"
            good = file.read_text()
            file.write_text(good.replace("Bonjour", "Cher usager", 1))
            self.reload(town, "RPL-0108")
            self.assertIn("Cher usager", self.mail_text(town))
            file.write_text("version: [\n")
            self.reload(town, "RPL-0107")
            self.assertIn("Cher usager", self.mail_text(town))

    def test_a_reload_of_what_cannot_even_be_read_keeps_what_there_was(self):
        with Town() as town:
            templates = town.folder / "templates"
            shutil.copytree(ROOT / "templates", templates)
            town.daemon.configure({**town.configuration, "templates_directory": str(templates)})
            town.daemon.restart()
            town.put("anna", ANNA)
            strange = templates / "deadlines/fr/identity/strange.yaml"
            strange.mkdir()
            self.reload(town, f"{strange}: is a folder, not a file")
            strange.rmdir()
            shutil.rmtree(templates / "deadlines")
            (templates / "deadlines").symlink_to(templates / "deadlines")
            self.reload(town, f"{templates / 'deadlines'}: cannot be read")
            self.assertIn("Bonjour", self.mail_text(town))

    def reload(self, town, expected):
        town.daemon.process.send_signal(signal.SIGHUP)
        wait_until(lambda: expected in town.daemon.process.log_text(), f"the log says {expected}")

    def mail_text(self, town):
        reminder = town.schedule("anna", 0, "email")
        town.wait_state(reminder, {"sent", "delivered"})
        return town.deliveries(reminder)[0]["record"]["text"]

    def test_the_embedded_postgresql_keeps_what_it_was_told_over_a_crash(self):
        with Town(embedded=True) as town:
            town.put("anna", ANNA)
            reminder = town.schedule("anna", 8, "email")
            town.daemon.kill()
            town.daemon.start()
            town.wait_state(reminder, {"sent", "delivered"})
            self.assertEqual(town.daemon.stop(), 0)

    def test_an_embedded_postgresql_that_is_killed_comes_back(self):
        with Town(embedded=True) as town:
            town.put("anna", ANNA)
            reminder = town.schedule("anna", 3, "email")
            pid_file = town.folder / "state/postgres/data/postmaster.pid"
            os.kill(int(pid_file.read_text().split()[0]), signal.SIGKILL)
            wait_until(lambda: "RPL-0120" in town.daemon.process.log_text(), "started again", 30)
            wait_until(town.daemon.is_ready, "ready again", 30)
            town.wait_state(reminder, {"sent", "delivered"}, 60)
            self.assertEqual(town.daemon.stop(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
