// SPDX-License-Identifier: Apache-2.0
#include "app/daemon.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <stdexcept>
#include <thread>

#include "api/server.hpp"
#include "app/asio_loop.hpp"
#include "app/engine.hpp"
#include "app/library.hpp"
#include "app/node_id.hpp"
#include "app/notify_manager.hpp"
#include "app/pool_carrier.hpp"
#include "app/rule_refresh.hpp"
#include "app/truth.hpp"
#include "app/watch.hpp"
#include "app/world_check.hpp"
#include "base/log.hpp"
#include "base/worker_pool.hpp"

namespace rappel::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds postgres_look_min{2};
constexpr seconds postgres_look_max{30};
constexpr seconds api_grace{10};
constexpr seconds dispatch_grace{10};
constexpr seconds senders_grace{5};
constexpr seconds settle_grace{3};
constexpr seconds jobs_grace{5};
constexpr seconds start_limit{60};
/// Connections that jobs leave for the API.
constexpr int connections_apart = 4;

log::Level level_of(const std::string& name) {
  if (name == "error") return log::Level::error;
  if (name == "warning") return log::Level::warning;
  if (name == "notice") return log::Level::notice;
  if (name == "debug") return log::Level::debug;
  return log::Level::info;
}

Library library_or_throw(const Config& config) {
  auto library = load_library(config);
  if (library) return std::move(*library);
  for (const auto& problem : library.error())
    log::error("RPL-0101", "{}", to_string(problem));
  throw std::runtime_error(
      fmt::format("{} problem(s) in {}", library.error().size(), config.templates_directory));
}

RuleRefresh::Options refresh_options(const Config& config) {
  RuleRefresh::Options options;
  options.citizens_per_second = std::size_t(config.rules.reevaluations_per_second);
  return options;
}

/// The daemon's parts in the order in which they start; members are destroyed in reverse.
class Daemon {
 public:
  explicit Daemon(const Config& config)
      : config_(config),
        identity_(config.state_directory),
        library_(library_or_throw(config)),
        truth_(config, Opener::daemon),
        loop_(clock_),
        jobs_({"db", std::size_t(std::max(1, config.database.connections_max - connections_apart))}),
        lease_jobs_({"leases", 1}),
        carrier_(loop_.io(), config,
                 [this](const std::string& notifier, bool ready) { on_sender(notifier, ready); }),
        engine_(truth_.store(), loop_, jobs_, {truth_.control(), lease_jobs_}, carrier_, library_,
                config,
                scheduler_options(config, identity_.id())),
        refresh_(truth_.store(), loop_, jobs_, engine_.planner(),
                 [this](Shard shard) { return engine_.scheduler().epoch(shard); },
                 refresh_options(config)),
        watch_(loop_, engine_, refresh_, carrier_, truth_.control()),
        signals_(loop_.io(), SIGTERM, SIGINT, SIGHUP) {}

  int run() {
    for (const auto& warning : check_world(config_).warnings)
      log::warning("RPL-0122", "{}", to_string(warning));
    record_versions(truth_.store(), library_, clock_.now());
    watch_.register_metrics(metrics_);
    wait_for_signal();
    jobs_.start();
    lease_jobs_.start();
    std::thread loop_thread([this] { run_loop(); });
    std::exception_ptr failure;
    try {
      start();
      stop_asked_.get_future().wait();
    } catch (...) {
      failure = std::current_exception();
    }
    try {
      stop();
    } catch (const std::exception& e) {
      log::error("RPL-0113", "the stop was not orderly: {}", e.what());
    }
    loop_.stop();
    loop_thread.join();
    if (failure) std::rethrow_exception(failure);
    return 0;
  }

