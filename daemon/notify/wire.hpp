// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/ensure.hpp"
#include "notify/frame.hpp"

/// Bytes in and out of a frame's body; used by frame.cpp alone. The machine must be little-endian.
namespace rappel::notify::frame {

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  template <typename Integer>
  void number(Integer value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    out_.append(bytes, sizeof value);
  }
  void text(std::string_view value) {
    ensure(value.size() <= text_bytes_max, "a text fits a frame");
    number(std::uint32_t(value.size()));
    out_.append(value);
  }
  void count(std::size_t value, std::size_t limit) {
    ensure(value <= limit, "a list fits a frame");
    number(std::uint32_t(value));
  }
  void id(const DeliveryId& value) {
    out_.append(reinterpret_cast<const char*>(value.bytes().data()), value.bytes().size());
  }

 private:
  std::string& out_;
};

/// After the first wrong byte everything reads as zero and `failed()` holds: the caller checks
/// once, at the end, so that reading stays a plain list of fields.
class Reader {
 public:
  explicit Reader(std::string_view body) : rest_(body) {}

  template <typename Integer>
  Integer number() {
    Integer value{};
    if (const auto bytes = take(sizeof value); !bytes.empty())
      std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }
  std::string text() {
    const auto size = number<std::uint32_t>();
    if (size > text_bytes_max) fail("a text is over its limit");
    return std::string(take(failed() ? 0 : size));
  }
  std::size_t count(std::size_t limit) {
    const auto value = number<std::uint32_t>();
    if (value > limit) fail("a list is over its limit");
    return failed() ? 0 : value;
  }
  DeliveryId id() {
    IdBytes bytes{};
    if (const auto read = take(bytes.size()); !read.empty())
      std::memcpy(bytes.data(), read.data(), bytes.size());
    return DeliveryId{bytes};
  }
  /// A number that must be below `end`, as an enumerator.
  template <typename Enum>
  Enum enumerator(std::uint8_t end) {
    const auto value = number<std::uint8_t>();
    if (value >= end) fail("an enumerator is unknown");
    return Enum(failed() ? 0 : value);
  }
  void fail(const char* why) {
    if (!failed()) why_ = why;
    rest_ = {};
  }
  [[nodiscard]] bool failed() const { return why_ != nullptr; }
  [[nodiscard]] const char* why() const { return why_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view take(std::size_t size) {
    if (failed() || size > rest_.size()) {
      fail("the body ends too early");
      return {};
    }
    const auto bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return bytes;
  }

  std::string_view rest_;
  const char* why_ = nullptr;
};

}  // namespace rappel::notify::frame
