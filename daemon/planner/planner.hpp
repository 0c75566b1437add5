// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <boost/json/object.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/problem.hpp"
#include "message/catalogue.hpp"
#include "rules/rule_book.hpp"
#include "store/store.hpp"
#include "store/tenants.hpp"

// The write side. Every call is one transaction on one shard: append events, fold the profile,
// evaluate the rules, replace the citizen's deadlines and planned reminders, remember the answer of
// an idempotent request, commit, and only then wake the scheduler.
//
// Thread rule: any thread; calls for one shard take turns in the store.
// Errors: bad input is a Problem whose `where` is a JSON pointer into the request body;
// store::StoreUnavailable passes through.

namespace rappel::planner {

/// Who asks, and under which idempotency key.
struct Request {
  TenantId tenant;
  std::string source;  ///< "api:<key id>", "rappelctl"
  Instant now{};
  /// With a key, the same request gets the same answer for ever; another request of the tenant under the
  /// same key is refused as a conflict when it leads to the same shard. `route` and `body` are what "the
  /// same" means.
  std::optional<std::string> idempotency_key;
  std::string route;
  std::string body;
};

/// What a request answers: an HTTP status and a JSON body, the same again on replay.
struct Answer {
  int status = 200;
  boost::json::object body;
  bool replayed = false;
};

struct Options {
  std::size_t events_per_request_max = 100;
  std::size_t reminders_per_citizen_max = 1000;
  std::chrono::years horizon_max{50};  ///< how far ahead a caseworker may schedule
  std::chrono::minutes reevaluate_at{4 * 60 + 30};  ///< local hour of a date's re-evaluation
};

struct ScheduleRequest;
struct ScheduleLine;

class Planner {
 public:
  using Wake = std::function<void(std::span<const store::Work>)>;

  /// `store`, `rules` and `messages` outlive the planner. `wake` is called after a commit that
  /// planned something, from the calling thread, with what it planned.
  Planner(store::Store& store, std::shared_ptr<const rules::RuleBook> rules,
          std::shared_ptr<const message::Catalogue> messages, Options options, Wake wake);

  /// PUT /v1/citizens/{ref}: identity, address, contacts, preferences, needs. Creates the citizen
  /// (201) or records what changed (200); nothing changed = nothing recorded.
  Expected<Answer> put_citizen(const Request& request, const std::string& reference,
                               const boost::json::object& body);

  /// POST /v1/citizens/{ref}/events: {"events":[{type, occurred_at | occurred_on, data}]} or one
  /// event alone. Answers 201 with the citizen, the deadlines and the reminders.
  Expected<Answer> record_events(const Request& request, const std::string& reference,
                                 const boost::json::object& body);

  /// POST /v1/reminders: {"citizen": ref, "template": name, "values": {…}, and either "send_at" or
  /// "due_on" with "offsets": ["-P30D", "-P7D"] and "at": "09:00"}; optional channels, topic, lane,
  /// expires_at. Answers 201 with the reminders planned.
  Expected<Answer> schedule(const Request& request, const boost::json::object& body);
  /// Many of them for citizens of one shard, in one transaction, as an import brings them. Each answers
  /// for itself: how many reminders it planned, none when they were there already under its key, or why it
  /// was refused. A repetition plans nothing twice.
  std::vector<Expected<std::size_t>> schedule_all(TenantId tenant, Shard shard,
                                                  std::span<const ScheduleLine> lines, Instant now);
  /// POST /v1/simulate: see what_if(). Stores nothing.
  Expected<Answer> simulate(const Request& request, const boost::json::object& body);

  /// DELETE /v1/reminders/{id}: until the moment of sending; 409 once it has left.
  Expected<Answer> cancel(const Request& request, ReminderId reminder);

  /// New rules and messages for every call from now on.
  void use(std::shared_ptr<const rules::RuleBook> rules,
           std::shared_ptr<const message::Catalogue> messages);

  /// The fingerprint of the rules in use.
  [[nodiscard]] std::string rulebook() const;

  /// Brings citizens of the fence's shard up to the rules in use, in one transaction for each tenant; see
  /// evaluate_all(). Returns how many of them got other deadlines or reminders; nothing when the fence is
  /// stale, and then the tenant's citizens whose turn it was, and all after them, are as they were.
  std::optional<std::size_t> refresh(const store::Lease& fence,
                                     std::span<const store::CitizenKey> citizens, Instant now);

  /// The wheel's re-evaluation of one citizen of the fence's shard: a date was reached, no event
  /// happened. False when the fence is stale: nothing was changed.
  bool reevaluate(const store::Lease& fence, TenantId tenant, CitizenId citizen, Instant now);

 private:
  struct Plan;
  [[nodiscard]] Expected<Plan> open(const Request& request, CitizenId id);
  void read_stream(Plan& plan, store::Citizen citizen);
  void found(Plan& plan, const Request& request, const std::string& reference, Shard shard);
  [[nodiscard]] Expected<void> check_words(const ScheduleRequest& wanted) const;
  [[nodiscard]] Expected<void> admit(const ScheduleRequest& wanted,
                                     const std::vector<Reminder>& reminders, Instant now) const;
  [[nodiscard]] Expected<Answer> add(Plan& plan, const Request& request,
                                     const std::vector<Reminder>& reminders);
  void apply(Plan& plan, std::vector<Event> events);
  [[nodiscard]] rules::Evaluation evaluate(const rules::RuleBook& rules, const Plan& plan,
                                           CivilDate today);
  [[nodiscard]] std::string digest(const rules::RuleBook& rules, const Plan& plan,
                                   CivilDate today);
  void set_reevaluation(Plan& plan, const calendar::Zone& zone) const;
  [[nodiscard]] Expected<void> replan(Plan& plan, Instant now);
  Answer close(Plan& plan, const Request& request, int status);
  void commit(Plan& plan);
  void wake(TenantId tenant, const std::vector<Reminder>& planned) const;

  store::Store& store_;
  // Replaced whole by use(); a call keeps the pair it began with.
  struct Templates {
    std::shared_ptr<const rules::RuleBook> rules;
    std::shared_ptr<const message::Catalogue> messages;
  };
  std::atomic<std::shared_ptr<const Templates>> templates_;
  store::Tenants tenants_;
  Options options_;
  Wake wake_;
};

}  // namespace rappel::planner
