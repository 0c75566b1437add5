// SPDX-License-Identifier: Apache-2.0
#include "reply.hpp"

#include <algorithm>

namespace rappel::email {
namespace {

using plugin::ResultClass;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_enhanced(std::string_view word) {
  return word.size() >= 5 && word.size() <= 9 &&
         (word[0] == '2' || word[0] == '4' || word[0] == '5') && word[1] == '.' &&
         std::count(word.begin(), word.end(), '.') == 2 &&
         std::all_of(word.begin(), word.end(), [](char c) { return is_digit(c) || c == '.'; });
}

std::string queue_id_in(std::string_view text) {
  constexpr std::string_view mark = "queued as ";
  const auto at = text.find(mark);
  if (at == std::string_view::npos) return {};
  const auto rest = text.substr(at + mark.size());
  return std::string(rest.substr(0, rest.find_first_of(" \r\n;")));
}

ResultClass permanent(Stage stage, const Reply& reply) {
  const bool is_login =
      reply.code == 530 || reply.code == 534 || reply.code == 535 || reply.code == 538;
  if (is_login || stage < Stage::recipient) return ResultClass::provider_down;  // ours to mend
  if (reply.enhanced.starts_with("5.1.") || reply.code == 556) return ResultClass::bad_address;
  if (!reply.enhanced.empty() && !reply.enhanced.starts_with("5.0."))
    return reply.enhanced == "5.2.1" ? ResultClass::bad_address : ResultClass::rejected;
  const bool is_about_mailbox = reply.code == 550 || reply.code == 551 || reply.code == 553 ||
                                reply.code == 521 || reply.code == 501;
  return stage == Stage::recipient && is_about_mailbox ? ResultClass::bad_address
                                                       : ResultClass::rejected;
}

/// Before a recipient is named, and with a code of the mail system's own (RFC 3463, 4.3), the relay speaks
/// of itself; else of this mail, which it may only want to see again.
ResultClass transient(Stage stage, const Reply& reply) {
  const bool of_itself = stage < Stage::recipient || reply.enhanced.starts_with("4.3.");
  return of_itself ? ResultClass::provider_down : ResultClass::try_later;
}

}  // namespace

Reply parse_reply(std::string_view line) {
  Reply reply;
  if (line.size() < 3 || !std::all_of(line.begin(), line.begin() + 3, is_digit)) return reply;
  reply.code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  if (line.size() < 5) return reply;
  const auto text = line.substr(4);
  const auto word = text.substr(0, text.find_first_of(" \r\n"));
  if (is_enhanced(word)) reply.enhanced = std::string(word);
  if (reply.code / 100 == 2) reply.queue_id = queue_id_in(text);
  return reply;
}

plugin::Result judge(Transport transport, Stage stage, const Reply& reply,
                     std::string_view reason) {
  if (transport == Transport::done) return plugin::accepted(reply.queue_id);
  std::string said = std::to_string(reply.code);
  if (!reply.enhanced.empty()) said += " " + reply.enhanced;
  if (reply.code == 421) return {ResultClass::provider_down, "the relay said " + said};
  if (reply.code / 100 == 4) return {transient(stage, reply), "the relay said " + said};
  if (reply.code / 100 == 5) return {permanent(stage, reply), "the relay said " + said};
  // The relay may have taken it and lost only its answer, or said what nobody understands.
  if (stage == Stage::content)
    return {ResultClass::unknown, "no clear answer to the content: " + std::string(reason)};
  if (transport == Transport::unreachable) return {ResultClass::provider_down, std::string(reason)};
  return {stage == Stage::connecting ? ResultClass::provider_down : ResultClass::try_later,
          std::string(reason)};
}

}  // namespace rappel::email
