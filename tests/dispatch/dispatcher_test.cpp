// SPDX-License-Identifier: Apache-2.0
#include "dispatch/dispatcher.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>

#include "base/virtual_loop.hpp"
#include "base/worker_pool.hpp"
#include "profile/vocabulary.hpp"
#include "store/memory/memory_store.hpp"

using namespace rappel;
using namespace rappel::dispatch;
using notify::ResultClass;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const Instant start = *parse_rfc3339("2026-11-24T09:00:00Z");  // 10:00 in Paris
const Shard shard{7};

class LoopClock final : public Clock {
 public:
  explicit LoopClock(const Loop& loop) : loop_(loop) {}
  [[nodiscard]] Instant now() const override { return loop_.now(); }

 private:
  const Loop& loop_;
};

/// Carries nothing: keeps what it was given, and answers when told to.
class ScriptedCarrier final : public Carrier {
 public:
  bool is_ready = true;
  bool may_query = false;
  std::size_t room = 100;
  std::vector<notify::OutgoingMessage> sent;
  std::vector<notify::StatusQuery> asked;

  void answer(std::size_t index, ResultClass result) {
    answer(sent.at(index).delivery, sent.at(index).attempt, result);
  }
  void answer(DeliveryId delivery, std::uint32_t attempt, ResultClass result) {
    notify::SendResult given;
    given.delivery = delivery;
    given.attempt = attempt;
    given.result = result;
    on_results_({given});
  }

  [[nodiscard]] bool ready(const std::string&) const override { return is_ready; }
  [[nodiscard]] std::size_t window(const std::string&) const override { return is_ready ? room : 0; }
  void send(const std::string&, std::vector<notify::OutgoingMessage> messages) override {
    room -= messages.size();
    for (auto& message : messages) sent.push_back(std::move(message));
  }
  [[nodiscard]] bool can_query(const std::string&) const override { return may_query; }
  void query(const std::string&, std::vector<notify::StatusQuery> queries) override {
    for (auto& query : queries) asked.push_back(std::move(query));
  }
  void on_results(OnResults callback) override { on_results_ = std::move(callback); }

 private:
  OnResults on_results_;
};

std::shared_ptr<const message::Catalogue> messages() {
  static const auto loaded =
      message::Catalogue::load(std::string(RAPPEL_SOURCE_DIR) + "/templates/messages");
  REQUIRE(loaded.has_value());
  return std::make_shared<const message::Catalogue>(*loaded);
}

struct World {
  explicit World(const char* profile_json = R"({"given_name": "Anna"})",
                 bool sms_repeatable = false) {
    tenant.id = TenantId::random();
    tenant.slug = "t";
    tenant.name = "Mairie";
    tenant.human_phone = "02 99 00 00 00";
    REQUIRE(store.create_tenant(tenant));
    profile::Profile profile;
    Event event;
    event.type = "citizen.updated";
    event.data = profile::check_citizen_update(boost::json::parse(profile_json).as_object()).value();
    profile::apply(profile, event);
    citizen.tenant = tenant.id;
    citizen.id = CitizenId::random(shard);
    citizen.reference = "anna";
    citizen.profile = profile::to_json(profile);
    write([&](store::Transaction& transaction) { transaction.create_citizen(citizen); });
    const std::vector<Shard> wanted{shard};
    fence = store.acquire(NodeId::random(), {}, wanted, hours{1'000}).at(0);
    Options options;
    options.routes = {{"mail", Channel::email, true},
                      {"sms", Channel::sms, sms_repeatable},
                      {"inbox", Channel::inapp, true}};
    options.jitter_seed = 1;
    dispatcher = std::make_unique<Dispatcher>(
        store, loop, jobs, carrier, messages(), options,
        Hooks{.done = [this](Shard, const IdBytes&,
                             std::optional<Instant> at) { done.push_back(at); },
              .lease = [this](Shard) { return lease; },
              .owns = [this](Shard) { return lease.has_value(); },
              .renounce = [this](Shard) { ++renounced; },
              .reevaluate = [this](TenantId, CitizenId, Instant) { ++reevaluated; }});
    lease = fence;
  }

  template <typename Work>
  void write(Work work) {
    auto transaction = store.begin(shard, tenant.id, loop.now());
    work(*transaction);
    transaction->commit();
  }

  Reminder plan(std::vector<Channel> channels, std::optional<Instant> expires = std::nullopt) {
    Reminder reminder;
    reminder.id = ReminderId::random(shard);
    reminder.citizen = citizen.id;
    reminder.message = "caseworker_note";
    reminder.topic = "caseworker";
    reminder.values = {{"title", "Titre"}, {"body", "Texte"}};
    reminder.due_at = loop.now();
    reminder.next_at = loop.now();
    reminder.channels = std::move(channels);
    reminder.expires_at = expires;
    write([&](store::Transaction& t) { t.upsert(std::span<const Reminder>(&reminder, 1)); });
    return reminder;
  }

  void take(const Reminder& reminder) {
    dispatcher->take(fence, {{store::WorkKind::remind, tenant.id, reminder.id.bytes(),
                              reminder.next_at, reminder.attempt}});
    settle();
  }

  /// Plays what waits, and the little time in which outcomes are gathered.
  void settle() { loop.run_until(loop.now() + seconds{1}); }

  Reminder read(const Reminder& reminder) {
    return store.read_reminder(tenant.id, reminder.id).value();
  }

  VirtualLoop loop{start};
  LoopClock clock{loop};
  store::MemoryStore store{clock};
  InlineJobs jobs;
  ScriptedCarrier carrier;
  store::Tenant tenant;
  store::Citizen citizen;
  store::Lease fence;
  std::optional<store::Lease> lease;
  std::vector<std::optional<Instant>> done;
  int renounced = 0;
  int reevaluated = 0;
  std::unique_ptr<Dispatcher> dispatcher;
};

const char* const with_mail_and_sms = R"({"given_name": "Anna", "contacts": [
  {"channel": "email", "address": "anna@example.org"}, {"channel": "sms", "address": "0639980102"}]})";

}  // namespace

