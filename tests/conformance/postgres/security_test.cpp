// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <functional>
#include <pqxx/pqxx>
#include <set>

#include "conformance/cluster.hpp"
#include "conformance/samples.hpp"

// What PostgreSQL itself must hold or refuse, whoever asks.

using namespace conformance;

namespace {

const std::vector<std::string> tenant_tables{"api_key",  "citizen",       "citizen_key", "event",
                                             "deadline", "reminder",      "delivery",
                                             "inbox_message", "task",     "idempotency"};

/// A database of its own with one citizen about whom everything is known.
struct Filled {
  static constexpr const char* canary = "Quetzalcoatlus-7431";
  Database database;
  std::unique_ptr<Store> store =
      store::open_postgres(database.options(), seal::Keyring::random());
  store::Tenant tenant = sample_tenant("mairie-demo");
  store::Citizen citizen;
  Reminder reminder;

  Filled() {
    REQUIRE(store->create_tenant(tenant));
    store->create_key({"0a1b2c3d", tenant.id, "poste 1", "live", "aa", noon});
    citizen = sample_citizen(*store, tenant.id, std::string("ref ") + canary);
    citizen.profile["name"] = canary;
    reminder = sample_reminder(citizen, "J-30", noon);
    reminder.values["name"] = canary;
    auto deadline = sample_deadline(citizen);
    deadline.explanation["name"] = canary;
    std::vector events{sample_event(citizen)};
    events[0].data["name"] = canary;
    auto task = sample_task(reminder);
    task.detail["name"] = canary;
    auto transaction = store->begin(citizen.id.shard(), tenant.id, noon);
    transaction->create_citizen(citizen);
    transaction->append(events);
    transaction->upsert(std::span<const Deadline>(&deadline, 1));
    transaction->upsert(std::span<const Reminder>(&reminder, 1));
    transaction->add_task(task);
    transaction->remember("00ff", {"abcd", 201, canary}, noon);
    transaction->commit();
    send();
  }

  void send() {
    const std::vector wanted{citizen.id.shard()};
    const auto fence =
        store->acquire(NodeId::random(), {}, wanted, std::chrono::milliseconds{0}).at(0);
    const auto claimed = store->claim(fence, std::vector{reminder.id}, noon).at(0);
    auto delivery = sample_delivery(claimed.reminder);
    delivery.record["to"] = canary;
    REQUIRE(store->begin_flight(fence, std::vector{store::Flight{tenant.id, delivery, 1}}, noon)
                .size() == 1);
    auto settlement = settlement_of(claimed, ReminderState::delivered);
    settlement.delivery = delivery;
    settlement.inbox = sample_inbox(reminder, canary);
    settlement.inbox->body = settlement.inbox->private_body = canary;
    settlement.event = sample_event(citizen);
    settlement.event->data["name"] = canary;
    REQUIRE(store->settle(fence, std::vector{settlement}, noon).size() == 1);
  }

