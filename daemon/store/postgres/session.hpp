// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <type_traits>

#include "store/postgres/pool.hpp"

namespace rappel::store::postgres {

/// Who acts: each transaction takes exactly one role.
enum class Role { migrate, api, dispatch, read };

/// A parameter as libpq wants it. Text with a NUL would be cut there in silence, so it is refused.
inline std::string bound(const std::string& text) {
  if (text.find('\0') != std::string::npos)
    throw std::invalid_argument("text with a NUL character cannot be stored");
  return text;
}
inline std::string bound(std::string_view text) { return bound(std::string(text)); }
inline std::string bound(const char* text) { return text; }
inline std::optional<std::string> bound(const std::optional<std::string>& text) { return text; }
inline std::string bound(Shard shard) { return std::to_string(int(shard.number)); }
template <typename Tag>
std::string bound(Id<Tag> id) {
  return id.to_string();
}
std::string bound(Instant instant);
std::optional<std::string> bound(const std::optional<Instant>& instant);
template <typename T>
  requires std::is_integral_v<T>
std::string bound(T number) {
  return std::to_string(number);
}

/// One transaction on one connection, with its role, tenant and limits. Ends with commit() or is
/// rolled back.
class Session {
 public:
  Session(Pool& pool, Pool::Use use, Role role, std::optional<TenantId> tenant);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  template <typename... Args>
  pqxx::result run(const char* sql, const Args&... args) {
    const auto wait = wait_for_answer();
    if (!keep_plans_) return work_->exec_params(sql, bound(args)...);
    return work_->exec_prepared(prepared(sql), bound(args)...);
  }
  void commit();
  /// This transaction has found its fence stale.
  void note_stale() { ++pool_.stale_writes; }
  /// The connection is not fit for another transaction.
  void mark_broken() { checkout_.mark_broken(); }

 private:
  /// While it lives, the connection is given up when the server stays silent.
  [[nodiscard]] SilenceWatch::Wait wait_for_answer() {
    return pool_.watch().begin(checkout_.connection().sock());
  }
  /// The name under which the connection knows a statement.
  std::string prepared(const char* sql);

  Pool& pool_;
  Pool::Checkout checkout_;
  bool keep_plans_;
  std::optional<pqxx::work> work_;
};

/// Throws the exception in flight again as one of ours: StoreUnavailable for a broken world,
/// std::logic_error for a statement that the schema refuses.
[[noreturn]] void rethrow_translated();

/// Whether the exception in flight ended the transaction before its commit, so that all of it may be
/// tried again; marks the session's connection when that broke.
bool may_retry(Session* session);

inline constexpr int tries_max = 3;

/// Runs `work(session)` in one transaction and commits it. All of it is tried again after a deadlock,
/// a serialization failure, or a connection that was found broken; never after a commit of unknown
/// fate. `use` is `writing` for work that asks the store for something else meanwhile.
template <typename Work>
auto in_session(Pool& pool, Role role, std::optional<TenantId> tenant, Work work,
                Pool::Use use = Pool::Use::brief) {
  using Result = decltype(work(std::declval<Session&>()));
  for (int tries = 1;; ++tries) {
    std::optional<Session> session;
    try {
      session.emplace(pool, use, role, tenant);
      if constexpr (std::is_void_v<Result>) {
        work(*session);
        session->commit();
        return;
      } else {
        Result result = work(*session);
        session->commit();
        return result;
      }
    } catch (...) {
      if (!may_retry(session ? &*session : nullptr) || tries == tries_max) rethrow_translated();
    }
  }
}

}  // namespace rappel::store::postgres
