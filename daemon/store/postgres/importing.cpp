// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/importing.hpp"

#include <unordered_map>

namespace rappel::store::postgres {

Column bytes_column(std::span<const std::string> elements) {
  Column column{Column::Type::bytes};
  for (const auto& element : elements) column.add_bytes(element);
  return column;
}

std::vector<std::optional<CitizenId>> matched(std::span<const std::string> indexes,
                                              const pqxx::result& rows) {
  std::unordered_map<std::string, CitizenId> known;
  for (const auto& row : rows)
    known.emplace(row["reference_index"].c_str(), id_of<CitizenId>(row["id"]));
  std::vector<std::optional<CitizenId>> result;
  for (const auto& index : indexes) {
    const auto found = known.find(to_bytea(index));
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

}  // namespace rappel::store::postgres
