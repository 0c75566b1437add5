// SPDX-License-Identifier: Apache-2.0
#include "conformance/subject.hpp"
#include "store/memory/memory_store.hpp"

namespace conformance {
namespace {

class MemorySubject final : public Subject {
 public:
  rappel::store::Store& store() override { return store_; }

 private:
  rappel::SystemClock clock_;
  rappel::store::MemoryStore store_{clock_};
};

}  // namespace

std::unique_ptr<Subject> make_subject() { return std::make_unique<MemorySubject>(); }

}  // namespace conformance
