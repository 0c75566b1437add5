// SPDX-License-Identifier: Apache-2.0
#include "gsm_alphabet.hpp"

namespace rappel::sms_http {
namespace {

constexpr std::string_view ascii =
    "\n\r !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_"
    "abcdefghijklmnopqrstuvwxyz{|}~\f";
constexpr std::string_view beyond_ascii = "£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà€";

std::size_t size_of_character(char first) {
  const auto byte = static_cast<unsigned char>(first);
  if (byte < 0x80) return 1;
  if (byte >= 0xF0) return 4;
  return byte >= 0xE0 ? 3 : 2;
}

bool is_beyond_ascii(std::string_view character) {
  for (std::size_t at = 0; at < beyond_ascii.size();) {
    const auto size = size_of_character(beyond_ascii[at]);
    if (beyond_ascii.substr(at, size) == character) return true;
    at += size;
  }
  return false;
}

}  // namespace

bool fits_gsm_alphabet(std::string_view text) {
  while (!text.empty()) {
    const auto character = text.substr(0, size_of_character(text.front()));
    const bool fits = character.size() == 1 ? ascii.find(character) != std::string_view::npos
                                            : is_beyond_ascii(character);
    if (!fits) return false;
    text.remove_prefix(character.size());
  }
  return true;
}

}  // namespace rappel::sms_http
