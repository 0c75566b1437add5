// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "store/postgres/postgres_store.hpp"
#include "store/postgres/silence_watch.hpp"

namespace rappel::store::postgres {

/// A bounded number of connections. Waiting for one has a limit. A connection that broke is dropped,
/// and with it all idle ones: what broke it was most likely the server's end.
///
/// A writing transaction may need a second connection for a read while it holds its own. One
/// connection is therefore never lent for long: `Use::writing` leaves it to `Use::brief`.
class Pool {
 public:
  enum class Use { brief, writing };

  class Checkout {
   public:
    Checkout(Pool& pool, Use use, std::unique_ptr<pqxx::connection> connection)
        : pool_(&pool), use_(use), connection_(std::move(connection)) {}
    Checkout(Checkout&& other) noexcept = default;
    Checkout& operator=(Checkout&&) = delete;
    ~Checkout() {
      if (connection_) pool_->give_back(use_, std::move(connection_), broken_);
    }
    [[nodiscard]] pqxx::connection& connection() { return *connection_; }
    void mark_broken() { broken_ = true; }

   private:
    Pool* pool_;
    Use use_;
    std::unique_ptr<pqxx::connection> connection_;
    bool broken_ = false;
  };

  explicit Pool(const PostgresOptions& options);

  /// Throws StoreUnavailable when none is free in time or the server cannot be reached.
  [[nodiscard]] Checkout checkout(Use use);
  [[nodiscard]] const PostgresOptions& options() const { return options_; }
  /// Of every wait for an answer on these connections.
  [[nodiscard]] SilenceWatch& watch() { return watch_; }
  /// Writes whose fence was stale.
  std::atomic<std::uint64_t> stale_writes{0};

 private:
  void give_back(Use use, std::unique_ptr<pqxx::connection> connection, bool broken);
  void leave(Use use);
  [[nodiscard]] bool has_room(Use use) const;

  PostgresOptions options_;
  std::string dsn_;
  SilenceWatch watch_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<pqxx::connection>> idle_;
  std::size_t lent_ = 0;
  std::size_t lent_for_writing_ = 0;
};

/// The DSN with our time limits, where it does not name its own.
std::string complete_dsn(const PostgresOptions& options);

}  // namespace rappel::store::postgres
