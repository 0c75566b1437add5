// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/service.hpp"

namespace rappel::store {

/// A private PostgreSQL under a state directory: made once, reachable by one unix socket in a folder
/// that only we can enter, stopped with us. After a kill -9 of the daemon its server may still run:
/// the next start adopts it.
///
///   EmbeddedPostgres postgres({.directory = "/var/lib/rappel/postgres"});
///   postgres.start();                                  // seconds the first time
///   open_postgres({.dsn = postgres.dsn()}, keyring);   // after migrate()
///
/// Thread rule: start(), revive() and stop() from one thread at a time.
class EmbeddedPostgres final : public Service {
 public:
  struct Options {
    std::string directory;  ///< made when missing; absolute; ours alone
    /// false only for tests: a power cut would lose data.
    bool fsync = true;
    std::chrono::milliseconds start_wait_max{60'000};
    /// Where initdb and postgres are; empty: the newest under /usr/lib/postgresql, or the one that
    /// the data was made with.
    std::string programs;
    /// As root, who runs the server; empty: "rappel" where that account exists, else "postgres".
    std::string account;
  };

  /// Checks the options. Throws std::runtime_error that says what to mend.
  explicit EmbeddedPostgres(Options options);
  /// Stops the server when stop() was not called.
  ~EmbeddedPostgres() override;

  [[nodiscard]] std::string_view name() const override { return "postgres"; }
  /// Returns when the database "rappel" answers. Throws std::runtime_error with the server's own
  /// last words.
  void start() override;
  /// Starts the server again when it has ended by itself, and tells whether it had. Throws as start().
  bool revive();
  /// Fast shutdown; after `grace`, an immediate one (recovered at the next start).
  void stop(std::chrono::milliseconds grace) override;

  /// For the database "rappel", as its owner.
  [[nodiscard]] std::string dsn() const { return dsn("rappel"); }
  [[nodiscard]] std::string dsn(const std::string& database) const;
  /// The server's process; 0 when it is not running.
  [[nodiscard]] int pid() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rappel::store
