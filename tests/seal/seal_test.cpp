// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <set>

#include "seal/blind_index.hpp"
#include "seal/envelope.hpp"

using namespace rappel;
using namespace rappel::seal;

namespace {

struct Fixture {
  TenantId tenant = TenantId::random();
  CitizenId citizen = CitizenId::random();
  CitizenKey key = CitizenKey::random();
  Place place{tenant, citizen, "event.data", "row-1"};
};

std::string raw(const KeyBytes& key) {
  return std::string(reinterpret_cast<const char*>(key.data()), key_bytes);
}

}  // namespace

TEST_CASE("a sealed fact opens again in its own place") {
  const Fixture f;
  for (const std::string& clear : {std::string(), std::string("Lyon"), std::string(100'000, 'x'),
                                   std::string("a\0b", 3)}) {
    const auto blob = seal::seal(f.key, clear, f.place);
    CHECK(open(f.key, blob, f.place).value() == clear);
  }
}

TEST_CASE("a sealed fact does not show its text and never looks the same twice") {
  const Fixture f;
  const auto one = seal::seal(f.key, "Villeneuve", f.place);
  CHECK(one.find("Villeneuve") == std::string::npos);
  CHECK(one != seal::seal(f.key, "Villeneuve", f.place));
}

TEST_CASE("a sealed fact with any one bit changed is refused as damaged") {
  const Fixture f;
  const auto blob = seal::seal(f.key, "Lyon", f.place);
  for (std::size_t at = 0; at < blob.size(); ++at) {
    auto changed = blob;
    changed[at] = char(changed[at] ^ 1);
    const auto opened = open(f.key, changed, f.place);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == "damaged");
  }
}

TEST_CASE("a sealed fact that is cut at any length is refused") {
  const Fixture f;
  const auto blob = seal::seal(f.key, "Lyon", f.place);
  for (std::size_t length = 0; length < blob.size(); ++length)
    CHECK_FALSE(open(f.key, std::string_view(blob).substr(0, length), f.place));
}

TEST_CASE("a sealed fact opens in no other place and with no other key") {
  const Fixture f;
  const auto blob = seal::seal(f.key, "Lyon", f.place);
  const auto elsewhere = [&](auto&& move) {
    Place place = f.place;
    move(place);
    return bool(open(f.key, blob, place));
  };
  CHECK_FALSE(elsewhere([](Place& p) { p.tenant = TenantId::random(); }));
  CHECK_FALSE(elsewhere([](Place& p) { p.citizen = CitizenId::random(); }));
  CHECK_FALSE(elsewhere([](Place& p) { p.column = "task.detail"; }));
  CHECK_FALSE(elsewhere([](Place& p) { p.row = "row-2"; }));
  CHECK_FALSE(open(CitizenKey::random(), blob, f.place));
}

TEST_CASE("column and row cannot borrow letters from each other") {
  const Fixture f;
  const auto blob = seal::seal(f.key, "Lyon", {f.tenant, f.citizen, "a.bc", "d"});
  CHECK_FALSE(open(f.key, blob, {f.tenant, f.citizen, "a.b", "cd"}));
}

TEST_CASE("a wrapped key comes back for its own citizen only") {
  const Fixture f;
  const MasterKey master{KeyBytes::random(), 7};
  const auto wrapped = wrap(master, f.key, f.tenant, f.citizen);
  CHECK(raw(unwrap(master, wrapped, f.tenant, f.citizen)->bytes) == raw(f.key.bytes));
  CHECK_FALSE(unwrap(master, wrapped, f.tenant, CitizenId::random()));
  CHECK_FALSE(unwrap(master, wrapped, TenantId::random(), f.citizen));
  CHECK_FALSE(unwrap({KeyBytes::random(), 7}, wrapped, f.tenant, f.citizen));
  CHECK(wrapped.find(raw(f.key.bytes)) == std::string::npos);
}

TEST_CASE("a wrapped key names its epoch and refuses another one") {
  const Fixture f;
  const KeyBytes bytes = KeyBytes::random();
  auto wrapped = wrap({bytes, 0x01020304}, f.key, f.tenant, f.citizen);
  CHECK(wrapped.substr(1, 4) == "\x01\x02\x03\x04");
  CHECK_FALSE(unwrap({bytes, 5}, wrapped, f.tenant, f.citizen));
  wrapped[4] = 5;
  CHECK_FALSE(unwrap({bytes, 0x01020305}, wrapped, f.tenant, f.citizen));
  CHECK_FALSE(unwrap({bytes, 5}, "", f.tenant, f.citizen));
}

TEST_CASE("a key is read from hexadecimal digits or raw bytes and from nothing else") {
  const Secret hex = generate_key_hex();
  CHECK(hex.reveal().size() == 64);
  const auto key = KeyBytes::from(hex, "master key");
  REQUIRE(key);
  CHECK(raw(*KeyBytes::from(Secret{raw(*key)}, "master key")) == raw(*key));
  for (const auto& bad : {std::string(), std::string("abc"), std::string(64, 'g'),
                          hex.reveal() + "0", hex.reveal().substr(1)}) {
    const auto refused = KeyBytes::from(Secret{bad}, "index key");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().detail.find("index key") != std::string::npos);
    if (!bad.empty()) CHECK(to_string(refused.error()).find(bad) == std::string::npos);
  }
}

TEST_CASE("a raw key whose last byte was taken for a newline is still the same key") {
  const std::string bytes = std::string(31, 'k') + "\n";
  CHECK(raw(*KeyBytes::from(Secret{bytes.substr(0, 31)}, "key")) == bytes);
}

TEST_CASE("the blind index is stable under one key and differs by key and tenant and reference") {
  const KeyBytes key = KeyBytes::random();
  const TenantId tenant = TenantId::random();
  const BlindIndex index{key};
  CHECK(index.index(tenant, "A-1") == BlindIndex{key}.index(tenant, "A-1"));
  CHECK(index.index(tenant, "A-1") != index.index(tenant, "A-2"));
  CHECK(index.index(tenant, "A-1") != index.index(TenantId::random(), "A-1"));
  CHECK(index.index(tenant, "A-1") != BlindIndex{KeyBytes::random()}.index(tenant, "A-1"));
}

TEST_CASE("the shard is the first byte of the blind index and references spread over all shards") {
  const BlindIndex index{KeyBytes::random()};
  const TenantId tenant = TenantId::random();
  std::set<int> shards;
  for (int i = 0; i < 4000; ++i) {
    const auto reference = std::to_string(i);
    const Shard shard = index.shard(tenant, reference);
    CHECK(shard.number == index.index(tenant, reference)[0]);
    shards.insert(shard.number);
  }
  CHECK(shards.size() > 250);
}

TEST_CASE("a keyring says which of its two keys is wrong") {
  const Secret good = generate_key_hex();
  CHECK(Keyring::from(good, good));
  CHECK(Keyring::from(Secret{"x"}, good).error().detail.find("master key") != std::string::npos);
  CHECK(Keyring::from(good, Secret{"x"}).error().detail.find("index key") != std::string::npos);
}
