// SPDX-License-Identifier: Apache-2.0
#include "profile/json_subjects.hpp"

#include <boost/json/array.hpp>
#include <concepts>

#include "profile/json_read.hpp"
#include "profile/situation.hpp"

// Each type lists its members once, in members(); a writer and a reader walk the same list.

namespace rappel::profile {
namespace {

namespace json = boost::json;

/// A T that may be constant: one list of members serves the reader and the writer.
template <typename Given, typename T>
concept Like = std::same_as<std::remove_const_t<Given>, T>;

void members(auto& walk, Like<Document> auto& document) {
  walk("id", document.id);
  walk("kind", document.kind);
  walk("issued_on", document.issued_on);
  walk("expires_on", document.expires_on);
  walk("format", document.format);
  walk("category", document.category);
  walk("permanent", document.permanent);
}

void members(auto& walk, Like<Child> auto& child) {
  walk("id", child.id);
  walk("given_name", child.given_name);
  walk("birthdate", child.birthdate);
  walk("handicap", child.handicap);
}

void members(auto& walk, Like<Vehicle> auto& vehicle) {
  walk("id", vehicle.id);
  walk("category", vehicle.category);
  walk("first_registered_on", vehicle.first_registered_on);
  walk("last_test_on", vehicle.last_test_on);
  walk("collection", vehicle.collection);
  walk("sold_on", vehicle.sold_on);
}

void members(auto& walk, Like<Benefit> auto& benefit) {
  walk("id", benefit.id);
  walk("kind", benefit.kind);
  walk("opened_on", benefit.opened_on);
  walk("ends_on", benefit.ends_on);
  walk("review_on", benefit.review_on);
  walk("next_statement_on", benefit.next_statement_on);
  walk("permanent", benefit.permanent);
  walk("renewal_filed_on", benefit.renewal_filed_on);
  walk("ended_on", benefit.ended_on);
}

void members(auto& walk, Like<DocumentRequest> auto& request) {
  walk("requested_on", request.requested_on);
  walk("due_on", request.due_on);
  walk("delay", request.delay);
  walk("documents", request.documents);
  walk("received", request.received);
  walk("received_on", request.received_on);
}

void members(auto& walk, Like<Claim> auto& claim) {
  walk("id", claim.id);
  walk("kind", claim.kind);
  walk("label", claim.label);
  walk("made_on", claim.made_on);
  walk("renewed_on", claim.renewed_on);
  walk("decided_on", claim.decided_on);
  walk("silence", claim.silence);
  walk("decision_delay", claim.decision_delay);
  walk("requests", claim.requests);
}

void members(auto& walk, Like<Happening> auto& happening) {
  walk("id", happening.id);
  walk("type", happening.type);
  walk("on", happening.on);
  walk("kind", happening.kind);
  walk("place", happening.place);
  walk("label", happening.label);
  walk("online", happening.online);
  walk("heir", happening.heir);
}

void members(auto& walk, Like<Filing> auto& filing) {
  walk("kind", filing.kind);
  walk("year", filing.year);
  walk("on", filing.on);
}

void members(auto& walk, Like<Progress> auto& progress) {
  walk("rule", progress.rule);
  walk("subject", progress.subject);
  walk("step", progress.step);
  walk("on", progress.on);
}

void members(auto& walk, Like<Done> auto& done) {
  walk("rule", done.rule);
  walk("subject", done.subject);
  walk("occurrence", done.occurrence);
  walk("on", done.on);
}

void members(auto& walk, Like<Situation> auto& situation) {
  for (const auto& [name, fact] : situation_flags) walk(name, situation.*fact);
  for (const auto& [name, fact] : situation_words) walk(name, situation.*fact);
  for (const auto& [name, fact] : situation_dates) walk(name, situation.*fact);
  for (const auto& [name, fact] : situation_numbers) walk(name, situation.*fact);
}

void lists(auto& walk, Like<Profile> auto& profile) {
  walk("documents", profile.documents);
  walk("children", profile.children);
  walk("vehicles", profile.vehicles);
  walk("benefits", profile.benefits);
  walk("claims", profile.claims);
  walk("happenings", profile.happenings);
  walk("filings", profile.filings);
  walk("progress", profile.progress);
  walk("done", profile.done);
}

/// Writes what is known.
class Writer {
 public:
  explicit Writer(json::object& object) : object_(object) {}

