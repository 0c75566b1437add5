// SPDX-License-Identifier: Apache-2.0
#include "message/catalogue.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>

#include "base/nearest.hpp"
#include "base/yaml_folder.hpp"
#include "message/mail_layout.hpp"
#include "message/render.hpp"
#include "message/value_check.hpp"

namespace rappel::message {
namespace {

namespace fs = std::filesystem;

constexpr std::array all_languages{Language::fr, Language::en};

std::string hash_of(const std::string& source, const std::string& layout) {
  std::array<unsigned char, crypto_generichash_BYTES> hash{};
  const std::string text = source + '\0' + layout;
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()),
                     text.size(), nullptr, 0);
  std::string hex;
  for (const auto byte : hash) hex += fmt::format("{:02x}", byte);
  return hex;
}

void check_name_of_file(const Template& made, std::vector<Problem>& problems) {
  if (made.name.empty() || fs::path(made.path).stem() == made.name) return;
  problems.push_back({ProblemKind::invalid, "wrong_name",
                      fmt::format("the name \"{}\" is not the file's", made.name), made.path,
                      fmt::format("call it {}.yaml", made.name)});
}

bool same_declaration(const Placeholder& a, const Placeholder& b) {
  return a.type == b.type && a.required == b.required && a.multiline == b.multiline &&
         a.characters_max == b.characters_max &&
         a.default_text.has_value() == b.default_text.has_value();
}

/// Two languages of one message ask for the same values, or a reminder that was checked in one
/// could not be worded in the other.
void check_same_values(const Template& a, const Template& b, std::vector<Problem>& problems) {
  for (const auto& placeholder : a.placeholders) {
    const auto* other = b.placeholder(placeholder.name);
    if (other != nullptr && same_declaration(placeholder, *other)) continue;
    problems.push_back(
        {ProblemKind::invalid, "languages_differ",
         fmt::format("\"{}\" is not declared the same way in {}", placeholder.name, b.path),
         placeholder.where, "declare the same values in each language"});
  }
}

}  // namespace

struct Catalogue::Content {
  std::map<std::pair<std::string, Language>, Template> templates;
  MailLayout layout;
  std::vector<Problem> notes;

  [[nodiscard]] const Template* exact(std::string_view name, Language language) const {
    const auto found = templates.find({std::string(name), language});
    return found == templates.end() ? nullptr : &found->second;
  }
  [[nodiscard]] std::vector<std::string> names() const {
    std::set<std::string> unique;
    for (const auto& entry : templates) unique.insert(entry.first.first);
    return {unique.begin(), unique.end()};
  }

  void read(const std::string& path, Language language, std::vector<Problem>& problems) {
    const auto file = load_yaml(path, problems);
    if (!file.root.IsDefined()) return;
    const auto before = problems.size();
    Template made = read_template(file, language, problems);
    check_name_of_file(made, problems);
    // A text that did not parse would only add false alarms about what it does not use.
    if (problems.size() == before) check_template(made, problems);
    made.hash = hash_of(made.source, layout.source());
    std::pair key{made.name, language};
    templates.emplace(std::move(key), std::move(made));
  }

  void compare_languages(std::vector<Problem>& problems) {
    for (const auto& name : names()) {
      const auto* fr = exact(name, Language::fr);
      const auto* en = exact(name, Language::en);
      if (fr == nullptr || en == nullptr) {
        notes.push_back({ProblemKind::invalid, "missing_language",
                         fmt::format("the message \"{}\" is not there in {}", name,
                                     fr == nullptr ? "fr" : "en"),
                         (fr == nullptr ? en : fr)->path, "its readers get the other language"});
        continue;
      }
      check_same_values(*fr, *en, problems);
      check_same_values(*en, *fr, problems);
      if (fr->needs_due_date != en->needs_due_date)
        problems.push_back({ProblemKind::invalid,
                            "languages_differ",
                            fmt::format("needs_due_date is not the same in {}", en->path),
                            fr->path,
                            {}});
    }
  }
};

Catalogue::Catalogue() : content_(std::make_shared<Content>()) {}

Checked<Catalogue> Catalogue::load(const std::string& directory) {
  std::vector<Problem> problems;
  auto content = std::make_shared<Content>();
  content->layout =
      MailLayout::load((fs::path(directory) / "layout.html.mustache").string(), problems);
  std::size_t count = 0;
  for (const Language language : all_languages) {
    const auto folder = fs::path(directory) / to_string(language);
    for (const auto& path : yaml_files_if_any(folder, templates_max, problems)) {
      if (++count <= templates_max) content->read(path.string(), language, problems);
    }
  }
  if (count == 0 || count > templates_max)
    problems.push_back({ProblemKind::invalid,
                        "templates",
                        fmt::format("holds {} messages, not 1 to {}", count, templates_max),
                        directory,
                        {}});
  content->compare_languages(problems);
  if (!problems.empty()) return tl::unexpected(std::move(problems));
  Catalogue catalogue;
  catalogue.content_ = std::move(content);
  return catalogue;
}

std::vector<std::string> Catalogue::names() const {
  return content_->names();
}
const std::vector<Problem>& Catalogue::notes() const {
  return content_->notes;
}

std::vector<const Template*> Catalogue::all() const {
  std::vector<const Template*> templates;
  for (const auto& entry : content_->templates) templates.push_back(&entry.second);
  return templates;
}

const Template* Catalogue::find(std::string_view name, Language language) const {
  if (const auto* own = content_->exact(name, language)) return own;
  for (const Language other : all_languages) {
    if (const auto* found = content_->exact(name, other)) return found;
  }
  return nullptr;
}

Expected<void> Catalogue::check(std::string_view name, const boost::json::object& values) const {
  const auto* wanted = find(name, Language::fr);
  if (wanted == nullptr) {
    const auto nearest = nearest_name(name, names());
    return refuse(ProblemKind::invalid, "unknown_template",
                  fmt::format("there is no message \"{}\"", name), "",
                  nearest.empty() ? "" : fmt::format("did you mean \"{}\"?", nearest));
  }
  if (auto read = read_values(*wanted, values, UnknownValues::refused); !read)
    return tl::unexpected(read.error());
  return {};
}

Expected<Rendered> Catalogue::render(const Request& request) const {
  if (auto known = check(request.message, {}); !known && known.error().code == "unknown_template")
    return tl::unexpected(known.error());
  const Template& wanted = *find(request.message, request.language);
  return read_values(wanted, request.values, UnknownValues::passed_over)
      .and_then([&](Values planned) {
        return complete_values(wanted, std::move(planned), request.standard);
      })
      .and_then([&](Values values) {
        return word(wanted, content_->layout, request.channel, request.level, values);
      });
}

}  // namespace rappel::message
