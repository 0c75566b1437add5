// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <optional>
#include <pqxx/binarystring>
#include <string>
#include <string_view>

#include "base/id.hpp"
#include "base/instant.hpp"

namespace rappel::store::postgres {

/// One column of the rows that a statement takes: an array parameter in PostgreSQL's binary form, for
/// `unnest`. It costs neither text nor escaping on either side, which is most of what a row handed over
/// as JSON costs.
class Column {
 public:
  /// The element types, by their object ids in pg_type.
  enum class Type : std::uint32_t {
    boolean = 16,
    bytes = 17,
    bigint = 20,
    integer = 23,
    text = 25,
    date = 1082,
    instant = 1184,
    uuid = 2950,
  };

  explicit Column(Type type) : type_(type) {}

  template <std::same_as<bool> Flag>
  void add(Flag flag) {
    add_bytes(std::string_view(flag ? "\1" : "\0", 1));
  }
  void add(std::uint32_t number);
  void add(std::uint64_t number);
  /// Throws std::invalid_argument for text with a NUL, which PostgreSQL does not store.
  void add(std::string_view text);
  void add(Instant instant);
  void add(CivilDate date);
  /// Null when there is none.
  template <typename Value>
  void add(const std::optional<Value>& value) {
    if (value) {
      add(*value);
    } else {
      add_null();
    }
  }
  template <typename Tag>
  void add(const Id<Tag>& id) {
    const auto& bytes = id.bytes();
    add_bytes({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
  void add_bytes(std::string_view bytes);
  void add_null();

  [[nodiscard]] std::size_t size() const { return count_; }
  /// The whole parameter.
  [[nodiscard]] pqxx::binarystring binary() const;

 private:
  Type type_;
  std::uint32_t count_ = 0;
  bool has_null_ = false;
  std::string elements_;  ///< each with its length before it
};

inline pqxx::binarystring bound(const Column& column) { return column.binary(); }

}  // namespace rappel::store::postgres
