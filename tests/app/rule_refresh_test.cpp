// SPDX-License-Identifier: Apache-2.0
#include "app/rule_refresh.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <filesystem>
#include <fstream>

#include "base/clock.hpp"
#include "base/virtual_loop.hpp"
#include "base/worker_pool.hpp"
#include "store/memory/memory_store.hpp"
#include "temporary_folder.hpp"

using namespace rappel;
using namespace rappel::app;
namespace fs = std::filesystem;

namespace {

const Instant start = *parse_rfc3339("2026-11-24T09:00:00Z");
const std::string shipped = std::string(RAPPEL_SOURCE_DIR) + "/templates";

std::shared_ptr<const rules::RuleBook> book(const fs::path& folder) {
  const auto loaded = rules::RuleBook::load(folder);
  REQUIRE(loaded.has_value());
  return std::make_shared<const rules::RuleBook>(*loaded);
}

/// The shipped rules with six months' notice of a card's end made five.
std::shared_ptr<const rules::RuleBook> changed_book() {
  const test::TemporaryFolder folder;
  const fs::path& root = folder.path();
  fs::copy(shipped, root, fs::copy_options::recursive);
  const auto path = root / "deadlines" / "fr" / "identity" / "cni_majeur.yaml";
  std::ifstream stream(path);
  std::string text(std::istreambuf_iterator<char>(stream), {});
  const auto place = text.find("offset: -P6M");
  REQUIRE(place != std::string::npos);
  text.replace(place, 12, "offset: -P5M");
  std::ofstream(path) << text;
  return book(root);
}

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
    for (int i = 0; i < 7; ++i) add("citizen " + std::to_string(i), i % 2 == 0);
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
      for (const auto& key : store.outdated(each, "", std::nullopt, 100)) {
        auto transaction = store.begin(each, key.tenant, start);
        auto citizen = transaction->citizen(key.citizen).value();
        citizen.rulebook = "other";
        change(citizen);
        transaction->save_evaluations({&citizen, 1});
        transaction->commit();
      }
    }
  }

  /// Everybody at once; how many got other deadlines or reminders.
  std::size_t refresh_all() {
    std::size_t changed = 0;
    for (int shard = 0; shard < int(shard_count); ++shard)
      changed += planner->refresh(
          store.outdated(Shard{std::uint8_t(shard)}, planner->rulebook(), {}, 100), start);
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

  class LoopClock final : public Clock {
   public:
    explicit LoopClock(const Loop& loop) : loop_(loop) {}
    [[nodiscard]] Instant now() const override { return loop_.now(); }

   private:
    const Loop& loop_;
  };

  VirtualLoop loop{start};
  LoopClock clock{loop};
  store::MemoryStore store{clock};
  InlineJobs jobs;
  store::Tenant tenant;
  std::shared_ptr<const message::Catalogue> messages;
  std::unique_ptr<planner::Planner> planner;
};

RuleRefresh::Options small_batches() {
  RuleRefresh::Options options;
  options.batch = 1;
  return options;
}

}  // namespace

TEST_CASE("a changed rule reaches every citizen and rewrites those alone whom it changes") {
  World w;
  RuleRefresh refresh(w.store, w.loop, w.jobs, *w.planner, [](Shard) { return std::optional<std::uint64_t>(1); },
                      small_batches());
  refresh.start_over();
  w.loop.run_until(start + std::chrono::seconds{30});
  CHECK(refresh.progress().looked_at == 0);  // all are up to date

  w.planner->use(changed_book(), w.messages);
  refresh.start_over();
  w.loop.run_until(start + std::chrono::seconds{60});
  CHECK(refresh.progress().looked_at == 7);
  CHECK(refresh.progress().changed == 4);
  for (int shard = 0; shard < int(shard_count); ++shard)
    CHECK(w.store.outdated(Shard{std::uint8_t(shard)}, w.planner->rulebook(), {}, 10).empty());
  refresh.start_over();
  w.loop.run_until(start + std::chrono::seconds{90});
  CHECK(refresh.progress().looked_at == 7);
}

TEST_CASE("what another node owns is left to it until its shards come to us") {
  World w;
  std::optional<std::uint64_t> epoch;
  RuleRefresh refresh(w.store, w.loop, w.jobs, *w.planner, [&](Shard) { return epoch; },
                      small_batches());
  w.planner->use(changed_book(), w.messages);
  refresh.start_over();
  w.loop.run_until(start + std::chrono::seconds{30});
  CHECK(refresh.progress().looked_at == 0);
  epoch = 4;
  w.loop.run_until(start + std::chrono::seconds{150});
  CHECK(refresh.progress().looked_at == 7);
}

TEST_CASE("a shard that comes back under a new epoch is searched again and others are not") {
  World w;
  std::optional<std::uint64_t> epoch = 4;
  RuleRefresh refresh(w.store, w.loop, w.jobs, *w.planner, [&](Shard) { return epoch; },
                      small_batches());
  w.planner->use(changed_book(), w.messages);
  refresh.start_over();
  w.loop.run_until(start + std::chrono::seconds{30});
  REQUIRE(refresh.progress().looked_at == 7);

  w.age_all();
  w.loop.run_until(start + std::chrono::minutes{10});
  CHECK(refresh.progress().looked_at == 7);
  epoch = 5;
  w.loop.run_until(start + std::chrono::minutes{12});
  CHECK(refresh.progress().looked_at == 14);
}

TEST_CASE("every shard is searched again after a while for what a node of other rules wrote") {
  World w;
  RuleRefresh refresh(w.store, w.loop, w.jobs, *w.planner,
                      [](Shard) { return std::optional<std::uint64_t>(1); }, small_batches());
  refresh.start_over();
  w.loop.run_until(start + std::chrono::seconds{30});
  w.age_all();
  w.loop.run_until(start + std::chrono::minutes{59});
  CHECK(refresh.progress().looked_at == 0);
  w.loop.run_until(start + std::chrono::minutes{63});
  CHECK(refresh.progress().looked_at == 7);
}

TEST_CASE("no more citizens a second are looked at than the limit says") {
  World w;
  auto options = small_batches();
  options.citizens_per_second = 1;
  RuleRefresh refresh(w.store, w.loop, w.jobs, *w.planner,
                      [](Shard) { return std::optional<std::uint64_t>(1); }, options);
  w.planner->use(changed_book(), w.messages);
  refresh.start_over();
  w.loop.run_until(start + std::chrono::milliseconds{3'500});
  CHECK(refresh.progress().looked_at == 4);  // at 0, 1, 2 and 3 s
  w.loop.run_until(start + std::chrono::seconds{10});
  CHECK(refresh.progress().looked_at == 7);
}

TEST_CASE("what the digest leaves alone needs nothing and what it does not is rewritten") {
  World w;
  w.planner->use(changed_book(), w.messages);
  w.refresh_all();
  // Without a digest every deadline and reminder is read and compared.
  w.age_all([](store::Citizen& citizen) { citizen.evaluation.clear(); });
  CHECK(w.refresh_all() == 0);
}

TEST_CASE("deadlines of whom the new rules say the same are not even read") {
  World w;
  const auto marked = w.mark_one_deadline();
  w.age_all();
  CHECK(w.refresh_all() == 0);
  CHECK(w.topic_of(marked) == "marked");
  // The card's rule changed: its deadline is compared, and mended.
  w.planner->use(changed_book(), w.messages);
  CHECK(w.refresh_all() == 4);
  CHECK(w.topic_of(marked) == "identity");
}
