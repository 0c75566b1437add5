// SPDX-License-Identifier: Apache-2.0
#include "notify/frame.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <random>

using namespace rappel;
using namespace rappel::notify;

namespace {

/// Frames of every kind with contents drawn from a seed.
class FrameMaker {
 public:
  explicit FrameMaker(unsigned seed) : random_(seed) {}

  frame::Frame any() {
    switch (below(12)) {
      case 0:
        return frame::Hello{text(), text(), text(), text(), text(), flip(), text()};
      case 1:
        return frame::Config{channel(), text(), std::chrono::milliseconds(below(100'000))};
      case 2:
        return frame::Ready{};
      case 3:
        return frame::Send{list<OutgoingMessage>([this] { return message(); })};
      case 4:
        return frame::Results{list<SendResult>([this] { return result(); })};
      case 5:
        return frame::Ask{list<StatusQuery>([this] { return query(); })};
      case 6:
        return frame::Answers{list<SendResult>([this] { return result(); })};
      case 7:
        return frame::Ping{random_()};
      case 8:
        return frame::Pong{random_()};
      case 9:
        return frame::Drain{};
      case 10:
        return frame::Bye{text()};
      default:
        return frame::Log{std::uint8_t(below(8)), text()};
    }
  }

  std::size_t below(std::size_t end) { return random_() % end; }

 private:
  bool flip() { return below(2) == 0; }
  Channel channel() { return Channel(below(7)); }
  DeliveryId id() { return DeliveryId::derived(Shard{std::uint8_t(below(256))}, text()); }

  std::string text() {
    std::string bytes(below(40), '\0');
    for (char& byte : bytes) byte = char(below(256));
    return bytes;
  }

  template <typename Item, typename Make>
  std::vector<Item> list(Make make) {
    std::vector<Item> items(below(4));
    for (auto& item : items) item = make();
    return items;
  }

  OutgoingMessage message() {
    OutgoingMessage message{id(),   std::uint32_t(below(9)),
                            text(), channel(),
                            text(), text(),
                            text(), text(),
                            text(), text(),
                            text(), text()};
    message.headers = list<std::pair<std::string, std::string>>([this] {
      return std::pair{text(), text()};
    });
    message.sms_segments = std::uint32_t(below(5));
    message.composed_at = Instant{std::chrono::microseconds(below(1u << 30))};
    if (flip()) message.expires_at = Instant{std::chrono::microseconds(below(1u << 30))};
    return message;
  }

  SendResult result() {
    SendResult result{id(), std::uint32_t(below(9)), ResultClass(below(8)), text(), {}, text()};
    if (flip()) result.retry_after = std::chrono::seconds(below(1000));
    return result;
  }

  StatusQuery query() { return {id(), std::uint32_t(below(9)), text(), text()}; }

  std::mt19937_64 random_;
};

constexpr int rounds = 2000;

}  // namespace

TEST_CASE("every frame reads back as it was written") {
  FrameMaker make(20261124);
  for (int round = 0; round < rounds; ++round) {
    const auto frame = make.any();
    const auto bytes = frame::encode(frame);
    const auto decoded = frame::decode(bytes + "the next frame");
    REQUIRE(decoded);
    CHECK(decoded->consumed == bytes.size());
    CHECK((decoded->frame == frame));
  }
}

TEST_CASE("a frame cut short asks for more bytes") {
  FrameMaker make(2);
  for (int round = 0; round < rounds / 10; ++round) {
    const auto bytes = frame::encode(make.any());
    for (std::size_t size = 0; size < bytes.size(); size += 1 + size / 8) {
      const auto decoded = frame::decode(bytes.substr(0, size));
      REQUIRE(decoded);
      CHECK(decoded->consumed == 0);
    }
  }
}

TEST_CASE("mutated bytes give a frame or an error and never more bytes than were there") {
  FrameMaker make(3);
  int refused = 0;
  for (int round = 0; round < rounds; ++round) {
    auto bytes = frame::encode(make.any());
    for (std::size_t flips = 1 + make.below(4); flips > 0; --flips)
      bytes[make.below(bytes.size())] = char(make.below(256));
    const auto decoded = frame::decode(bytes);
    if (!decoded)
      ++refused;
    else
      CHECK(decoded->consumed <= bytes.size());
  }
  CHECK(refused > rounds / 10);
}

TEST_CASE("a body that lies about its length is an error") {
  auto bytes = frame::encode(frame::Bye{"reason"});
  SUBCASE("too short for its text") {
    bytes[0] = 6;
    bytes.resize(frame::head_bytes + 6);
  }
  SUBCASE("longer than its text") {
    bytes[0] = 11;
    bytes += 'x';
  }
  CHECK_FALSE(frame::decode(bytes));
}

TEST_CASE("a frame over the limit is refused from its head alone") {
  const std::uint32_t length = frame::body_bytes_max + 1;
  std::string head(frame::head_bytes, '\1');
  std::memcpy(head.data(), &length, sizeof length);
  const auto decoded = frame::decode(head);
  REQUIRE_FALSE(decoded);
  CHECK(decoded.error().why == "the frame is over its limit");
}

TEST_CASE("an unknown type and another version are refused") {
  auto unknown = frame::encode(frame::Ready{});
  unknown[4] = 99;
  CHECK(frame::decode(unknown).error().why == "the frame's type is unknown");
  auto other = frame::encode(frame::Ready{});
  other[5] = 2;
  CHECK(frame::decode(other).error().why ==
        "the other side speaks another version of the protocol");
}

TEST_CASE("a batch or a text over its limit is refused") {
  auto batch = frame::encode(frame::Results{});
  const std::uint32_t count = frame::batch_count_max + 1;
  std::memcpy(batch.data() + frame::head_bytes, &count, sizeof count);
  CHECK(frame::decode(batch).error().why == "a list is over its limit");
  auto text = frame::encode(frame::Bye{""});
  const std::uint32_t size = frame::text_bytes_max + 1;
  std::memcpy(text.data() + frame::head_bytes, &size, sizeof size);
  CHECK(frame::decode(text).error().why == "a text is over its limit");
}

TEST_CASE("a message never weighs more in a frame than it is said to") {
  OutgoingMessage message;
  message.text = std::string(1000, 'x');
  message.headers = {{"A", "b"}, {"C", "d"}};
  const auto empty = frame::encode(frame::Send{}).size();
  CHECK(frame::encode(frame::Send{{message}}).size() - empty <= frame::weight(message));
}
