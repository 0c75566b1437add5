// SPDX-License-Identifier: Apache-2.0
#include "relay.hpp"

#include <algorithm>
#include <new>
#include <stdexcept>
#include <string_view>

#include "mail_text.hpp"

namespace rappel::email {
namespace {

constexpr long connect_timeout_ms = 10'000;

/// No mail was begun: the address, the certificate or the password is wrong, or nobody listens.
bool is_unreachable(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_LOGIN_DENIED:
    case CURLE_USE_SSL_FAILED:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return true;
    default:
      return false;
  }
}

Transport transport_of(CURLcode code) {
  if (code == CURLE_OK) return Transport::done;
  return is_unreachable(code) ? Transport::unreachable : Transport::broken;
}

Stage stage_of(std::string_view command, Stage before) {
  if (command.starts_with("MAIL ")) return Stage::sender;
  if (command.starts_with("RCPT ")) return Stage::recipient;
  if (command.starts_with("DATA")) return Stage::content;
  return std::max(before, Stage::greeting);
}

template <typename Value>
void set(CURL* handle, CURLoption option, Value value) {
  if (curl_easy_setopt(handle, option, value) != CURLE_OK)
    throw std::runtime_error("libcurl refuses an option");
}

}  // namespace

Relay::Relay(const Settings& settings) : settings_(settings), handle_(curl_easy_init()) {
  if (!handle_) throw std::bad_alloc();
}

/// The only way libcurl tells how far it went and what the relay answered.
int Relay::overhear(CURL*, curl_infotype kind, char* bytes, std::size_t size, void* context) {
  auto& conversation = *static_cast<Conversation*>(context);
  const std::string_view line(bytes, size);
  if (kind == CURLINFO_HEADER_OUT && line.starts_with("QUIT")) conversation.is_over = true;
  if (conversation.is_over) return 0;  // the answer to a farewell is about no mail
  if (kind == CURLINFO_HEADER_OUT) {
    conversation.stage = stage_of(line, conversation.stage);
    conversation.reply = {};
  } else if (kind == CURLINFO_HEADER_IN) {
    conversation.reply = parse_reply(line);
  }
  return 0;
}

void Relay::set_tls() {
  auto* handle = handle_.get();
  const bool verifies = settings_.tls == Tls::required || !settings_.ca_file.empty();
  const long use = settings_.tls == Tls::required        ? CURLUSESSL_ALL
                   : settings_.tls == Tls::opportunistic ? CURLUSESSL_TRY
                                                         : CURLUSESSL_NONE;
  set(handle, CURLOPT_USE_SSL, use);
  set(handle, CURLOPT_SSLVERSION, long(CURL_SSLVERSION_TLSv1_2));
  set(handle, CURLOPT_SSL_VERIFYPEER, verifies ? 1L : 0L);
  set(handle, CURLOPT_SSL_VERIFYHOST, verifies ? 2L : 0L);
  if (!settings_.ca_file.empty()) set(handle, CURLOPT_CAINFO, settings_.ca_file.c_str());
}

void Relay::set_relay(std::chrono::milliseconds left) {
  auto* handle = handle_.get();
  curl_easy_reset(handle);  // options only: the connection stays
  const std::string url =
      "smtp://" + settings_.host + ":" + std::to_string(settings_.port) + "/" + settings_.helo;
  set(handle, CURLOPT_URL, url.c_str());
  set(handle, CURLOPT_PROTOCOLS_STR, "smtp");
  set(handle, CURLOPT_PROXY, "");
  set(handle, CURLOPT_NOSIGNAL, 1L);
  set(handle, CURLOPT_CONNECTTIMEOUT_MS, std::min<long>(connect_timeout_ms, long(left.count())));
  set(handle, CURLOPT_TIMEOUT_MS, long(left.count()));
  if (!settings_.user.empty()) {
    set(handle, CURLOPT_USERNAME, settings_.user.c_str());
    set(handle, CURLOPT_PASSWORD, settings_.password.c_str());
  }
  set_tls();
}

plugin::Result Relay::send(const rappel_message& message, std::chrono::milliseconds left) {
  if (!mail::is_address(message.to))
    return {plugin::ResultClass::bad_address, "this is not an email address"};
  List headers;
  try {
    for (const auto& line : header_lines(message, settings_)) append(headers, line);
  } catch (const std::invalid_argument& refused) {
    return {plugin::ResultClass::rejected, refused.what()};
  }
  auto* handle = handle_.get();
  set_relay(left);
  List recipients;
  append(recipients, "<" + std::string(message.to) + ">");
  const auto mime = body_of(handle, message);
  const std::string sender = "<" + settings_.from + ">";
  Conversation conversation;
  set(handle, CURLOPT_MAIL_FROM, sender.c_str());
  set(handle, CURLOPT_MAIL_RCPT, recipients.get());
  set(handle, CURLOPT_HTTPHEADER, headers.get());
  set(handle, CURLOPT_MIMEPOST, mime.get());
  set(handle, CURLOPT_VERBOSE, 1L);
  set(handle, CURLOPT_DEBUGFUNCTION, &Relay::overhear);
  set(handle, CURLOPT_DEBUGDATA, static_cast<void*>(&conversation));
  const CURLcode code = curl_easy_perform(handle);
  curl_easy_reset(handle);  // forget pointers to what ends with this function
  return judge(transport_of(code), conversation.stage, conversation.reply,
               curl_easy_strerror(code));
}

}  // namespace rappel::email
