// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <memory>

#include "answer.hpp"
#include "request.hpp"
#include "settings.hpp"

namespace rappel::sms_http {

/// A way to the gateway. One thread.
class Gateway {
 public:
  explicit Gateway(const Settings& settings);

  /// Sends one message within `left` and judges what became of it.
  plugin::Result send(const rappel_message& message, std::chrono::milliseconds left);

 private:
  struct CloseHandle {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };
  void set_bounds(std::chrono::milliseconds left);
  plugin::Result perform(const Request& request);
  [[nodiscard]] bool has_left() const;

  Settings settings_;
  std::unique_ptr<CURL, CloseHandle> handle_;
};

}  // namespace rappel::sms_http
