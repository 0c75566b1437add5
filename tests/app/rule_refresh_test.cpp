// SPDX-License-Identifier: Apache-2.0
#include "app/rule_refresh.hpp"

#include "app/small_town.hpp"

using namespace rappel;
using namespace rappel::app;
using namespace rappel::test;

namespace {

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
    CHECK(w.store.citizen_keys(Shard{std::uint8_t(shard)}, w.planner->rulebook(), {}, 10).empty());
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
  epoch = w.own();
  w.loop.run_until(start + std::chrono::seconds{150});
  CHECK(refresh.progress().looked_at == 7);
}

TEST_CASE("a shard that comes back under a new epoch is searched again and others are not") {
  World w;
  std::optional<std::uint64_t> epoch = w.own();
  RuleRefresh refresh(w.store, w.loop, w.jobs, *w.planner, [&](Shard) { return epoch; },
                      small_batches());
  w.planner->use(changed_book(), w.messages);
  refresh.start_over();
  w.loop.run_until(start + std::chrono::seconds{30});
  REQUIRE(refresh.progress().looked_at == 7);

  w.age_all();
  w.loop.run_until(start + std::chrono::minutes{10});
  CHECK(refresh.progress().looked_at == 7);
  epoch = w.own();
  w.loop.run_until(start + std::chrono::minutes{12});
  CHECK(refresh.progress().looked_at == 14);
}

TEST_CASE("a node that does not know yet that it lost a shard changes nobody in it and counts that") {
  World w;
  std::optional<std::uint64_t> epoch = w.own();
  RuleRefresh refresh(w.store, w.loop, w.jobs, *w.planner, [&](Shard) { return epoch; },
                      small_batches());
  w.planner->use(changed_book(), w.messages);
  const auto fresh = w.own();
  refresh.start_over();
  w.loop.run_until(start + std::chrono::seconds{30});
  CHECK(refresh.progress().looked_at == 0);
  CHECK(w.store.stale_writes() > 0);
  std::size_t behind = 0;
  for (int shard = 0; shard < int(shard_count); ++shard)
    behind += w.store.citizen_keys(Shard{std::uint8_t(shard)}, w.planner->rulebook(), {}, 10).size();
  CHECK(behind == 7);
  epoch = fresh;
  w.loop.run_until(start + std::chrono::minutes{3});
  CHECK(refresh.progress().looked_at == 7);
  CHECK(refresh.progress().changed == 4);
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

TEST_CASE("the digest that a node without digests left behind is not believed") {
  World w;
  const auto marked = w.mark_one_deadline();
  const auto mine = w.planner->rulebook();
  w.age_all([&](store::Citizen& citizen) {
    citizen.evaluation = planner::evaluation_mark(citizen.evaluation.substr(0, 16), mine);
  });
  CHECK(w.refresh_all() == 1);
  CHECK(w.topic_of(marked) == "identity");
}

TEST_CASE("a database that fails skips nobody and facts that do not open skip their citizen alone") {
  World w;
  RuleRefresh refresh(w.store, w.loop, w.jobs, *w.planner,
                      [](Shard) { return std::optional<std::uint64_t>(1); }, {});
  w.planner->use(changed_book(), w.messages);
  w.database_gone = true;
  refresh.start_over();
  w.loop.run_until(start + std::chrono::minutes{5});
  CHECK(refresh.progress().looked_at == 0);
  w.database_gone = false;
  w.loop.run_until(start + std::chrono::minutes{8});
  CHECK(refresh.progress().looked_at == 7);

  w.planner->use(book(shipped), w.messages);
  w.facts_damaged = true;
  refresh.start_over();
  w.loop.run_until(start + std::chrono::minutes{12});
  CHECK(refresh.progress().looked_at == 7);  // each was left as it is
}
