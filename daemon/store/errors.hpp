// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>

namespace rappel::store {

/// The database cannot be reached, or did not answer within its deadline. Nothing is known of an
/// unfinished commit: repeat it with the same idempotency key.
class StoreUnavailable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A sealed fact or a wrapped key that does not open: it is about one citizen, not the database.
class Damaged : public StoreUnavailable {
 public:
  using StoreUnavailable::StoreUnavailable;
};

/// A page's cursor that this store never gave out.
class BadCursor : public std::runtime_error {
 public:
  BadCursor() : std::runtime_error("the cursor was not given out for this list") {}
};

}  // namespace rappel::store
