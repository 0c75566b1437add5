// SPDX-License-Identifier: Apache-2.0
#include "app/vocabulary_page.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

TEST_CASE("the page of the vocabulary is what the code says") {
  std::ifstream stream(std::string(RAPPEL_SOURCE_DIR) + "/docs/VOCABULARY.md");
  const std::string page(std::istreambuf_iterator<char>(stream), {});
  CHECK_MESSAGE(page == rappel::app::vocabulary_page(),
                "rappelctl rules vocabulary > docs/VOCABULARY.md writes it anew");
}
