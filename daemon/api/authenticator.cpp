// SPDX-License-Identifier: Apache-2.0
#include "api/authenticator.hpp"

#include <fmt/format.h>

namespace rappel::api {
namespace {

using std::chrono::microseconds;

/// Never the hash of anything: what a key is compared with when no row was found, so that an unknown
/// key costs as much as a wrong one.
const std::string no_hash(64, '-');

tl::unexpected<Refusal> unauthorized() {
  return refuse_with(401, "unauthorized", "a valid key is required: Authorization: Bearer rpl_…",
                     {{"WWW-Authenticate", "Bearer realm=\"rappel\""}});
}

std::optional<KeyText> key_of(const HttpRequest& request) {
  constexpr std::string_view scheme = "bearer ";
  const auto* header = request.header("authorization");
  if (header == nullptr || header->size() < scheme.size()) return std::nullopt;
  for (std::size_t i = 0; i < scheme.size(); ++i)
    if (((*header)[i] | 0x20) != (scheme[i] | 0x20)) return std::nullopt;
  return parse_key(std::string_view(*header).substr(scheme.size()));
}

bool is_current(const store::ApiKey& row, Instant now) {
  return !row.revoked_at && (!row.expires_at || now < *row.expires_at);
}

}  // namespace

std::vector<Problem> check(const AuthOptions& options) {
  std::vector<Problem> problems;
  const auto wrong = [&](const char* name, const char* detail) {
    problems.push_back({ProblemKind::invalid, "out_of_range", detail, name, ""});
  };
  if (options.cache_time.count() < 0 || options.cache_time > std::chrono::seconds{5})
    wrong("cache_time", "is not between 0 and 5 seconds");
  if (options.failures_max < 1 || options.failures_max > 19)
    wrong("failures_max", "is not between 1 and 19");
  if (options.failure_window.count() < 1 || options.failure_window > std::chrono::hours{1})
    wrong("failure_window", "is not between 1 ms and an hour");
  if (options.cached_keys_max < 1 || options.addresses_max < 1)
    wrong("cached_keys_max", "is not at least 1");
  return problems;
}

Served<Caller> Authenticator::authenticate(const HttpRequest& request, const std::string& client,
                                           Instant now, microseconds steady) {
  const bool limited = is_limited(client, steady);
  const auto key = key_of(request);
  const auto row = key ? find(key->id, limited, steady) : std::nullopt;
  if (key) {
    const bool same = same_hash(hash_of_secret(key->secret), row ? row->secret_hash_hex : no_hash);
    if (row && same && row->kind == key->kind && is_current(*row, now)) {
      return Caller{row->tenant, row->id, row->kind};
    }
  }
  if (limited)
    return refuse_with(429, "too_many_failures", "too many failed attempts from this address",
                       {{"Retry-After", fmt::format("{}", std::chrono::ceil<std::chrono::seconds>(
                                                              options_.failure_window)
                                                              .count())}});
  note_failure(client, steady);
  return unauthorized();
}

bool Authenticator::is_limited(const std::string& client, microseconds steady) {
  const std::lock_guard lock(mutex_);
  const auto found = failures_.find(client);
  return found != failures_.end() && steady < found->second.until &&
         found->second.count >= options_.failures_max;
}

void Authenticator::note_failure(const std::string& client, microseconds steady) {
  const std::lock_guard lock(mutex_);
  if (failures_.size() >= options_.addresses_max && !failures_.contains(client)) {
    std::erase_if(failures_, [&](const auto& entry) { return entry.second.until <= steady; });
    if (failures_.size() >= options_.addresses_max) failures_.erase(failures_.begin());
  }
  auto& failures = failures_[client];
  if (failures.until <= steady) failures = {steady + options_.failure_window, 0};
  ++failures.count;
}

/// An address that failed too often has no more look-ups, but for keys that were right before: an
/// attacker beside an honest client must not lock it out.
std::optional<store::ApiKey> Authenticator::find(const std::string& id, bool limited,
                                                 microseconds steady) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = keys_.find(id);
    if (found == keys_.end() && limited) return std::nullopt;
    if (found != keys_.end() && steady < found->second.until) return found->second.row;
  }
  auto row = store_.key(id);
  if (row) remember(*row, steady);
  return row;
}

void Authenticator::remember(const store::ApiKey& row, microseconds steady) {
  const std::lock_guard lock(mutex_);
  if (keys_.size() >= options_.cached_keys_max && !keys_.contains(row.id))
    keys_.erase(keys_.begin());
  keys_[row.id] = {row, steady + options_.cache_time};
}

}  // namespace rappel::api