 private:
  void start() {
    on_loop([this] { carrier_.start(); });
    senders_started_ = true;
    engine_.scheduler().start();
    on_loop([this] {
      refresh_.start_over();
      watch_.start();
      watch_postgres(postgres_look_min);
      feed_watchdog();
    });
    api::ServerOptions options;
    options.http.listen = config_.api.listen;
    options.http.inherited_fd = inherited_socket();
    options.http.threads = std::size_t(config_.api.threads);
    api_ = std::make_unique<api::Server>(
        options, api::ServerParts{truth_.store(), engine_.planner(), clock_, metrics_,
                                  [this] { return watch_.not_ready(); },
                                  dispatch_options(config_).routes});
    api_->start();
    write_address();
    tell_ready("serving");
    log::notice("RPL-0100", "rappeld {} serves {} with {} notifier(s)", RAPPEL_VERSION, address(),
                config_.notifiers.size());
  }

  /// A private PostgreSQL that was killed, or that a full disk has ended, is started again. On the
  /// leases' thread: the others may all be waiting for it.
  void watch_postgres(seconds wait) {
    loop_.after(wait, [this, wait] {
      const bool queued = run_job(
          lease_jobs_, loop_, [this] { return truth_.revive(); },
          [this, wait](JobResult<bool>& result) {
            if (!result.ok())
              log::error("RPL-0121", "the private PostgreSQL has ended and does not start: {}",
                         result.error());
            else if (result.value())
              log::warning("RPL-0120", "the private PostgreSQL had ended and was started again");
            watch_postgres(result.ok() ? postgres_look_min : std::min(wait * 2, postgres_look_max));
          });
      if (!queued) watch_postgres(wait);
    });
  }

  /// In reverse: no new requests, no new work, what is in hand comes to its end, leases go back.
  void stop() {
    tell_stopping();
    log::notice("RPL-0102", "stopping: finishing what is in hand");
    if (api_) api_->stop(api_grace);
    on_loop([&] {
      refresh_.stop();
      engine_.scheduler().halt();
      engine_.dispatcher().give_back_waiting();
    });
    wait_idle(dispatch_grace);
    if (senders_started_) stop_senders();
    wait_idle(settle_grace);
    std::vector<store::Lease> leases;
    on_loop([&] { leases = engine_.scheduler().retire(); });
    jobs_.stop(jobs_grace);
    lease_jobs_.stop(jobs_grace);
    try {
      if (!leases.empty()) truth_.control().release(identity_.id(), leases);
    } catch (const store::StoreUnavailable& e) {
      log::warning("RPL-0303", "leases could not be given back, they end by themselves: {}",
                   e.what());
    }
    std::error_code ignored;
    std::filesystem::remove(config_.state_directory + "/api.address", ignored);
    log::notice("RPL-0103", "stopped");
  }

  void stop_senders() {
    auto stopped = std::make_shared<std::promise<void>>();
    auto done = stopped->get_future();
    loop_.post([this, stopped] { carrier_.stop(senders_grace, [stopped] { stopped->set_value(); }); });
    done.wait_for(senders_grace + settle_grace);
  }

  /// Runs `work` on the loop and waits for it; what it throws is thrown here.
  void on_loop(std::function<void()> work) {
    auto task = std::make_shared<std::packaged_task<void()>>(std::move(work));
    auto done = task->get_future();
    loop_.post([task] { (*task)(); });
    if (done.wait_for(start_limit) != std::future_status::ready)
      throw std::runtime_error("the loop does not answer");
    done.get();
  }

  void wait_idle(milliseconds grace) {
    auto idle = std::make_shared<std::promise<void>>();
    auto done = idle->get_future();
    loop_.post([this, idle, give_up = loop_.steady() + grace] { check_idle(idle, give_up); });
    done.wait();
  }

  void check_idle(const std::shared_ptr<std::promise<void>>& idle,
                  std::chrono::microseconds give_up) {
    if (engine_.dispatcher().idle() || loop_.steady() > give_up) return idle->set_value();
    loop_.after(milliseconds{20}, [this, idle, give_up] { check_idle(idle, give_up); });
  }

  void run_loop() {
    try {
      loop_.run();
    } catch (const std::exception& e) {
      // Nothing in memory can be trusted any more, and PostgreSQL holds the truth.
      log::error("RPL-0003", "the loop has failed, the daemon ends at once: {}", e.what());
      std::_Exit(1);
    }
  }

