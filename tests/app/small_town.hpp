// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <filesystem>
#include <fstream>
#include <functional>

#include "base/loop_clock.hpp"
#include "base/clock.hpp"
#include "base/virtual_loop.hpp"
#include "base/worker_pool.hpp"
#include "planner/planner.hpp"
#include "planner/works.hpp"
#include "store/memory/memory_store.hpp"
#include "temporary_folder.hpp"

// A store in memory with people in it, and other rules than the shipped ones.

namespace rappel::test {

inline const Instant start = *parse_rfc3339("2026-11-24T09:00:00Z");
inline const std::string shipped = std::string(RAPPEL_SOURCE_DIR) + "/templates";

inline std::shared_ptr<const rules::RuleBook> book(const std::filesystem::path& folder) {
  const auto loaded = rules::RuleBook::load(folder);
  REQUIRE(loaded.has_value());
  return std::make_shared<const rules::RuleBook>(*loaded);
}

/// The shipped rules with six months' notice of a card's end made five.
inline std::shared_ptr<const rules::RuleBook> changed_book() {
  const TemporaryFolder folder;
  const std::filesystem::path& root = folder.path();
  std::filesystem::copy(shipped, root, std::filesystem::copy_options::recursive);
  const auto path = root / "deadlines" / "fr" / "identity" / "cni_majeur.yaml";
  std::ifstream stream(path);
  std::string text(std::istreambuf_iterator<char>(stream), {});
  const auto place = text.find("offset: -P6M");
  REQUIRE(place != std::string::npos);
  text.replace(place, 12, "offset: -P5M");
  std::ofstream(path) << text;
  return book(root);
}

/// Seven people; four of them have an identity card of 2012.
struct World {
  World() {
    const auto loaded = message::Catalogue::load(shipped + "/messages");
    REQUIRE(loaded.has_value());
    messages = std::make_shared<const message::Catalogue>(*loaded);
    tenant.id = TenantId::random();
    tenant.slug = "t";
    REQUIRE(store.create_tenant(tenant));
    planner = std::make_unique<planner::Planner>(
        store, book(shipped), messages, planner::Options{},
        [](std::span<const store::Work>) {});
    own();
    for (int i = 0; i < 7; ++i) add("citizen " + std::to_string(i), i % 2 == 0);
  }

  /// Makes all shards ours, under a new epoch.
  std::uint64_t own() {
    std::vector<Shard> all;
    for (int shard = 0; shard < int(shard_count); ++shard) all.push_back(Shard{std::uint8_t(shard)});
    epoch = store.acquire(node, {}, all, std::chrono::hours{1}).at(0).epoch;
    return epoch;
  }

  void add(const std::string& name, bool with_card) {
    std::string reference = name;
    std::replace(reference.begin(), reference.end(), ' ', '-');
    planner::Request request;
    request.tenant = tenant.id;
    request.now = start;
    REQUIRE(planner->put_citizen(
        request, reference,
        boost::json::parse(R"({"birthdate":"1964-03-02","nationality":"FR"})").as_object()));
    if (!with_card) return;
    REQUIRE(planner->record_events(
        request, reference,
        boost::json::parse(R"({"type":"identity_document.issued",
            "data":{"id":"c","kind":"cni","issued_on":"2012-10-14"}})").as_object()));
  }

  /// As if a node of other rules had written every citizen last.
  void age_all(const std::function<void(store::Citizen&)>& change = [](store::Citizen&) {}) {
    for (int shard = 0; shard < int(shard_count); ++shard) {
      const Shard each{std::uint8_t(shard)};
      for (const auto& key : store.citizen_keys(each, std::nullopt, std::nullopt, 100)) {
        auto transaction = store.begin(each, key.tenant, start);
        auto citizen = transaction->citizen(key.citizen).value();
        citizen.rulebook = "other";
        citizen.evaluation = planner::evaluation_mark(citizen.evaluation.substr(0, 16), "other");
        change(citizen);
        transaction->save_evaluations({&citizen, 1});
        transaction->commit();
      }
    }
  }

  /// While true every commit fails as it does when the database is gone; or as with damaged facts.
  bool database_gone = false;
  bool facts_damaged = false;
  store::MemoryStore::Options failing() {
    store::MemoryStore::Options options;
    options.fault = [this](std::string_view where) {
      if (where != "commit") return;
      if (database_gone) throw store::StoreUnavailable("gone");
      if (facts_damaged) throw store::Damaged("a fact does not open");
    };
    return options;
  }

  /// Everybody at once; how many got other deadlines or reminders.
  std::size_t refresh_all() {
    std::size_t changed = 0;
    for (int shard = 0; shard < int(shard_count); ++shard)
      changed += planner
                     ->refresh({Shard{std::uint8_t(shard)}, epoch},
                               store.citizen_keys(Shard{std::uint8_t(shard)}, planner->rulebook(),
                                                  {}, 100),
                               start)
                     .value();
    return changed;
  }

  /// Stores another topic with somebody's card than its rule says.
  Deadline mark_one_deadline() {
    const auto id = store.find_citizen(tenant.id, "citizen-0").value();
    auto transaction = store.begin(id.shard(), tenant.id, start);
    auto deadlines = transaction->deadlines(id);
    const auto card = std::find_if(deadlines.begin(), deadlines.end(), [](const Deadline& each) {
      return each.rule == "fr.identity.cni_majeur";
    });
    REQUIRE(card != deadlines.end());
    card->topic = "marked";
    transaction->upsert(std::span<const Deadline>(&*card, 1));
    transaction->commit();
    return *card;
  }
  std::string topic_of(const Deadline& deadline) {
    auto transaction = store.begin(deadline.citizen.shard(), tenant.id, start);
    for (const auto& each : transaction->deadlines(deadline.citizen)) {
      if (each.id == deadline.id) return each.topic;
    }
    return "";
  }

  VirtualLoop loop{start};
  LoopClock clock{loop};
  store::MemoryStore store{clock, failing()};
  InlineJobs jobs;
  store::Tenant tenant;
  NodeId node = NodeId::random();
  std::uint64_t epoch = 0;
  std::shared_ptr<const message::Catalogue> messages;
  std::unique_ptr<planner::Planner> planner;
};

}  // namespace rappel::test
