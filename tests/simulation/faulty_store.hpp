// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "simulation/faults.hpp"
#include "simulation/witness.hpp"
#include "store/memory/memory_store.hpp"

namespace rappel::simulation {

/// The real store in memory, which fails before or after it worked, and tells the witness what it did.
class FaultyStore final : public store::MemoryStore {
 public:
  FaultyStore(const Clock& clock, Faults& faults, Witness& witness)
      : MemoryStore(clock), faults_(faults), witness_(witness) {}

  std::unique_ptr<store::Transaction> begin(Shard shard, TenantId tenant, Instant now) override;
  std::unique_ptr<store::Transaction> begin_owned(const store::Lease& fence, TenantId tenant,
                                                  Instant now) override;
  std::vector<store::Lease> acquire(NodeId node, std::span<const store::Lease> held,
                                    std::span<const Shard> wanted,
                                    std::chrono::milliseconds ttl) override;
  Recovered recover(const store::Lease& fence, Instant now) override;
  std::vector<store::Work> horizon(Shard shard, Instant after, Instant until,
                                   std::size_t limit) override;
  std::vector<store::ClaimedReminder> claim(const store::Lease& fence,
                                            std::span<const ReminderId> ids, Instant now) override;
  std::vector<ReminderId> take(const store::Lease& fence, std::span<const ReminderId> ids, Instant now,
                               const Decide& decide) override;
  std::vector<ReminderId> begin_flight(const store::Lease& fence,
                                       std::span<const store::Flight> flights, Instant now) override;
  std::vector<ReminderId> settle(const store::Lease& fence,
                                 std::span<const store::Settlement> settlements,
                                 Instant now) override;

 private:
  template <typename Write>
  auto faulty(const char* operation, double weight, Write write);
  [[nodiscard]] store::Lease seen_by_the_store(const store::Lease& fence) const;

  Faults& faults_;
  Witness& witness_;
  bool whole_ = false;  ///< inside a take that happens as a whole: no fault in its midst
};

}  // namespace rappel::simulation
