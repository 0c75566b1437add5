// SPDX-License-Identifier: Apache-2.0
#include "app/import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <limits>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "api/json_reader.hpp"
#include "planner/bulk_schedule.hpp"

namespace rappel::app {
namespace {

struct Line {
  std::size_t number = 0;
  std::string text;
  Shard shard;
  std::optional<planner::ScheduleLine> wanted;
  std::optional<Problem> problem;
  std::size_t planned = 0;
};

/// Runs work(0) … work(count - 1) on several threads; the first exception ends it and is thrown here.
void in_parallel(std::size_t count, std::size_t threads,
                 const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr failure;
  const auto run = [&] {
    try {
      for (auto i = next++; i < count; i = next++) work(i);
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
      next = count;
    }
  };
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < std::min(threads, count); ++i) others.emplace_back(run);
  run();
  for (auto& thread : others) thread.join();
  if (failure) std::rethrow_exception(failure);
}

/// Reads lines and counts them, also those that are empty.
class LineReader {
 public:
  LineReader(std::istream& in, std::size_t bytes_max) : in_(in), buffer_(bytes_max + 1, '\0') {}

  std::optional<Line> next() {
    while (in_.getline(buffer_.data(), std::streamsize(buffer_.size())) || in_.gcount() > 0) {
      Line line;
      line.number = ++number_;
      const bool cut = in_.fail();
      const bool ended = in_.eof();  // else the newline is counted too
      line.text.assign(buffer_.data(), std::size_t(in_.gcount()) - (cut || ended ? 0 : 1));
      if (cut) {
        in_.clear();
        in_.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
        line.problem = too_long();
      }
      if (line.text.ends_with('\r')) line.text.pop_back();
      if (!line.text.empty()) return line;
    }
    if (in_.bad()) throw std::runtime_error(fmt::format("line {} cannot be read", number_ + 1));
    return std::nullopt;
  }

 private:
  [[nodiscard]] Problem too_long() const {
    return {ProblemKind::too_large, "line_too_long",
            fmt::format("the line has more than {} bytes", buffer_.size() - 1), "",
            "write one JSON object on each line"};
  }

  std::istream& in_;
  std::string buffer_;
  std::size_t number_ = 0;
};

void read(Line& line, store::Store& store, TenantId tenant) {
  if (line.problem) return;
  auto body = api::read_json_object(line.text);
  auto wanted = body ? planner::read_schedule_line(std::move(*body))
                     : Expected<planner::ScheduleLine>(tl::unexpected(body.error()));
  if (!wanted) {
    line.problem = wanted.error();
    return;
  }
  line.shard = store.shard_of(tenant, wanted->wanted.citizen);
  line.wanted = std::move(*wanted);
}

/// The places in the batch of what each shard gets, in the order of the file.
std::vector<std::vector<std::size_t>> by_shard(const std::vector<Line>& batch) {
  std::vector<std::vector<std::size_t>> places(shard_count);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (batch[i].wanted) places[batch[i].shard.number].push_back(i);
  }
  std::erase_if(places, [](const auto& each) { return each.empty(); });
  return places;
}

void plan(std::vector<Line>& batch, const std::vector<std::size_t>& places, planner::Planner& planner,
          TenantId tenant, Instant now) {
  std::vector<planner::ScheduleLine> lines;
  for (const auto place : places) lines.push_back(std::move(*batch[place].wanted));
  const auto answers = planner.schedule_all(tenant, batch[places.front()].shard, lines, now);
  for (std::size_t i = 0; i < places.size(); ++i) {
    auto& line = batch[places[i]];
    if (answers[i])
      line.planned = *answers[i];
    else
      line.problem = answers[i].error();
  }
}

void count(const std::vector<Line>& batch, ImportCount& total, const RefusedLine& refused) {
  for (const auto& line : batch) {
    ++total.lines;
    total.planned += line.planned;
    if (line.problem) {
      ++total.refused;
      refused(line.number, *line.problem, line.text);
    } else if (line.planned == 0) {
      ++total.known;
    }
  }
}

}  // namespace

ImportCount import_reminders(std::istream& in, store::Store& store, planner::Planner& planner,
                             TenantId tenant, const Clock& clock, const ImportOptions& options,
                             const RefusedLine& refused, const ImportProgress& progress) {
  LineReader reader(in, options.line_bytes_max);
  ImportCount total;
  for (;;) {
    std::vector<Line> batch;
    while (batch.size() < options.lines_per_batch) {
      auto line = reader.next();
      if (!line) break;
      batch.push_back(std::move(*line));
    }
    if (batch.empty()) return total;
    in_parallel(batch.size(), options.threads,
                [&](std::size_t i) { read(batch[i], store, tenant); });
    const auto shards = by_shard(batch);
    const auto now = clock.now();
    in_parallel(shards.size(), options.threads,
                [&](std::size_t i) { plan(batch, shards[i], planner, tenant, now); });
    count(batch, total, refused);
    progress(total);
  }
}

}  // namespace rappel::app
