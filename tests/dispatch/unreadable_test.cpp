// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "dispatch/rig.hpp"

using namespace rappel;
using namespace rappel::dispatch;
using namespace rappel::dispatch::tests;

namespace {

/// A store whose reminders do not open any more.
class SpoiltStore final : public store::MemoryStore {
 public:
  using MemoryStore::MemoryStore;

  std::vector<store::ClaimedReminder> claim(const store::Lease& fence,
                                            std::span<const ReminderId> ids,
                                            Instant instant) override {
    auto claimed = MemoryStore::claim(fence, ids, instant);
    for (auto& each : claimed) {
      each.readable = false;
      each.citizen.profile.clear();
    }
    return claimed;
  }
};

}  // namespace

TEST_CASE("a reminder that cannot be opened is a human's work and is not sent") {
  WorldOf<SpoiltStore> w(with_mail_and_sms);
  const auto reminder = w.plan({Channel::email});
  w.take(reminder);
  CHECK(w.carrier.sent.empty());
  CHECK(w.read(reminder).state == ReminderState::dead);
  CHECK(w.read(reminder).state_reason == "cannot_be_opened");
  const auto tasks = w.store.read_tasks(w.tenant.id, {}).items;
  REQUIRE(tasks.size() == 1);
  CHECK(tasks[0].reminder == reminder.id);
}
