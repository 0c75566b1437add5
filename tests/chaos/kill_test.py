# SPDX-License-Identifier: Apache-2.0
"""kill -9 of the daemon at random instants while reminders fall due. Nothing may be lost, and every
duplicate must have been in flight at a kill and carry the same Message-ID. Prints both counts.
RAPPEL_CHAOS_KILLS, RAPPEL_CHAOS_REMINDERS and RAPPEL_CHAOS_SEED choose another run."""

import os
import random
import sys
import unittest
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / name) for name in ("acceptance", "")]

import nodes  # noqa: E402

KILLS = int(os.environ.get("RAPPEL_CHAOS_KILLS", "50"))
REMINDERS = int(os.environ.get("RAPPEL_CHAOS_REMINDERS", "5000"))
SEED = int(os.environ.get("RAPPEL_CHAOS_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 31)


class KillTest(unittest.TestCase):
    def test_nothing_is_lost_and_every_duplicate_is_explained(self):
        print(f"seed {SEED}: {KILLS} kills over {REMINDERS} reminders", flush=True)
        verdict = nodes.kill(KILLS, REMINDERS, SEED)
        print(f"lost {len(verdict.lost)}, duplicates {verdict.duplicates}, explained {verdict.explained},"
              f" {verdict.seconds:.1f} s", flush=True)  # fmt: skip
        self.assertEqual((verdict.faults, verdict.reminders), (KILLS, REMINDERS))
        self.assertEqual(verdict.lost, [])
        self.assertEqual(verdict.problems, [])
        self.assertEqual(verdict.explained, verdict.duplicates)


if __name__ == "__main__":
    unittest.main(verbosity=2)
