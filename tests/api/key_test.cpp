// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <set>

#include "api/key.hpp"

using namespace rappel;
using namespace rappel::api;

namespace {

const Instant now = *parse_rfc3339("2026-11-24T08:00:00Z");

MintedKey minted(std::string_view kind = "live") {
  return mint_key(TenantId::random(), kind, "tests", now);
}

}  // namespace

TEST_CASE("a minted key is taken apart again into what is stored") {
  for (const std::string kind : {"live", "team", "test"}) {
    const auto key = minted(kind);
    const auto parsed = parse_key(key.text.reveal());
    REQUIRE(parsed);
    CHECK(parsed->kind == kind);
    CHECK(parsed->id == key.row.id);
    CHECK(hash_of_secret(parsed->secret) == key.row.secret_hash_hex);
    CHECK(key.row.created_at == now);
  }
}

TEST_CASE("what is stored does not contain the secret") {
  const auto key = minted();
  const auto secret = parse_key(key.text.reveal())->secret.reveal();
  CHECK(secret.size() == 43);
  CHECK(key.row.secret_hash_hex.size() == 64);
  CHECK(key.row.secret_hash_hex.find(secret) == std::string::npos);
}

TEST_CASE("any single wrong character of a key is noticed without a look-up") {
  const auto text = minted().text.reveal();
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto wrong = text;
    wrong[i] = wrong[i] == 'x' ? 'y' : 'x';
    CHECK_MESSAGE(!parse_key(wrong), i);
  }
  CHECK_FALSE(parse_key(""));
  CHECK_FALSE(parse_key(text + "a"));
  CHECK_FALSE(parse_key(text.substr(1)));
  CHECK_FALSE(parse_key("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9."));
}

TEST_CASE("two swapped characters of a key are noticed") {
  const auto text = minted().text.reveal();
  for (std::size_t i = 9; i + 1 < text.size(); ++i) {
    if (text[i] == text[i + 1]) continue;
    auto wrong = text;
    std::swap(wrong[i], wrong[i + 1]);
    CHECK_FALSE(parse_key(wrong));
  }
}

TEST_CASE("keys do not repeat") {
  std::set<std::string> ids;
  std::set<std::string> hashes;
  for (int i = 0; i < 500; ++i) {
    const auto key = minted();
    ids.insert(key.row.id);
    hashes.insert(key.row.secret_hash_hex);
  }
  CHECK(ids.size() == 500);
  CHECK(hashes.size() == 500);
}

TEST_CASE("the hash of a secret is SHA-256") {
  CHECK(hash_of_secret(Secret("abc")) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(same_hash("ab", "ab"));
  CHECK_FALSE(same_hash("ab", "ac"));
  CHECK_FALSE(same_hash("ab", "abc"));
}