  void operator()(std::string_view name, const std::string& text) {
    if (!text.empty()) object_[name] = text;
  }
  void operator()(std::string_view name, int number) {
    if (number != 0) object_[name] = number;
  }
  void operator()(std::string_view name, CivilDate date) { object_[name] = to_iso(date); }
  void operator()(std::string_view name, const std::optional<CivilDate>& date) {
    if (date) object_[name] = to_iso(*date);
  }
  void operator()(std::string_view name, const std::optional<bool>& flag) {
    if (flag) object_[name] = *flag;
  }
  void operator()(std::string_view name, const std::optional<std::int64_t>& number) {
    if (number) object_[name] = *number;
  }
  void operator()(std::string_view name, const std::optional<calendar::Period>& period) {
    if (period) object_[name] = calendar::to_string(*period);
  }
  void operator()(std::string_view name, const std::set<std::string>& texts) {
    if (!texts.empty()) object_[name] = json::array(texts.begin(), texts.end());
  }
  template <typename Item>
  void operator()(std::string_view name, const std::vector<Item>& items) {
    json::array list;
    for (const auto& item : items) list.emplace_back(shown(item));
    if (!list.empty()) object_[name] = std::move(list);
  }

 private:
  static json::value shown(const std::string& text) { return json::value(text); }
  template <typename Item>
  static json::value shown(const Item& item) {
    json::object object;
    Writer writer(object);
    members(writer, item);
    return object;
  }

  json::object& object_;
};

class Reader {
 public:
  explicit Reader(const json::object& object) : object_(object) {}

  void operator()(std::string_view name, std::string& text) { text = read::text(object_, name); }
  void operator()(std::string_view name, int& number) {
    const auto* value = read::member(object_, name);
    number = value == nullptr ? 0 : int(value->as_int64());
  }
  void operator()(std::string_view name, CivilDate& date) {
    date = read::as_date(read::text(object_, name));
  }
  void operator()(std::string_view name, std::optional<CivilDate>& date) {
    date = read::date(object_, name);
  }
  void operator()(std::string_view name, std::optional<bool>& flag) {
    flag = read::boolean(object_, name);
  }
  void operator()(std::string_view name, std::optional<std::int64_t>& number) {
    if (const auto* value = read::member(object_, name)) number = value->as_int64();
  }
  void operator()(std::string_view name, std::optional<calendar::Period>& period) {
    period = calendar::parse_period(read::text(object_, name));
  }
  void operator()(std::string_view name, std::vector<std::string>& texts) {
    texts = read::texts(object_, name);
  }
  void operator()(std::string_view name, std::set<std::string>& texts) {
    texts = read::text_set(object_, name);
  }
  template <typename Item>
  void operator()(std::string_view name, std::vector<Item>& items) {
    const auto* list = read::member(object_, name);
    if (list == nullptr) return;
    for (const auto& value : list->as_array()) {
      Reader reader(value.as_object());
      members(reader, items.emplace_back());
    }
  }

 private:
  const json::object& object_;
};

}  // namespace

void write_subjects(json::object& object, const Profile& profile) {
  Writer writer(object);
  lists(writer, profile);
  json::object situation;
  Writer inner(situation);
  members(inner, profile.situation);
  if (!situation.empty()) object["situation"] = std::move(situation);
}

void read_subjects(Profile& profile, const json::object& object) {
  Reader reader(object);
  lists(reader, profile);
  if (const auto* situation = read::object(object, "situation")) {
    Reader inner(*situation);
    members(inner, profile.situation);
  }
}

}  // namespace rappel::profile
