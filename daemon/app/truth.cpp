// SPDX-License-Identifier: Apache-2.0
#include "app/truth.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <stdexcept>

#include "app/keys.hpp"
#include "app/node_id.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "store/embedded/embedded_postgres.hpp"
#include "store/open.hpp"

namespace rappel::app {
namespace {

constexpr std::chrono::seconds embedded_stop_grace{20};
constexpr std::size_t control_connections = 2;

/// Whether a daemon holds the state directory at this moment.
bool daemon_runs(const std::string& state_directory) {
  const int file = ::open((state_directory + "/node").c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool held = ::flock(file, LOCK_SH | LOCK_NB) != 0;
  ::close(file);
  return held;
}

/// Without a configuration a question is about the daemon that runs on the defaults; where none ever
/// ran, an empty database would be no answer.
void refuse_empty_place(const Config& config) {
  if (!config.path.empty() || std::filesystem::exists(config.state_directory + "/postgres")) return;
  throw std::runtime_error(fmt::format(
      "no configuration was found and no rappeld has run on the defaults in {}: name the file with "
      "--config, or start rappeld first",
      config.state_directory));
}

store::PostgresOptions postgres_options(const Config& config, std::string dsn) {
  store::PostgresOptions options;
  options.dsn = std::move(dsn);
  options.connections_max = std::size_t(config.database.connections_max);
  options.keep_plans = !config.database.behind_pgbouncer;
  options.statement_timeout = config.database.statement_timeout;
  return options;
}

void bring_up_to_date(const Config& config, const store::PostgresOptions& options) {
  if (!config.database.migrate_at_start) {
    const auto status = store::migration_status(options);
    if (status.applied == status.known) return;
    throw std::runtime_error(fmt::format(
        "the schema is at migration {} and this program needs {}: run rappelctl migrate",
        status.applied, status.known));
  }
  const auto applied = store::migrate(options, SystemClock().now());
  if (!applied) throw std::runtime_error(to_string(applied.error()));
  if (!applied->empty())
    log::notice("RPL-0112", "{} migration(s) applied, the last is {}", applied->size(),
                applied->back());
}

}  // namespace

struct Truth::Parts {
  std::optional<NodeIdentity> lock;  ///< of a visitor that runs the server itself
  std::optional<store::EmbeddedPostgres> embedded;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<store::Store> control;
  bool started = false;

  ~Parts() {
    control.reset();
    store.reset();
    if (embedded && started) embedded->stop(embedded_stop_grace);
  }
};

Truth::Truth(const Config& config, Opener opener) : parts_(std::make_unique<Parts>()) {
  auto keyring = load_keyring(config);
  std::string dsn = config.database.dsn_file.empty()
                        ? config.database.dsn
                        : Secret::from_file(config.database.dsn_file).reveal();
  bool ours = true;
  if (dsn.empty()) {
    ours = opener == Opener::daemon || !daemon_runs(config.state_directory);
    if (ours && opener == Opener::visitor) refuse_empty_place(config);
    if (ours && opener == Opener::visitor) parts_->lock.emplace(config.state_directory);
    store::EmbeddedPostgres::Options options;
    options.directory = config.state_directory + "/postgres";
    options.fsync = config.database.embedded_fsync;
    parts_->embedded.emplace(std::move(options));
    if (ours) {
      parts_->embedded->start();
      parts_->started = true;
    }
    dsn = parts_->embedded->dsn();
  }
  const auto options = postgres_options(config, std::move(dsn));
  // Beside a running daemon the schema is the daemon's affair.
  if (ours) bring_up_to_date(config, options);
  parts_->store = store::open_postgres(options, keyring);
  auto control = options;
  control.connections_max = control_connections;
  parts_->control = std::make_unique<store::PostgresStore>(control, std::move(keyring));
}

Truth::~Truth() = default;

bool Truth::revive() { return parts_->started && parts_->embedded->revive(); }

store::Store& Truth::store() const { return *parts_->store; }
store::Store& Truth::control() const { return *parts_->control; }

}  // namespace rappel::app
