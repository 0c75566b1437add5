// SPDX-License-Identifier: Apache-2.0
#include <boost/json/serialize.hpp>
#include <unordered_map>

#include "base/ensure.hpp"
#include "schema/sql.hpp"
#include "store/merge.hpp"
#include "store/postgres/importing.hpp"
#include "store/postgres/planned_rows.hpp"
#include "store/postgres/state.hpp"

namespace rappel::store {
namespace {

using namespace postgres;

/// The states of a reminder that has left or come to its end, as select_reminders_to_plan wants them.
std::string settled_states() {
  std::string list;
  for (const auto state : all_reminder_states()) {
    if (!is_settled(state)) continue;
    if (!list.empty()) list += ',';
    list += to_string(state);
  }
  return list;
}

/// Reminders that change their date and may have deliveries to take along.
struct MovedRows {
  Column id{Column::Type::uuid}, old_due_at{Column::Type::instant}, due_at{Column::Type::instant};

  void add(const Reminder& reminder, Instant old) {
    id.add(reminder.id);
    old_due_at.add(old);
    due_at.add(reminder.due_at);
  }
};

struct StoredRow {
  Reminder reminder;
  bool doubtful = false;
};

/// Holds the shard's head, and its connection, from the constructor to its end.
class PostgresTransaction final : public Transaction {
 public:
  PostgresTransaction(PostgresStore::State& state, Shard shard, TenantId tenant)
      : state_(state),
        shard_(shard),
        tenant_(tenant),
        sealer_(state.keyring.master),
        session_(state.pool, Pool::Use::writing, Role::api, tenant) {
    head_ = run(sql::lock_head).at(0)[0].as<std::uint64_t>() - 1;
  }

  /// Whether the fence stands; if so it stands to the end of the transaction.
  bool stands(const Lease& fence) {
    if (!run(sql::hold_lease, fence.epoch).at(0)[0].is_null()) return true;
    session_.note_stale();
    return false;
  }

  std::vector<Citizen> citizens(std::span<const CitizenId> ids) override {
    return translated([&] {
      auto found =
          read_citizens(sealer_, tenant_, run(sql::select_citizens, tenant_, uuid_array(ids)));
      if (!found.empty()) subject_ = found.back().id;
      return found;
    });
  }

  std::vector<Event> events(CitizenId id) override {
    return translated([&] {
      std::vector<Event> result;
      learn(id);
      for (const auto& row : run(sql::select_events, tenant_, id, 0, INT32_MAX))
        result.push_back(read_event(sealer_, tenant_, row));
      return result;
    });
  }

  std::vector<Deadline> deadlines(std::span<const CitizenId> ids) override {
    return translated([&] {
      std::vector<Deadline> result;
      learn(ids);
      for (const auto& row : run(sql::select_deadlines, tenant_, uuid_array(ids)))
        result.push_back(read_deadline(sealer_, whose(id_of<CitizenId>(row["citizen"])), row));
      return result;
    });
  }

  std::vector<Reminder> reminders(std::span<const CitizenId> ids, CivilDate since) override {
    return translated([&] {
      std::vector<Reminder> result;
      learn(ids);
      for (const auto& row :
           run(sql::select_reminders_to_plan, tenant_, uuid_array(ids), settled_states(),
                            to_iso(since)))
        result.push_back(read_reminder(sealer_, tenant_, row));
      return result;
    });
  }

  std::optional<IdempotentAnswer> idempotent_answer(std::string_view key_hash_hex) override {
    return translated([&]() -> std::optional<IdempotentAnswer> {
      const auto rows = run(sql::select_answer, tenant_, key_hash_hex);
      if (rows.empty()) return std::nullopt;
      const auto& row = rows[0];
      const auto citizen = id_of<CitizenId>(row["citizen"]);
      learn(citizen);
      return IdempotentAnswer{
          row["request_hash"].c_str(), row["status"].as<int>(),
          sealer_.open(whose(citizen), "idempotency.answer", key_hash_hex, row["answer"])};
    });
  }

  void create_citizen(const Citizen& citizen) override {
    ensure(citizen.id.shard() == shard_ && citizen.tenant == tenant_,
           "a citizen is created in its own shard and tenant");
    translated([&] {
      const auto id = citizen.id.to_string();
      const auto own = whose(citizen.id);
      const auto wrapped = sealer_.make_key(own);
      run(sql::insert_citizen, tenant_, citizen.id, to_bytea(index_of(citizen.reference)),
          sealer_.seal(own, "citizen.reference", id, citizen.reference),
          sealer_.seal(own, "citizen.profile", id, citizen.profile), citizen.version,
          citizen.reevaluate_at, citizen.rulebook, sealed_evaluation(citizen));
      run(sql::insert_citizen_key, tenant_, citizen.id, wrapped);
      subject_ = citizen.id;
    });
  }

