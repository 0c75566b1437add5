// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "conformance/samples.hpp"

using namespace conformance;

TEST_CASE("a citizen is found by reference and read back whole") {
  World w;
  CHECK(w.store.find_citizen(w.tenant.id, "A-1") == w.citizen.id);
  CHECK(describe(w.store.read_citizen(w.tenant.id, w.citizen.id).value()) == describe(w.citizen));
  CHECK_FALSE(w.store.find_citizen(w.tenant.id, "A-2"));
  CHECK_FALSE(w.store.read_citizen(w.tenant.id, CitizenId::random(w.shard())));
}

TEST_CASE("a reference always leads to the same shard") {
  World w;
  CHECK(w.store.shard_of(w.tenant.id, "A-1") == w.shard());
  CHECK(w.store.shard_of(w.tenant.id, "A-1") == w.store.shard_of(w.tenant.id, "A-1"));
}

TEST_CASE("citizens of other rules are listed in the order of their keys from where one stopped") {
  World w;
  auto transaction = w.begin();
  std::vector<store::CitizenKey> all{{w.tenant.id, w.citizen.id}};
  for (int i = 0; i < 4; ++i) {
    auto other = sample_citizen(w.store, w.tenant.id, "B-" + std::to_string(i));
    other.id = CitizenId::random(w.shard());
    other.rulebook = i == 0 ? "new" : "old";
    transaction->create_citizen(other);
    if (i != 0) all.push_back({w.tenant.id, other.id});
  }
  transaction->commit();
  std::sort(all.begin(), all.end());
  CHECK(w.store.citizen_keys(w.shard(), "new", std::nullopt, 10) == all);
  const auto first = w.store.citizen_keys(w.shard(), "new", std::nullopt, 2);
  REQUIRE(first == std::vector(all.begin(), all.begin() + 2));
  CHECK(w.store.citizen_keys(w.shard(), "new", first.back(), 10) ==
        std::vector(all.begin() + 2, all.end()));
  CHECK(w.store.citizen_keys(w.shard(), "new", all.back(), 10).empty());
  CHECK(w.store.citizen_keys(w.shard(), std::nullopt, std::nullopt, 10).size() == 5);
}

TEST_CASE("a saved citizen has its new profile and instant of re-evaluation") {
  World w;
  w.citizen.profile = {{"city", "Lyon"}};
  w.citizen.version = 4;
  w.citizen.reevaluate_at = at("2031-01-01T04:30:00Z");
  w.citizen.rulebook = "5f1d";
  auto transaction = w.begin();
  transaction->save_citizen(w.citizen);
  CHECK(describe(transaction->citizen(w.citizen.id).value()) == describe(w.citizen));
  transaction->commit();
  CHECK(describe(w.store.read_citizen(w.tenant.id, w.citizen.id).value()) == describe(w.citizen));
}

TEST_CASE("many citizens are read at once and saved with what the rules said") {
  World w;
  auto transaction = w.begin();
  std::vector<store::Citizen> all{w.citizen};
  for (int i = 0; i < 3; ++i) {
    all.push_back(sample_citizen(w.store, w.tenant.id, "B-" + std::to_string(i)));
    all.back().id = CitizenId::random(w.shard());
    transaction->create_citizen(all.back());
    const std::vector deadlines{sample_deadline(all.back(), "first"),
                                sample_deadline(all.back(), "second")};
    transaction->upsert(std::span(deadlines));
    const std::vector reminders{sample_reminder(all.back(), "J-30", noon)};
    transaction->upsert(std::span(reminders));
  }
  transaction->commit();
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  std::vector<CitizenId> ids{CitizenId::random(w.shard())};  // of nobody
  for (const auto& citizen : all) ids.push_back(citizen.id);

  transaction = w.begin();
  all[0].reevaluate_at = at("2031-01-01T04:30:00Z");
  all[1].reevaluate_at.reset();
  for (auto& citizen : all) {
    citizen.rulebook = "5f1d";
    citizen.evaluation = std::string("\0\x01 digest \xff", 11);
    const auto profile = std::exchange(citizen.profile, {{"not", "stored"}});
    transaction->save_evaluations({&citizen, 1});
    citizen.profile = profile;
  }
  transaction->commit();

  CHECK(w.store.read_citizens(w.tenant.id, ids).size() == all.size());
  transaction = w.begin();
  const auto read = transaction->citizens(ids);
  REQUIRE(read.size() == all.size());
  for (std::size_t i = 0; i < all.size(); ++i) CHECK(describe(read[i]) == describe(all[i]));
  CHECK(transaction->deadlines(ids).size() == 6);
  CHECK(transaction->reminders(ids, long_ago).size() == 3);
  CHECK(transaction->citizens({}).empty());
  CHECK(transaction->deadlines(std::span<const CitizenId>()).empty());
}

