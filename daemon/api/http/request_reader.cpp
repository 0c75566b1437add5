// SPDX-License-Identifier: Apache-2.0
#include "api/http/request_reader.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/ensure.hpp"

namespace rappel::api {

RequestReader::Step RequestReader::refuse(Refusal refusal) {
  refusal_ = std::move(refusal);
  return Step::refused;
}

void RequestReader::forget() {
  std::string().swap(bytes_);
  std::string().swap(head_bytes_);
  chunked_.reset();
  head_.reset();
}

RequestReader::Step RequestReader::advance() {
  if (!head_) {
    const auto step = advance_head();
    if (step != Step::whole) return step;
  }
  const auto step = head_->chunked ? advance_chunks() : advance_body();
  if (step == Step::more && std::exchange(head_->expects_continue, false)) return Step::go_ahead;
  return step;
}

/// `whole` says that the head is.
RequestReader::Step RequestReader::advance_head() {
  const auto scan = scan_head(bytes_, scanned_);
  scanned_ = bytes_.size();
  if (scan.progress == HeadProgress::malformed)
    return refuse({400, "bad_request_line", "this is not an HTTP request", {}, {}});
  const bool complete = scan.progress == HeadProgress::complete;
  if ((complete ? scan.length : bytes_.size()) > limits_.head_bytes_max)
    return refuse(head_too_large(bytes_));
  if (!complete) return Step::more;
  auto head = parse_head(std::string_view(bytes_).substr(0, scan.length), limits_);
  if (!head) return refuse(std::move(head.error()));
  head_ = std::move(*head);
  head_bytes_ = bytes_.substr(0, scan.length);
  bytes_.erase(0, scan.length);
  if (head_->chunked) chunked_.emplace(limits_.body_bytes_max);
  return Step::whole;
}

RequestReader::Step RequestReader::advance_body() {
  return bytes_.size() >= head_->content_length.value_or(0) ? Step::whole : Step::more;
}

RequestReader::Step RequestReader::advance_chunks() {
  std::size_t taken = 0;
  const auto progress = chunked_->feed(bytes_, taken);
  bytes_.erase(0, taken);
  switch (progress) {
    case ChunkedBody::Progress::incomplete:
      return Step::more;
    case ChunkedBody::Progress::complete:
      return Step::whole;
    case ChunkedBody::Progress::malformed:
      return refuse({400, "bad_chunk", "the body's chunks cannot be read", {}, {}});
    case ChunkedBody::Progress::too_large:
      break;
  }
  return refuse({413,
                 "body_too_large",
                 fmt::format("a body has {} bytes at most", limits_.body_bytes_max),
                 {},
                 {}});
}

WholeRequest RequestReader::take() {
  ensure(head_.has_value(), "a request is taken once it is whole");
  WholeRequest whole;
  whole.head_bytes = std::move(head_bytes_);
  whole.keep_alive = head_->keep_alive;
  whole.request.method = std::move(head_->method);
  whole.request.target = std::move(head_->target);
  whole.request.headers = std::move(head_->headers);
  if (head_->chunked) {
    whole.request.body = chunked_->release();
  } else {
    whole.request.body = bytes_.substr(0, head_->content_length.value_or(0));
    bytes_.erase(0, whole.request.body.size());
  }
  bytes_.shrink_to_fit();
  head_.reset();
  chunked_.reset();
  head_bytes_.clear();
  scanned_ = 0;
  return whole;
}

}  // namespace rappel::api
