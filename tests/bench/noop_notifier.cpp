// SPDX-License-Identifier: Apache-2.0
// A notifier that takes every message at once, or after `latency_ms` as a provider over a network does.
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <rappel/plugin.hpp>
#include <string>
#include <thread>

namespace {

namespace plugin = rappel::plugin;

class Noop final : public plugin::Notifier {
 public:
  explicit Noop(const plugin::Setup& setup) : latency_(latency_of(setup.config_json)) {
    if (latency_.count() > 0) thread_ = std::thread([this] { answer_late(); });
  }
  ~Noop() override {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_one();
    if (thread_.joinable()) thread_.join();
  }

  void send(std::vector<plugin::Job> jobs) override {
    if (latency_.count() == 0) {
      for (auto& job : jobs) job.ticket.finish(plugin::accepted("noop"));
      return;
    }
    const std::lock_guard lock(mutex_);
    for (auto& job : jobs)
      late_.push_back({std::chrono::steady_clock::now() + latency_, std::move(job.ticket)});
    changed_.notify_one();
  }

 private:
  struct Late {
    std::chrono::steady_clock::time_point at;
    plugin::Ticket ticket;
  };

  /// {"latency_ms": 20}; the host has checked it against the schema.
  static std::chrono::milliseconds latency_of(std::string_view config) {
    const auto colon = config.find(':');
    long milliseconds = 0;
    if (colon != std::string_view::npos)
      std::from_chars(config.data() + colon + 1, config.data() + config.size(), milliseconds);
    return std::chrono::milliseconds{milliseconds};
  }

  void answer_late() {
    std::unique_lock lock(mutex_);
    while (!stopped_) {
      if (late_.empty()) {
        changed_.wait(lock);
      } else if (const auto at = late_.front().at; at > std::chrono::steady_clock::now()) {
        changed_.wait_until(lock, at);
      } else {
        Late due = std::move(late_.front());
        late_.pop_front();
        lock.unlock();
        due.ticket.finish(plugin::accepted("noop"));
        lock.lock();
      }
    }
  }

  std::chrono::milliseconds latency_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Late> late_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace

RAPPEL_NOTIFIER(Noop, "noop", "1.0.0", "email sms",
                R"({"type":"object","additionalProperties":false,"properties":
                    {"latency_ms":{"type":"integer","minimum":0,"maximum":60000}}})")
