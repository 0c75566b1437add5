// SPDX-License-Identifier: Apache-2.0
#include "notify/frame.hpp"

#include <bit>

#include "notify/wire.hpp"

static_assert(std::endian::native == std::endian::little, "frames are little-endian");

namespace rappel::notify::frame {
namespace {

constexpr std::uint8_t channel_count = std::uint8_t(Channel::webhook) + 1;
constexpr std::uint8_t result_class_count = std::uint8_t(ResultClass::unknown) + 1;
constexpr std::int64_t no_instant = INT64_MIN;
constexpr std::int64_t no_duration = -1;

void put(Writer& out, const Hello& hello) {
  out.text(hello.name);
  out.text(hello.plugin);
  out.text(hello.plugin_version);
  out.text(hello.channels);
  out.text(hello.config_schema);
  out.number(std::uint8_t(hello.can_query));
  out.text(hello.problem);
}

void get(Reader& in, Hello& hello) {
  hello.name = in.text();
  hello.plugin = in.text();
  hello.plugin_version = in.text();
  hello.channels = in.text();
  hello.config_schema = in.text();
  hello.can_query = in.number<std::uint8_t>() != 0;
  hello.problem = in.text();
}

void put(Writer& out, const Config& config) {
  out.number(std::uint8_t(config.channel));
  out.text(config.config_json);
  out.number(std::uint32_t(config.send_timeout.count()));
}

void get(Reader& in, Config& config) {
  config.channel = in.enumerator<Channel>(channel_count);
  config.config_json = in.text();
  config.send_timeout = std::chrono::milliseconds(in.number<std::uint32_t>());
}

void put(Writer&, const Ready&) {}
void get(Reader&, Ready&) {}
void put(Writer&, const Drain&) {}
void get(Reader&, Drain&) {}

void put(Writer& out, const OutgoingMessage& message) {
  out.id(message.delivery);
  out.number(message.attempt);
  out.text(message.idempotency_key);
  out.number(std::uint8_t(message.channel));
  for (const auto* text : {&message.to, &message.to_name, &message.from_name, &message.language,
                           &message.subject, &message.text, &message.html, &message.private_body})
    out.text(*text);
  out.count(message.headers.size(), header_count_max);
  for (const auto& [name, value] : message.headers) {
    out.text(name);
    out.text(value);
  }
  out.number(message.sms_segments);
  out.number(std::int64_t(message.composed_at.time_since_epoch().count()));
  out.number(std::int64_t(message.expires_at ? message.expires_at->time_since_epoch().count()
                                             : no_instant));
}

void get(Reader& in, OutgoingMessage& message) {
  message.delivery = in.id();
  message.attempt = in.number<std::uint32_t>();
  message.idempotency_key = in.text();
  message.channel = in.enumerator<Channel>(channel_count);
  for (auto* text : {&message.to, &message.to_name, &message.from_name, &message.language,
                     &message.subject, &message.text, &message.html, &message.private_body})
    *text = in.text();
  message.headers.resize(in.count(header_count_max));
  for (auto& [name, value] : message.headers) {
    name = in.text();
    value = in.text();
  }
  message.sms_segments = in.number<std::uint32_t>();
  message.composed_at = Instant{std::chrono::microseconds(in.number<std::int64_t>())};
  if (const auto expires = in.number<std::int64_t>(); expires != no_instant)
    message.expires_at = Instant{std::chrono::microseconds(expires)};
}

void put(Writer& out, const SendResult& result) {
  out.id(result.delivery);
  out.number(result.attempt);
  out.number(std::uint8_t(result.result));
  out.text(result.provider_id);
  out.number(std::int64_t(result.retry_after ? result.retry_after->count() : no_duration));
  out.text(result.detail);
}

void get(Reader& in, SendResult& result) {
  result.delivery = in.id();
  result.attempt = in.number<std::uint32_t>();
  result.result = in.enumerator<ResultClass>(result_class_count);
  result.provider_id = in.text();
  if (const auto seconds = in.number<std::int64_t>(); seconds >= 0)
    result.retry_after = std::chrono::seconds(seconds);
  result.detail = in.text();
}

void put(Writer& out, const StatusQuery& query) {
  out.id(query.delivery);
  out.number(query.attempt);
  out.text(query.idempotency_key);
  out.text(query.provider_id);
}

void get(Reader& in, StatusQuery& query) {
  query.delivery = in.id();
  query.attempt = in.number<std::uint32_t>();
  query.idempotency_key = in.text();
  query.provider_id = in.text();
}

template <typename Item>
void put_list(Writer& out, const std::vector<Item>& items) {
  out.count(items.size(), batch_count_max);
  for (const auto& item : items) put(out, item);
}

template <typename Item>
void get_list(Reader& in, std::vector<Item>& items) {
  items.resize(in.count(batch_count_max));
  for (auto& item : items) get(in, item);
}

void put(Writer& out, const Send& send) {
  put_list(out, send.messages);
}
void get(Reader& in, Send& send) {
  get_list(in, send.messages);
}
void put(Writer& out, const Results& results) {
  put_list(out, results.results);
}
void get(Reader& in, Results& results) {
  get_list(in, results.results);
}
void put(Writer& out, const Ask& ask) {
  put_list(out, ask.queries);
}
void get(Reader& in, Ask& ask) {
  get_list(in, ask.queries);
}
void put(Writer& out, const Answers& answers) {
  put_list(out, answers.results);
}
void get(Reader& in, Answers& answers) {
  get_list(in, answers.results);
}
void put(Writer& out, const Ping& ping) {
  out.number(ping.number);
}
void get(Reader& in, Ping& ping) {
  ping.number = in.number<std::uint64_t>();
}
void put(Writer& out, const Pong& pong) {
  out.number(pong.number);
}
void get(Reader& in, Pong& pong) {
  pong.number = in.number<std::uint64_t>();
}
void put(Writer& out, const Bye& bye) {
  out.text(bye.reason);
}
void get(Reader& in, Bye& bye) {
  bye.reason = in.text();
}

void put(Writer& out, const Log& log) {
  out.number(log.level);
  out.text(log.text);
}

void get(Reader& in, Log& log) {
  log.level = in.number<std::uint8_t>();
  log.text = in.text();
}

tl::unexpected<DecodeError> wrong(std::string why) {
  return tl::unexpected<DecodeError>(DecodeError{std::move(why)});
}

template <typename Kind>
tl::expected<Frame, DecodeError> read_body(std::string_view body) {
  Reader in{body};
  Kind frame;
  get(in, frame);
  if (in.failed()) return wrong(in.why());
  if (!in.at_end()) return wrong("bytes are left after the last field");
  return Frame{std::move(frame)};
}

template <std::size_t... Index>
tl::expected<Frame, DecodeError> read_type(std::size_t type, std::string_view body,
                                           std::index_sequence<Index...>) {
  tl::expected<Frame, DecodeError> frame = wrong("the frame's type is unknown");
  static_cast<void>(((type == Index + 1 &&
                      (frame = read_body<std::variant_alternative_t<Index, Frame>>(body), true)) ||
                     ...));
  return frame;
}

}  // namespace

std::string encode(const Frame& frame) {
  std::string bytes(head_bytes, '\0');
  Writer out{bytes};
  std::visit([&](const auto& kind) { put(out, kind); }, frame);
  const std::size_t body = bytes.size() - head_bytes;
  ensure(body <= body_bytes_max, "a frame fits its limit");
  const auto length = std::uint32_t(body);
  std::memcpy(bytes.data(), &length, sizeof length);
  bytes[4] = char(frame.index() + 1);
  bytes[5] = char(protocol_version);
  return bytes;
}

std::size_t weight(const OutgoingMessage& message) {
  constexpr std::size_t fixed_bytes = 128;
  std::size_t bytes = fixed_bytes + message.idempotency_key.size() + message.to.size() +
                      message.to_name.size() + message.from_name.size() + message.language.size() +
                      message.subject.size() + message.text.size() + message.html.size() +
                      message.private_body.size();
  for (const auto& [name, value] : message.headers) bytes += 8 + name.size() + value.size();
  return bytes;
}

tl::expected<Decoded, DecodeError> decode(std::string_view buffer) {
  if (buffer.size() < head_bytes) return Decoded{};
  std::uint32_t length = 0;
  std::memcpy(&length, buffer.data(), sizeof length);
  if (length > body_bytes_max) return wrong("the frame is over its limit");
  if (std::uint8_t(buffer[5]) != protocol_version)
    return wrong("the other side speaks another version of the protocol");
  if (buffer.size() < head_bytes + length) return Decoded{};
  constexpr auto types = std::make_index_sequence<std::variant_size_v<Frame>>{};
  auto frame = read_type(std::uint8_t(buffer[4]), buffer.substr(head_bytes, length), types);
  if (!frame) return tl::unexpected<DecodeError>(std::move(frame.error()));
  return Decoded{std::move(*frame), head_bytes + length};
}

}  // namespace rappel::notify::frame
