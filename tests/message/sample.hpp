// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/id.hpp"
#include "message/catalogue.hpp"

// What the tests of messages share: the shipped catalogue, values to fill it with, and folders of
// templates that live as long as a test.

namespace rappel::message::test {

inline const Catalogue& shipped() {
  static const auto catalogue =
      Catalogue::load(std::string(RAPPEL_SOURCE_DIR) + "/templates/messages").value();
  return catalogue;
}

inline CivilDate date(const char* text) {
  return *parse_iso_date(text);
}

/// What whoever sends knows about the widow of 78 and her identity card.
inline Values standard() {
  return {{"tenant_name", std::string("Mairie de Lorient")},
          {"title", std::string("Renouveler la carte nationale d’identité")},
          {"reason", std::string("Votre carte d’identité est valable jusqu’au 12 mars 2027.")},
          {"rule_name", std::string("fr.identity.cni_majeur (version 1)")},
          {"legal_reference", std::string("Décret n° 55-1397, article 1")},
          {"legal_short", std::string("décret n° 55-1397, art. 1")},
          {"human_phone", std::string("02 97 02 22 00")},
          {"human_name", std::string("Madame Le Goff")},
          {"given_name", std::string("Odette")},
          {"due_on", date("2027-03-12")},
          {"days_left", std::int64_t{30}}};
}

inline Request request(std::string message, Channel channel = Channel::email) {
  Request made;
  made.message = std::move(message);
  made.channel = channel;
  made.standard = standard();
  return made;
}

inline std::string where_and_detail(const std::vector<Problem>& problems) {
  std::string text;
  for (const auto& problem : problems) text += to_string(problem) + "\n";
  return text;
}

/// A folder of templates, removed with the object.
class Folder {
 public:
  Folder()
      : path_(std::filesystem::temp_directory_path() /
              ("rappel-" + MessageId::random().to_string())) {
    write("layout.html.mustache",
          "<h1>{{title}}</h1>{{#blocks}}{{#lines}}{{text}};{{/lines}}{{/blocks}}");
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << text;
  }
  [[nodiscard]] std::string path() const { return path_.string(); }
  [[nodiscard]] Checked<Catalogue> load() const { return Catalogue::load(path()); }

 private:
  std::filesystem::path path_;
};

/// The endings that every text needs, so that a test says only what it is about.
inline const std::string email_end =
    " {{reason}} {{rule_name}} {{legal_reference}} {{human_phone}}";
inline const std::string sms_end = " {{legal_short}} {{human_phone}}";

/// A whole template around one email text and some lines before it.
inline std::string template_of(const std::string& text, const std::string& before = {}) {
  return "name: note\nversion: 1\n" + before + "email: {subject: Note, text: \"" + text +
         email_end + "\"}\nsms: {text: \"x" + sms_end + "\"}\ninapp: {title: Note, body: \"x" +
         email_end + "\"}\n";
}

}  // namespace rappel::message::test