  /// Runs one statement as a role, for a tenant or none; the number of rows.
  std::size_t as(const std::string& role, const std::string& tenant_id, const std::string& sql) {
    pqxx::connection connection(database.dsn());
    pqxx::work work(connection);
    work.exec("set local search_path = rappel");
    work.exec("select set_config('app.tenant', '" + tenant_id + "', true)");
    work.exec("set local role " + role);
    const auto rows = work.exec(sql);
    return rows.columns() == 0 ? rows.affected_rows() : rows.size();
  }
};

/// One for all the cases that only look.
Filled& filled() {
  static Filled shared;
  return shared;
}

std::string sqlstate_of(const std::function<void()>& statement) {
  try {
    statement();
  } catch (const pqxx::insufficient_privilege&) {
    return "42501";  // libpqxx 6 leaves its sqlstate() empty
  } catch (const pqxx::sql_error& error) {
    return error.sqlstate();
  }
  return "none";
}

bool file_holds(const std::filesystem::path& path, const std::string& needle) {
  std::ifstream stream(path, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(stream), {});
  return bytes.find(needle) != std::string::npos;
}

/// The words of a CHECK constraint's `in` list.
std::set<std::string> words_of_check(pqxx::work& work, const std::string& name) {
  const std::string text =
      work.exec("select pg_get_constraintdef(oid) from pg_constraint where conname = '" + name +
                "' and conparentid = 0 and connamespace = 'rappel'::regnamespace limit 1")
          .at(0)[0]
          .as<std::string>();
  std::set<std::string> words;
  for (std::size_t at = text.find('\''); at != std::string::npos; at = text.find('\'', at)) {
    const auto end = text.find('\'', at + 1);
    words.insert(text.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  return words;
}

template <typename States>
std::set<std::string> names_of(const States& states) {
  std::set<std::string> names;
  for (const auto state : states) names.emplace(to_string(state));
  return names;
}

}  // namespace

TEST_CASE("no file of the server holds a personal fact in clear") {
  const Filled& f = filled();
  REQUIRE(f.store->read_citizen(f.tenant.id, f.citizen.id)->profile.at("name").as_string() ==
          Filled::canary);
  pqxx::connection connection(f.database.dsn());
  pqxx::nontransaction work(connection);
  work.exec("checkpoint");
  const std::filesystem::path data = work.exec("show data_directory").at(0)[0].c_str();
  std::size_t files = 0;
  bool found_clear = false;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(data)) {
    if (!entry.is_regular_file()) continue;
    ++files;
    CAPTURE(entry.path());
    CHECK_FALSE(file_holds(entry.path(), Filled::canary));
    found_clear = found_clear || file_holds(entry.path(), "Mairie de Villeneuve");
  }
  CHECK_FALSE(file_holds(data.parent_path() / "log", Filled::canary));
  CHECK(files > 100);
  CHECK(found_clear);  // the search does find what is in clear
}

TEST_CASE("a role without a tenant sees no row and with another tenant neither") {
  Filled& f = filled();
  const auto other = TenantId::random().to_string();
  for (const auto& table : tenant_tables) {
    CAPTURE(table);
    for (const std::string role : {"rappel_owner", "rappel_api", "rappel_privacy"}) {
      if (role == "rappel_privacy" && table == "api_key") continue;  // granted nothing of it
      CHECK(f.as(role, "", "select 1 from " + table) == 0);
      CHECK(f.as(role, other, "select 1 from " + table) == 0);
      CHECK(f.as(role, f.tenant.id.to_string(), "select 1 from " + table) > 0);
    }
  }
}

TEST_CASE("a partition called by its own name shows nothing") {
  Filled& f = filled();
  CHECK(f.as("rappel_owner", f.tenant.id.to_string(), "select 1 from reminder_2026_11") == 0);
  CHECK(sqlstate_of([&] { f.as("rappel_api", "", "select 1 from reminder_2026_11"); }) == "42501");
}

TEST_CASE("a row cannot be written into or moved to another tenant") {
  Filled& f = filled();
  const auto other = TenantId::random().to_string();
  const auto ours = f.tenant.id.to_string();
  CHECK(sqlstate_of([&] {
          f.as("rappel_api", other,
               "insert into citizen_key select shard, '" + ours +
                   "', gen_random_uuid(), '' from shard_head limit 1");
        }) == "42501");
  CHECK(sqlstate_of([&] {
          f.as("rappel_api", ours, "update citizen set tenant = '" + other + "'");
        }) == "42501");
  CHECK(f.as("rappel_api", other, "update citizen set version = 99") == 0);
}

TEST_CASE("events are only added but by the role of privacy") {
  Filled& f = filled();
  const auto ours = f.tenant.id.to_string();
  for (const std::string role : {"rappel_api", "rappel_dispatch", "rappel_read", "rappel_migrate"}) {
    CAPTURE(role);
    CHECK(sqlstate_of([&] { f.as(role, ours, "update event set type = 'x'"); }) == "42501");
    CHECK(sqlstate_of([&] { f.as(role, ours, "delete from event"); }) == "42501");
    CHECK(sqlstate_of([&] { f.as(role, ours, "truncate event"); }) == "42501");
  }
  CHECK(f.as("rappel_privacy", ours, "delete from event") == 2);
}

TEST_CASE("counters and the send side see only the columns that they need") {
  Filled& f = filled();
  for (const std::string sealed : {"profile from citizen", "data from event",
                                   "\"values\" from reminder", "detail from task"})
    CHECK(sqlstate_of([&] { f.as("rappel_read", "", "select " + sealed); }) == "42501");
  CHECK(sqlstate_of([&] { f.as("rappel_dispatch", "", "select data from event"); }) == "42501");
  CHECK(sqlstate_of([&] {
          f.as("rappel_dispatch", "", "update reminder set due_at = due_at");
        }) == "42501");
  CHECK(sqlstate_of([&] { f.as("rappel_dispatch", "", "update citizen set profile = ''"); }) ==
        "42501");
  CHECK(f.as("rappel_dispatch", "", "select 1 from reminder") == 1);
}

TEST_CASE("no role may log in or passes row security") {
  Filled& f = filled();
  CHECK(f.as("rappel_owner", "",
             "select 1 from pg_roles where rolname like 'rappel\\_%' and "
             "(rolcanlogin or rolsuper or rolbypassrls)") == 0);
  CHECK(f.as("rappel_owner", "", "select 1 from pg_roles where rolname like 'rappel\\_%'") == 6);
}

TEST_CASE("a key is found without a tenant only by the id that is presented") {
  Filled& f = filled();
  CHECK(f.store->key("0a1b2c3d"));
  CHECK(f.as("rappel_api", "", "select 1 from api_key") == 0);
}

TEST_CASE("each state machine is mirrored by one CHECK") {
  const Database database;
  pqxx::connection connection(database.dsn());
  pqxx::work work(connection);
  CHECK(words_of_check(work, "reminder_state") == names_of(all_reminder_states()));
  CHECK(words_of_check(work, "deadline_state") == names_of(all_deadline_states()));
  CHECK(words_of_check(work, "delivery_state") ==
        names_of(std::vector{DeliveryState::in_flight, DeliveryState::sent,
                             DeliveryState::delivered, DeliveryState::failed,
                             DeliveryState::unknown}));
  CHECK(words_of_check(work, "task_state") ==
        names_of(std::vector{TaskState::open, TaskState::claimed, TaskState::resolved}));
  CHECK(words_of_check(work, "reminder_lane") ==
        names_of(std::vector{Lane::legal_deadline, Lane::transactional, Lane::advice}));
}

namespace {

/// Two due reminders of a second citizen, of which one is spoilt by the given statement.
struct Spoilt {
  Filled f;
  store::Citizen second = sample_citizen(*f.store, f.tenant.id, "B-1");
  std::vector<Reminder> reminders;
  store::Lease fence;

