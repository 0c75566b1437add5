// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/importing.hpp"

#include <unordered_map>

#include "schema/sql.hpp"

namespace rappel::store::postgres {
namespace {

void add_optional(ArrayLiteral& column, const std::optional<Instant>& instant) {
  if (instant) return column.add(to_rfc3339(*instant));
  column.add_null();
}

void add_optional(ArrayLiteral& column, const std::optional<CivilDate>& date) {
  if (date) return column.add(to_iso(*date));
  column.add_null();
}

}  // namespace

void ArrayLiteral::separate() {
  if (!text_.empty()) text_ += ',';
}

void ArrayLiteral::add(std::string_view element) {
  separate();
  text_ += '"';
  for (const char c : element) {
    if (c == '"' || c == '\\') text_ += '\\';
    text_ += c;
  }
  text_ += '"';
}

void ArrayLiteral::add_null() {
  separate();
  text_ += "NULL";
}

std::string text_array(std::span<const std::string> elements) {
  ArrayLiteral literal;
  for (const auto& element : elements) literal.add(element);
  return literal.finished();
}

std::vector<std::optional<CitizenId>> matched(std::span<const std::string> indexes,
                                              const pqxx::result& rows) {
  std::unordered_map<std::string, CitizenId> known;
  for (const auto& row : rows)
    known.emplace(row["reference_index"].c_str(), id_of<CitizenId>(row["id"]));
  std::vector<std::optional<CitizenId>> result;
  for (const auto& index : indexes) {
    const auto found = known.find(index);
    result.push_back(found == known.end() ? std::nullopt : std::optional(found->second));
  }
  return result;
}

std::vector<std::size_t> counted(std::span<const CitizenId> ids, const pqxx::result& rows) {
  std::unordered_map<CitizenId, std::size_t> counts;
  for (const auto& row : rows)
    counts[id_of<CitizenId>(row["citizen"])] = row["waiting"].as<std::size_t>();
  std::vector<std::size_t> result;
  for (const auto id : ids) {
    const auto found = counts.find(id);
    result.push_back(found == counts.end() ? 0 : found->second);
  }
  return result;
}

void ScheduledColumns::add(const Sealer& sealer, TenantId tenant, const Reminder& reminder) {
  const auto id = reminder.id.to_string();
  id_.add(id);
  due_at_.add(to_rfc3339(reminder.due_at));
  citizen_.add(reminder.citizen.to_string());
  stage_.add(reminder.stage);
  message_.add(reminder.message);
  topic_.add(reminder.topic);
  lane_.add(to_string(reminder.lane));
  next_at_.add(to_rfc3339(reminder.next_at));
  add_optional(expires_at_, reminder.expires_at);
  add_optional(due_on_, reminder.due_on);
  channels_.add(channel_list(reminder.channels));
  values_.add(sealer.seal({tenant, reminder.citizen}, "reminder.values", id, reminder.values));
}

void ScheduledColumns::insert(Session& session, Shard shard, TenantId tenant) const {
  session.run(sql::insert_scheduled, shard, tenant, id_.finished(), due_at_.finished(),
              citizen_.finished(), stage_.finished(), message_.finished(), topic_.finished(),
              lane_.finished(), next_at_.finished(), expires_at_.finished(), due_on_.finished(),
              channels_.finished(), values_.finished());
}

}  // namespace rappel::store::postgres
