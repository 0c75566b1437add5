// SPDX-License-Identifier: Apache-2.0
#include "gateway.hpp"

#include <algorithm>
#include <new>
#include <stdexcept>

namespace rappel::sms_http {
namespace {

constexpr long connect_timeout_ms = 5'000;
constexpr std::size_t body_bytes_max = 64 * 1024;

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, FreeList>;

void append(List& list, const std::string& line) {
  auto* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  (void)list.release();
  list.reset(longer);
}

template <typename Value>
void set(CURL* handle, CURLoption option, Value value) {
  if (curl_easy_setopt(handle, option, value) != CURLE_OK)
    throw std::runtime_error("libcurl refuses an option");
}

/// Keeps the first bytes and stops the transfer there: a body without end must not fill the memory.
std::size_t keep(char* bytes, std::size_t, std::size_t size, void* context) {
  auto& body = *static_cast<std::string*>(context);
  const auto room = body_bytes_max - body.size();
  body.append(bytes, std::min(size, room));
  return size <= room ? size : 0;
}

}  // namespace

Gateway::Gateway(const Settings& settings) : settings_(settings), handle_(curl_easy_init()) {
  if (!handle_) throw std::bad_alloc();
}

void Gateway::set_bounds(std::chrono::milliseconds left) {
  auto* handle = handle_.get();
  curl_easy_reset(handle);
  const long timeout = std::min<long>(settings_.timeout_ms, long(left.count()));
  set(handle, CURLOPT_TIMEOUT_MS, timeout);
  set(handle, CURLOPT_CONNECTTIMEOUT_MS, std::min(connect_timeout_ms, timeout));
  set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  set(handle, CURLOPT_FOLLOWLOCATION, 0L);
  set(handle, CURLOPT_PROXY, "");
  // libcurl repeats a request by itself when a kept connection dies under it: a second SMS. A fresh
  // connection for each message is the price of never sending blindly.
  set(handle, CURLOPT_FRESH_CONNECT, 1L);
  set(handle, CURLOPT_FORBID_REUSE, 1L);
  set(handle, CURLOPT_NOSIGNAL, 1L);
  set(handle, CURLOPT_SSLVERSION, long(CURL_SSLVERSION_TLSv1_2));
  if (!settings_.ca_file.empty()) set(handle, CURLOPT_CAINFO, settings_.ca_file.c_str());
}

plugin::Result Gateway::send(const rappel_message& message, std::chrono::milliseconds left) {
  if (!is_phone_number(message.to))
    return {plugin::ResultClass::bad_address, "this is not a phone number"};
  try {
    const auto request = make_request(settings_, message);
    set_bounds(left);
    return perform(request);
  } catch (const std::invalid_argument& refused) {
    return {plugin::ResultClass::rejected, refused.what()};
  }
}

/// Whether a byte of the request may have reached the gateway.
bool Gateway::has_left() const {
  long bytes = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_REQUEST_SIZE, &bytes);
  return bytes > 0;
}

plugin::Result Gateway::perform(const Request& request) {
  auto* handle = handle_.get();
  Answer answer;
  List headers;
  for (const auto& line : request.headers) append(headers, line);
  if (!request.content_type.empty()) append(headers, "Content-Type: " + request.content_type);
  append(headers, "Expect:");
  set(handle, CURLOPT_URL, request.url.c_str());
  set(handle, CURLOPT_HTTPHEADER, headers.get());
  if (settings_.is_post) {
    set(handle, CURLOPT_POSTFIELDSIZE, long(request.body.size()));
    set(handle, CURLOPT_POSTFIELDS, request.body.c_str());
  }
  set(handle, CURLOPT_WRITEFUNCTION, &keep);
  set(handle, CURLOPT_WRITEDATA, static_cast<void*>(&answer.body));
  const CURLcode code = curl_easy_perform(handle);
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer.status);
  curl_off_t retry_after = 0;
  curl_easy_getinfo(handle, CURLINFO_RETRY_AFTER, &retry_after);
  answer.retry_after_s = retry_after;
  // Our own cut of an endless body is not a failure: what was read decides.
  if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && answer.body.size() == body_bytes_max))
    return judge(settings_, answer);
  const auto result =
      has_left() ? plugin::ResultClass::unknown : plugin::ResultClass::provider_down;
  return {result, curl_easy_strerror(code)};
}

}  // namespace rappel::sms_http
