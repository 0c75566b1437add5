// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store/postgres/column.hpp"
#include "store/postgres/rows.hpp"
#include "store/postgres/session.hpp"

// Questions about many things at once, and their answers.

namespace rappel::store::postgres {

Column bytes_column(std::span<const std::string> elements);

/// For each of these raw indexes, the id of the row that has it. `rows` as find_citizens gives them.
std::vector<std::optional<CitizenId>> matched(std::span<const std::string> indexes,
                                              const pqxx::result& rows);
/// For each citizen the count of its row, else 0. `rows` as count_waiting gives them.
std::vector<std::size_t> counted(std::span<const CitizenId> ids, const pqxx::result& rows);

}  // namespace rappel::store::postgres
