// SPDX-License-Identifier: Apache-2.0
#include "app/rule_trial.hpp"

#include "app/small_town.hpp"

using namespace rappel;
using namespace rappel::app;
using namespace rappel::test;

TEST_CASE("a dry run counts those whom other rules change and shows some of them") {
  World w;
  const auto before = book(shipped);
  const auto after = changed_book();
  std::uint64_t last = 0;
  const auto answer = try_rules(w.store, {*before, *after, start, {}, SIZE_MAX, 3},
                                [&](std::uint64_t looked_at) { last = looked_at; });
  CHECK(answer.looked_at == 7);
  CHECK(last == 7);
  CHECK(answer.concerned == 4);
  CHECK(answer.unreadable == 0);
  REQUIRE(answer.rules.size() == 1);
  const auto& [rule, changes] = *answer.rules.begin();
  CHECK(rule == "fr.identity.cni_majeur");
  REQUIRE(changes.size() == 1);
  const auto& count = changes.at(rules::Change::reminds);
  CHECK(count.deadlines == 4);
  REQUIRE(count.samples.size() == 3);
  const auto& difference = count.samples[0].difference;
  CHECK(difference.before->due_on == difference.after->due_on);
  CHECK(difference.before->stages[0].on != difference.after->stages[0].on);
  // The run was dry: the same rules find everything as it was.
  CHECK(w.refresh_all() == 0);
}

TEST_CASE("a dry run of the same rules finds nothing and of another tenant looks at nobody") {
  World w;
  const auto same = book(shipped);
  CHECK(try_rules(w.store, {*same, *same, start, {}, SIZE_MAX, 3}).concerned == 0);
  const auto after = changed_book();
  CHECK(try_rules(w.store, {*same, *after, start, TenantId::random(), SIZE_MAX, 3}).looked_at == 0);
  CHECK(try_rules(w.store, {*same, *after, start, w.tenant.id, 2, 3}).looked_at == 2);
}
