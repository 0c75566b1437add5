// SPDX-License-Identifier: Apache-2.0
// A notifier that takes every message at once, or after `latency_ms` as a provider over a network does.
// `arrivals` names a file that gets a line for each message: its key and the microseconds since 1970.
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <mutex>
#include <rappel/plugin.hpp>
#include <string>
#include <thread>

namespace {

namespace plugin = rappel::plugin;

class Noop final : public plugin::Notifier {
 public:
  explicit Noop(const plugin::Setup& setup)
      : latency_(std::atol(value_of(setup.config_json, "\"latency_ms\":").c_str())) {
    if (const auto path = value_of(setup.config_json, "\"arrivals\":"); path.size() > 2)
      arrivals_.open(path.substr(1, path.size() - 2), std::ios::app);
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
    if (arrivals_.is_open()) note(jobs);
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

  /// The text of a member of {"latency_ms": 20, "arrivals": "/path"}; the host has checked it against the
  /// schema, and a path has nothing to escape.
  static std::string value_of(std::string_view config, std::string_view name) {
    const auto place = config.find(name);
    if (place == std::string_view::npos) return {};
    const auto value = config.substr(place + name.size());
    return std::string(value.substr(0, value.find_first_of(",}")));
  }

  void note(const std::vector<plugin::Job>& jobs) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
    for (const auto& job : jobs) arrivals_ << job.message->idempotency_key << ' ' << micros << '\n';
    arrivals_.flush();
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
  std::ofstream arrivals_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Late> late_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace

RAPPEL_NOTIFIER(Noop, "noop", "1.0.0", "email sms",
                R"({"type":"object","additionalProperties":false,"properties":
                    {"latency_ms":{"type":"integer","minimum":0,"maximum":60000},
                     "arrivals":{"type":"string"}}})")
