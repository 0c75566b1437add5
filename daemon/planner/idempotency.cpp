// SPDX-License-Identifier: Apache-2.0
#include "planner/idempotency.hpp"

#include <sodium.h>

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace rappel::planner {
namespace {

std::string key_hash(const Request& request) {
  return sha256_hex(request.tenant.to_string() + "\x1f" + *request.idempotency_key);
}

std::string request_hash(const Request& request) {
  return sha256_hex(request.route + "\x1f" + request.body);
}

}  // namespace

std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest;
  crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(text.data()),
                     text.size());
  std::array<char, 2 * crypto_hash_sha256_BYTES + 1> hex;
  sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
  return hex.data();
}

Expected<std::optional<Answer>> replay(store::Transaction& transaction, const Request& request) {
  if (!request.idempotency_key) return std::nullopt;
  const auto known = transaction.idempotent_answer(key_hash(request));
  if (!known) return std::nullopt;
  if (known->request_hash_hex != request_hash(request)) {
    return refuse(ProblemKind::conflict, "idempotency_key_reused",
                  "this Idempotency-Key was used for another request", "",
                  "use a new key for each new request");
  }
  Answer answer;
  answer.status = known->status;
  answer.body = boost::json::parse(known->body).as_object();
  answer.replayed = true;
  return answer;
}

void remember(store::Transaction& transaction, const Request& request, const Answer& answer) {
  if (!request.idempotency_key) return;
  transaction.remember(
      key_hash(request),
      {request_hash(request), answer.status, boost::json::serialize(answer.body)}, request.now);
}

}  // namespace rappel::planner
