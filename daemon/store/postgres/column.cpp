// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/column.hpp"

#include <chrono>
#include <stdexcept>

namespace rappel::store::postgres {
namespace {

/// PostgreSQL counts the days of a date and the microseconds of a timestamptz from here.
constexpr std::chrono::sys_days epoch{std::chrono::year{2000} / 1 / 1};

template <typename Number>
void put(std::string& to, Number number) {
  for (int shift = 8 * (int(sizeof(number)) - 1); shift >= 0; shift -= 8)
    to += char(std::uint64_t(number) >> shift & 0xff);
}

}  // namespace

void Column::add_bytes(std::string_view bytes) {
  put(elements_, std::uint32_t(bytes.size()));
  elements_ += bytes;
  ++count_;
}

void Column::add_null() {
  put(elements_, std::int32_t{-1});
  has_null_ = true;
  ++count_;
}

void Column::add(std::uint32_t number) {
  put(elements_, std::uint32_t(sizeof(number)));
  put(elements_, number);
  ++count_;
}

void Column::add(std::uint64_t number) {
  put(elements_, std::uint32_t(sizeof(number)));
  put(elements_, number);
  ++count_;
}

void Column::add(std::string_view text) {
  if (text.find('\0') != std::string_view::npos)
    throw std::invalid_argument("text with a NUL character cannot be stored");
  add_bytes(text);
}

void Column::add(Instant instant) {
  const std::int64_t micros = (instant - epoch).count();
  put(elements_, std::uint32_t(sizeof(micros)));
  put(elements_, micros);
  ++count_;
}

void Column::add(CivilDate date) {
  const auto days = std::int32_t((std::chrono::sys_days(date) - epoch).count());
  put(elements_, std::uint32_t(sizeof(days)));
  put(elements_, days);
  ++count_;
}

pqxx::binarystring Column::binary() const {
  std::string whole;
  whole.reserve(elements_.size() + 20);
  put(whole, std::uint32_t(count_ == 0 ? 0 : 1));  // dimensions
  put(whole, std::uint32_t(has_null_ ? 1 : 0));
  put(whole, std::uint32_t(type_));
  if (count_ != 0) {
    put(whole, count_);
    put(whole, std::uint32_t{1});  // the first index
  }
  whole += elements_;
  return pqxx::binarystring(whole);
}

}  // namespace rappel::store::postgres
