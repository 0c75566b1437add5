// SPDX-License-Identifier: Apache-2.0
#include "api/http/message.hpp"

namespace rappel::api {

std::string_view HttpRequest::path() const {
  return std::string_view(target).substr(0, target.find('?'));
}

std::string_view HttpRequest::query() const {
  const auto mark = target.find('?');
  return mark == std::string::npos ? std::string_view{} : std::string_view(target).substr(mark + 1);
}

const std::string* HttpRequest::header(std::string_view lower_name) const {
  for (const auto& header : headers)
    if (header.name == lower_name) return &header.value;
  return nullptr;
}

}  // namespace rappel::api
