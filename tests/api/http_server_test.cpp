// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <vector>

#include "api/http/guarded_server.hpp"
#include "api/http/listener.hpp"
#include "api/wire.hpp"
#include "base/steady.hpp"

using namespace rappel;
using namespace rappel::api;
using rappel::api::tests::Wire;
using std::chrono::milliseconds;

namespace {

const std::string honest = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

HttpOptions quick() {
  HttpOptions options;
  options.listen = "127.0.0.1:0";
  options.threads = 2;
  options.request_time = milliseconds{400};
  options.idle_time = milliseconds{400};
  options.response_time = milliseconds{400};
  options.linger_time = milliseconds{200};
  return options;
}

/// A server that counts what reaches its handler and echoes the body.
struct Echo {
  explicit Echo(HttpOptions options = quick())
      : server(std::move(options), [this](const HttpRequest& request) { return handle(request); }) {
    server.start();
  }
  HttpResponse handle(const HttpRequest& request) {
    ++handled;
    if (request.path() == "/throw") throw std::runtime_error("pgpass=secret");
    HttpResponse response;
    response.content_type = "text/plain";
    response.body = request.path() == "/large" ? std::string(64 << 20, 'x') : request.body;
    if (const auto* name = request.header("x-name")) response.headers.push_back({"X-Name", *name});
    return response;
  }
  Wire connect() { return Wire(server.port()); }
  int status(const std::string& bytes) { return connect().ask(bytes).status; }

