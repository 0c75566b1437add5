// SPDX-License-Identifier: Apache-2.0
#include "planner/plan.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace rappel;
using namespace rappel::planner;

namespace {

const auto paris = *calendar::Zone::find("Europe/Paris");
const auto citizen = CitizenId::random(Shard{7});

CivilDate day(const char* text) { return *parse_iso_date(text); }
Instant at(const char* text) { return *parse_rfc3339(text); }

rules::PlannedDeadline card(const char* due, std::vector<std::pair<std::string, std::string>> stages) {
  rules::PlannedDeadline deadline;
  deadline.rule = "fr.card";
  deadline.version = 1;
  deadline.subject = "cni-1";
  deadline.topic = "identity";
  deadline.due_on = day(due);
  for (const auto& [name, on] : stages)
    deadline.stages.push_back({name, day(on.c_str()), std::chrono::hours{9}, "card", false});
  return deadline;
}

rules::Evaluation wants(rules::PlannedDeadline deadline) {
  rules::Evaluation evaluation;
  evaluation.deadlines.push_back(std::move(deadline));
  return evaluation;
}

/// Whether what is written over a row follows the state machine.
template <typename Row>
void check_arrow(const std::vector<Row>& rows, const Row& next) {
  for (const auto& row : rows) {
    if (row.id == next.id && row.state != next.state) CHECK(may_become(row.state, next.state));
  }
}

/// What the store would hold after a plan.
void write(Existing& existing, const Plan& plan) {
  for (const auto& deadline : plan.deadlines) {
    check_arrow(existing.deadlines, deadline);
    std::erase_if(existing.deadlines, [&](const auto& known) { return known.id == deadline.id; });
    existing.deadlines.push_back(deadline);
  }
  for (const auto& reminder : plan.reminders) {
    check_arrow(existing.reminders, reminder);
    std::erase_if(existing.reminders, [&](const auto& known) { return known.id == reminder.id; });
    existing.reminders.push_back(reminder);
  }
}

Reminder& stage(Existing& existing, const std::string& name) {
  return *std::find_if(existing.reminders.begin(), existing.reminders.end(), [&](const auto& r) {
    return r.stage == name && r.state != ReminderState::cancelled;
  });
}

std::size_t pending(const Existing& existing) {
  return std::size_t(std::count_if(existing.reminders.begin(), existing.reminders.end(),
                                   [](const auto& r) { return is_pending(r.state); }));
}

const std::vector<std::pair<std::string, std::string>> two_stages{{"J-60", "2027-03-01"},
                                                                 {"J-7", "2027-04-23"}};

}  // namespace

TEST_CASE("planning twice changes nothing the second time") {
  const auto wanted = wants(card("2027-04-30", two_stages));
  Existing existing;
  write(existing, make_plan(wanted, existing, citizen, paris, at("2026-11-24T10:00:00Z")));
  CHECK(existing.deadlines.size() == 1);
  CHECK(existing.reminders.size() == 2);
  const auto again = make_plan(wanted, existing, citizen, paris, at("2026-11-25T10:00:00Z"));
  CHECK(again.deadlines.empty());
  CHECK(again.reminders.empty());
}

TEST_CASE("a stage leaves at its local hour and expires when the due date is over") {
  Existing existing;
  write(existing, make_plan(wants(card("2027-04-30", two_stages)), existing, citizen, paris,
                            at("2026-11-24T10:00:00Z")));
  CHECK(stage(existing, "J-60").due_at == at("2027-03-01T08:00:00Z"));
  CHECK(stage(existing, "J-7").due_at == at("2027-04-23T07:00:00Z"));
  CHECK(stage(existing, "J-7").expires_at == at("2027-04-30T22:00:00Z"));
}

TEST_CASE("a due date that moves closes what was planned for the old one and duplicates none") {
  Existing existing;
  const Instant now = at("2026-11-24T10:00:00Z");
  write(existing, make_plan(wants(card("2027-04-30", two_stages)), existing, citizen, paris, now));
  const auto moved = card("2027-05-30", {{"J-60", "2027-03-31"}, {"J-7", "2027-05-23"}});
  write(existing, make_plan(wants(moved), existing, citizen, paris, now));
  CHECK(pending(existing) == 2);
  CHECK(stage(existing, "J-7").due_at == at("2027-05-23T07:00:00Z"));
  for (const auto& reminder : existing.reminders) {
    if (is_pending(reminder.state)) continue;
    CHECK(reminder.due_on == day("2027-04-30"));
    CHECK(reminder.state_reason == "date_moved");
  }
  CHECK(make_plan(wants(moved), existing, citizen, paris, now).reminders.empty());
}

