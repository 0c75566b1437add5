// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <memory>
#include <string>
#include <vector>

#include "api/key.hpp"
#include "api/server.hpp"
#include "api/wire.hpp"
#include "store/memory/memory_store.hpp"

namespace rappel::api::tests {

inline const Instant office_opens = *parse_rfc3339("2026-11-24T08:00:00Z");

/// The whole API over a store in memory, with the real rules and templates and two tenants.
struct Office {
  explicit Office(ServerOptions options = quick()) {
    tenant = add_tenant("villeneuve");
    other_tenant = add_tenant("voisine");
    key = add_key(tenant);
    other_key = add_key(other_tenant);
    server = std::make_unique<Server>(
        std::move(options),
        ServerParts{store, planner, clock, metrics, [this] { return troubles; },
                    {{"mail", Channel::email}, {"sms", Channel::sms}}});
    server->start();
  }

  static ServerOptions quick() {
    ServerOptions options;
    options.http.listen = "127.0.0.1:0";
    options.http.threads = 2;
    options.http.request_time = std::chrono::seconds{2};
    options.http.linger_time = std::chrono::milliseconds{200};
    return options;
  }

  TenantId add_tenant(const std::string& slug) {
    store::Tenant added;
    added.id = TenantId::random();
    added.slug = slug;
    added.name = "Mairie de " + slug;
    added.human_name = "Mme Diallo";
    added.human_phone = "01 23 45 67 89";
    REQUIRE(store.create_tenant(added));
    return added.id;
  }

  std::string add_key(TenantId owner, std::optional<Instant> expires_at = std::nullopt) {
    const auto minted = mint_key(owner, "live", "tests", clock.now(), expires_at);
    store.create_key(minted.row);
    return minted.text.reveal();
  }

  /// One request on a connection of its own.
  WireResponse call(std::string_view method, std::string_view target, std::string_view body = "",
                    const std::string& headers = "", const std::string* with_key = nullptr) {
    const auto& secret = with_key == nullptr ? key : *with_key;
    std::string bytes = fmt::format("{} {} HTTP/1.1\r\nHost: a\r\n{}", method, target, headers);
    if (!secret.empty()) bytes += fmt::format("Authorization: Bearer {}\r\n", secret);
    if (method == "POST" || method == "PUT") {
      if (headers.find("Content-Type") == std::string::npos)
        bytes += "Content-Type: application/json\r\n";
      bytes += fmt::format("Content-Length: {}\r\n", body.size());
    }
    return Wire(server->port()).ask(bytes + "\r\n" + std::string(body));
  }

  WireResponse put_alice() { return call("PUT", "/v1/citizens/alice", alice); }

  static boost::json::object json(const WireResponse& answer) {
    return boost::json::parse(answer.body).as_object();
  }

  static constexpr const char* alice =
      R"({"given_name":"Alice","contacts":[{"channel":"email","address":"alice@example.org"}]})";

  VirtualClock clock{office_opens};
  bool store_is_away = false;
  store::MemoryStore store{clock, [this] {
                             store::MemoryStore::Options options;
                             options.fault = [this](std::string_view) {
                               if (store_is_away) throw store::StoreUnavailable("host=db password=x");
                             };
                             return options;
                           }()};
  std::shared_ptr<const rules::RuleBook> rules = std::make_shared<const rules::RuleBook>(
      rules::RuleBook::load(RAPPEL_SOURCE_DIR "/templates").value());
  std::shared_ptr<const message::Catalogue> messages = std::make_shared<const message::Catalogue>(
      message::Catalogue::load(RAPPEL_SOURCE_DIR "/templates/messages").value());
  planner::Planner planner{store, rules, messages, {}, [](std::span<const store::Work>) {}};
  metrics::Registry metrics;
  std::vector<std::string> troubles;
  TenantId tenant;
  TenantId other_tenant;
  std::string key;
  std::string other_key;
  std::unique_ptr<Server> server;
};

}  // namespace rappel::api::tests