TEST_CASE("what is not committed never happened") {
  World w;
  const auto other = sample_citizen(w.store, w.tenant.id, "A-1 bis");
  const auto reminder = sample_reminder(w.citizen, "J-30", noon);
  std::vector events{sample_event(w.citizen)};
  {
    auto transaction = w.begin();
    transaction->append(events);
    transaction->upsert(std::span<const Reminder>(&reminder, 1));
    transaction->add_task(sample_task(reminder));
    transaction->remember("aa", {"bb", 200, "{}"}, noon);
  }
  {
    auto transaction = w.store.begin(other.id.shard(), w.tenant.id, noon);
    transaction->create_citizen(other);
  }
  CHECK_FALSE(w.store.read_reminder(w.tenant.id, reminder.id));
  CHECK_FALSE(w.store.find_citizen(w.tenant.id, "A-1 bis"));
  CHECK(w.store.read_events(w.tenant.id, w.citizen.id, {}).items.empty());
  CHECK(w.store.read_tasks(w.tenant.id, {}).items.empty());
  CHECK(w.store.check_contiguity(w.shard()) == 0);
  CHECK_FALSE(w.begin()->idempotent_answer("aa"));
}

TEST_CASE("events get the shard's next positions and the citizen's next versions") {
  World w;
  std::vector first{sample_event(w.citizen), sample_event(w.citizen, "declaration.filed")};
  std::vector second{sample_event(w.citizen)};
  auto transaction = w.begin();
  transaction->append(first);
  transaction->append(second);
  CHECK(first[1].position == 2);
  CHECK(second[0].version == 3);
  const auto seen = transaction->events(w.citizen.id);
  REQUIRE(seen.size() == 3);
  transaction->commit();
  const auto stored = w.store.read_events(w.tenant.id, w.citizen.id, {}).items;
  REQUIRE(stored.size() == 3);
  CHECK(describe(stored[0]) == describe(first[0]));
  CHECK(describe(stored[1]) == describe(first[1]));
  CHECK(describe(seen[2]) == describe(second[0]));
  CHECK(w.store.read_citizen(w.tenant.id, w.citizen.id)->version == 3);
  CHECK(w.store.check_contiguity(w.shard()) == 3);
}

TEST_CASE("deadlines and reminders come back field by field") {
  World w;
  auto deadline = sample_deadline(w.citizen);
  auto bare = sample_deadline(w.citizen, "");
  bare.opens_on.reset();
  bare.safe_on.reset();
  bare.explanation = {};
  auto reminder = sample_reminder(w.citizen, "J-30", noon);
  reminder.deadline = deadline.id;
  auto plain = sample_reminder(w.citizen, "open", noon + std::chrono::hours{1});
  plain.channels.clear();
  plain.due_on.reset();
  plain.expires_at.reset();
  w.plan(deadline);
  w.plan(bare);
  w.plan({reminder, plain});
  auto transaction = w.begin();
  CHECK(transaction->deadlines(w.citizen.id).size() == 2);
  CHECK(transaction->reminders(w.citizen.id, long_ago).size() == 2);
  const auto deadlines = w.store.read_deadlines(w.tenant.id, w.citizen.id, {}).items;
  REQUIRE(deadlines.size() == 2);
  for (const auto& stored : deadlines)
    CHECK(describe(stored) == describe(stored.subject.empty() ? bare : deadline));
  const auto reminders = w.store.read_reminders(w.tenant.id, w.citizen.id, {}).items;
  REQUIRE(reminders.size() == 2);
  CHECK(describe(reminders[0]) == describe(reminder));
  CHECK(describe(reminders[1]) == describe(plain));
  CHECK(describe(w.read(plain.id)) == describe(plain));
}

TEST_CASE("every state of a deadline can be stored") {
  World w;
  auto deadline = sample_deadline(w.citizen);
  for (const auto state : all_deadline_states()) {
    deadline.state = state;
    w.plan(deadline);
    CHECK(w.store.read_deadlines(w.tenant.id, w.citizen.id, {}).items.at(0).state == state);
  }
}

TEST_CASE("every state of a reminder can be stored") {
  World w;
  for (const auto state : all_reminder_states()) {
    auto reminder = sample_reminder(w.citizen, std::string(to_string(state)), noon);
    reminder.state = state;
    w.plan({reminder});
    CHECK(w.read(reminder.id).state == state);
  }
}

TEST_CASE("a reminder re-dated into another month keeps its id and appears once") {
  World w;
  auto reminder = w.plan("J-30", at("2026-12-05T08:00:00Z"));
  reminder.due_at = reminder.next_at = at("2027-02-05T08:00:00Z");
  w.plan({reminder});
  const auto stored = w.store.read_reminders(w.tenant.id, w.citizen.id, {}).items;
  REQUIRE(stored.size() == 1);
  CHECK(describe(stored[0]) == describe(reminder));
  CHECK(w.store.horizon(w.shard(), Instant::min(), at("2027-01-31T00:00:00Z"), 10).empty());
  CHECK(w.store.horizon(w.shard(), Instant::min(), at("2027-03-01T00:00:00Z"), 10).size() == 1);
}