  void save_citizen(const Citizen& citizen) override {
    translated([&] {
      learn(citizen.id);
      run(sql::update_citizen, tenant_, citizen.id,
          sealer_.seal(whose(citizen.id), "citizen.profile", citizen.id.to_string(),
                       citizen.profile),
          citizen.version, citizen.reevaluate_at, citizen.rulebook, sealed_evaluation(citizen));
      subject_ = citizen.id;
    });
  }

  void save_evaluations(std::span<const Citizen> citizens) override {
    translated([&] {
      std::vector<CitizenId> ids;
      for (const auto& citizen : citizens) ids.push_back(citizen.id);
      learn(ids);
      using Type = Column::Type;
      Column id{Type::uuid}, reevaluate_at{Type::instant}, rulebook{Type::text},
          evaluation{Type::bytes};
      for (const auto& citizen : citizens) {
        id.add(citizen.id);
        reevaluate_at.add(citizen.reevaluate_at);
        rulebook.add(citizen.rulebook);
        evaluation.add_bytes(sealer_.seal_bytes(whose(citizen.id), "citizen.evaluation",
                                                citizen.id.to_string(),
                                                std::string_view(citizen.evaluation)));
      }
      if (id.size() != 0) run(sql::save_evaluations, tenant_, id, reevaluate_at, rulebook, evaluation);
    });
  }

  void append(std::span<Event> events) override {
    if (events.empty()) return;
    translated([&] {
      const std::vector<TenantId> tenants(events.size(), tenant_);
      head_ = append_events(session_, sealer_, shard_, tenants, events, head_);
      subject_ = events.back().citizen;
    });
  }

  void upsert(std::span<const Deadline> deadlines) override {
    if (deadlines.empty()) return;
    translated([&] {
      learn_all(deadlines);
      DeadlineRows rows;
      for (const auto& deadline : deadlines) rows.add(sealer_, tenant_, deadline);
      rows.write(session_, shard_, tenant_);
    });
  }

  void upsert(std::span<const Reminder> reminders) override {
    if (reminders.empty()) return;
    translated([&] {
      learn_all(reminders);
      const auto known = stored(reminders);
      ReminderRows inserted;
      ReminderRows updated;
      Column old_due_at{Column::Type::instant};
      MovedRows moved;
      for (const auto& reminder : reminders) {
        const auto found = known.find(reminder.id);
        if (found == known.end()) {
          add_dated(inserted, as_inserted(reminder));
        } else if (const auto next =
                       merged(found->second.reminder, found->second.doubtful, reminder)) {
          const Instant old = found->second.reminder.due_at;
          add_dated(updated, *next);
          old_due_at.add(old);
          if (next->attempt > 0 && next->due_at != old) moved.add(*next, old);
        }
      }
      inserted.insert(session_, shard_, tenant_);
      updated.update(session_, shard_, tenant_, old_due_at);
      if (moved.id.size() != 0)
        run(sql::move_deliveries, tenant_, moved.id, moved.old_due_at, moved.due_at);
    });
  }

  std::vector<std::optional<CitizenId>> find_citizens(
      std::span<const std::string> references) override {
    return translated([&] {
      std::vector<std::string> indexes;
      for (const auto& reference : references) indexes.push_back(index_of(reference));
      return matched(indexes, run(sql::find_citizens, tenant_, bytes_column(indexes)));
    });
  }

  std::vector<Reminder> reminders(std::span<const ReminderId> ids) override {
    return translated([&] {
      std::vector<Reminder> result;
      const auto rows = run(sql::select_reminders_by_id, tenant_, uuid_array(ids));
      std::vector<CitizenId> owners;
      for (const auto& row : rows) owners.push_back(id_of<CitizenId>(row["citizen"]));
      learn(owners);
      for (const auto& row : rows) result.push_back(read_reminder(sealer_, tenant_, row));
      return result;
    });
  }

  std::vector<std::size_t> waiting(std::span<const CitizenId> ids) override {
    return translated(
        [&] { return counted(ids, run(sql::count_waiting, tenant_, uuid_array(ids))); });
  }

  void schedule(std::span<const Reminder> reminders) override {
    if (reminders.empty()) return;
    translated([&] {
      learn_all(reminders);
      ReminderRows rows;
      for (const auto& reminder : reminders) {
        ensure(is_scheduled(reminder), "only what a person scheduled is stored this way");
        add_dated(rows, as_inserted(reminder));
      }
      rows.insert(session_, shard_, tenant_);
    });
  }

