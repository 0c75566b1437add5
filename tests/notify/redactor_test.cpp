// SPDX-License-Identifier: Apache-2.0
#include "notify/sender/redactor.hpp"

#include <doctest/doctest.h>

using namespace rappel;
using rappel::notify::sender::Redactor;

TEST_CASE("a credential is hidden whole and line by line") {
  const Redactor redactor(Secret{"user-name\npass-word"});
  CHECK(redactor.clean("login user-name:pass-word refused", {}, 100) == "login ***:*** refused");
  CHECK(redactor.clean("pass-word pass-word", {}, 100) == "*** ***");
}

TEST_CASE("personal facts are hidden and short ones are left") {
  const Redactor redactor{Secret{}};
  CHECK(redactor.clean("550 <a@example.org> unknown", {"a@example.org"}, 100) ==
        "550 <***> unknown");
  CHECK(redactor.clean("no", {"n"}, 100) == "no");
}

TEST_CASE("a long text is cut between characters") {
  const Redactor redactor{Secret{}};
  CHECK(redactor.clean("éé", {}, 3) == "é");
  CHECK(redactor.clean("abc", {}, 3) == "abc");
}

TEST_CASE("hiding comes before cutting so that no half of a secret is left") {
  const Redactor redactor(Secret{"hunter2-secret"});
  CHECK(redactor.clean("x hunter2-secret", {}, 8) == "x ***");
}
