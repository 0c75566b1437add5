// SPDX-License-Identifier: Apache-2.0
#include "app/import.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>

#include "app/ctl/options.hpp"
#include "app/ctl/tenants.hpp"
#include "app/library.hpp"
#include "app/truth.hpp"

namespace rappel::app::ctl {
namespace {

/// Refused lines that are told one by one. All of them go into the file of --rejects.
constexpr std::size_t told_max = 100;

/// Tells what was refused, and keeps it where it can be mended.
class Refusals {
 public:
  Refusals(const std::optional<std::string>& rejects, bool json) : json_(json) {
    if (!rejects) return;
    file_.open(*rejects, std::ios::trunc);
    if (!file_) throw UsageError(fmt::format("--rejects {} cannot be written", *rejects));
  }

  void operator()(std::size_t number, const Problem& problem, const std::string& line) {
    if (file_.is_open()) file_ << line << '\n';
    if (++count_ == told_max + 1) fmt::print(stderr, "… further lines that are refused are not told\n");
    if (count_ > told_max) return;
    fmt::print(stderr, "line {}: {}\n", number, to_string(problem));
    if (json_)
      told_.push_back({{"line", number},
                       {"code", problem.code},
                       {"where", problem.where},
                       {"detail", problem.detail},
                       {"mend", problem.mend}});
  }

  /// Throws when what was refused could not be kept.
  boost::json::array finish() {
    if (file_.is_open() && !file_.flush())
      throw std::runtime_error("the file of --rejects could not be written to its end");
    return std::move(told_);
  }

 private:
  bool json_;
  std::ofstream file_;
  std::size_t count_ = 0;
  boost::json::array told_;
};

void print(const ImportCount& count, boost::json::array refusals, bool json) {
  if (json) {
    fmt::print("{}\n", boost::json::serialize(boost::json::object{{"lines", count.lines},
                                                                  {"planned", count.planned},
                                                                  {"known", count.known},
                                                                  {"refused", count.refused},
                                                                  {"refusals", std::move(refusals)}}));
  } else {
    fmt::print("{} lines: {} reminders planned, {} lines known already, {} refused\n", count.lines,
               count.planned, count.known, count.refused);
  }
}

}  // namespace

int import_lines(const Call& call) {
  const Options options(call.words, {"tenant", "rejects"});
  const auto path = options.only("the file of JSON lines, or - for standard input");
  const auto slug = options.need("tenant");
  std::ifstream file;
  if (path != "-") {
    file.open(path);
    if (!file) throw UsageError(fmt::format("{} cannot be read", path));
  }
  Refusals refusals(options.find("rejects"), call.json);
  const auto library = load_library(call.config);
  if (!library) throw std::runtime_error(to_string(library.error().front()));
  const Truth truth(call.config);
  const auto tenant = tenant_of(truth.store(), slug);
  planner::Planner planner(truth.store(), library->rules, library->messages, {}, nullptr);
  ImportCount so_far;
  try {
    so_far = import_reminders(path == "-" ? std::cin : file, truth.store(), planner, tenant.id,
                              SystemClock(), {}, std::ref(refusals),
                              [&](const ImportCount& count) { so_far = count; });
  } catch (const store::StoreUnavailable& e) {
    throw std::runtime_error(fmt::format(
        "{}\nafter {} lines, whose reminders are planned; import the same file again to go on: nothing is "
        "planned twice",
        e.what(), so_far.lines));
  }
  print(so_far, refusals.finish(), call.json);
  return so_far.refused == 0 ? 0 : 1;
}

}  // namespace rappel::app::ctl
