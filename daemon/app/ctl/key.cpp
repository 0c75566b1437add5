// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <cstdio>

#include "api/key.hpp"
#include "app/ctl/options.hpp"
#include "app/ctl/tenants.hpp"
#include "app/truth.hpp"
#include "base/clock.hpp"

namespace rappel::app::ctl {
namespace {

constexpr std::chrono::days key_life{365};

int create_key(const Call& call, const Options& options) {
  const auto kind = options.find("kind").value_or("live");
  if (kind != "live" && kind != "team" && kind != "test")
    throw UsageError("--kind is live, team or test");
  const auto now = SystemClock().now();
  Truth truth(call.config);
  const auto tenant = tenant_of(truth.store(), options.need("tenant"));
  const auto minted = api::mint_key(tenant.id, kind, options.need("label"), now, now + key_life);
  truth.store().create_key(minted.row);
  if (call.json) {
    fmt::print("{}\n", boost::json::serialize(boost::json::object{
                           {"id", minted.row.id},
                           {"key", minted.text.reveal()},
                           {"expires_at", to_rfc3339(*minted.row.expires_at)}}));
  } else {
    // On stdout the key alone, so that a script can take it; it is never shown again.
    fmt::print("{}\n", minted.text.reveal());
    fmt::print(stderr, "key {} of {} expires on {}; keep it now, it is not shown again\n",
               minted.row.id, tenant.slug, to_rfc3339(*minted.row.expires_at).substr(0, 10));
  }
  return 0;
}

int list_keys(const Call& call, const Options& options) {
  Truth truth(call.config);
  const auto tenant = tenant_of(truth.store(), options.need("tenant"));
  boost::json::array list;
  for (const auto& key : truth.store().keys(tenant.id)) {
    const std::string state = key.revoked_at ? "revoked" : "valid";
    list.push_back({{"id", key.id}, {"label", key.label}, {"kind", key.kind}, {"state", state}});
    if (!call.json)
      fmt::print("{}  {:<5} {:<8} {} {}\n", key.id, key.kind, state,
                 to_rfc3339(key.created_at).substr(0, 10), key.label);
  }
  if (call.json) fmt::print("{}\n", boost::json::serialize(list));
  return 0;
}

int revoke_key(const Call& call, const std::string& id) {
  Truth truth(call.config);
  if (!truth.store().revoke_key(id, SystemClock().now()))
    throw UsageError(fmt::format("there is no valid key {}", id));
  fmt::print("key {} revoked\n", id);
  return 0;
}

}  // namespace

int key(const Call& call) {
  const Options options(call.words, {"tenant", "label", "kind"});
  const auto action = action_of(options, {"create", "list", "revoke"});
  if (action == "create") return create_key(call, options);
  if (action == "list") return list_keys(call, options);
  if (options.rest().size() != 2) throw UsageError("the id of the key is needed: key revoke ID");
  return revoke_key(call, options.rest()[1]);
}

}  // namespace rappel::app::ctl
