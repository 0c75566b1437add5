// SPDX-License-Identifier: Apache-2.0
#include "store/memory/memory_store.hpp"

#include <algorithm>

#include "store/cursor.hpp"
#include "store/memory/tables.hpp"

namespace rappel::store {
namespace {

/// The rows after the cursor, in order, cut at the limit.
template <typename T, typename Rows, typename KeyOf>
Page<T> page_of(const Rows& rows, const PageRequest& request, KeyOf key_of) {
  const Cursor from = parse_cursor(request.cursor);
  std::vector<std::pair<Cursor, const T*>> found;
  for (const T& row : rows) {
    const Cursor key = key_of(row);
    if (request.cursor.empty() || key > from) found.emplace_back(key, &row);
  }
  std::sort(found.begin(), found.end());
  Page<T> page;
  const std::size_t limit = page_limit(request);
  for (std::size_t i = 0; i < std::min(limit, found.size()); ++i)
    page.items.push_back(*found[i].second);
  if (found.size() > limit) page.next = to_string(found[limit - 1].first);
  return page;
}

template <typename Map>
std::vector<typename Map::mapped_type> values_of(const Map& map) {
  std::vector<typename Map::mapped_type> values;
  for (const auto& [key, value] : map) values.push_back(value);
  return values;
}

}  // namespace

MemoryStore::MemoryStore(const Clock& clock, Options options)
    : state_(std::make_unique<State>(clock, std::move(options))) {}
MemoryStore::~MemoryStore() = default;

seal::KeyBytes MemoryStore::fixed_index_key() {
  std::array<std::uint8_t, seal::key_bytes> bytes;
  bytes.fill(7);
  return seal::KeyBytes{bytes};
}

// --- tenants and keys -------------------------------------------------------------------------------

Expected<void> MemoryStore::create_tenant(const Tenant& tenant) {
  const std::lock_guard lock(state_->mutex);
  for (const auto& [id, known] : state_->tenants) {
    if (id == tenant.id || known.slug == tenant.slug)
      return refuse(ProblemKind::conflict, "tenant_exists",
                    "a tenant with this id or slug exists already");
  }
  state_->tenants.emplace(tenant.id, tenant);
  return {};
}

std::vector<Tenant> MemoryStore::tenants() {
  const std::lock_guard lock(state_->mutex);
  auto all = values_of(state_->tenants);
  std::sort(all.begin(), all.end(),
            [](const Tenant& a, const Tenant& b) { return a.slug < b.slug; });
  return all;
}

std::optional<Tenant> MemoryStore::tenant(TenantId id) {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->tenants.find(id);
  if (found == state_->tenants.end()) return std::nullopt;
  return found->second;
}

void MemoryStore::create_key(const ApiKey& key) {
  const std::lock_guard lock(state_->mutex);
  if (!state_->keys.emplace(key.id, key).second)
    throw std::logic_error("an API key with this id exists already");
}

std::optional<ApiKey> MemoryStore::key(std::string_view id) {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->keys.find(id);
  if (found == state_->keys.end()) return std::nullopt;
  return found->second;
}

std::vector<ApiKey> MemoryStore::keys(TenantId tenant) {
  const std::lock_guard lock(state_->mutex);
  auto all = values_of(state_->keys);
  std::erase_if(all, [&](const ApiKey& key) { return key.tenant != tenant; });
  return all;
}

bool MemoryStore::revoke_key(std::string_view id, Instant now) {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->keys.find(id);
  if (found == state_->keys.end() || found->second.revoked_at) return false;
  found->second.revoked_at = now;
  return true;
}

// --- read side --------------------------------------------------------------------------------------

Shard MemoryStore::shard_of(TenantId tenant, std::string_view reference) {
  return state_->index.shard(tenant, reference);
}

std::optional<CitizenId> MemoryStore::find_citizen(TenantId tenant, std::string_view reference) {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->references.find({tenant, std::string(reference)});
  if (found == state_->references.end()) return std::nullopt;
  return found->second;
}

const memory::CitizenFile& MemoryStore::State::file(TenantId tenant, CitizenId id) {
  static const memory::CitizenFile none;
  const auto found = rows(id.shard()).files.find({tenant, id});
  return found == rows(id.shard()).files.end() ? none : found->second;
}

std::vector<Citizen> MemoryStore::read_citizens(TenantId tenant, std::span<const CitizenId> ids) {
  state_->play_fault("read_citizen");
  const std::lock_guard lock(state_->mutex);
  std::vector<Citizen> found;
  for (const auto id : ids) {
    const auto& citizen = state_->file(tenant, id).citizen;
    if (citizen.id == id && citizen.tenant == tenant) found.push_back(citizen);
  }
  std::sort(found.begin(), found.end(),
            [](const Citizen& a, const Citizen& b) { return a.id < b.id; });
  return found;
}

Page<Event> MemoryStore::read_events(TenantId tenant, CitizenId id, const PageRequest& page) {
  const std::lock_guard lock(state_->mutex);
  return page_of<Event>(state_->file(tenant, id).events, page, [](const Event& event) {
    return Cursor{std::int64_t(event.version), event.id.bytes()};
  });
}

Page<Deadline> MemoryStore::read_deadlines(TenantId tenant, CitizenId id,
                                           const PageRequest& page) {
  const std::lock_guard lock(state_->mutex);
  return page_of<Deadline>(values_of(state_->file(tenant, id).deadlines), page,
                           [](const Deadline& deadline) {
                             return Cursor{sort_key(deadline.due_on), deadline.id.bytes()};
                           });
}

std::optional<Deadline> MemoryStore::read_deadline(TenantId tenant, CitizenId citizen,
                                                   DeadlineId id) {
  const std::lock_guard lock(state_->mutex);
  const auto& deadlines = state_->file(tenant, citizen).deadlines;
  const auto found = deadlines.find(id);
  if (found == deadlines.end()) return std::nullopt;
  return found->second;
}

Page<Reminder> MemoryStore::read_reminders(TenantId tenant, CitizenId id,
                                           const PageRequest& page) {
  const std::lock_guard lock(state_->mutex);
  std::vector<Reminder> all;
  for (const auto& [key, stored] : state_->file(tenant, id).reminders)
    all.push_back(stored.reminder);
  return page_of<Reminder>(all, page, [](const Reminder& reminder) {
    return Cursor{sort_key(reminder.due_at), reminder.id.bytes()};
  });
}

std::optional<Reminder> MemoryStore::read_reminder(TenantId tenant, ReminderId id) {
  const std::lock_guard lock(state_->mutex);
  auto* file = state_->rows(id.shard()).file_of(tenant, id);
  if (file == nullptr) return std::nullopt;
  return file->reminders.at(id).reminder;
}

std::optional<Delivery> MemoryStore::read_delivery(TenantId tenant, DeliveryId id) {
  const std::lock_guard lock(state_->mutex);
  for (const auto& [key, file] : state_->rows(id.shard()).files) {
    const auto found = file.deliveries.find(id);
    if (key.first == tenant && found != file.deliveries.end()) return found->second;
  }
  return std::nullopt;
}

std::vector<Delivery> MemoryStore::read_deliveries(TenantId tenant, ReminderId id) {
  const std::lock_guard lock(state_->mutex);
  std::vector<Delivery> found;
  auto* file = state_->rows(id.shard()).file_of(tenant, id);
  if (file == nullptr) return found;
  for (const auto& [key, delivery] : file->deliveries) {
    if (delivery.reminder == id) found.push_back(delivery);
  }
  std::sort(found.begin(), found.end(), [](const Delivery& a, const Delivery& b) {
    return std::tuple(a.started_at, a.id) < std::tuple(b.started_at, b.id);
  });
  return found;
}

Page<InboxMessage> MemoryStore::read_inbox(TenantId tenant, CitizenId id,
                                           const PageRequest& page) {
  const std::lock_guard lock(state_->mutex);
  return page_of<InboxMessage>(values_of(state_->file(tenant, id).inbox), page,
                               [](const InboxMessage& message) {
                                 return Cursor{sort_key(message.stored_at), message.id.bytes()};
                               });
}

Page<Task> MemoryStore::read_tasks(TenantId tenant, const PageRequest& page) {
  const std::lock_guard lock(state_->mutex);
  std::vector<Task> open;
  for (const auto& [key, task] : state_->tasks) {
    if (key.first == tenant && task.state != TaskState::resolved) open.push_back(task);
  }
  return page_of<Task>(open, page, [](const Task& task) {
    return Cursor{sort_key(task.created_at), task.id.bytes()};
  });
}

// --- counters ---------------------------------------------------------------------------------------

std::vector<CitizenKey> MemoryStore::citizen_keys(Shard shard,
                                                  std::optional<std::string_view> other_than,
                                                  const std::optional<CitizenKey>& after,
                                                  std::size_t limit) {
  const std::lock_guard lock(state_->mutex);
  std::vector<CitizenKey> found;
  for (const auto& [key, file] : state_->rows(shard).files) {
    const CitizenKey each{key.first, key.second};
    if (found.size() == limit) break;
    if (other_than && file.citizen.rulebook == *other_than) continue;
    if (!after || *after < each) found.push_back(each);
  }
  return found;
}

Store::Counts MemoryStore::counts() {
  const std::lock_guard lock(state_->mutex);
  Counts counts;
  std::map<ReminderState, std::uint64_t> by_state;
  for (const auto& rows : state_->shards) {
    counts.citizens += rows.files.size();
    for (const auto& [key, file] : rows.files) {
      for (const auto& [id, stored] : file.reminders) ++by_state[stored.reminder.state];
    }
    for (const auto& [at, id, tenant, kind, attempt, lane] : rows.due) {
      if (kind == WorkKind::reevaluate) continue;
      counts.oldest_due = std::min(counts.oldest_due.value_or(at), at);
      break;
    }
  }
  counts.reminders.assign(by_state.begin(), by_state.end());
  for (const auto& [key, task] : state_->tasks) counts.tasks_open += task.state == TaskState::open;
  return counts;
}

std::uint64_t MemoryStore::check_contiguity(Shard shard) {
  const std::lock_guard lock(state_->mutex);
  const auto& positions = state_->rows(shard).positions;
  for (std::size_t i = 0; i < positions.size(); ++i) {
    if (positions[i] != i + 1)
      throw std::logic_error("the events of a shard have a gap after " + std::to_string(i));
  }
  return positions.size();
}

void MemoryStore::record_template(std::string_view name, std::string_view language,
                                  std::string_view version, std::string_view text, Instant) {
  const std::lock_guard lock(state_->mutex);
  state_->recorded.emplace(
      "template/" + std::string(name) + "/" + std::string(language) + "/" + std::string(version),
      text);
}

void MemoryStore::record_rule(std::string_view id, int version, std::string_view hash,
                              std::string_view text, Instant) {
  const std::lock_guard lock(state_->mutex);
  state_->recorded.emplace(
      "rule/" + std::string(id) + "/" + std::to_string(version) + "/" + std::string(hash), text);
}

void MemoryStore::ping() { state_->play_fault("ping"); }

}  // namespace rappel::store
