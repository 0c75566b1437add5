// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "api/http/message.hpp"
#include "api/key.hpp"
#include "base/instant.hpp"
#include "store/store.hpp"

namespace rappel::api {

struct AuthOptions {
  /// How long a revoked key may still open the door.
  std::chrono::milliseconds cache_time{500};
  std::size_t cached_keys_max = 4096;
  /// Failures of one address within the window; then 429 until it ends.
  std::size_t failures_max = 10;
  std::chrono::milliseconds failure_window{60'000};
  std::size_t addresses_max = 10'000;
};
std::vector<Problem> check(const AuthOptions& options);

/// Whom a request speaks for.
struct Caller {
  TenantId tenant;
  std::string key_id;
  std::string kind;
};

/// Bearer keys. Absent, mistyped, unknown, wrong, expired and revoked keys get one and the same 401.
/// Thread rule: any thread.
class Authenticator {
 public:
  Authenticator(store::Store& store, AuthOptions options) : store_(store), options_(options) {}

  /// `client` is the address that failures count for. `now` decides expiry, `steady` the windows.
  Served<Caller> authenticate(const HttpRequest& request, const std::string& client, Instant now,
                              std::chrono::microseconds steady);

 private:
  struct CachedKey {
    store::ApiKey row;
    std::chrono::microseconds until{};
  };
  struct Failures {
    std::chrono::microseconds until{};
    std::size_t count = 0;
  };

  bool is_limited(const std::string& client, std::chrono::microseconds steady);
  void note_failure(const std::string& client, std::chrono::microseconds steady);
  std::optional<store::ApiKey> find(const std::string& id, bool limited,
                                    std::chrono::microseconds steady);
  void remember(const store::ApiKey& row, std::chrono::microseconds steady);

  store::Store& store_;
  AuthOptions options_;
  std::mutex mutex_;
  std::map<std::string, CachedKey, std::less<>> keys_;       // under mutex_
  std::map<std::string, Failures, std::less<>> failures_;    // under mutex_
};

}  // namespace rappel::api
