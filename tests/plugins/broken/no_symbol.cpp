// SPDX-License-Identifier: Apache-2.0
// A shared library that is not a notifier.
extern "C" __attribute__((visibility("default"))) int something_else() {
  return 1;
}
