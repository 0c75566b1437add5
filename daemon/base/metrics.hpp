// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

// What a monitoring system reads. Metrics are registered at start, so that a series exists with the
// value 0 before anything happens, and then only touched through atomics.
//
//   auto& sent = registry.counter("rappel_messages_sent_total", "Messages accepted by a provider.",
//                                 {{"channel", "sms"}});
//   sent.add();
//
// Thread rule: any thread. A reference lives as long as its registry.
// Never put a personal fact, nor a value that a stranger chooses, into a label.

namespace rappel::metrics {

using Labels = std::vector<std::pair<std::string, std::string>>;

/// Only grows.
class Counter {
 public:
  void add(std::uint64_t count = 1) { value_.fetch_add(count, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// Goes up and down.
class Gauge {
 public:
  void set(double value) { value_.store(value, std::memory_order_relaxed); }
  [[nodiscard]] double value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_{0};
};

/// Counts observations at or below each bound.
class Histogram {
 public:
  /// `bounds` grow strictly; the last bucket, +Inf, is added.
  explicit Histogram(std::vector<double> bounds);
  void observe(double value);
  [[nodiscard]] const std::vector<double>& bounds() const { return bounds_; }
  /// Observations in bucket `index` alone; bounds().size() is the +Inf bucket.
  [[nodiscard]] std::uint64_t bucket(std::size_t index) const;
  [[nodiscard]] double sum() const { return sum_.load(std::memory_order_relaxed); }

 private:
  std::vector<double> bounds_;
  std::vector<std::atomic<std::uint64_t>> buckets_;
  std::atomic<double> sum_{0};
};

/// Bounds for the duration of a request, in seconds.
std::vector<double> request_seconds();

class Registry {
 public:
  Registry();
  ~Registry();

  /// The same name and labels give the same object; one name has one kind.
  Counter& counter(const std::string& name, const std::string& help, Labels labels = {});
  Gauge& gauge(const std::string& name, const std::string& help, Labels labels = {});
  Histogram& histogram(const std::string& name, const std::string& help,
                       std::vector<double> bounds, Labels labels = {});
  /// A gauge whose value is asked for when the metrics are read. `read` is called from the reading
  /// thread, must not throw and must outlive the registry's last text().
  void gauge_of(const std::string& name, const std::string& help, Labels labels,
                std::function<double()> read);
  /// The same for a total that somebody else counts: it never goes down.
  void counter_of(const std::string& name, const std::string& help, Labels labels,
                  std::function<double()> read);

  /// Everything in Prometheus' text format, version 0.0.4.
  [[nodiscard]] std::string text() const;

 private:
  struct Family;
  Family& family(const std::string& name, const std::string& help, const char* kind);

  mutable std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Family>> families_;
};

}  // namespace rappel::metrics
