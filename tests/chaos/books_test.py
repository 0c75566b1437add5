# SPDX-License-Identifier: Apache-2.0
"""The verdict itself: what it must not let pass."""

import unittest

from books import Arrival, Fault, Flight, Verdict, flights_of, judge

ONE, TWO = ("00000000-0000-4000-8000-00000000000" + digit for digit in "12")
KILL = Fault("kill -9", "first", 10.0, 10.5)


def mail(reminder=ONE, **more):
    return Arrival(**{"key": f"{reminder}-0", "identity": f"<{reminder}-0@example.org>", **more})


class BooksTest(unittest.TestCase):
    def judged(self, arrivals, flights=(), faults=(), planned=(ONE,), told=()):
        return judge(Verdict("test"), planned, told, arrivals, flights, faults)

    def test_one_of_each_is_good(self):
        self.assertTrue(self.judged([mail(), mail(TWO)], planned=(ONE, TWO)).is_good)

    def test_what_neither_arrived_nor_was_told_to_a_human_is_lost(self):
        self.assertEqual(self.judged([mail()], planned=(ONE, TWO)).lost, [TWO])
        self.assertTrue(self.judged([mail()], planned=(ONE, TWO), told=(TWO,)).is_good)

    def test_what_nobody_planned_is_a_problem(self):
        self.assertFalse(self.judged([mail(), mail(TWO)]).is_good)

    def test_a_copy_is_explained_by_a_fault_while_it_was_in_flight_there(self):
        for since, until, who, good in ((9, 11, "first", True), (10.4, 12, "first", True),
                                        (9, 9.9, "first", False), (10.6, 12, "first", False),
                                        (9, 11, "second", False)):  # fmt: skip
            with self.subTest(since=since, until=until, who=who):
                verdict = self.judged([mail(), mail()], [Flight(ONE, who, since, until)], [KILL])
                self.assertEqual((verdict.is_good, verdict.duplicates, verdict.explained),
                                 (good, 1, int(good)))  # fmt: skip

    def test_each_copy_needs_a_doubt_of_its_own(self):
        flight = Flight(ONE, "first", 9, 11)
        self.assertFalse(self.judged([mail()] * 3, [flight], [KILL]).is_good)
        again = Flight(ONE, "first", 10.2, 12)
        self.assertTrue(self.judged([mail()] * 3, [flight, again], [KILL]).is_good)

    def test_a_copy_after_one_without_an_answer_is_explained(self):
        self.assertTrue(self.judged([mail(in_doubt=True), mail()]).is_good)
        self.assertFalse(self.judged([mail(), mail(in_doubt=True)]).is_good)

    def test_copies_under_two_identities_are_never_explained(self):
        copies = [mail(), mail(identity="<other@example.org>")]
        self.assertFalse(self.judged(copies, [Flight(ONE, "first", 9, 11)], [KILL]).is_good)

    def test_what_nobody_may_repeat_is_never_explained(self):
        copies = [mail(repeatable=False, in_doubt=True)] * 2
        self.assertFalse(self.judged(copies, [Flight(ONE, "first", 9, 11)], [KILL]).is_good)

    def test_flights_begin_and_end_with_the_steps_of_their_reminder(self):
        steps = [(ONE, "in_flight", "first", 1.0), (TWO, "in_flight", "second", 2.0),
                 (ONE, "unknown", "second", 3.0), (ONE, "in_flight", "second", 4.0),
                 (ONE, "sent", "second", 5.0)]  # fmt: skip
        self.assertEqual(flights_of(steps, 9.0), [
            Flight(ONE, "first", 1.0, 3.0), Flight(ONE, "second", 4.0, 5.0),
            Flight(TWO, "second", 2.0, 9.0)])  # fmt: skip


if __name__ == "__main__":
    unittest.main()
