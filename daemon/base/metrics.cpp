// SPDX-License-Identifier: Apache-2.0
#include "base/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>

#include "base/ensure.hpp"

namespace rappel::metrics {
namespace {

bool is_metric_name(std::string_view name) {
  const auto letter = [](unsigned char c) { return std::isalnum(c) || c == '_'; };
  return !name.empty() && !std::isdigit(static_cast<unsigned char>(name[0])) &&
         std::all_of(name.begin(), name.end(), letter);
}

std::string escaped(std::string_view text, bool quotes) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || (quotes && c == '"')) out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out;
}

/// `a="1",b="2"`, without braces: a histogram adds its own label.
std::string label_text(const Labels& labels) {
  std::string out;
  for (const auto& [name, value] : labels) {
    ensure(is_metric_name(name), "a label's name has letters, digits and underscores");
    out += fmt::format("{}{}=\"{}\"", out.empty() ? "" : ",", name, escaped(value, true));
  }
  return out;
}

std::string braced(const std::string& labels) {
  return labels.empty() ? "" : "{" + labels + "}";
}

std::string histogram_text(const std::string& name, const std::string& labels,
                           const Histogram& histogram) {
  const std::string lead = labels.empty() ? "" : labels + ",";
  std::string out;
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < histogram.bounds().size(); ++i) {
    total += histogram.bucket(i);
    out += fmt::format("{}_bucket{{{}le=\"{}\"}} {}\n", name, lead, histogram.bounds()[i], total);
  }
  total += histogram.bucket(histogram.bounds().size());
  out += fmt::format("{}_bucket{{{}le=\"+Inf\"}} {}\n", name, lead, total);
  out += fmt::format("{}_sum{} {}\n", name, braced(labels), histogram.sum());
  out += fmt::format("{}_count{} {}\n", name, braced(labels), total);
  return out;
}

}  // namespace

Histogram::Histogram(std::vector<double> bounds)
    : bounds_(std::move(bounds)), buckets_(bounds_.size() + 1) {
  ensure(std::is_sorted(bounds_.begin(), bounds_.end()), "a histogram's bounds grow");
}

void Histogram::observe(double value) {
  const auto bound = std::lower_bound(bounds_.begin(), bounds_.end(), value);
  buckets_[std::size_t(bound - bounds_.begin())].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

std::uint64_t Histogram::bucket(std::size_t index) const {
  return buckets_[index].load(std::memory_order_relaxed);
}

std::vector<double> request_seconds() {
  return {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
}

struct Registry::Family {
  std::string help;
  std::string kind;
  // Keyed by label text. unique_ptr: callers keep references.
  std::map<std::string, std::unique_ptr<Counter>> counters;
  std::map<std::string, std::unique_ptr<Gauge>> gauges;
  std::map<std::string, std::unique_ptr<Histogram>> histograms;
  std::map<std::string, std::function<double()>> readers;
};

Registry::Registry() = default;
Registry::~Registry() = default;

Registry::Family& Registry::family(const std::string& name, const std::string& help,
                                   const char* kind) {
  ensure(is_metric_name(name), "a metric's name has letters, digits and underscores");
  auto& slot = families_[name];
  if (!slot) {
    slot = std::make_unique<Family>();
    slot->help = help;
    slot->kind = kind;
  }
  ensure(slot->kind == kind, "one metric name has one kind");
  return *slot;
}

Counter& Registry::counter(const std::string& name, const std::string& help, Labels labels) {
  const std::lock_guard lock(mutex_);
  auto& slot = family(name, help, "counter").counters[label_text(labels)];
  if (!slot) slot = std::make_unique<Counter>();
  return *slot;
}

Gauge& Registry::gauge(const std::string& name, const std::string& help, Labels labels) {
  const std::lock_guard lock(mutex_);
  auto& slot = family(name, help, "gauge").gauges[label_text(labels)];
  if (!slot) slot = std::make_unique<Gauge>();
  return *slot;
}

Histogram& Registry::histogram(const std::string& name, const std::string& help,
                               std::vector<double> bounds, Labels labels) {
  const std::lock_guard lock(mutex_);
  auto& slot = family(name, help, "histogram").histograms[label_text(labels)];
  if (!slot) slot = std::make_unique<Histogram>(std::move(bounds));
  return *slot;
}

void Registry::gauge_of(const std::string& name, const std::string& help, Labels labels,
                        std::function<double()> read) {
  const std::lock_guard lock(mutex_);
  family(name, help, "gauge").readers[label_text(labels)] = std::move(read);
}

void Registry::counter_of(const std::string& name, const std::string& help, Labels labels,
                          std::function<double()> read) {
  const std::lock_guard lock(mutex_);
  family(name, help, "counter").readers[label_text(labels)] = std::move(read);
}

std::string Registry::text() const {
  const std::lock_guard lock(mutex_);
  std::string out;
  for (const auto& [name, family] : families_) {
    out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, escaped(family->help, false), name,
                       family->kind);
    for (const auto& [labels, counter] : family->counters)
      out += fmt::format("{}{} {}\n", name, braced(labels), counter->value());
    for (const auto& [labels, gauge] : family->gauges)
      out += fmt::format("{}{} {}\n", name, braced(labels), gauge->value());
    for (const auto& [labels, read] : family->readers)
      out += fmt::format("{}{} {}\n", name, braced(labels), read());
    for (const auto& [labels, histogram] : family->histograms)
      out += histogram_text(name, labels, *histogram);
  }
  return out;
}

}  // namespace rappel::metrics
