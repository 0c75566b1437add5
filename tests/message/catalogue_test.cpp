// SPDX-License-Identifier: Apache-2.0
#include "message/catalogue.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <thread>

#include "message/sample.hpp"

using namespace rappel;
using namespace rappel::message;
using test::request;
using test::shipped;

namespace {

const boost::json::object note{{"title", "Dossier"}, {"body", "Une ligne.\nUne autre."}};

Request note_request(Channel channel = Channel::email) {
  auto made = request("caseworker_note", channel);
  made.values = note;
  return made;
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a message that does not exist is named with the nearest one") {
  const auto answer = shipped().check("caseworker_not", {});
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == "unknown_template");
  CHECK(answer.error().mend == "did you mean \"caseworker_note\"?");
}

TEST_CASE("a reminder whose values are missing is refused with all of them named") {
  const auto answer = shipped().check("caseworker_note", {{"title", "T"}, {"body", ""}});
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == "missing_value");
  CHECK(answer.error().where == "/body");
  const auto both = shipped().check("caseworker_note", {});
  CHECK(both.error().detail == "\"title\" is required; \"body\" is required");
}

TEST_CASE("a value that nobody asked for is refused with the nearest name") {
  auto values = note;
  values["bdoy"] = "x";
  const auto answer = shipped().check("caseworker_note", values);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == "unknown_value");
  CHECK(answer.error().where == "/bdoy");
  CHECK(answer.error().mend == "did you mean \"body\"?");
}

TEST_CASE("a value that the template has dropped since does not stop a planned message") {
  auto wanted = note_request();
  wanted.values["formerly"] = "x";
  CHECK(shipped().render(wanted)->subject == "Dossier");
}

TEST_CASE("values over their limits and of the wrong shape are refused when planned") {
  const auto code = [](std::string_view name, const boost::json::object& values) {
    const auto answer = shipped().check(name, values);
    return answer ? "" : answer.error().code + " " + answer.error().where;
  };
  CHECK(code("caseworker_note", note) == "");
  CHECK(code("caseworker_note", {{"title", std::string(81, 'x')}, {"body", "x"}}) ==
        "wrong_value /title");
  CHECK(code("caseworker_note", {{"title", "a\nb"}, {"body", "x"}}) == "wrong_value /title");
  CHECK(code("caseworker_note", {{"title", "a\xFF"}, {"body", "x"}}) == "wrong_value /title");
  CHECK(code("documents_missing", {{"documents", boost::json::array()}}) ==
        "missing_value /documents");
  CHECK(code("documents_missing", {{"documents", boost::json::array(51, "x")}}) ==
        "wrong_value /documents");
  CHECK(code("documents_missing", {{"documents", {"RIB", ""}}}) == "wrong_value /documents");
  CHECK(code("documents_missing", {{"documents", {"RIB"}}, {"requested_on", "2026-02-30"}}) ==
        "wrong_value /requested_on");
  CHECK(code("documents_missing", {{"documents", {"RIB"}}, {"requested_on", nullptr}}) == "");
}

TEST_CASE("hostile values are escaped in the HTML of a mail") {
  auto wanted = note_request();
  wanted.values["title"] = "<script>alert(1)</script>";
  wanted.values["body"] = "\"><img src=x onerror='y'> & {{human_phone}} {{{reason}}}\n- <b>";
  wanted.standard["link"] = std::string("https://rappel.example/\"onclick=\"x");
  const auto mail = shipped().render(wanted).value();
  CHECK_FALSE(holds(mail.html, "<script>"));
  CHECK_FALSE(holds(mail.html, "<img"));
  CHECK_FALSE(holds(mail.html, "\"onclick"));
  CHECK(holds(mail.html, "&lt;script&gt;alert(1)&lt;/script&gt;"));
  CHECK(holds(mail.html, "<li>&lt;b&gt;</li>"));
}

TEST_CASE("a value is never read as a template") {
  auto wanted = note_request();
  wanted.values["body"] = "{{human_phone}} {{{reason}}} {{#link}}x{{/link}} {n, plural, other {x}}";
  const auto mail = shipped().render(wanted).value();
  CHECK(
      holds(mail.text, "{{human_phone}} {{{reason}}} {{#link}}x{{/link}} {n, plural, other {x}}"));
}

TEST_CASE("only the reader's own secure page becomes a link") {
  auto wanted = note_request();
  wanted.values["body"] = "https://evil.example";
  wanted.standard["link"] = std::string("https://rappel.example/l/abc");
  CHECK(holds(shipped().render(wanted)->html, "<a href=\"https://rappel.example/l/abc\""));
  CHECK_FALSE(holds(shipped().render(wanted)->html, "href=\"https://evil.example"));
  wanted.standard["link"] = std::string("javascript:alert(1)");
  CHECK_FALSE(holds(shipped().render(wanted)->html, "<a "));
}

TEST_CASE("no value brings a line or a control character into a subject") {
  const test::Folder folder;
  std::string yaml = test::template_of("x");
  yaml.replace(yaml.find("subject: Note"), 13, "subject: \"{{title}} {{reason}}\"");
  folder.write("fr/note.yaml", yaml);
  auto wanted = request("note");
  wanted.standard["title"] = std::string("Note\r\nBcc: evil@example.org\r\n\r\nbody");
  wanted.standard["reason"] = "a\u2028b\u0085c\x01\x7F\u202E" + std::string(300, 'x');
  const auto mail = folder.load()->render(wanted).value();
  CHECK(mail.subject.starts_with("Note Bcc: evil@example.org body a b cxxx"));
  CHECK(std::none_of(mail.subject.begin(), mail.subject.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }));
  CHECK(mail.subject.ends_with("…"));
}

