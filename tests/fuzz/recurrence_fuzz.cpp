// SPDX-License-Identifier: Apache-2.0
// Any text, read as a recurrence: it is refused, or expanded in order and within its bounds.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/ensure.hpp"
#include "calendar/recurrence.hpp"
#include "calendar/zone.hpp"

using namespace rappel;
using namespace rappel::calendar;

namespace {

constexpr int times_max = 40;

void expand(const Recurrence& recurrence) {
  static const auto paris = Zone::find("Europe/Paris").value();
  auto cursor = recurrence.begin();
  std::optional<LocalDateTime> last;
  for (int i = 0; i < times_max; ++i) {
    const auto local = cursor.next();
    if (!local) return;
    ensure(!last || *local > *last, "times come in order");
    ensure(parse_iso_local(to_iso(*local)) == local, "a time reads back from its text");
    to_instant(*local, paris);
    last = local;
  }
  // A way to the same time that passes over what is before it.
  ensure(recurrence.next_from(*last) == last, "a time is found from itself");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto recurrence = Recurrence::parse(text);
  if (recurrence) {
    expand(*recurrence);
  } else {
    ensure(!recurrence.error().detail.empty(), "a refusal says what is wrong");
  }
  return 0;
}
