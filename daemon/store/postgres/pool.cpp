// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/pool.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace rappel::store::postgres {

std::string complete_dsn(const PostgresOptions& options) {
  const auto seconds = options.connect_timeout.count();
  const auto milliseconds = options.tcp_user_timeout.count();
  if (options.dsn.find("://") == std::string::npos) {
    // Of two equal keywords libpq takes the last: the operator's.
    return fmt::format("application_name=rappel connect_timeout={} tcp_user_timeout={} {}", seconds,
                       milliseconds, options.dsn);
  }
  std::string dsn = options.dsn;
  const auto add = [&dsn](const char* key, auto value) {
    if (dsn.find(fmt::format("{}=", key)) != std::string::npos) return;
    dsn += fmt::format("{}{}={}", dsn.find('?') == std::string::npos ? '?' : '&', key, value);
  };
  add("connect_timeout", seconds);
  add("tcp_user_timeout", milliseconds);
  add("application_name", "rappel");
  return dsn;
}

Pool::Pool(const PostgresOptions& options)
    : options_(options),
      dsn_(complete_dsn(options)),
      watch_(options.statement_timeout + options.answer_delay_max) {
  options_.connections_max = std::max<std::size_t>(options_.connections_max, 2);
}

bool Pool::has_room(Use use) const {
  if (lent_ >= options_.connections_max) return false;
  return use == Use::brief || lent_for_writing_ + 1 < options_.connections_max;
}

Pool::Checkout Pool::checkout(Use use) {
  std::unique_ptr<pqxx::connection> connection;
  {
    std::unique_lock lock(mutex_);
    if (!freed_.wait_for(lock, options_.checkout_wait_max, [&] { return has_room(use); }))
      throw StoreUnavailable("no database connection became free in time");
    ++lent_;
    if (use == Use::writing) ++lent_for_writing_;
    if (!idle_.empty()) {
      connection = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (connection) return {*this, use, std::move(connection)};
  try {
    return {*this, use, std::make_unique<pqxx::connection>(dsn_)};
  } catch (const std::exception& error) {
    leave(use);
    throw StoreUnavailable(std::string("cannot connect to PostgreSQL: ") + error.what());
  }
}

void Pool::leave(Use use) {
  const std::lock_guard lock(mutex_);
  --lent_;
  if (use == Use::writing) --lent_for_writing_;
  freed_.notify_all();
}

void Pool::give_back(Use use, std::unique_ptr<pqxx::connection> connection, bool broken) {
  std::vector<std::unique_ptr<pqxx::connection>> dropped;
  {
    const std::lock_guard lock(mutex_);
    if (broken) {
      dropped.swap(idle_);
      dropped.push_back(std::move(connection));
    } else {
      idle_.push_back(std::move(connection));
    }
  }
  leave(use);
}

}  // namespace rappel::store::postgres