TEST_CASE("a message leaves only once it is written down as in flight") {
  World w(with_mail_and_sms);
  const auto reminder = w.plan({Channel::email});
  w.take(reminder);
  REQUIRE(w.carrier.sent.size() == 1);
  CHECK(w.read(reminder).state == ReminderState::in_flight);
  CHECK(w.carrier.sent[0].to == "anna@example.org");
  CHECK(w.carrier.sent[0].text.find("02 99 00 00 00") != std::string::npos);
  w.carrier.answer(0, ResultClass::accepted);
  w.settle();
  CHECK(w.read(reminder).state == ReminderState::sent);
  CHECK(w.dispatcher->idle());
  CHECK(w.done.size() == 1);
}

TEST_CASE("what was cancelled before it is taken is not sent") {
  World w(with_mail_and_sms);
  auto reminder = w.plan({Channel::email});
  reminder.state = ReminderState::cancelled;
  w.write([&](store::Transaction& t) { t.upsert(std::span<const Reminder>(&reminder, 1)); });
  w.take(reminder);
  CHECK(w.carrier.sent.empty());
  CHECK(w.done.size() == 1);
}

TEST_CASE("what is cancelled while it waits for room is not sent") {
  World w(with_mail_and_sms);
  w.carrier.room = 0;
  auto reminder = w.plan({Channel::email});
  w.take(reminder);
  CHECK(w.read(reminder).state == ReminderState::claimed);
  reminder.state = ReminderState::cancelled;
  w.write([&](store::Transaction& t) { t.upsert(std::span<const Reminder>(&reminder, 1)); });
  w.carrier.room = 5;
  w.loop.post([&] { w.dispatcher->sender_ready("mail"); });
  w.settle();
  CHECK(w.carrier.sent.empty());
  CHECK(w.dispatcher->idle());
}

TEST_CASE("a message without room waits as claimed and leaves when there is some") {
  World w(with_mail_and_sms);
  w.carrier.room = 1;
  const auto first = w.plan({Channel::email});
  const auto second = w.plan({Channel::email});
  w.take(first);
  w.take(second);
  CHECK(w.carrier.sent.size() == 1);
  CHECK(w.read(second).state == ReminderState::claimed);
  w.carrier.room = 1;
  w.carrier.answer(0, ResultClass::accepted);
  w.settle();
  CHECK(w.carrier.sent.size() == 2);
}

