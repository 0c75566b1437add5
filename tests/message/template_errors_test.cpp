// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "message/sample.hpp"

using namespace rappel;
using namespace rappel::message;
using test::Folder;
using test::template_of;

namespace {

/// Every problem of a French template, with the folder's name taken out.
std::string faults(const std::string& yaml) {
  const Folder folder;
  folder.write("fr/note.yaml", yaml);
  const auto loaded = folder.load();
  if (loaded) return {};
  std::string text = test::where_and_detail(loaded.error());
  const std::string path = folder.path() + "/";
  for (auto at = text.find(path); at != std::string::npos; at = text.find(path))
    text.erase(at, path.size());
  return text;
}

std::string placeholders(const std::string& inner) {
  return "placeholders: {" + inner + "}\n";
}

bool begins(const std::string& text, const std::string& start) {
  INFO(text);
  CHECK(text.starts_with(start));
  return text.starts_with(start);
}

}  // namespace

TEST_CASE("a right template has no fault") {
  CHECK(faults(template_of("Bonjour.")) == "");
}

TEST_CASE("the template of the guide loads and reads as it says") {
  std::ifstream guide(std::string(RAPPEL_SOURCE_DIR) + "/docs/guides/add-a-template.md");
  std::string text(std::istreambuf_iterator<char>(guide), {});
  text.erase(0, text.find("```yaml\n") + 8);
  text.erase(text.find("```"));
  const Folder folder;
  folder.write("fr/library_card.yaml", text);
  const auto loaded = folder.load();
  REQUIRE_MESSAGE(loaded, (loaded ? "" : test::where_and_detail(loaded.error())));
  auto wanted = test::request("library_card");
  wanted.values = {{"branch", "la médiathèque"}, {"books", {"Nana"}}, {"fee", 150}};
  const auto mail = loaded->render(wanted).value();
  CHECK(mail.subject == "Vos livres sont à rendre dans 30 jours");
  CHECK(mail.text.find("- Nana\nÀ payer : 1,50\u00A0€") != std::string::npos);
}

TEST_CASE("an unknown key is refused with its place and the nearest one") {
  begins(faults(template_of("x", "vesrion: 2\n")),
         "fr/note.yaml:3:1: \"vesrion\" is not a key here (did you mean \"version\"?)");
  begins(faults(template_of("x", placeholders("a: {type: text, requierd: true}"))),
         "fr/note.yaml:3:32: \"requierd\" is not a key here (did you mean \"required\"?)");
}

TEST_CASE("duplicate keys and aliases and tags are refused") {
  begins(faults(template_of("x", "version: 2\n")), "fr/note.yaml:3:1: \"version\" stands twice");
  begins(faults(template_of("x", "needs_due_date: &a true\n")), "fr/note.yaml:3:");
  begins(faults(template_of("x", "needs_due_date: !!bool true\n")), "fr/note.yaml:3:");
}

TEST_CASE("an unknown placeholder is refused where it stands with the nearest name") {
  begins(faults(template_of("Bonjour {{given_nmae}}")),
         "fr/note.yaml:3:39: \"given_nmae\" is not a value here (did you mean \"given_name\"?)");
}

TEST_CASE("the place of a fault in a block text is its own line") {
  const std::string yaml =
      "name: note\nversion: 1\nemail:\n  subject: Note\n  text: |\n    Bonjour.\n\n"
      "    Ici {{nothing}}" +
      test::email_end + "\n" + "sms: {text: \"x" + test::sms_end +
      "\"}\ninapp: {title: N, body: \"x" + test::email_end + "\"}\n";
  begins(faults(yaml), "fr/note.yaml:8:9: \"nothing\" is not a value here");
}

TEST_CASE("a declared value that no text uses is refused") {
  begins(faults(template_of("x", placeholders("place: text"))),
         "fr/note.yaml:3:23: \"place\" is declared and never used");
  begins(faults(template_of("x", "phrases: {alone: \"{days_left}\"}\nneeds_due_date: true\n")),
         "fr/note.yaml:3:19: the phrase \"alone\" is never used");
}

TEST_CASE("types are checked where values are used") {
  CHECK(faults(template_of("{{on}}", placeholders("on: flag"))).find("is a flag, not a word") !=
        std::string::npos);
  CHECK(faults(template_of("{{l}}", placeholders("l: texts"))).find("is a list") !=
        std::string::npos);
  CHECK(faults(template_of("{{p}}",
                           placeholders("t: text") + "phrases: {p: \"{t, plural, other {x}}\"}\n"))
            .find("fr/note.yaml:4:16: \"t\" is no count") == 0);
  CHECK(faults(template_of("x", placeholders("t: string")))
            .find("is not one of text, count, date, amount, texts, flag") != std::string::npos);
  CHECK(faults(template_of("{{due_on}}", placeholders("due_on: text")))
            .find("standard value of the type date") != std::string::npos);
}

TEST_CASE("a value that may be absent stands inside its own section") {
  CHECK(faults(template_of("{{link}}")).find("\"link\" may be absent") != std::string::npos);
  CHECK(faults(template_of("{{#link}}{{link}}{{/link}}")) == "");
  CHECK(faults(template_of("{{^link}}{{link}}{{/link}}")).find("may be absent") !=
        std::string::npos);
  CHECK(faults(template_of("{{due_on_short}}")).find("needs_due_date") != std::string::npos);
  CHECK(faults(template_of("{{due_on_short}}", "needs_due_date: true\n")) == "");
}

