// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/http/chunked_body.hpp"
#include "api/http/head.hpp"
#include "api/http/limits.hpp"
#include "api/http/message.hpp"

namespace rappel::api {

/// A request that is whole and checked, and its head as it was sent.
struct WholeRequest {
  std::string head_bytes;
  HttpRequest request;
  bool keep_alive = true;
};

/// Turns the bytes of one connection into whole requests, one after the other. Pure: no socket, no
/// clock. After a refusal nothing more is read.
class RequestReader {
 public:
  enum class Step {
    more,       ///< not whole yet
    go_ahead,   ///< not whole yet, and the client waits for "100 Continue" (said once)
    whole,      ///< take() it
    refused     ///< see refusal(); close the connection
  };

  explicit RequestReader(const HttpOptions& limits) : limits_(limits) {}

  void append(std::string_view bytes) { bytes_.append(bytes); }
  Step advance();
  WholeRequest take();
  [[nodiscard]] const Refusal& refusal() const { return refusal_; }

  /// Gives back the memory of a connection that is read no more.
  void forget();

  /// A request has begun and is not whole.
  [[nodiscard]] bool begun() const { return head_.has_value() || !bytes_.empty(); }
  /// Bytes held in memory.
  [[nodiscard]] std::size_t held() const {
    return bytes_.capacity() + head_bytes_.size() + (chunked_ ? chunked_->body().capacity() : 0);
  }

 private:
  Step advance_head();
  Step advance_body();
  Step advance_chunks();
  Step refuse(Refusal refusal);

  const HttpOptions& limits_;
  std::string bytes_;  ///< what has come and is not consumed
  std::size_t scanned_ = 0;
  std::string head_bytes_;
  std::optional<Head> head_;
  std::optional<ChunkedBody> chunked_;
  Refusal refusal_;
};

}  // namespace rappel::api
