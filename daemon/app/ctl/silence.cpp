// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <cstdio>

#include "app/ctl/options.hpp"
#include "app/ctl/templates.hpp"
#include "app/ctl/tenants.hpp"
#include "app/engine.hpp"
#include "app/truth.hpp"
#include "base/clock.hpp"
#include "dispatch/silence_preview.hpp"
#include "planner/silence_request.hpp"

namespace rappel::app::ctl {
namespace {

Instant instant_option(const Options& options, const std::string& name, Instant fallback) {
  const auto text = options.find(name);
  if (!text) return fallback;
  const auto instant = parse_rfc3339(*text);
  if (!instant)
    throw UsageError(fmt::format("--{} \"{}\" is not an instant: write 2026-11-24T09:00:00+01:00",
                                 name, *text));
  return *instant;
}

/// A mistyped rule would silence nothing, and nobody would know.
void check_rule(const Call& call, const std::string& pattern) {
  if (pattern.empty()) return;
  std::vector<std::string> known;
  for (const auto& rule : need_library(call.config).rules->rules()) {
    if (names_rule(pattern, rule.id)) return;
    known.push_back(rule.id);
  }
  known_word(pattern, known);
}

void check_notifier(const Call& call, const std::string& name) {
  if (name.empty()) return;
  std::vector<std::string> known;
  for (const auto& notifier : call.config.notifiers) known.push_back(notifier.name);
  known_word(name, known);
}

Silence read_silence(const Call& call, const Options& options, const store::Tenant& tenant) {
  const Instant now = SystemClock().now();
  Silence silence;
  silence.id = SilenceId::random();
  silence.tenant = tenant.id;
  silence.rule = options.find("rule").value_or("");
  silence.notifier = options.find("notifier").value_or("");
  silence.departement = options.find("departement").value_or("");
  silence.created_at = now;
  silence.starts_at = instant_option(options, "from", now);
  silence.ends_at = instant_option(options, "until", now);
  if (!options.find("until")) throw UsageError("--until is missing: a silence has an end");
  silence.author = options.find("author").value_or("");
  silence.comment = options.find("comment").value_or("");
  check_rule(call, silence.rule);
  check_notifier(call, silence.notifier);
  if (auto checked = planner::check_silence(silence, now); !checked)
    throw UsageError(to_string(checked.error()));
  return silence;
}

void print_preview(const dispatch::SilencePreview& preview) {
  fmt::print("{}{} reminder(s) that wait now would be held, {} of them by a limit of the law; {} "
             "would be of no use any more when it ends\n",
             preview.complete ? "" : "at least ", preview.matching, preview.legal,
             preview.too_late);
  for (const auto& sample : preview.samples)
    fmt::print("  {}  {:<32} {}\n", to_rfc3339(sample.reminder.next_at),
               sample.rule.empty() ? sample.reminder.message : sample.rule,
               sample.notifier.empty() ? "no way open" : "by " + sample.notifier);
}

int preview_or_set(const Call& call, const Options& options, bool set) {
  if (set) {
    static_cast<void>(options.need("author"));
    static_cast<void>(options.need("comment"));
  }
  Truth truth(call.config);
  const auto tenant = tenant_of(truth.store(), options.need("tenant"));
  const auto silence = read_silence(call, options, tenant);
  const auto routes = dispatch_options(call.config).routes;
  const auto preview = dispatch::preview_silence(truth.store(), tenant, routes, silence);
  const int expected = options.number("expected", -1, 0, 1'000'000);  // -1: not given
  if (set && std::int64_t(preview.matching) > expected) {
    print_preview(preview);
    throw UsageError(fmt::format("not set: say --expected {} when this is what you want",
                                 preview.matching));
  }
  if (set) {
    if (auto added = truth.store().add_silence(silence); !added)
      throw UsageError(to_string(added.error()));
  }
  if (call.json) {
    auto shown = set ? planner::view(silence) : dispatch::view(preview);
    if (set) shown["preview"] = dispatch::view(preview);
    fmt::print("{}\n", boost::json::serialize(shown));
    return 0;
  }
  print_preview(preview);
  if (set) fmt::print("silence {} set, until {}\n", silence.id.to_string(), to_rfc3339(silence.ends_at));
  return 0;
}

std::string matcher_text(const Silence& silence) {
  std::string text;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) text += fmt::format("{}{}={}", text.empty() ? "" : " ", name, value);
  };
  add("rule", silence.rule);
  add("notifier", silence.notifier);
  add("departement", silence.departement);
  return text.empty() ? "everything" : text;
}

int list_silences(const Call& call, const Options& options) {
  Truth truth(call.config);
  const auto tenant = tenant_of(truth.store(), options.need("tenant"));
  boost::json::array list;
  for (const auto& silence : truth.store().silences(tenant.id, SystemClock().now())) {
    list.push_back(planner::view(silence));
    if (!call.json)
      fmt::print("{}  {} to {}  {}  {}: {}\n", silence.id.to_string(),
                 to_rfc3339(silence.starts_at), to_rfc3339(silence.ends_at), matcher_text(silence),
                 silence.author, silence.comment);
  }
  if (call.json) fmt::print("{}\n", boost::json::serialize(list));
  return 0;
}

int end_silence(const Call& call, const Options& options) {
  const auto& words = options.rest();
  const auto id = words.size() == 2 ? SilenceId::parse(words[1]) : std::nullopt;
  if (!id) throw UsageError("silence end needs the id that silence list shows");
  Truth truth(call.config);
  const auto tenant = tenant_of(truth.store(), options.need("tenant"));
  const auto ended = truth.store().end_silence(tenant.id, *id, SystemClock().now());
  if (!ended) throw UsageError(fmt::format("{} has no silence {} that is not over", tenant.slug, words[1]));
  if (call.json)
    fmt::print("{}\n", boost::json::serialize(planner::view(*ended)));
  else
    fmt::print("silence {} ended; what it held is looked at again\n", words[1]);
  return 0;
}

}  // namespace

int silence(const Call& call) {
  const Options options(call.words, {"tenant", "rule", "notifier", "departement", "from", "until",
                                     "author", "comment", "expected"});
  const auto action = action_of(options, {"preview", "set", "list", "end"});
  if (action == "end") return end_silence(call, options);
  static_cast<void>(options.only("preview, set, list or end"));
  if (action == "list") return list_silences(call, options);
  return preview_or_set(call, options, action == "set");
}

}  // namespace rappel::app::ctl
