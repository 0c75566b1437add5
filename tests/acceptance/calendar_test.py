# SPDX-License-Identifier: Apache-2.0
"""`rappelctl calendar` as people and programs use it: no database, no configuration, no key."""

import json
import os
import random
import subprocess
import tempfile
import unittest
from pathlib import Path

BIN = Path(os.environ["RAPPEL_BIN"])
# A broken configuration where rappelctl looks for one: nothing here may read it.
BARE = {"PATH": os.environ["PATH"], "RAPPEL_CONFIG": "/nonexistent/rappel.yaml"}
GOOD = {
    '{"op":"holidays","zone":"57","year":2026}': {"dates": [
        "2026-01-01", "2026-04-03", "2026-04-06", "2026-05-01", "2026-05-08", "2026-05-14",
        "2026-05-25", "2026-07-14", "2026-08-15", "2026-11-01", "2026-11-11", "2026-12-25",
        "2026-12-26"]},
    '{"op":"easter","year":2027}': {"date": "2027-03-28"},
    '{"op":"add","start":"2026-01-31","years":0,"months":1,"days":0,"method":"quantieme"}':
        {"date": "2026-02-28"},
    '{"op":"roll","zone":"75","date":"2026-05-01","kind":"ouvre","direction":"next"}':
        {"date": "2026-05-04"},
    '{"op":"add_working_days","zone":"metropole","start":"2022-01-07","n":12,"kind":"ouvre"}':
        {"date": "2022-01-25"},
    '{"op":"delay","zone":"metropole","event":"2025-12-18","unit":"days","n":15,"franc":true}':
        {"raw_last_day": "2026-01-02", "due": "2026-01-05"},
    r'{"op":"recurrence","ics":"DTSTART:20260131T090000\nRRULE:FREQ=MONTHLY;COUNT=2",'
    '"zone":"Europe/Paris"}':
        {"local": ["2026-01-31T09:00:00", "2026-03-31T09:00:00"],
         "utc": ["2026-01-31T08:00:00Z", "2026-03-31T07:00:00Z"]},
    '{"op":"to_utc","zone":"Europe/Paris","local":"2024-03-31T02:30:00"}':
        {"utc": "2024-03-31T01:30:00Z", "kind": "gap"},
    '{"op":"sms","text":"Déjà 3 €"}': {"encoding": "GSM-7", "segments": 1},
}  # fmt: skip
BAD = [b"", b"nonsense", b"\xff\xfe\x00", b"[" * 50_000, b"x" * 3_000_000, b'{"op":"easter"}',
       b'{"op":"easter","year":1e999}', b'{"op":"eastre","year":2027}', b'{"op":"sms","text":"\\ud800"}',
       b'{"op":"add_working_days","zone":"75","start":"2026-01-01","n":99999999999999999999}']  # fmt: skip


def ask(*words, stdin=b""):
    return subprocess.run([BIN / "rappelctl", "calendar", *words], input=stdin, env=BARE,
                          cwd=tempfile.gettempdir(), capture_output=True, timeout=120,
                          check=False)  # fmt: skip


def answers(lines):
    done = ask("--batch", stdin=b"\n".join(lines))
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


class BatchTest(unittest.TestCase):
    def test_every_question_has_its_answer(self):
        found = answers([line.encode() for line in GOOD])
        for line, answer in zip(GOOD, found, strict=True):
            self.assertEqual(answer, GOOD[line], line)

    def test_an_error_does_not_end_the_stream(self):
        good = b'{"op":"easter","year":2027}'
        found = answers([line for bad in BAD for line in (bad, good)])
        self.assertEqual(len(found), 2 * len(BAD))
        for bad, answer, after in zip(BAD, found[::2], found[1::2], strict=True):
            self.assertEqual(list(answer), ["error"], bad[:100])
            self.assertEqual(after, {"date": "2027-03-28"})

    def test_an_answer_comes_before_the_next_question(self):
        with subprocess.Popen([BIN / "rappelctl", "calendar", "--batch"], env=BARE,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # fmt: skip
            for year, easter in ((2026, "2026-04-05"), (2027, "2027-03-28")):
                process.stdin.write(b'{"op":"easter","year":%d}\n' % year)
                process.stdin.flush()
                self.assertEqual(json.loads(process.stdout.readline()), {"date": easter})
            process.stdin.close()
            self.assertEqual(process.wait(30), 0)

    def test_spoilt_questions_get_one_answer_each(self):
        chance = random.Random(2027)
        lines = []
        for _ in range(5000):
            line = bytearray(chance.choice(list(GOOD)).encode())
            for _ in range(chance.randint(1, 4)):
                place = chance.randrange(len(line))
                line[place : place + chance.randint(0, 2)] = chance.choice(
                    [b"", b"9", b"-", b'"', b"{", b"\xff", b"\0", b"\\", b";", b"null", b"99999"]
                )
            lines.append(bytes(line).replace(b"\n", b" "))
        for answer in answers(lines):
            self.assertTrue(answer)


class PeopleTest(unittest.TestCase):
    def test_a_table_of_days(self):
        shown = ask("holidays", "--zone", "57", "--year", "2027")
        self.assertIn(b"2027-03-26  Friday\n", shown.stdout)
        shown = ask("recurrence", "DTSTART:20260131T090000", "RRULE:FREQ=MONTHLY;COUNT=2",
                    "--zone", "Europe/Paris")  # fmt: skip
        self.assertIn(b"2026-03-31T09:00:00  2026-03-31T07:00:00Z\n", shown.stdout)
        shown = ask("working-days", "2026-05-11", "--zone", "75", "--n", "-12")
        self.assertEqual(shown.stdout, b"2026-04-21  Tuesday\n")

    def test_a_wrong_call_says_how_to_mend_it(self):
        for words, said in (([], b"--batch"), (["lunch"], b"working-days"), (["sms"], b"sms '"),
                            (["easter", "--yaer", "2027"], b"--year"),
                            (["easter", "--year", "x"], b"whole number"),
                            (["roll", "2026-05-01", "--zone", "00", "--direction", "next"],
                             b"departement")):  # fmt: skip
            done = ask(*words)
            self.assertEqual(done.returncode, 2, words)
            self.assertIn(said, done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