TEST_CASE("a standard value that is missing or empty is refused and never left out") {
  auto wanted = note_request();
  wanted.standard.erase("human_phone");
  wanted.standard["reason"] = std::string();
  const auto answer = shipped().render(wanted);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == "missing_value");
  CHECK(holds(answer.error().detail, "\"reason\" is required"));
  CHECK(holds(answer.error().detail, "\"human_phone\" is required"));
}

TEST_CASE("a message about a limit is not made without the limit") {
  auto wanted = request("identity_card_renewal");
  wanted.standard.erase("days_left");
  const auto answer = shipped().render(wanted);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().where == "/days_left");
  CHECK(shipped().find("identity_card_renewal", Language::fr)->needs_due_date);
  CHECK_FALSE(shipped().find("caseworker_note", Language::fr)->needs_due_date);
}

TEST_CASE("a standard value of another type is refused") {
  auto wanted = request("identity_card_renewal");
  wanted.standard["due_on"] = std::string("demain");
  CHECK(shipped().render(wanted).error().code == "wrong_value");
}

TEST_CASE("a value planned with the reminder stands before the standard one") {
  CHECK(shipped().render(note_request())->subject == "Dossier");
}

TEST_CASE("the wording follows the days that are left") {
  const auto on_day = [](std::int64_t days) {
    auto wanted = request("identity_card_renewal");
    wanted.standard["days_left"] = days;
    return shipped().render(wanted)->text;
  };
  CHECK(holds(on_day(0), "Cette date arrive aujourd’hui."));
  CHECK(holds(on_day(1), "Cette date arrive demain."));
  CHECK(holds(on_day(2), "Cette date arrive dans 2 jours."));
  CHECK(holds(on_day(1000000), "dans 1\u202F000\u202F000 de jours."));
}

TEST_CASE("a whole message falls back to the language it exists in") {
  const test::Folder folder;
  folder.write("fr/note.yaml",
               test::template_of("Bonjour le {{due_on}}", "needs_due_date: true\n"));
  auto wanted = request("note");
  wanted.language = Language::en;
  const auto mail = folder.load()->render(wanted).value();
  CHECK(mail.language == Language::fr);
  CHECK(holds(mail.text, "Bonjour le vendredi 12 mars 2027"));
}

TEST_CASE("a level without its own text takes the standard one") {
  auto wanted = note_request(Channel::inapp);
  const auto standard = shipped().render(wanted).value();
  wanted.level = ReadingLevel::plain;
  CHECK(shipped().render(wanted)->text == standard.text);
}

TEST_CASE("what is private in the inbox stays out of its open text") {
  const auto message = shipped().render(note_request(Channel::inapp)).value();
  CHECK(message.private_body == "Une ligne.\nUne autre.");
  CHECK_FALSE(holds(message.text, "Une ligne."));
  CHECK(message.html.empty());
}

TEST_CASE("an SMS is brought into its alphabet and counted") {
  const auto sms = shipped().render(request("identity_card_renewal", Channel::sms)).value();
  CHECK(sms.encoding == SmsEncoding::gsm7);
  CHECK(sms.segments == sms_segments(sms.text).segments);
  CHECK(sms.transliterated);
  CHECK(holds(sms.text, "carte d'identité"));
  CHECK(sms.subject.empty());
}

TEST_CASE("an SMS that would take too many segments is refused") {
  auto wanted = note_request(Channel::sms);
  wanted.standard["tenant_name"] = std::string(1000, 'x');
  const auto answer = shipped().render(wanted);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == ProblemKind::too_large);
}

TEST_CASE("a text longer than its limit is refused") {
  auto wanted = note_request();
  wanted.standard["reason"] = std::string(rendered_bytes_max, 'x');
  CHECK(shipped().render(wanted).error().kind == ProblemKind::too_large);
}

TEST_CASE("a channel without words says so") {
  CHECK(shipped().render(note_request(Channel::letter)).error().code == "no_text");
}

TEST_CASE("the version of a template changes with its file and its layout alone") {
  const auto hash = [](const std::string& yaml, const std::string& layout) {
    const test::Folder folder;
    folder.write("fr/note.yaml", yaml);
    if (!layout.empty()) folder.write("layout.html.mustache", layout);
    return folder.load()->find("note", Language::fr)->hash;
  };
  const auto first = hash(test::template_of("x"), "");
  CHECK(first.size() == 64);
  CHECK(hash(test::template_of("x"), "") == first);
  CHECK(hash(test::template_of("y"), "") != first);
  CHECK(hash(test::template_of("x"), "{{title}}") != first);
  CHECK(shipped().render(note_request())->template_version ==
        shipped().find("caseworker_note", Language::fr)->hash);
}

TEST_CASE("threads render one catalogue at the same time") {
  const auto wanted = note_request();
  const auto alone = shipped().render(wanted).value();
  std::vector<std::string> texts(4);
  {
    std::vector<std::jthread> threads;
    for (auto& text : texts)
      threads.emplace_back([&] {
        for (int i = 0; i < 50; ++i) text = shipped().render(wanted)->html;
      });
  }
  for (const auto& text : texts) CHECK(text == alone.html);
}
