// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/weighted_turns.hpp"
#include "reminder/reminder.hpp"

namespace rappel::dispatch {

/// How many messages of each lane leave in turn while others wait too: legal deadline,
/// transactional, advice.
inline constexpr std::array<std::int64_t, 3> boarding_weights{8, 3, 1};

/// What waits for one notifier: the lanes take turns by weight, the tenants of a lane one by one. Who
/// finds it full displaces whoever has most there in the least urgent lane. One thread.
template <typename Item>
class WaitingRoom {
 public:
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }

  void push(Lane lane, TenantId tenant, Item item) {
    auto& hall = halls_[std::size_t(lane)];
    auto& flow = hall.flows[tenant];
    if (flow.empty()) hall.turns.push_back(tenant);
    flow.push_back(std::move(item));
    ++size_;
  }

  /// Whose turn it is. Nothing when it is empty.
  std::optional<Item> pop() {
    const auto lane =
        lane_turns_.next([this](std::size_t index) { return !halls_[index].turns.empty(); });
    if (!lane) return std::nullopt;
    lane_turns_.charge(*lane, 1);
    auto& hall = halls_[*lane];
    const TenantId tenant = hall.turns.front();
    hall.turns.pop_front();
    auto& flow = hall.flows.at(tenant);
    Item item = std::move(flow.front());
    flow.pop_front();
    --size_;
    if (flow.empty()) {
      hall.flows.erase(tenant);
    } else {
      hall.turns.push_back(tenant);
    }
    return item;
  }

  /// Takes out the newcomer among those who have most in the least urgent lane. Not when empty.
  Item displace() {
    std::size_t lane = halls_.size() - 1;
    while (halls_[lane].turns.empty()) --lane;
    auto& flows = halls_[lane].flows;
    auto fattest = flows.begin();
    for (auto flow = flows.begin(); flow != flows.end(); ++flow) {
      if (flow->second.size() > fattest->second.size()) fattest = flow;
    }
    Item item = std::move(fattest->second.back());
    fattest->second.pop_back();
    --size_;
    forget_if_empty(halls_[lane], fattest);
    return item;
  }

  /// Takes out everything for which `wanted` holds.
  template <typename Wanted>
  std::vector<Item> take_if(Wanted wanted) {
    std::vector<Item> taken;
    for (auto& hall : halls_) {
      for (auto flow = hall.flows.begin(); flow != hall.flows.end();) {
        std::deque<Item> kept;
        for (auto& item : flow->second) {
          if (wanted(item)) taken.push_back(std::move(item));
          else kept.push_back(std::move(item));
        }
        flow->second = std::move(kept);
        flow = forget_if_empty(hall, flow);
      }
    }
    size_ -= taken.size();
    return taken;
  }

 private:
  using Flows = std::map<TenantId, std::deque<Item>>;
  struct Hall {
    Flows flows;
    std::deque<TenantId> turns;
  };

  static typename Flows::iterator forget_if_empty(Hall& hall, typename Flows::iterator flow) {
    if (!flow->second.empty()) return std::next(flow);
    std::erase(hall.turns, flow->first);
    return hall.flows.erase(flow);
  }

  WeightedTurns<3> lane_turns_{boarding_weights};
  std::array<Hall, 3> halls_;
  std::size_t size_ = 0;
};

}  // namespace rappel::dispatch
