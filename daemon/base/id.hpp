// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace rappel {

/// A fixed slice of citizens: the unit of ownership, order and scale. 256 of them, for ever.
struct Shard {
  std::uint8_t number = 0;
  auto operator<=>(const Shard&) const = default;
};
inline constexpr int shard_count = 256;

using IdBytes = std::array<std::uint8_t, 16>;

std::string format_uuid(const IdBytes& bytes);
std::optional<IdBytes> parse_uuid(std::string_view text);
/// 16 bytes of the system's generator, marked as a UUID of version 8 (RFC 9562).
IdBytes random_uuid();
/// The first 16 bytes of a BLAKE2b hash of `text`, marked as a UUID of version 8: the same text gives
/// the same id, so that planning twice finds the same rows.
IdBytes derived_uuid(std::string_view text);

/// A strong 128-bit id, printed as a UUID. Ids of anything that belongs to a citizen carry the
/// citizen's shard in their first byte, so that every look-up by id names one shard.
template <typename Tag>
class Id {
 public:
  constexpr Id() = default;
  explicit constexpr Id(IdBytes bytes) : bytes_(bytes) {}

  static Id random() { return Id{random_uuid()}; }
  static Id random(Shard shard) { return Id{random_uuid()}.with_shard(shard); }
  static Id derived(Shard shard, std::string_view text) {
    return Id{derived_uuid(text)}.with_shard(shard);
  }
  static std::optional<Id> parse(std::string_view text) {
    const auto bytes = parse_uuid(text);
    if (!bytes) return std::nullopt;
    return Id{*bytes};
  }

  [[nodiscard]] const IdBytes& bytes() const { return bytes_; }
  [[nodiscard]] Shard shard() const { return Shard{bytes_[0]}; }
  [[nodiscard]] std::string to_string() const { return format_uuid(bytes_); }
  auto operator<=>(const Id&) const = default;

 private:
  Id with_shard(Shard shard) const {
    Id copy = *this;
    copy.bytes_[0] = shard.number;
    return copy;
  }

  IdBytes bytes_{};
};

using TenantId = Id<struct TenantTag>;
using CitizenId = Id<struct CitizenTag>;
using EventId = Id<struct EventTag>;
using DeadlineId = Id<struct DeadlineTag>;
using ReminderId = Id<struct ReminderTag>;
using DeliveryId = Id<struct DeliveryTag>;
using MessageId = Id<struct MessageTag>;
using TaskId = Id<struct TaskTag>;
using SilenceId = Id<struct SilenceTag>;
using NodeId = Id<struct NodeTag>;

}  // namespace rappel

template <typename Tag>
struct std::hash<rappel::Id<Tag>> {
  std::size_t operator()(const rappel::Id<Tag>& id) const noexcept {
    std::size_t value;
    std::memcpy(&value, id.bytes().data() + 8, sizeof value);
    return value;
  }
};
