// SPDX-License-Identifier: Apache-2.0
#include "api/http/exchange.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <typeinfo>

#include "api/http/problem_json.hpp"
#include "base/log.hpp"

namespace rappel::api {
namespace {

/// Reads from and writes to strings.
class MemoryStream final : public httplib::Stream {
 public:
  explicit MemoryStream(std::string_view input) : input_(input) {}

  [[nodiscard]] bool is_readable() const override { return !input_.empty(); }
  [[nodiscard]] bool is_writable() const override { return true; }
  ssize_t read(char* to, size_t size) override {
    const auto count = std::min(size, input_.size());
    std::copy_n(input_.data(), count, to);
    input_.remove_prefix(count);
    return ssize_t(count);
  }
  ssize_t write(const char* from, size_t size) override {
    output.append(from, size);
    return ssize_t(size);
  }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  [[nodiscard]] socket_t socket() const override { return INVALID_SOCKET; }

  std::string output;

 private:
  std::string_view input_;
};

bool is_header_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

/// Headers of every answer; and no control byte leaves in a header that we write.
void fill(const HttpResponse& from, const std::string& request_id, httplib::Response& to) {
  to.status = from.status;
  for (const auto& [name, value] : from.headers)
    if (is_header_text(value)) to.set_header(name, value);
  to.set_header("Cache-Control", "no-store");
  to.set_header("X-Content-Type-Options", "nosniff");
  to.set_header("Request-Id", request_id);
  to.set_content(from.body, from.content_type);
}

HttpResponse internal_error(const HttpRequest& request) {
  return to_response({500, "internal_error", "the request failed on an error of the server", {}, {}},
                     request.id);
}

/// What was thrown may quote a password or a person: only its type is written down.
HttpResponse guarded(const HttpRequest& request, const HttpHandler& handler) {
  try {
    return handler(request);
  } catch (const std::exception& error) {
    log::error("RPL-0601", "request {} failed: {}", request.id, typeid(error).name());
  } catch (...) {
    log::error("RPL-0602", "request {} failed on an unknown exception", request.id);
  }
  return internal_error(request);
}

/// One exchange. A httplib::Server that never listens: its parser and its writer alone are used.
class Exchange final : private httplib::Server {
 public:
  Exchange(const HttpRequest& request, const HttpHandler& handler) {
    set_pre_routing_handler([&](const httplib::Request& read, httplib::Response& response) {
      const bool agree = read.method == request.method && read.target == request.target;
      const Refusal refusal{400, "ambiguous_request", "the request can be read in two ways", {}, {}};
      fill(agree ? guarded(request, handler) : to_response(refusal, request.id), request.id,
           response);
      return HandlerResponse::Handled;
    });
    set_exception_handler([&](const httplib::Request&, httplib::Response& response,
                              const std::exception_ptr&) {
      fill(internal_error(request), request.id, response);
    });
    set_keep_alive_max_count(1000);
  }

  ExchangeResult run(const std::string& head_bytes, bool keep_alive) {
    MemoryStream stream(head_bytes);
    bool closed = !keep_alive;
    const bool done = process_request(stream, !keep_alive, closed, [](httplib::Request& request) {
      // Nothing is compressed: secrets and reflected text in one stream can be measured.
      request.headers.erase("Accept-Encoding");
      request.headers.erase("Expect");
    });
    return {std::move(stream.output), done && keep_alive && !closed};
  }
};

}  // namespace

ExchangeResult run_exchange(const std::string& head_bytes, const HttpRequest& request,
                            bool keep_alive, const HttpHandler& handler) {
  return Exchange(request, handler).run(head_bytes, keep_alive);
}

std::string refusal_bytes(const Refusal& refusal, const std::string& request_id) {
  const auto response = to_response(refusal, request_id);
  std::string out = fmt::format(
      "HTTP/1.1 {} {}\r\nConnection: close\r\nContent-Type: {}\r\nContent-Length: {}\r\n"
      "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nRequest-Id: {}\r\n",
      response.status, title_of(response.status), response.content_type, response.body.size(),
      request_id);
  for (const auto& [name, value] : response.headers) out += fmt::format("{}: {}\r\n", name, value);
  return out + "\r\n" + response.body;
}

}  // namespace rappel::api
