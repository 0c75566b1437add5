// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/session.hpp"

#include <array>

#include "schema/sql.hpp"

namespace rappel::store::postgres {
namespace {

const char* name_of(Role role) {
  switch (role) {
    case Role::migrate: return "rappel_migrate";
    case Role::api: return "rappel_api";
    case Role::dispatch: return "rappel_dispatch";
    case Role::read: return "rappel_read";
  }
  return "";
}

/// The server's first line: what follows it may quote rows.
std::string first_line(const std::exception& error) {
  const std::string text = error.what();
  return text.substr(0, text.find('\n'));
}

/// SQLSTATE classes that speak of the server's condition and not of our statement.
bool is_condition(const std::string& state) {
  static constexpr std::array<std::string_view, 9> classes{"08", "25", "40", "53", "55",
                                                           "57", "58", "XX", "F0"};
  // A partition that retention dropped meanwhile shows as 23514: the caller tries again. libpqxx 6
  // leaves the state of a missing privilege empty: a matter for the operator.
  if (state.empty() || state == "23514") return true;
  for (const auto known : classes) {
    if (std::string_view(state).substr(0, 2) == known) return true;
  }
  return false;
}

}  // namespace

std::string bound(Instant instant) {
  if (instant == Instant::min()) return "-infinity";
  return to_rfc3339(instant);
}

std::optional<std::string> bound(const std::optional<Instant>& instant) {
  if (!instant) return std::nullopt;
  return bound(*instant);
}

Session::Session(Pool& pool, Pool::Use use, Role role, std::optional<TenantId> tenant)
    : pool_(pool), checkout_(pool.checkout(use)), keep_plans_(pool.options().keep_plans) {
  try {
    {
      const auto wait = wait_for_answer();
      work_.emplace(checkout_.connection());
    }
    run(sql::session_settings, pool.options().statement_timeout.count(),
        pool.options().silence_max.count(), tenant ? tenant->to_string() : std::string(),
        name_of(role));
  } catch (...) {
    work_.reset();
    checkout_.mark_broken();
    throw;
  }
}

std::string Session::prepared(const char* sql) {
  // The constants of the generated header have one address each; preparing twice is free.
  std::string name = "q" + std::to_string(reinterpret_cast<std::uintptr_t>(sql));
  checkout_.connection().prepare(name, sql);
  return name;
}

Session::~Session() {
  try {
    const auto wait = wait_for_answer();  // a rollback has one too
    work_.reset();
  } catch (...) {
    checkout_.mark_broken();
  }
}

void Session::commit() {
  try {
    const auto wait = wait_for_answer();
    work_->commit();
  } catch (...) {
    checkout_.mark_broken();
    throw;
  }
}

void rethrow_translated() {
  try {
    throw;
  } catch (const StoreUnavailable&) {
    throw;
  } catch (const pqxx::in_doubt_error&) {
    throw StoreUnavailable("PostgreSQL was lost during a commit, whose fate is not known");
  } catch (const pqxx::broken_connection& error) {
    throw StoreUnavailable("the connection to PostgreSQL was lost: " + first_line(error));
  } catch (const pqxx::transaction_rollback& error) {
    throw StoreUnavailable("the transaction was in another's way: " + first_line(error));
  } catch (const pqxx::sql_error& error) {
    if (is_condition(error.sqlstate()))
      throw StoreUnavailable("PostgreSQL refused for the moment: " + first_line(error));
    throw std::logic_error("PostgreSQL refused a statement: " + first_line(error));
  } catch (const pqxx::failure& error) {
    throw StoreUnavailable("PostgreSQL failed: " + first_line(error));
  }
}

bool may_retry(Session* session) {
  try {
    throw;
  } catch (const pqxx::in_doubt_error&) {
    if (session != nullptr) session->mark_broken();
    return false;
  } catch (const pqxx::broken_connection&) {
    if (session != nullptr) session->mark_broken();
    return true;
  } catch (const pqxx::transaction_rollback&) {
    return true;
  } catch (const pqxx::sql_error& error) {
    // 57P01…57P05: the session was ended by the server.
    if (error.sqlstate().substr(0, 3) == "57P" || error.sqlstate().substr(0, 2) == "25") {
      if (session != nullptr) session->mark_broken();
    }
    return false;
  } catch (...) {
    return false;
  }
}

}  // namespace rappel::store::postgres
