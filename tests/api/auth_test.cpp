// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <set>

#include "api/http/peer.hpp"
#include "api/office.hpp"

using namespace rappel;
using namespace rappel::api;
using rappel::api::tests::Office;

namespace {

using std::chrono::seconds;

/// An authenticator by itself, where time can be moved.
struct Door {
  Door() {
    REQUIRE(store.create_tenant(tenant));
    store.create_key(minted.row);
  }
  int knock(const std::string& key, const std::string& from = "192.0.2.1") {
    HttpRequest request;
    request.headers.push_back({"authorization", "Bearer " + key});
    const auto caller = authenticator.authenticate(request, from, clock.now(), steady);
    return caller ? 200 : caller.error().status;
  }
  [[nodiscard]] std::string key() const { return minted.text.reveal(); }

  VirtualClock clock{tests::office_opens};
  store::MemoryStore store{clock};
  store::Tenant tenant{TenantId::random(), "a", "A", "B", "0123456789"};
  MintedKey minted = mint_key(tenant.id, "live", "tests", clock.now(),
                              clock.now() + std::chrono::hours{1});
  std::chrono::microseconds steady = seconds{1000};
  Authenticator authenticator{store, {}};
};

std::string stranger() {
  return mint_key(TenantId::random(), "live", "", tests::office_opens).text.reveal();
}

}  // namespace

TEST_CASE("absent and mistyped and unknown and wrong keys get one and the same answer") {
  Office office;
  const auto unknown = stranger();
  const auto foreign = office.key;
  // The right id with another secret and its right checksum cannot be told from an unknown id.
  std::set<std::string> bodies;
  for (const std::string& header :
       {std::string(), std::string("Authorization: Bearer \r\n"),
        std::string("Authorization: Basic dXNlcjpwYXNz\r\n"), "Authorization: Bearer " + unknown + "\r\n",
        "Authorization: Bearer " + foreign + "x\r\n",
        std::string("Authorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.\r\n")}) {
    const std::string nobody;
    const auto answer = office.call("GET", "/v1/tasks", "", header, &nobody);
    CHECK(answer.status == 401);
    CHECK(answer.headers.at("www-authenticate").starts_with("Bearer"));
    auto body = Office::json(answer);
    body.erase("instance");
    bodies.insert(boost::json::serialize(body));
  }
  CHECK(bodies.size() == 1);
}

TEST_CASE("two Authorization headers are refused") {
  Office office;
  CHECK(office.call("GET", "/v1/tasks", "", "Authorization: Bearer other\r\n").status == 400);
}

TEST_CASE("a key is refused once it has expired") {
  Door door;
  CHECK(door.knock(door.key()) == 200);
  door.clock.set(door.clock.now() + std::chrono::hours{1});
  CHECK(door.knock(door.key()) == 401);
}

TEST_CASE("a revoked key is refused within a second") {
  Door door;
  CHECK(door.knock(door.key()) == 200);
  door.store.revoke_key(door.minted.row.id, door.clock.now());
  door.steady += std::chrono::milliseconds{999};
  CHECK(door.knock(door.key()) == 401);
}

TEST_CASE("an address that fails too often is told to wait and others are still served") {
  Door door;
  for (int i = 0; i < 10; ++i) CHECK(door.knock(stranger(), "192.0.2.66") == 401);
  for (int i = 0; i < 10; ++i) CHECK(door.knock(stranger(), "192.0.2.66") == 429);
  CHECK(door.knock(door.key(), "192.0.2.66") == 429);
  CHECK(door.knock(door.key(), "192.0.2.1") == 200);
  CHECK(door.knock(stranger(), "192.0.2.1") == 401);
  door.steady += seconds{60};
  CHECK(door.knock(stranger(), "192.0.2.66") == 401);
}

TEST_CASE("a key that was right before still opens from an address where another fails") {
  Door door;
  CHECK(door.knock(door.key(), "192.0.2.66") == 200);
  for (int i = 0; i < 20; ++i) door.knock(stranger(), "192.0.2.66");
  door.steady += seconds{10};
  CHECK(door.knock(door.key(), "192.0.2.66") == 200);
}

TEST_CASE("only a trusted proxy says who the client is") {
  HttpRequest request;
  request.peer = "127.0.0.1";
  request.headers.push_back({"x-forwarded-for", "1.2.3.4, 192.0.2.9"});
  CHECK(client_of(request, {}) == "127.0.0.1");
  CHECK(client_of(request, {"unix"}) == "127.0.0.1");
  CHECK(client_of(request, {"127.0.0.1"}) == "192.0.2.9");
  request.headers[0].value = "1.2.3.4, <script>";
  CHECK(client_of(request, {"127.0.0.1"}) == "127.0.0.1");
}
