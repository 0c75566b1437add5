// SPDX-License-Identifier: Apache-2.0
#include "base/yaml_folder.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace rappel {

namespace fs = std::filesystem;

std::vector<fs::path> yaml_files_below(const fs::path& folder, std::size_t files_max,
                                       std::vector<Problem>& problems) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const auto extension = entry->path().extension();
    if (entry->path().filename().native().front() == '.') continue;  // an editor's own
    if (extension == ".yml")
      problems.push_back({ProblemKind::invalid, "wrong_extension", "would not be read",
                          entry->path().string(), "name it .yaml"});
    if (extension == ".yaml") files.push_back(entry->path());
  }
  if (error)
    problems.push_back({ProblemKind::invalid, "unreadable",
                        fmt::format("cannot be read: {}", error.message()), folder.string(),
                        "check that the folder exists and its permissions"});
  if (files.size() > files_max)
    problems.push_back({ProblemKind::too_large, "too_many_files",
                        fmt::format("holds more than {} files", files_max), folder.string(), ""});
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<fs::path> yaml_files_if_any(const fs::path& folder, std::size_t files_max,
                                        std::vector<Problem>& problems) {
  std::error_code error;
  if (!fs::exists(folder, error) && !error) return {};
  return yaml_files_below(folder, files_max, problems);
}

}  // namespace rappel
