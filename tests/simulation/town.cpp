// SPDX-License-Identifier: Apache-2.0
#include "simulation/town.hpp"

#include <fmt/format.h>

#include "simulation/weather.hpp"

namespace rappel::simulation {
namespace {

using std::chrono::days;
using std::chrono::hours;

const Instant beginning = *parse_rfc3339("2026-09-01T10:00:00Z");
/// At the end nothing happens any more: what is under way comes to its end.
constexpr days last_calm{45};

store::Tenant tenant_of_the_town() {
  store::Tenant tenant;
  tenant.id = TenantId::random();
  tenant.slug = "town";
  tenant.name = "Mairie";
  tenant.human_name = "l'accueil";
  tenant.human_phone = "02 99 00 00 00";
  return tenant;
}

/// References whose shards are these alone: few shards, many turns of each.
std::vector<std::string> references_in(store::Store& store, TenantId tenant, int count,
                                       const std::vector<Shard>& shards) {
  std::vector<std::string> found;
  for (int number = 0; int(found.size()) < count; ++number) {
    auto reference = fmt::format("citizen-{}", number);
    const Shard shard = store.shard_of(tenant, reference);
    if (std::find(shards.begin(), shards.end(), shard) != shards.end())
      found.push_back(std::move(reference));
  }
  return found;
}

std::vector<Shard> some_shards(int count) {
  std::vector<Shard> shards;
  for (int i = 0; i < count; ++i) shards.push_back(Shard{std::uint8_t(i * shard_count / count + 3)});
  return shards;
}

/// Everything there is, wired once.
class Town {
 public:
  Town(const Settings& settings, const app::Library& library)
      : pace_(pace_of(settings)),
        life_end_(beginning + days{365} * settings.years),
        tenant_(tenant_of_the_town()),
        shards_(some_shards(pace_.shards)),
        faults_(timeline_, trace_, witness_, seeds_(settings.seed)),
        store_(timeline_, faults_, witness_),
        providers_(timeline_, faults_, seeds_(settings.seed)),
        nodes_(timeline_, trace_, store_, faults_, witness_, providers_, library, pace_, shards_),
        clients_(timeline_, trace_, witness_, store_, nodes_, library, tenant_.id,
                 seeds_(settings.seed)),
        people_(timeline_, clients_, witness_, store_, library, tenant_.id,
                (static_cast<void>(store_.create_tenant(tenant_)),
                 references_in(store_, tenant_.id, settings.citizens, shards_)),
                life_end_, seeds_(settings.seed)),
        weather_(timeline_, faults_, nodes_, providers_, people_, pace_, life_end_,
                 seeds_(settings.seed)) {
    witness_.watch(store_, tenant_.id);
  }

  Outcome play() {
    for (int machine = 0; machine < Nodes::machines_count; ++machine) nodes_.boot(machine);
    people_.begin();
    weather_.begin();
    check_regularly();
    timeline_.run_until(life_end_ + last_calm, [this] {
      nodes_.bury_the_dead();
      return !witness_.violation();
    });
    if (!witness_.violation()) witness_.check_end();
    if (!witness_.violation()) clients_.check_all();
    return outcome();
  }

 private:
  /// A source of chance for each part, so that one part's luck does not shift another's.
  std::uint64_t seeds_(std::uint64_t seed) { return Chance(seed * 1'000 + ++sources_).next(); }

  void check_regularly() {
    timeline_.after(pace_.checkpoint, nullptr, [this] {
      witness_.check_books();
      check_regularly();
    });
  }

  Outcome outcome() {
    Outcome outcome;
    outcome.digest = trace_.digest();
    outcome.violation = witness_.violation();
    outcome.at = timeline_.now();
    outcome.tally = witness_.tally();
    outcome.tally.fold_notes = people_.fold_notes();
    outcome.steps = timeline_.steps();
    outcome.kills = faults_.kills();
    outcome.failures = faults_.failures();
    outcome.standstills = faults_.standstills();
    outcome.copies = providers_.copies();
    outcome.accepted = clients_.accepted();
    outcome.refused = clients_.refused();
    outcome.refusals = clients_.refusals();
    if (!outcome.violation) return outcome;
    constexpr std::size_t about_it = 25, of_all = 25;
    outcome.last_steps = "about it:\n" + trace_.tail(about_it, &outcome.violation->about) +
                         "of all:\n" + trace_.tail(of_all);
    return outcome;
  }

  std::uint64_t sources_ = 0;
  Pace pace_;
  Instant life_end_;
  store::Tenant tenant_;
  std::vector<Shard> shards_;
  Timeline timeline_{beginning};
  Trace trace_{timeline_};
  Witness witness_{timeline_, trace_, pace_};
  Faults faults_;
  FaultyStore store_;
  Providers providers_;
  Nodes nodes_;
  Clients clients_;
  People people_;
  Weather weather_;
};

}  // namespace

Outcome play(const Settings& settings, const app::Library& library) {
  give_ids_from(settings.seed);
  return std::make_unique<Town>(settings, library)->play();
}

}  // namespace rappel::simulation
