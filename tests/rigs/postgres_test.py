# SPDX-License-Identifier: Apache-2.0
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rigs.postgres import Postgres  # noqa: E402
from rigs.processes import workplace  # noqa: E402


class PostgresTest(unittest.TestCase):
    def setUp(self):
        folder = self.enterContext(workplace())
        self.database = self.enterContext(Postgres(folder))

    def test_what_is_committed_survives_every_kind_of_stop(self):
        self.database.create("rappel")
        self.database.query("create table fact (n int)", "rappel")
        for number, mode in enumerate(("fast", "immediate", "smart")):
            self.database.query(f"insert into fact values ({number})", "rappel")
            self.database.restart(mode)
        self.assertEqual(
            self.database.query("select n from fact order by n", "rappel"), [["0"], ["1"], ["2"]]
        )

    def test_a_stopped_server_answers_nobody(self):
        self.database.stop("immediate")
        with self.assertRaises(RuntimeError):
            self.database.query("select 1")

    def test_it_listens_on_no_port(self):
        self.assertEqual(self.database.query("show listen_addresses"), [[""]])


if __name__ == "__main__":
    unittest.main()