TEST_CASE("a line of a list stands only inside the list") {
  CHECK(faults(template_of("{{.}}")).find("stands for a line") != std::string::npos);
  CHECK(faults(template_of("{{#link}}{{.}}{{/link}}")).find("stands for a line") !=
        std::string::npos);
  CHECK(faults(template_of("{{#l}}{{.}}{{/l}}", placeholders("l: texts"))) == "");
}

TEST_CASE("mustache that could do harm is refused") {
  for (const std::string tag : {"{{{title}}}", "{{& title}}", "{{> other}}", "{{=<% %>=}}"}) {
    CAPTURE(tag);
    begins(faults(template_of(tag)), "fr/note.yaml:3:31: ");
  }
}

TEST_CASE("mustache that does not parse is refused with its place") {
  begins(faults(template_of("{{#link}}x")), "fr/note.yaml:3:31: the section {{#link}} is never");
  begins(faults(template_of("{{/link}}")), "fr/note.yaml:3:31: {{/link}} closes a section");
  begins(faults(template_of("{{#link}}{{#safe_on}}{{/link}}{{/safe_on}}")), "fr/note.yaml:3:52: ");
  begins(faults(template_of("{{Bad Name}}")), "fr/note.yaml:3:31: \"Bad Name\" is not the name");
  CHECK(faults("name: note\nversion: 1\nsms: {text: \"x {{\"}\n")
            .find("fr/note.yaml:3:16: a tag is opened and never closed") != std::string::npos);
}

TEST_CASE("a phrase that ICU cannot read is refused with its place") {
  begins(faults(template_of("{{p}}", "phrases: {p: \"d'{title}\"}\n")),
         "fr/note.yaml:3:16: this phrase holds a straight apostrophe");
}

TEST_CASE("a subject of two lines is refused") {
  const std::string yaml =
      "name: note\nversion: 1\nemail:\n  subject: |\n    One\n    Two\n"
      "  text: \"x" +
      test::email_end + "\"\nsms: {text: \"x" + test::sms_end + "\"}\ninapp: {title: N, body: \"x" +
      test::email_end + "\"}\n";
  CHECK(faults(yaml).find("subject: must be one line") != std::string::npos);
}

TEST_CASE("each text names the human and the reason and the law outside any section") {
  const std::string head = "name: note\nversion: 1\n";
  const std::string inapp = "inapp: {title: N, body: \"x" + test::email_end + "\"}\n";
  const std::string sms = "sms: {text: \"x" + test::sms_end + "\"}\n";
  CHECK(faults(head + sms + inapp + "email: {subject: N, text: \"x\"}\n")
            .find("the text of email never says {{human_phone}}") != std::string::npos);
  CHECK(faults(head + sms + inapp +
               "email: {subject: N, text: \"{{reason}} {{rule_name}} "
               "{{human_phone}} {{#link}}{{legal_reference}}{{/link}}\"}\n")
            .find("fr/note.yaml:5:8: the text of email never says {{legal_reference}}") == 0);
  CHECK(faults(template_of("x") + "plain: {sms: {text: \"x {{human_phone}}\"}}\n")
            .find("the text of sms never says {{legal_short}}") != std::string::npos);
}

TEST_CASE("each channel has a text") {
  CHECK(faults("name: note\nversion: 1\n").find("the key \"email\" is required here") !=
        std::string::npos);
}

TEST_CASE("a name made from a date or a list cannot be declared again") {
  CHECK(
      faults(template_of("{{#l}}{{.}}{{/l}}{{l_count}}", placeholders("l: texts, l_count: count")))
          .find("\"l_count\" is made from \"l\" already") != std::string::npos);
}

TEST_CASE("a file is called by the name of its message") {
  const Folder folder;
  folder.write("fr/other.yaml", template_of("x"));
  CHECK(test::where_and_detail(folder.load().error()).find("call it note.yaml") !=
        std::string::npos);
}

TEST_CASE("two languages that ask for different values are refused") {
  const Folder folder;
  folder.write("fr/note.yaml", template_of("{{place}}", placeholders("place: text")));
  folder.write("en/note.yaml", template_of("{{#place}}{{place}}{{/place}}",
                                           placeholders("place: {type: text, required: false}")));
  const auto text = test::where_and_detail(folder.load().error());
  CHECK(text.find("fr/note.yaml:3:23: \"place\" is not declared the same way") !=
        std::string::npos);
}

TEST_CASE("a message without one language loads and says so") {
  const Folder folder;
  folder.write("fr/note.yaml", template_of("x"));
  const auto loaded = folder.load();
  REQUIRE(loaded);
  REQUIRE(loaded->notes().size() == 1);
  CHECK(loaded->notes()[0].detail == "the message \"note\" is not there in en");
}

TEST_CASE("the layout of mails is checked like a text") {
  const Folder folder;
  folder.write("fr/note.yaml", template_of("x"));
  folder.write("layout.html.mustache", "<p>\n{{{text}}} {{titel}}");
  const auto text = test::where_and_detail(folder.load().error());
  CHECK(text.find("layout.html.mustache:2:1: a raw tag") != std::string::npos);
  CHECK(text.find("layout.html.mustache:2:12: \"titel\" is not a value of the layout (did you "
                  "mean \"title\"?)") != std::string::npos);
}

TEST_CASE("a folder without messages is refused") {
  CHECK_FALSE(Folder().load());
  CHECK_FALSE(Catalogue::load("/nowhere"));
}
