// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <istream>
#include <string>

#include "base/clock.hpp"
#include "planner/planner.hpp"

// Reminders of caseworkers by the million, from a file of JSON lines (NDJSON). Each line is what
// POST /v1/reminders takes, and may have a "key"; see planner/bulk_schedule.hpp.
//
// What was planned stays planned when an import is broken off, and is known again when the same file
// comes a second time: to go on is to begin anew. One import works on several shards at once, each in
// a transaction of its own.

namespace rappel::app {

struct ImportOptions {
  /// Read and held in memory at once. The more, the more rows go into one transaction of a shard.
  std::size_t lines_per_batch = 65'536;
  std::size_t line_bytes_max = 65'536;
  std::size_t threads = 4;  ///< each takes a connection of the store
};

struct ImportCount {
  std::size_t lines = 0;    ///< without empty ones
  std::size_t planned = 0;  ///< reminders
  std::size_t known = 0;    ///< lines whose reminders were there already
  std::size_t refused = 0;  ///< lines
};

/// Line number (from 1), what is wrong, and the line as it stood (cut when it was too long).
using RefusedLine =
    std::function<void(std::size_t number, const Problem& problem, const std::string& line)>;
/// After each batch.
using ImportProgress = std::function<void(const ImportCount& so_far)>;

/// Plans what the lines of `in` ask for. Lines that are refused are told in the order of the file and
/// hinder no other. Throws store::StoreUnavailable when the database is lost.
ImportCount import_reminders(std::istream& in, store::Store& store, planner::Planner& planner,
                             TenantId tenant, const Clock& clock, const ImportOptions& options,
                             const RefusedLine& refused, const ImportProgress& progress);

}  // namespace rappel::app