  explicit Spoilt(const std::string& statement) {
    second.id = CitizenId::random(f.citizen.id.shard());
    auto transaction = f.store->begin(second.id.shard(), f.tenant.id, noon);
    transaction->create_citizen(second);
    reminders = {sample_reminder(second, "good", noon), sample_reminder(second, "bad", noon)};
    transaction->upsert(std::span<const Reminder>(reminders));
    transaction->commit();
    pqxx::connection connection(f.database.dsn());
    pqxx::work work(connection);
    REQUIRE(work.exec(statement).affected_rows() == 1);
    work.commit();
    const std::vector wanted{second.id.shard()};
    fence = f.store->acquire(NodeId::random(), {}, wanted, std::chrono::minutes{1}).at(0);
  }

  std::vector<store::ClaimedReminder> claim() {
    return f.store->claim(fence, std::vector{reminders[0].id, reminders[1].id}, noon);
  }

  /// Ends a claimed reminder with a task, as dispatch does with what cannot be opened.
  void hand_to_human(const store::ClaimedReminder& claimed) {
    auto settlement = settlement_of(claimed, ReminderState::dead);
    settlement.task = sample_task(claimed.reminder);
    settlement.task->detail = {{"message", "identity_card"}};
    REQUIRE(f.store->settle(fence, std::vector{settlement}, noon).size() == 1);
  }

  std::vector<Task> tasks() {
    std::vector<Task> ours;
    for (auto& task : f.store->read_tasks(f.tenant.id, {}).items) {
      if (task.citizen == second.id) ours.push_back(std::move(task));
    }
    return ours;
  }
};

}  // namespace

TEST_CASE("a sealed row copied onto another citizen is claimed unread and its neighbours go on") {
  Spoilt spoilt(
      "update rappel.reminder b set \"values\" = a.\"values\" from rappel.reminder a "
      "where a.stage = 'J-30' and b.stage = 'bad'");
  for (const auto& claimed : spoilt.claim()) {
    CHECK(claimed.readable == (claimed.reminder.stage == "good"));
    if (claimed.readable) continue;
    CHECK(claimed.reminder.id == spoilt.reminders[1].id);
    CHECK(claimed.reminder.values.empty());
    spoilt.hand_to_human(claimed);
  }
  const auto tasks = spoilt.tasks();
  REQUIRE(tasks.size() == 1);
  CHECK(tasks[0].detail.at("message") == "identity_card");
  CHECK_THROWS_AS((void)spoilt.f.store->read_reminder(spoilt.f.tenant.id, spoilt.reminders[1].id),
                  store::StoreUnavailable);
}

TEST_CASE("a citizen whose key does not open is handed to a human without a word about them") {
  Spoilt spoilt(
      "update rappel.citizen_key set wrapped = overlay(wrapped placing '\\x00'::bytea from 30) "
      "where citizen = (select citizen from rappel.reminder where stage = 'bad')");
  const auto claimed = spoilt.claim();
  REQUIRE(claimed.size() == 2);
  CHECK_FALSE(claimed[0].readable);
  CHECK_FALSE(claimed[1].readable);
  spoilt.hand_to_human(claimed[0]);
  const auto tasks = spoilt.tasks();
  REQUIRE(tasks.size() == 1);
  CHECK(tasks[0].detail.empty());
}