  void wait_for_signal() {
    signals_.async_wait([this](const boost::system::error_code& error, int number) {
      if (error) return;
      // After the first request to stop nobody waits here any more.
      if (number == SIGHUP) {
        reload();
        wait_for_signal();
      } else {
        stop_asked_.set_value();
      }
    });
  }

  /// Whatever is wrong with the files, the daemon goes on with what it has.
  void reload() {
    tell_reloading();
    try {
      check_and_swap();
    } catch (const std::exception& e) {
      log::error("RPL-0119", "the files could not be read, the old ones stay: {}", e.what());
    }
    tell_ready("serving");
  }

  /// Checks everything, then swaps what can be swapped while running, or keeps what there was.
  void check_and_swap() {
    auto config = load_config(config_.path);
    if (!config) {
      for (const auto& problem : config.error()) log::error("RPL-0104", "{}", to_string(problem));
      log::error("RPL-0105", "the configuration was refused; the old one stays");
    } else if (auto library = load_library(*config); !library) {
      for (const auto& problem : library.error()) log::error("RPL-0106", "{}", to_string(problem));
      log::error("RPL-0107", "the templates were refused; the old ones stay");
    } else {
      log::set_level(level_of(config->log_level));
      engine_.planner().use(library->rules, library->messages);
      engine_.dispatcher().use(library->messages);
      engine_.dispatcher().use(library->rules);
      refresh_.start_over();
      library_ = std::move(*library);
      record_reloaded();
      log::notice("RPL-0108", "templates and log level are as the files say; anything else that "
                              "changed in the configuration waits for a restart");
    }
  }

  void record_reloaded() {
    [[maybe_unused]] const bool queued = run_job(
        jobs_, loop_,
        [this, library = library_, now = clock_.now()] {
          record_versions(truth_.store(), library, now);
          return true;
        },
        [](JobResult<bool>& result) {
          if (!result.ok())
            log::warning("RPL-0114", "the reloaded versions are not recorded: {}", result.error());
        });
  }

  void on_sender(const std::string& notifier, bool ready) {
    if (ready) {
      log::info("RPL-0109", "the sender of \"{}\" is ready", notifier);
      engine_.dispatcher().sender_ready(notifier);
    } else {
      log::warning("RPL-0110", "the sender of \"{}\" is gone; its reminders wait", notifier);
    }
  }

  /// The loop itself says that it lives: a loop that hangs says nothing.
  void feed_watchdog() {
    const auto interval = watchdog_interval();
    if (!interval) return;
    tell_alive();
    loop_.after(*interval, [this] { feed_watchdog(); });
  }

  [[nodiscard]] std::string address() const {
    if (config_.api.listen.starts_with("unix:")) return config_.api.listen;
    const auto colon = config_.api.listen.rfind(':');
    return config_.api.listen.substr(0, colon + 1) + std::to_string(api_->port());
  }

  /// Where we really listen, for scripts: with port 0 nobody else knows.
  void write_address() const {
    std::ofstream(config_.state_directory + "/api.address") << address() << '\n';
  }

  const Config& config_;
  NodeIdentity identity_;
  Library library_;
  Truth truth_;
  SystemClock clock_;
  AsioLoop loop_;
  WorkerPool jobs_;
  WorkerPool lease_jobs_;
  PoolCarrier carrier_;
  Engine engine_;
  RuleRefresh refresh_;
  Watch watch_;
  metrics::Registry metrics_;
  boost::asio::signal_set signals_;
  std::unique_ptr<api::Server> api_;
  std::promise<void> stop_asked_;
  bool senders_started_ = false;
};

}  // namespace

int run_daemon(const Config& config) {
  log::set_level(level_of(config.log_level));
  // A client or a sender that goes away must be an error of one write, not the end of the daemon.
  std::signal(SIGPIPE, SIG_IGN);
  Daemon daemon(config);
  return daemon.run();
}

}  // namespace rappel::app
