// SPDX-License-Identifier: Apache-2.0
#include "app/rule_trial.hpp"

#include "profile/profile.hpp"

namespace rappel::app {
namespace {

constexpr std::size_t batch = 500;

class Trial {
 public:
  Trial(store::Store& store, const TrialQuestion& question) : store_(store), question_(question) {
    for (const auto& tenant : store.tenants()) tenants_[tenant.id] = tenant;
  }

  /// A page of keys; those of one tenant are read together.
  void look_at(std::span<const store::CitizenKey> keys) {
    while (!keys.empty()) {
      const auto tenant = keys.front().tenant;
      std::vector<CitizenId> ids;
      for (; !keys.empty() && keys.front().tenant == tenant; keys = keys.subspan(1))
        ids.push_back(keys.front().citizen);
      if (question_.tenant && *question_.tenant != tenant) continue;
      for (const auto& citizen : read(tenant, ids)) compare(citizen);
    }
  }

  [[nodiscard]] bool enough() const { return answer_.looked_at >= question_.citizens_max; }
  [[nodiscard]] std::uint64_t looked_at() const { return answer_.looked_at; }
  TrialAnswer take() { return std::move(answer_); }

 private:
  /// One whose facts do not open must not hide the others.
  std::vector<store::Citizen> read(TenantId tenant, const std::vector<CitizenId>& ids) {
    try {
      return store_.read_citizens(tenant, ids);
    } catch (const store::Damaged&) {
      if (ids.size() > 1) return read_one_by_one(tenant, ids);
      ++answer_.unreadable;
      return {};
    }
  }

  std::vector<store::Citizen> read_one_by_one(TenantId tenant, const std::vector<CitizenId>& ids) {
    std::vector<store::Citizen> all;
    for (const auto id : ids) {
      for (auto& citizen : read(tenant, {id})) all.push_back(std::move(citizen));
    }
    return all;
  }

  void compare(const store::Citizen& citizen) {
    if (enough()) return;
    ++answer_.looked_at;
    if (citizen.rulebook != question_.before.fingerprint()) ++answer_.behind;
    const auto& tenant = tenants_[citizen.tenant];
    const auto profile = profile::profile_from_json(citizen.profile, tenant.zone);
    rules::Query query(calendar::to_local(question_.now, profile.zone()).date);
    query.country = tenant.country;
    query.detail = rules::Detail::dates;
    if (question_.before.digest(question_.before.evaluate(profile, query)) ==
        question_.after.digest(question_.after.evaluate(profile, query)))
      return;
    query.detail = rules::Detail::full;
    const auto differences = rules::compare(question_.before.evaluate(profile, query),
                                            question_.after.evaluate(profile, query));
    if (!differences.empty()) ++answer_.concerned;
    for (const auto& difference : differences) {
      auto& count = answer_.rules[difference.rule][difference.change];
      ++count.deadlines;
      if (count.samples.size() < question_.samples_max)
        count.samples.push_back({citizen.id, difference});
    }
  }

  store::Store& store_;
  const TrialQuestion& question_;
  std::map<TenantId, store::Tenant> tenants_;
  TrialAnswer answer_;
};

}  // namespace

TrialAnswer try_rules(store::Store& store, const TrialQuestion& question,
                      const std::function<void(std::uint64_t)>& progress) {
  Trial trial(store, question);
  for (int number = 0; number < shard_count && !trial.enough(); ++number) {
    const Shard shard{std::uint8_t(number)};
    std::optional<store::CitizenKey> after;
    do {
      const auto keys = store.citizen_keys(shard, std::nullopt, after, batch);
      trial.look_at(keys);
      after = keys.size() == batch ? std::optional(keys.back()) : std::nullopt;
      if (progress) progress(trial.looked_at());
    } while (after && !trial.enough());
  }
  return trial.take();
}

}  // namespace rappel::app
