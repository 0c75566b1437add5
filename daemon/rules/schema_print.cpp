// SPDX-License-Identifier: Apache-2.0
#include <boost/json/serialize.hpp>

#include "rules/schema_parts.hpp"

namespace rappel::rules::schema {
namespace {

constexpr std::size_t width = 100;

void put(std::string& page, const json::value& value, std::size_t indent);

/// The members of an object or a list, each on its own line.
template <typename Members, typename PutMember>
void put_block(std::string& page, const Members& members, std::size_t indent, const char* brackets,
               PutMember put_member) {
  page += brackets[0];
  bool first = true;
  for (const auto& member : members) {
    page += first ? "\n" : ",\n";
    first = false;
    page.append(indent + 2, ' ');
    put_member(member);
  }
  page += "\n";
  page.append(indent, ' ');
  page += brackets[1];
}

/// "a", "b" … filled up line by line: a closed list is read, not edited.
void put_words(std::string& page, const json::array& words, std::size_t indent) {
  std::size_t column = width;
  put_block(page, words, indent, "[]", [&](const json::value& word) {
    const auto shown = json::serialize(word);
    if (column + shown.size() + 2 <= width) {
      page.resize(page.find_last_not_of(" \n") + 1);
      page += " ";
      column += shown.size() + 2;
    } else {
      column = indent + 2 + shown.size();
    }
    page += shown;
  });
}

bool all_texts(const json::array& list) {
  for (const auto& item : list) {
    if (!item.is_string()) return false;
  }
  return true;
}

void put(std::string& page, const json::value& value, std::size_t indent) {
  const auto flat = json::serialize(value);
  const bool fits = indent + flat.size() <= width;
  const auto* object = value.if_object();
  const auto* list = value.if_array();
  if (fits && (object == nullptr || object->size() < 4)) {
    page += flat;
  } else if (object != nullptr) {
    put_block(page, *object, indent, "{}", [&](const json::key_value_pair& member) {
      page += json::serialize(json::value(member.key())) + ": ";
      put(page, member.value(), indent + 2);
    });
  } else if (list != nullptr && all_texts(*list)) {
    put_words(page, *list, indent);
  } else if (list != nullptr) {
    put_block(page, *list, indent, "[]",
              [&](const json::value& item) { put(page, item, indent + 2); });
  } else {
    page += flat;
  }
}

}  // namespace

std::string print(const json::object& schema) {
  std::string page;
  put(page, schema, 0);
  return page + "\n";
}

}  // namespace rappel::rules::schema
