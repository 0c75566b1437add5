// SPDX-License-Identifier: Apache-2.0
#include "scheduler/rendezvous.hpp"

#include <algorithm>
#include <utility>

namespace rappel::scheduler {
namespace {

/// The finaliser of SplitMix64: every bit of the result depends on every bit of `x`.
std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58'476d'1ce4'e5b9;
  x = (x ^ (x >> 27)) * 0x94d0'49bb'1331'11eb;
  return x ^ (x >> 31);
}

/// Eight bytes as a number, the first one highest: not as this machine would read them.
std::uint64_t number(const IdBytes& bytes, std::size_t first) {
  std::uint64_t value = 0;
  for (std::size_t i = first; i < first + 8; ++i) value = value << 8 | bytes.at(i);
  return value;
}

}  // namespace

std::uint64_t weight(NodeId node, Shard shard) {
  constexpr std::uint64_t golden = 0x9e37'79b9'7f4a'7c15;
  const std::uint64_t of_shard = golden * (std::uint64_t{shard.number} + 1);
  return mix(number(node.bytes(), 0) ^ mix(number(node.bytes(), 8) ^ mix(of_shard)));
}

store::ShardSet share_of(NodeId node, std::span<const store::LiveNode> live) {
  store::ShardSet share;
  for (std::size_t each = 0; each < share.size(); ++each) {
    const Shard shard{std::uint8_t(each)};
    std::pair<std::uint64_t, NodeId> best{};
    bool served = false;
    for (const auto& other : live) {
      if (!other.serves.test(each)) continue;
      // Of equal weights the greater id is first, everywhere.
      best = std::max(best, {weight(other.id, shard), other.id});
      served = true;
    }
    share.set(each, served && best.second == node);
  }
  return share;
}

}  // namespace rappel::scheduler