TEST_CASE("reminders may be planned in months that nobody prepared") {
  World w;
  for (const char* due : {"2061-07-14T08:00:00Z", "2019-01-31T23:59:59.999999Z",
                          "2038-12-31T23:59:59.999999Z", "2039-01-01T00:00:00Z"})
    CHECK(describe(w.read(w.plan(due, at(due)).id)) ==
          describe(sample_reminder(w.citizen, due, at(due))));
  CHECK(w.store.read_reminders(w.tenant.id, w.citizen.id, {}).items.size() == 4);
}

TEST_CASE("a month prepared by a transaction that fails is prepared again") {
  World w;
  const auto reminder = sample_reminder(w.citizen, "far", at("2071-07-14T08:00:00Z"));
  w.begin()->upsert(std::span<const Reminder>(&reminder, 1));
  w.plan({reminder});
  CHECK(w.read(reminder.id).due_at == reminder.due_at);
}

TEST_CASE("a reminder never acts before it is due") {
  World w;
  auto reminder = sample_reminder(w.citizen, "J-30", noon);
  reminder.next_at = noon - std::chrono::days{40};
  w.plan({reminder});
  CHECK(w.read(reminder.id).next_at == noon);
}

TEST_CASE("a final reminder stays as it is when it is planned again") {
  World w;
  auto reminder = w.plan("J-30", noon);
  auto cancelled = reminder;
  cancelled.state = ReminderState::cancelled;
  cancelled.state_reason = "withdrawn";
  w.plan({cancelled});
  w.plan({reminder});
  CHECK(describe(w.read(reminder.id)) == describe(cancelled));
}

TEST_CASE("planning sees what is pending and what was closed for a limit that is not past") {
  World w;
  const CivilDate today{std::chrono::year{2027} / 3 / 1};
  for (const auto state : {DeadlineState::open, DeadlineState::superseded}) {
    for (const int day : {-1, 0, 30}) {
      const auto due_on = CivilDate{std::chrono::sys_days(today) + std::chrono::days{day}};
      const std::string name = std::string(to_string(state)) + "@" + std::to_string(day);
      auto deadline = sample_deadline(w.citizen, name);
      deadline.state = state;
      deadline.due_on = due_on;
      w.plan(deadline);
      auto reminder = sample_reminder(w.citizen, name, noon);
      reminder.deadline = deadline.id;
      reminder.due_on = due_on;
      reminder.state = day == 30 ? ReminderState::sent : ReminderState::cancelled;
      w.plan({reminder});
    }
  }
  auto alone = sample_reminder(w.citizen, "alone", noon);
  alone.state = ReminderState::sent;
  alone.due_on = today;
  w.plan({alone});
  w.plan("pending", noon);
  std::vector<std::string> stages;
  for (const auto& reminder : w.begin()->reminders(w.citizen.id, today))
    stages.push_back(reminder.stage);
  std::sort(stages.begin(), stages.end());
  CHECK(stages == std::vector<std::string>{"open@0", "open@30", "pending", "superseded@0",
                                           "superseded@30"});
}

TEST_CASE("an idempotent answer is remembered with its transaction") {
  World w;
  auto transaction = w.begin();
  CHECK_FALSE(transaction->idempotent_answer("00ff"));
  transaction->save_citizen(w.citizen);
  transaction->remember("00ff", {"abcd", 201, "{\"é\":1}"}, noon);
  transaction->commit();
  const auto answer = w.begin()->idempotent_answer("00ff");
  REQUIRE(answer);
  CHECK(answer->request_hash_hex == "abcd");
  CHECK(answer->status == 201);
  CHECK(answer->body == "{\"é\":1}");
  CHECK_FALSE(w.begin()->idempotent_answer("00fe"));
}

TEST_CASE("a task of the same cause is made once") {
  World w;
  const auto task = sample_task(sample_reminder(w.citizen, "J-7", noon));
  for (int i = 0; i < 2; ++i) {
    auto transaction = w.begin();
    transaction->add_task(task);
    transaction->commit();
  }
  const auto tasks = w.store.read_tasks(w.tenant.id, {}).items;
  REQUIRE(tasks.size() == 1);
  CHECK(describe(tasks[0]) == describe(task));
  CHECK(w.store.counts().tasks_open == 1);
}

TEST_CASE("a second citizen under a taken reference is refused") {
  World w;
  auto transaction = w.begin();
  auto twin = w.citizen;
  twin.id = CitizenId::random(w.shard());
  CHECK_THROWS_AS(transaction->create_citizen(twin), std::logic_error);
}
