// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>

#include "mail.hpp"
#include "reply.hpp"
#include "settings.hpp"

namespace rappel::email {

/// One connection to the relay, kept between mails. One thread.
class Relay {
 public:
  explicit Relay(const Settings& settings);

  /// Sends one mail within `left` and judges what became of it.
  plugin::Result send(const rappel_message& message, std::chrono::milliseconds left);

 private:
  struct CloseHandle {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };
  struct Conversation {
    Stage stage = Stage::connecting;
    Reply reply;
    bool is_over = false;
  };
  static int overhear(CURL*, curl_infotype kind, char* bytes, std::size_t size, void* context);
  void set_relay(std::chrono::milliseconds left);
  void set_tls();

  Settings settings_;
  std::unique_ptr<CURL, CloseHandle> handle_;
};

}  // namespace rappel::email
