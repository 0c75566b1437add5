// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "store/store.hpp"

namespace conformance {

/// The store under test, empty, gone with this object. One program is linked for each implementation.
class Subject {
 public:
  virtual ~Subject() = default;
  virtual rappel::store::Store& store() = 0;
};

std::unique_ptr<Subject> make_subject();

}  // namespace conformance
