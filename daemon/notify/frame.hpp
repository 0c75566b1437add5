// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <variant>
#include <vector>

#include "notify/message.hpp"

/// The words between the core and a sender process. One frame on the wire:
///   u32 length of the body, little-endian · u8 type · u8 protocol version · body
/// Integers are little-endian, text is a u32 length and its bytes, a list is a u32 count and its
/// items. Types are only ever appended.
///   sender → core: Hello · Ready · Results · Answers · Pong · Log · Drain (please stop) · Bye
///   core → sender: Config · Send · Ask · Ping · Drain (no more is coming) · Bye
/// Pure; any thread. Bytes from the other side are never trusted: a wrong one is a DecodeError.
namespace rappel::notify::frame {

inline constexpr std::uint8_t protocol_version = 1;
inline constexpr std::size_t head_bytes = 6;
inline constexpr std::size_t body_bytes_max = 8 * 1024 * 1024;
inline constexpr std::size_t text_bytes_max = 1024 * 1024;
inline constexpr std::size_t batch_count_max = 256;
inline constexpr std::size_t header_count_max = 64;
/// What one message may weigh in a frame; the pool refuses heavier ones before they are framed.
inline constexpr std::size_t message_bytes_max = 2 * 1024 * 1024;

/// First word of a sender. `problem` is set when the plugin could not be loaded: the core then
/// shows it and hangs up.
struct Hello {
  std::string name;  ///< of the configured notifier
  std::string plugin;
  std::string plugin_version;
  std::string channels;
  std::string config_schema;
  bool can_query = false;
  std::string problem;
  bool operator==(const Hello&) const = default;
};
struct Config {
  Channel channel = Channel::email;
  std::string config_json;
  std::chrono::milliseconds send_timeout{};
  bool operator==(const Config&) const = default;
};
struct Ready {
  bool operator==(const Ready&) const = default;
};
struct Send {
  std::vector<OutgoingMessage> messages;
  bool operator==(const Send&) const = default;
};
struct Results {
  std::vector<SendResult> results;
  bool operator==(const Results&) const = default;
};
struct Ask {
  std::vector<StatusQuery> queries;
  bool operator==(const Ask&) const = default;
};
struct Answers {
  std::vector<SendResult> results;
  bool operator==(const Answers&) const = default;
};
struct Ping {
  std::uint64_t number = 0;
  bool operator==(const Ping&) const = default;
};
struct Pong {
  std::uint64_t number = 0;
  bool operator==(const Pong&) const = default;
};
struct Drain {
  bool operator==(const Drain&) const = default;
};
struct Bye {
  std::string reason;
  bool operator==(const Bye&) const = default;
};
struct Log {
  std::uint8_t level = 6;  ///< syslog's numbers
  std::string text;
  bool operator==(const Log&) const = default;
};

/// In the order of their type bytes, which start at 1.
using Frame =
    std::variant<Hello, Config, Ready, Send, Results, Ask, Answers, Ping, Pong, Drain, Bye, Log>;

struct DecodeError {
  std::string why;
};

/// The frame's bytes, ready to write. The limits above are the caller's duty (ensure).
std::string encode(const Frame& frame);

/// What a message weighs inside a Send frame.
std::size_t weight(const OutgoingMessage& message);

/// A frame found at the start of a buffer, and how many bytes it took. `consumed` 0: more bytes are
/// needed and `frame` means nothing.
struct Decoded {
  Frame frame;
  std::size_t consumed = 0;
};
tl::expected<Decoded, DecodeError> decode(std::string_view buffer);

}  // namespace rappel::notify::frame
