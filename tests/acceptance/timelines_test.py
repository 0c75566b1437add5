#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What the whole catalogue says of the quickstart's three people on one day, page by page in both
languages, is what was read and found right: tests/golden/timelines. RAPPEL_GOLDEN_UPDATE=1 writes it
anew: read the difference against the law before you commit it."""

import os
import pathlib
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
GOLDEN = SOURCE / "tests" / "golden" / "timelines"
RAPPELCTL = pathlib.Path(os.environ["RAPPEL_BIN"]) / "rappelctl"
TODAY = "2026-11-26"
PEOPLE = ("madeleine", "karim", "odette")


def timeline(folder, person, language):
    """The deadlines of a person one month on, when nothing was done, each with its page."""
    command = [str(RAPPELCTL), "simulate", f"{folder}/{person}.citizen.json",
               f"{folder}/{person}.events.json", "--from", TODAY, "--months", "1",
               "--explain", language]
    config = pathlib.Path(folder) / "rappel.yaml"
    config.write_text(f"templates_directory: {SOURCE}/templates\nstate_directory: {folder}/state\n")
    command[1:1] = ["--config", str(config)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return told.split("\nMessages\n")[0]


class Timelines(unittest.TestCase):
    maxDiff = None

    def test_pages(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([SOURCE / "packaging/demo/people", folder, TODAY], check=True)
            for person in PEOPLE:
                for language in ("fr", "en"):
                    with self.subTest(person=person, language=language):
                        self.compare(GOLDEN / f"{person}.{language}.txt",
                                     timeline(folder, person, language))

    def compare(self, path, told):
        if os.environ.get("RAPPEL_GOLDEN_UPDATE") == "1":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(told)
        self.assertEqual(path.read_text(), told)


if __name__ == "__main__":
    unittest.main()
