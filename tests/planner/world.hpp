// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "planner/planner.hpp"
#include "store/memory/memory_store.hpp"

namespace rappel::test {

using namespace rappel::planner;

inline const Instant now = *parse_rfc3339("2026-11-24T09:00:00Z");

/// The planner with the shipped rules over a store in memory; one citizen, "anna".
struct World {
  explicit World(const std::string& zone = "Europe/Paris", const std::string& country = "fr") {
    tenant.zone = zone;
    tenant.country = country;
    const std::string templates = std::string(RAPPEL_SOURCE_DIR) + "/templates";
    static const auto loaded = rules::RuleBook::load(templates);
    static const auto messages = message::Catalogue::load(templates + "/messages");
    REQUIRE(loaded.has_value());
    REQUIRE(messages.has_value());
    rules = std::make_shared<const rules::RuleBook>(*loaded);
    tenant.id = TenantId::random();
    tenant.slug = "t";
    REQUIRE(store.create_tenant(tenant));
    planner = std::make_unique<Planner>(
        store, rules,
        std::make_shared<const message::Catalogue>(*messages), Options{},
        [this](std::span<const store::Work> works) { woken += works.size(); });
  }

  Request request(std::optional<std::string> key = std::nullopt, std::string body = "") const {
    Request request;
    request.tenant = tenant.id;
    request.source = "test";
    request.now = now;
    request.idempotency_key = std::move(key);
    request.body = std::move(body);
    return request;
  }
  Expected<Answer> put(const char* body) {
    return planner->put_citizen(request(), "anna", boost::json::parse(body).as_object());
  }
  Expected<Answer> events(const char* body) {
    return planner->record_events(request(), "anna", boost::json::parse(body).as_object());
  }
  Expected<Answer> schedule(const char* body, std::optional<std::string> key = std::nullopt) {
    return planner->schedule(request(std::move(key), body),
                             boost::json::parse(body).as_object());
  }

  VirtualClock clock{now};
  store::MemoryStore store{clock};
  store::Tenant tenant;
  std::shared_ptr<const rules::RuleBook> rules;
  std::unique_ptr<Planner> planner;
  std::size_t woken = 0;
};

}  // namespace rappel::test
