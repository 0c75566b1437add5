// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dispatch/dispatcher.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>

#include "base/loop_clock.hpp"
#include "base/virtual_loop.hpp"
#include "base/worker_pool.hpp"
#include "profile/vocabulary.hpp"
#include "store/memory/memory_store.hpp"

// A dispatcher on virtual time over a store in memory, with a carrier that answers when told to.

namespace rappel::dispatch::tests {

using notify::ResultClass;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

inline const Instant start = *parse_rfc3339("2026-11-24T09:00:00Z");  // 10:00 in Paris
inline const Shard shard{7};

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
    answer(given);
  }
  void answer(const notify::SendResult& given) { on_results_({given}); }

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

inline std::shared_ptr<const message::Catalogue> messages() {
  static const auto loaded =
      message::Catalogue::load(std::string(RAPPEL_SOURCE_DIR) + "/templates/messages");
  REQUIRE(loaded.has_value());
  return std::make_shared<const message::Catalogue>(*loaded);
}

template <typename StoreKind>
struct WorldOf {
  explicit WorldOf(const char* profile_json = R"({"given_name": "Anna"})",
                 bool sms_repeatable = false, std::vector<Route> more = {}) {
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
    options.routes.insert(options.routes.end(), more.begin(), more.end());
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
  StoreKind store{clock};
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

using World = WorldOf<store::MemoryStore>;

inline const char* const with_mail_and_sms = R"({"given_name": "Anna", "contacts": [
  {"channel": "email", "address": "anna@example.org"}, {"channel": "sms", "address": "0639980102"}]})";

}  // namespace rappel::dispatch::tests