TEST_CASE("an sms whose outcome is unknown is never sent again blindly") {
  World w(with_mail_and_sms);
  const auto reminder = w.plan({Channel::sms, Channel::email});
  w.take(reminder);
  REQUIRE(w.carrier.sent.size() == 1);
  CHECK(w.carrier.sent[0].channel == Channel::sms);
  w.carrier.answer(0, ResultClass::unknown);
  w.settle();
  CHECK(w.read(reminder).state == ReminderState::unknown);
  w.loop.run_until(w.loop.now() + minutes{1});
  w.take(w.read(reminder));
  REQUIRE(w.carrier.sent.size() == 2);
  CHECK(w.carrier.sent[1].channel == Channel::email);
}

TEST_CASE("an sms whose outcome is unknown on the last channel becomes work for a human") {
  World w(with_mail_and_sms);
  const auto reminder = w.plan({Channel::sms});
  w.take(reminder);
  w.carrier.answer(0, ResultClass::unknown);
  w.settle();
  w.loop.run_until(w.loop.now() + minutes{1});
  w.take(w.read(reminder));
  CHECK(w.carrier.sent.size() == 1);
  CHECK(w.read(reminder).state == ReminderState::dead);
  CHECK(w.store.read_tasks(w.tenant.id, {}).items.size() == 1);
}

TEST_CASE("a provider that can be asked is asked and not sent to") {
  World w(with_mail_and_sms);
  w.carrier.may_query = true;
  const auto reminder = w.plan({Channel::sms});
  w.take(reminder);
  w.carrier.answer(0, ResultClass::unknown);
  w.settle();
  w.loop.run_until(w.loop.now() + minutes{1});
  w.take(w.read(reminder));
  CHECK(w.carrier.sent.size() == 1);
  REQUIRE(w.carrier.asked.size() == 1);
  w.carrier.answer(w.carrier.asked[0].delivery, w.carrier.asked[0].attempt, ResultClass::delivered);
  w.settle();
  CHECK(w.read(reminder).state == ReminderState::delivered);
}

TEST_CASE("an unknown mail goes again under the same key") {
  World w(with_mail_and_sms);
  const auto reminder = w.plan({Channel::email});
  w.take(reminder);
  w.carrier.answer(0, ResultClass::unknown);
  w.settle();
  w.loop.run_until(w.loop.now() + minutes{1});
  w.take(w.read(reminder));
  REQUIRE(w.carrier.sent.size() == 2);
  CHECK(w.carrier.sent[0].idempotency_key == w.carrier.sent[1].idempotency_key);
  CHECK(w.carrier.sent[0].attempt != w.carrier.sent[1].attempt);
}

TEST_CASE("an answer to an older attempt changes nothing") {
  World w(with_mail_and_sms);
  const auto reminder = w.plan({Channel::email});
  w.take(reminder);
  w.carrier.answer(w.carrier.sent[0].delivery, 99, ResultClass::accepted);
  w.settle();
  CHECK(w.read(reminder).state == ReminderState::in_flight);
}

TEST_CASE("without a sender a reminder waits and nothing is in doubt") {
  World w(with_mail_and_sms);
  w.carrier.is_ready = false;
  const auto reminder = w.plan({Channel::email});
  w.take(reminder);
  CHECK(w.read(reminder).state == ReminderState::planned);
  REQUIRE(w.done.size() == 1);
  CHECK(w.done[0].has_value());
}

TEST_CASE("an outcome waits for a lease that is being renewed and is dropped once it is lost") {
  World w(with_mail_and_sms);
  const auto reminder = w.plan({Channel::email});
  w.take(reminder);
  w.lease.reset();
  w.carrier.answer(0, ResultClass::accepted);
  w.settle();
  CHECK(w.read(reminder).state == ReminderState::in_flight);
  CHECK(w.dispatcher->status().stale == 0);
  w.loop.run_until(w.loop.now() + minutes{1});
  CHECK(w.dispatcher->status().stale == 1);
  CHECK(w.dispatcher->idle());
}

TEST_CASE("an outcome that waited for its lease is written when it is back") {
  World w(with_mail_and_sms);
  const auto reminder = w.plan({Channel::email});
  w.take(reminder);
  w.lease.reset();
  w.carrier.answer(0, ResultClass::accepted);
  w.settle();
  w.lease = w.fence;
  w.settle();
  CHECK(w.read(reminder).state == ReminderState::sent);
}