TEST_CASE("a due date that comes nearer than its stages is told at the next opportunity") {
  const Instant now = at("2026-11-24T10:00:00Z");
  const auto nearer = card("2026-12-05", {{"J-60", "2026-10-06"}, {"J-7", "2026-11-28"}});
  for (const bool told : {false, true}) {
    CAPTURE(told);
    Existing existing;
    write(existing, make_plan(wants(card("2027-04-30", two_stages)), existing, citizen, paris, now));
    if (told) stage(existing, "J-60").state = ReminderState::sent;  // for a day that is too late now
    write(existing, make_plan(wants(nearer), existing, citizen, paris, now));
    std::vector<Instant> leaving;
    for (const auto& reminder : existing.reminders) {
      if (!is_pending(reminder.state)) continue;
      leaving.push_back(reminder.due_at);
      CHECK(reminder.due_at < *reminder.expires_at);
    }
    std::sort(leaving.begin(), leaving.end());
    CHECK(leaving == std::vector<Instant>{at("2026-11-25T08:00:00Z"), at("2026-11-28T08:00:00Z")});
  }
}

TEST_CASE("a due date that moves on after its message has left is not told again at once") {
  Existing existing;
  write(existing, make_plan(wants(card("2027-04-30", two_stages)), existing, citizen, paris,
                            at("2026-11-24T10:00:00Z")));
  stage(existing, "J-60").state = ReminderState::sent;
  const auto later = card("2027-05-02", {{"J-60", "2027-03-03"}, {"J-7", "2027-04-25"}});
  write(existing, make_plan(wants(later), existing, citizen, paris, at("2027-03-10T10:00:00Z")));
  CHECK(pending(existing) == 1);
  CHECK(stage(existing, "J-7").due_at == at("2027-04-25T07:00:00Z"));
}

TEST_CASE("a stage that has left is not planned again for the same date but is for a new one") {
  Existing existing;
  const Instant now = at("2027-03-02T10:00:00Z");
  write(existing, make_plan(wants(card("2027-04-30", two_stages)), existing, citizen, paris,
                            at("2026-11-24T10:00:00Z")));
  stage(existing, "J-60").state = ReminderState::delivered;
  CHECK(make_plan(wants(card("2027-04-30", two_stages)), existing, citizen, paris, now)
            .reminders.empty());
  const auto moved = card("2027-07-30", {{"J-60", "2027-05-31"}, {"J-7", "2027-07-23"}});
  write(existing, make_plan(wants(moved), existing, citizen, paris, now));
  CHECK(existing.reminders.size() == 4);  // one sent, one closed, two for the new date
  CHECK(pending(existing) == 2);
}

TEST_CASE("learnt late only the latest past stage goes and at its own hour") {
  Existing existing;
  const auto late = card("2027-04-30", {{"J-90", "2027-01-30"}, {"J-60", "2027-03-01"},
                                        {"J-7", "2027-04-23"}});
  write(existing, make_plan(wants(late), existing, citizen, paris, at("2027-03-20T20:00:00Z")));
  CHECK(existing.reminders.size() == 2);
  CHECK(stage(existing, "J-60").due_at == at("2027-03-21T08:00:00Z"));
  // The opportunity it was given is kept, also when it is planned again after that hour.
  CHECK(make_plan(wants(late), existing, citizen, paris, at("2027-03-21T08:00:01Z"))
            .reminders.empty());
}

TEST_CASE("a past stage gives way to the next one when that is due as soon") {
  Existing existing;
  write(existing, make_plan(wants(card("2027-04-30", two_stages)), existing, citizen, paris,
                            at("2027-04-22T20:00:00Z")));
  CHECK(existing.reminders.size() == 1);
  CHECK(stage(existing, "J-7").due_at == at("2027-04-23T07:00:00Z"));
}