  void add_task(const Task& task) override {
    translated([&] {
      learn(task.citizen);
      const boost::json::array rows{row_of(sealer_, tenant_, task)};
      run(sql::insert_tasks, boost::json::serialize(rows));
    });
  }

  void remember(std::string_view key_hash_hex, const IdempotentAnswer& answer,
                Instant now) override {
    // The answer speaks of a citizen: it is sealed with that citizen's key and erased with it.
    ensure(subject_.has_value(), "an answer is remembered after its citizen was touched");
    translated([&] {
      learn(*subject_);
      run(sql::insert_answer, tenant_, key_hash_hex, answer.request_hash_hex, answer.status,
          *subject_,
          sealer_.seal(whose(*subject_), "idempotency.answer", key_hash_hex, answer.body), now);
    });
  }

  void commit() override {
    translated([&] { session_.commit(); });
    state_.months.add(new_months_);
  }

 private:
  [[nodiscard]] Whose whose(CitizenId id) const { return {tenant_, id}; }

  template <typename... Args>
  pqxx::result run(const char* sql, const Args&... args) {
    return session_.run(sql, shard_, args...);
  }

  template <typename Work>
  auto translated(Work work) -> decltype(work()) {
    try {
      return work();
    } catch (...) {
      may_retry(&session_);
      state_.months.forget();
      rethrow_translated();
    }
  }

  void learn(std::span<const CitizenId> ids) {
    std::vector<Whose> owners;
    for (const auto id : ids) owners.push_back(whose(id));
    learn_keys(session_, sealer_, shard_, owners);
  }
  void learn(CitizenId id) { learn({&id, 1}); }

  std::string sealed_evaluation(const Citizen& citizen) {
    return sealer_.seal(whose(citizen.id), "citizen.evaluation", citizen.id.to_string(),
                        citizen.evaluation);
  }

  template <typename Rows>
  void learn_all(const Rows& rows) {
    std::vector<Whose> owners;
    for (const auto& row : rows) owners.push_back(whose(row.citizen));
    learn_keys(session_, sealer_, shard_, owners);
    subject_ = rows.back().citizen;
  }

  std::unordered_map<ReminderId, StoredRow> stored(std::span<const Reminder> reminders) {
    std::vector<ReminderId> ids;
    for (const auto& reminder : reminders) ids.push_back(reminder.id);
    std::unordered_map<ReminderId, StoredRow> found;
    for (const auto& row : run(sql::select_reminders_by_id, tenant_, uuid_array(ids))) {
      auto reminder = read_reminder(sealer_, tenant_, row);
      found[reminder.id] = {reminder, row["doubtful"].as<bool>()};
    }
    return found;
  }

  /// Adds the reminder's row, once the month that it is due in exists.
  void add_dated(ReminderRows& rows, const Reminder& reminder) {
    const int month = Months::number(reminder.due_at);
    if (!new_months_.contains(month) && !state_.months.knows(month)) {
      session_.run(sql::prepare_month, reminder.due_at);
      new_months_.insert(month);
    }
    rows.add(sealer_, tenant_, reminder);
  }

  [[nodiscard]] std::string index_of(const std::string& reference) const {
    const auto index = state_.keyring.index.index(tenant_, reference);
    return {reinterpret_cast<const char*>(index.data()), index.size()};
  }

  PostgresStore::State& state_;
  Shard shard_;
  TenantId tenant_;
  Sealer sealer_;
  Session session_;
  std::uint64_t head_ = 0;
  std::set<int> new_months_;
  std::optional<CitizenId> subject_;  ///< whose key seals an idempotent answer
};

}  // namespace

namespace {

/// Nothing when there is a fence and it is stale.
std::unique_ptr<Transaction> begin_in(PostgresStore::State& state, Shard shard, TenantId tenant,
                                      const Lease* fence) {
  for (int tries = 1;; ++tries) {
    try {
      auto transaction = std::make_unique<PostgresTransaction>(state, shard, tenant);
      if (fence != nullptr && !transaction->stands(*fence)) return nullptr;
      return transaction;
    } catch (...) {
      if (!may_retry(nullptr) || tries == tries_max) rethrow_translated();
    }
  }
}

}  // namespace

std::unique_ptr<Transaction> PostgresStore::begin(Shard shard, TenantId tenant, Instant) {
  return begin_in(*state_, shard, tenant, nullptr);
}

std::unique_ptr<Transaction> PostgresStore::begin_owned(const Lease& fence, TenantId tenant,
                                                        Instant) {
  return begin_in(*state_, fence.shard, tenant, &fence);
}

}  // namespace rappel::store