  std::atomic<int> handled{0};
  GuardedServer server;
};

/// What the process holds in memory; nothing under the address sanitizer, which holds more on purpose.
std::size_t resident_bytes() {
#ifdef __SANITIZE_ADDRESS__
  return 0;
#else
  std::ifstream file("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  file >> total >> resident;
  return resident * 4096;
#endif
}

std::string post(std::string_view body, std::string_view more = "") {
  return fmt::format("POST /echo HTTP/1.1\r\nHost: a\r\n{}Content-Length: {}\r\n\r\n{}", more,
                     body.size(), body);
}

bool served_soon(Echo& echo) {
  const auto began = steady_now();
  const bool served = echo.status(honest) == 200;
  return served && steady_now() - began < std::chrono::seconds{1};
}

}  // namespace

TEST_CASE("an honest connection carries many requests") {
  Echo echo;
  auto wire = echo.connect();
  for (int i = 0; i < 50; ++i) {
    const auto answer = wire.ask(post(fmt::format("body {}", i)));
    REQUIRE(answer.status == 200);
    REQUIRE(answer.body == fmt::format("body {}", i));
  }
  CHECK(echo.handled == 50);
}

TEST_CASE("requests sent at once are answered in their order") {
  Echo echo;
  auto wire = echo.connect();
  wire.send(post("one") + post("two") + post("three"));
  CHECK(wire.receive().body == "one");
  CHECK(wire.receive().body == "two");
  CHECK(wire.receive().body == "three");
}

TEST_CASE("every answer forbids storing and guessing and names its request") {
  Echo echo;
  const auto answer = echo.connect().ask(honest);
  CHECK(answer.headers.at("cache-control") == "no-store");
  CHECK(answer.headers.at("x-content-type-options") == "nosniff");
  CHECK(answer.headers.at("request-id").size() == 36);
}

TEST_CASE("a body in chunks is put together and a HEAD has no body") {
  Echo echo;
  const auto answer = echo.connect().ask(
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
      "a\r\n0123456789\r\n0\r\n\r\n");
  CHECK(answer.body == "abc0123456789");
  auto wire = echo.connect();
  wire.send("HEAD /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  CHECK(wire.receive(false).status == 200);
  CHECK(wire.at_end());
}

TEST_CASE("a client that expects 100 Continue is told to go on and then cut off when silent") {
  Echo echo;
  auto wire = echo.connect();
  const auto first =
      wire.ask("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
  CHECK(first.status == 100);
  CHECK(wire.ask("abcd").body == "abcd");
  auto silent = echo.connect();
  CHECK(silent.ask("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                   "Content-Length: 4\r\n\r\n").status == 100);
  CHECK(silent.receive().status == 408);
  CHECK(silent.at_end());
}

TEST_CASE("a smuggled second request is never executed") {
  Echo echo;
  const std::string second = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
  const std::vector<std::pair<std::string, int>> heads{
      {"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 54\r\nTransfer-Encoding: chunked\r\n\r\n"
       "0\r\n\r\n", 400},
      {"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n", 400},
      {"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello", 400},
      {"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: abc\r\n\r\n", 400},
      {"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello", 400},
      {"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 501},
      {"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501},
      {"GET /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 40\r\n\r\n", 400}};
  for (const auto& [head, status] : heads) {
    auto wire = echo.connect();
    wire.send(head);
    CHECK_MESSAGE(wire.receive().status == status, head);
    wire.send(second);
    CHECK_MESSAGE(wire.at_end(), head);
  }
  CHECK(echo.handled == 0);
}

TEST_CASE("chunk sizes are hexadecimal digits and nothing else") {
  Echo echo;
  for (const std::string size : {"-2", "10000000000000000", "0x10", "g", " 5", "5;ext=1", "+5", ""}) {
    CHECK_MESSAGE(echo.status("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" +
                              size + "\r\nabc\r\n0\r\n\r\n") == 400, size);
  }
  CHECK(echo.handled == 0);
}

TEST_CASE("a body over the limit is refused at its length or at its last allowed chunk") {
  auto options = quick();
  options.body_bytes_max = 64 * 1024;
  Echo echo(options);
  CHECK(echo.status("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n") == 413);
  CHECK(echo.status("POST /echo HTTP/1.1\r\nHost: a\r\n"
                    "Content-Length: 99999999999999999999\r\n\r\n") == 413);
  std::string chunks = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 17; ++i) chunks += "1000\r\n" + std::string(4096, 'x') + "\r\n";
  CHECK(echo.status(chunks) == 413);
  CHECK(echo.status("POST /echo HTTP/1.1\r\nHost: a\r\n\r\n") == 411);
  CHECK(echo.handled == 0);
}

TEST_CASE("an endless header line is cut at the limit and costs no memory") {
  Echo echo;
  const auto before = resident_bytes();
  const std::string megabyte(1 << 20, 'A');
  auto wire = echo.connect();
  wire.send("GET / HTTP/1.1\r\nX-A: ");
  std::size_t taken = 0;
  for (int i = 0; i < 64; ++i) taken += wire.send(megabyte);
  CHECK(taken < 64u << 20);
  CHECK(resident_bytes() < before + (8u << 20));
  auto shapeless = echo.connect();
  CHECK(shapeless.ask(std::string(20'000, 'A')).status == 400);
  CHECK(served_soon(echo));
}

TEST_CASE("three hundred thousand headers are refused and leave no memory behind") {
  Echo echo;
  std::string request = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 300'000; ++i) request += fmt::format("X-{}: a\r\n", i);
  const auto before = resident_bytes();
  for (int i = 0; i < 6; ++i) CHECK(echo.status(request) == 431);
  std::string few = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 65; ++i) few += fmt::format("X-{}: a\r\n", i);
  CHECK(echo.status(few + "\r\n") == 431);
  CHECK(resident_bytes() < before + (16u << 20));
  CHECK(echo.handled == 0);
}

TEST_CASE("slow clients are freed at the deadline while honest ones are served") {
  Echo echo;
  std::vector<Wire> slow;
  for (int i = 0; i < 200; ++i) {
    slow.push_back(echo.connect());
    slow.back().send(i % 2 == 0 ? "GET / HT" : "POST /echo HTTP/1.1\r\nHost: a\r\n"
                                               "Content-Length: 100\r\n\r\nab");
  }
  CHECK(served_soon(echo));
  for (auto& wire : slow) {
    CHECK(wire.receive().status == 408);
    CHECK(wire.at_end());
  }
  CHECK(echo.handled == 1);
}

TEST_CASE("silent connections hold no thread and are closed when their time is over") {
  Echo echo;
  std::vector<Wire> idle;
  for (int i = 0; i < 300; ++i) idle.push_back(echo.connect());
  CHECK(served_soon(echo));
  for (auto& wire : idle) CHECK(wire.at_end());
}

TEST_CASE("a newcomer finds room when every place is taken by silent connections") {
  auto options = quick();
  options.connections_max = 20;
  options.request_time = std::chrono::seconds{60};
  Echo echo(options);
  std::vector<Wire> idle;
  for (int i = 0; i < 20; ++i) idle.push_back(echo.connect());
  CHECK(served_soon(echo));
}

TEST_CASE("a client that does not read its answer is let go") {
  auto options = quick();
  Echo echo(options);
  auto wire = echo.connect();
  const int small = 4096;
  ::setsockopt(wire.fd(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  wire.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(served_soon(echo));
  echo.server.stop(std::chrono::seconds{5});
  CHECK(echo.server.connections() == 0);
}

TEST_CASE("what unfinished bodies hold together stays under its limit") {
  auto options = quick();
  options.request_time = std::chrono::seconds{30};
  options.body_bytes_max = 256 * 1024;
  options.buffered_bytes_max = 1024 * 1024;
  Echo echo(options);
  const auto before = resident_bytes();
  const std::string part(200 * 1024, 'x');
  std::vector<Wire> greedy;
  for (int i = 0; i < 100; ++i) {
    greedy.push_back(echo.connect());
    greedy.back().send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 262144\r\n\r\n" + part);
  }
  CHECK(echo.connect().ask(post("small")).body == "small");
  CHECK(resident_bytes() < before + (16u << 20));
}

TEST_CASE("what only one parser would accept is refused") {
  Echo echo;
  const std::vector<std::pair<std::string, int>> cases{
      {"GET /h HTTP/1.1\nHost: a\n\n", 400},
      {"GET /h HTTP/1.1\r\nHost: a\r\n folded: x\r\n\r\n", 400},
      {"GET /h HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"GET /h HTTP/1.1\r\n\r\n", 400},
      {"GET /h" + std::string(1, '\0') + "x HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"GET /h HTTP/1.1\r\nHost: a\r\nX: a\x01z\r\n\r\n", 400},
      {"GET /h HTTP/1.1\r\nHost: a\r\nX : a\r\n\r\n", 400},
      {"GET /h HTTP/1.1\r\nHost: a\r\nREMOTE_ADDR: 127.0.0.1\r\n\r\n", 400},
      {"GET http://a/h HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"GET /h HTTP/2.0\r\nHost: a\r\n\r\n", 505},
      {"\x16\x03\x01\x00Q\x01", 400},
      {"TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 405},
      {"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
      {"get / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
      {"GET /" + std::string(5000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
      {"GET /h HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", 417}};
  for (const auto& [bytes, status] : cases) CHECK_MESSAGE(echo.status(bytes) == status, bytes);
  CHECK(echo.handled == 0);
}

TEST_CASE("compressed bodies and ranges are refused before anything is unpacked") {
  Echo echo;
  CHECK(echo.status(post("\x1f\x8b", "Content-Encoding: gzip\r\n")) == 415);
  std::string ranges = "bytes=0-";
  for (int i = 0; i < 1900; ++i) ranges += ",0-";
  CHECK(echo.status("GET /h HTTP/1.1\r\nHost: a\r\nRange: " + ranges + "\r\n\r\n") == 416);
  CHECK(echo.handled == 0);
}

TEST_CASE("an encoded line break in a header stays encoded") {
  Echo echo;
  const auto answer =
      echo.connect().ask("GET /h HTTP/1.1\r\nHost: a\r\nX-Name: a%0d%0aSet-Cookie: b=c\r\n\r\n");
  CHECK(answer.status == 200);
  CHECK(answer.headers.at("x-name") == "a%0d%0aSet-Cookie: b=c");
  CHECK(answer.headers.count("set-cookie") == 0);
}

TEST_CASE("a handler that throws tells the client nothing of why") {
  Echo echo;
  const auto answer = echo.connect().ask("GET /throw HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(answer.status == 500);
  CHECK(answer.headers.at("content-type") == "application/problem+json");
  CHECK(answer.body.find("secret") == std::string::npos);
  for (const auto& [name, value] : answer.headers)
    CHECK(value.find("secret") == std::string::npos);
}

TEST_CASE("a second server on one address fails aloud") {
  Echo echo;
  auto options = quick();
  options.listen = fmt::format("127.0.0.1:{}", echo.server.port());
  GuardedServer second(options, [](const HttpRequest&) { return HttpResponse{}; });
  CHECK_THROWS_AS(second.start(), std::runtime_error);
}

TEST_CASE("stopping answers what was asked and accepts nothing more") {
  std::promise<void> reached;
  std::promise<void> leave;
  GuardedServer server(quick(), [&](const HttpRequest&) {
    reached.set_value();
    leave.get_future().wait();
    return HttpResponse{200, "text/plain", "late", {}};
  });
  server.start();
  Wire wire(server.port());
  Wire idle(server.port());
  wire.send(honest);
  reached.get_future().wait();
  auto stopped = std::async(std::launch::async, [&] { server.stop(std::chrono::seconds{5}); });
  CHECK(idle.at_end());
  leave.set_value();
  const auto answer = wire.receive();
  CHECK(answer.body == "late");
  CHECK(wire.at_end());
  stopped.wait();
  CHECK_THROWS(Wire(server.port()));
}

TEST_CASE("a unix socket replaces a dead one and never a living one") {
  const auto folder = std::filesystem::temp_directory_path() / fmt::format("rappel-{}", ::getpid());
  std::filesystem::create_directory(folder);
  const ListenAddress where{(folder / "api.sock").string(), "", 0};
  {
    // A socket file whose owner has died without removing it.
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::copy_n(where.unix_path.data(), where.unix_path.size(), address.sun_path);
    REQUIRE(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    ::close(fd);
  }
  {
    const auto listener = Listener::open(where);
    struct stat info {};
    REQUIRE(::stat(where.unix_path.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0660);
    CHECK_THROWS_AS(Listener::open(where), std::runtime_error);
  }
  CHECK_FALSE(std::filesystem::exists(where.unix_path));
  std::ofstream(where.unix_path) << "a file";
  CHECK_THROWS_AS(Listener::open(where), std::runtime_error);
  std::filesystem::remove_all(folder);
}

TEST_CASE("a socket that the service manager opened is served") {
  auto listener = Listener::open({"", "127.0.0.1", 0});
  auto options = quick();
  options.inherited_fd = ::dup(listener.fd());
  Echo echo(options);
  CHECK(echo.server.port() == listener.port());
  CHECK(echo.status(honest) == 200);
  options.inherited_fd = 0;
  GuardedServer wrong(options, [](const HttpRequest&) { return HttpResponse{}; });
  CHECK_THROWS_AS(wrong.start(), std::runtime_error);
}