TEST_CASE("what is done takes its pending reminders with it") {
  Existing existing;
  const Instant now = at("2026-11-24T10:00:00Z");
  write(existing, make_plan(wants(card("2027-04-30", two_stages)), existing, citizen, paris, now));
  auto done = card("2027-04-30", two_stages);
  done.state = DeadlineState::met;
  write(existing, make_plan(wants(done), existing, citizen, paris, now));
  CHECK(pending(existing) == 0);
  for (const auto& reminder : existing.reminders) CHECK(reminder.state_reason == "deadline_met");
  // It opens again, for the same date: rows of its own.
  write(existing, make_plan(wants(card("2027-04-30", two_stages)), existing, citizen, paris, now));
  CHECK(pending(existing) == 2);
  CHECK(existing.reminders.size() == 4);
}

TEST_CASE("what was planned for another date is closed when the date for which it was settled is back") {
  for (const bool withdrawn : {true, false}) {
    CAPTURE(withdrawn);
    Existing existing;
    const auto now = at("2026-11-24T10:00:00Z");
    const auto plan_for = [&](const char* due) {
      write(existing, make_plan(wants(card(due, {{"J-60", "2027-03-01"}})), existing, citizen, paris, now));
    };
    plan_for("2027-04-30");
    auto& first = stage(existing, "J-60");
    first.state = withdrawn ? ReminderState::cancelled : ReminderState::sent;
    if (withdrawn) first.state_reason = withdrawn_by_caseworker;
    plan_for("2027-05-31");
    CHECK(pending(existing) == 1);
    plan_for("2027-04-30");
    CHECK(pending(existing) == 0);
  }
}

TEST_CASE("a deadline that moved and closed and came back to its first date is reminded of again") {
  Existing existing;
  const auto now = at("2026-11-24T10:00:00Z");
  const auto plan_for = [&](const rules::Evaluation& wanted) {
    write(existing, make_plan(wanted, existing, citizen, paris, now));
  };
  plan_for(wants(card("2027-04-30", two_stages)));
  plan_for(wants(card("2027-05-31", two_stages)));
  plan_for({});
  CHECK(pending(existing) == 0);
  plan_for(wants(card("2027-04-30", two_stages)));
  CHECK(pending(existing) == 2);
  CHECK(existing.reminders.size() == 6);  // the closed rows are still there
  plan_for({});
  plan_for(wants(card("2027-04-30", two_stages)));
  CHECK(pending(existing) == 2);
}

TEST_CASE("what a caseworker took back is not planned again for its date but is for another") {
  Existing existing;
  const auto now = at("2026-11-24T10:00:00Z");
  write(existing, make_plan(wants(card("2027-04-30", two_stages)), existing, citizen, paris, now));
  auto& withdrawn = stage(existing, "J-60");
  withdrawn.state = ReminderState::cancelled;
  withdrawn.state_reason = withdrawn_by_caseworker;
  const auto again = make_plan(wants(card("2027-04-30", two_stages)), existing, citizen, paris, now);
  CHECK(again.reminders.empty());
  write(existing, make_plan(wants(card("2027-05-31", two_stages)), existing, citizen, paris, now));
  CHECK(stage(existing, "J-60").state == ReminderState::planned);
}

TEST_CASE("a deadline that no rule wants any more is withdrawn with its reminders") {
  Existing existing;
  const Instant now = at("2026-11-24T10:00:00Z");
  write(existing, make_plan(wants(card("2027-04-30", two_stages)), existing, citizen, paris, now));
  write(existing, make_plan({}, existing, citizen, paris, now));
  CHECK(existing.deadlines.front().state == DeadlineState::withdrawn);
  CHECK(pending(existing) == 0);
}

TEST_CASE("what is in flight is left to its outcome") {
  Existing existing;
  const Instant now = at("2026-11-24T10:00:00Z");
  write(existing, make_plan(wants(card("2027-04-30", two_stages)), existing, citizen, paris, now));
  stage(existing, "J-60").state = ReminderState::in_flight;
  const auto plan = make_plan({}, existing, citizen, paris, now);
  REQUIRE(plan.reminders.size() == 1);
  CHECK(plan.reminders.front().stage == "J-7");
}
