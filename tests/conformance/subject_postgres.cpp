// SPDX-License-Identifier: Apache-2.0
#include "conformance/cluster.hpp"
#include "conformance/subject.hpp"

namespace conformance {
namespace {

class PostgresSubject final : public Subject {
 public:
  rappel::store::Store& store() override { return *store_; }

 private:
  Database database_;
  std::unique_ptr<rappel::store::Store> store_ =
      rappel::store::open_postgres(database_.options(), rappel::seal::Keyring::random());
};

}  // namespace

std::unique_ptr<Subject> make_subject() { return std::make_unique<PostgresSubject>(); }

}  // namespace conformance