TEST_CASE("what waits for room while the lease is in doubt goes back and is not stuck") {
  World w(with_mail_and_sms);
  w.carrier.room = 0;
  const auto reminder = w.plan({Channel::email});
  w.take(reminder);
  REQUIRE(w.read(reminder).state == ReminderState::claimed);
  w.lease.reset();
  w.carrier.room = 5;
  w.loop.post([&] { w.dispatcher->sender_ready("mail"); });
  w.settle();
  w.lease = w.fence;
  w.settle();
  CHECK(w.read(reminder).state == ReminderState::planned);
  CHECK(w.dispatcher->idle());
}

TEST_CASE("a crash with a later rung in flight leaves the doubt on that rung") {
  World w(with_mail_and_sms);
  auto profile = profile::profile_from_json(w.citizen.profile);
  profile.contacts.at(0).usable = false;
  w.citizen.profile = profile::to_json(profile);
  w.write([&](store::Transaction& t) { t.save_citizen(w.citizen); });
  const auto reminder = w.plan({Channel::email, Channel::sms});
  w.take(reminder);
  REQUIRE(w.carrier.sent.size() == 1);
  CHECK(w.carrier.sent[0].channel == Channel::sms);
  CHECK(w.store.recover(w.fence, w.loop.now()).unknown == 1);
  w.take(w.read(reminder));
  CHECK(w.carrier.sent.size() == 1);
  CHECK(w.read(reminder).state == ReminderState::dead);
}

TEST_CASE("a bad address is folded into the profile at once") {
  World w(with_mail_and_sms);
  const auto reminder = w.plan({Channel::email, Channel::sms});
  w.take(reminder);
  w.carrier.answer(0, ResultClass::bad_address);
  w.settle();
  CHECK(w.reevaluated == 1);
}

TEST_CASE("an expired reminder is not sent and says why") {
  World w(with_mail_and_sms);
  const auto reminder = w.plan({Channel::email}, start + seconds{30});
  w.loop.run_until(start + minutes{2});
  w.take(reminder);
  CHECK(w.carrier.sent.empty());
  CHECK(w.read(reminder).state == ReminderState::expired);
}

TEST_CASE("a muted topic is suppressed but a statutory one is not") {
  World w(R"({"given_name": "Anna", "preferences": {"muted_topics": ["caseworker"]},
              "contacts": [{"channel": "email", "address": "anna@example.org"}]})");
  const auto muted = w.plan({Channel::email});
  w.take(muted);
  CHECK(w.read(muted).state == ReminderState::suppressed);
  CHECK(w.read(muted).state_reason == "topic_muted");
  auto statutory = w.plan({Channel::email});
  statutory.statutory = true;
  w.write([&](store::Transaction& t) { t.upsert(std::span<const Reminder>(&statutory, 1)); });
  w.take(statutory);
  CHECK(w.carrier.sent.size() == 1);
}

TEST_CASE("quiet hours move a reminder to their end on the reader's own clock") {
  // 09:00Z is 05:00 in Martinique.
  World w(R"({"given_name": "Anna", "address": {"lines": ["1 rue"], "postcode": "97200",
              "city": "Fort-de-France", "insee": "97209"},
              "preferences": {"quiet_hours": {"from": "20:00", "to": "08:00"}},
              "contacts": [{"channel": "email", "address": "anna@example.org"}]})");
  const auto reminder = w.plan({Channel::email});
  w.take(reminder);
  CHECK(w.carrier.sent.empty());
  CHECK(w.read(reminder).state == ReminderState::planned);
  CHECK(to_rfc3339(w.read(reminder).next_at) == "2026-11-24T12:00:00Z");
}

TEST_CASE("a citizen without an address is handed to a human") {
  World w;
  const auto reminder = w.plan({Channel::email});
  w.take(reminder);
  CHECK(w.read(reminder).state == ReminderState::dead);
  const auto tasks = w.store.read_tasks(w.tenant.id, {}).items;
  REQUIRE(tasks.size() == 1);
  CHECK(tasks[0].reason == "no_usable_channel");
}

TEST_CASE("a delivery in the inbox puts the message there") {
  World w;
  const auto reminder = w.plan({Channel::inapp});
  w.take(reminder);
  w.carrier.answer(0, ResultClass::delivered);
  w.settle();
  const auto inbox = w.store.read_inbox(w.tenant.id, w.citizen.id, {}).items;
  REQUIRE(inbox.size() == 1);
  CHECK(inbox[0].reminder == reminder.id);
}
