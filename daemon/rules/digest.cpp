// SPDX-License-Identifier: Apache-2.0
#include "rules/digest.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <array>

namespace rappel::rules {
namespace {

constexpr std::size_t digest_bytes = 16;

/// A number of fixed length: two evaluations must not run together to the same bytes.
void add(std::string& bytes, std::int64_t number) {
  for (int shift = 0; shift < 64; shift += 8)
    bytes.push_back(static_cast<char>((static_cast<std::uint64_t>(number) >> shift) & 0xff));
}

void add(std::string& bytes, std::string_view text) {
  add(bytes, static_cast<std::int64_t>(text.size()));
  bytes += text;
}

void add(std::string& bytes, CivilDate date) {
  add(bytes, std::int64_t{std::chrono::sys_days(date).time_since_epoch().count()});
}

void add(std::string& bytes, const std::optional<CivilDate>& date) {
  add(bytes, std::int64_t{date.has_value()});
  if (date) add(bytes, *date);
}

}  // namespace

std::string hash_of(std::string_view text) {
  std::array<unsigned char, 32> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()),
                     text.size(), nullptr, 0);
  return fmt::format("{:02x}", fmt::join(hash, ""));
}

std::string digest_of(const Evaluation& evaluation, const FindBasis& basis) {
  std::string bytes;
  add(bytes, std::int64_t{evaluation_format});
  for (const auto& deadline : evaluation.deadlines) {
    add(bytes, deadline.rule);
    add(bytes, basis(deadline));
    add(bytes, deadline.subject);
    add(bytes, deadline.occurrence);
    add(bytes, deadline.opens_on);
    add(bytes, deadline.due_on);
    add(bytes, deadline.safe_on);
    add(bytes, std::int64_t(deadline.state));
    add(bytes, std::int64_t(deadline.stages.size()));
    for (const auto& stage : deadline.stages) {
      add(bytes, stage.name);
      add(bytes, stage.on);
      add(bytes, std::int64_t{stage.at.count()});
    }
  }
  std::string digest(digest_bytes, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(digest.data()), digest.size(),
                     reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), nullptr, 0);
  return digest;
}

}  // namespace rappel::rules
