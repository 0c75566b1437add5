// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/nearest.hpp"
#include "message/standard_values.hpp"
#include "message/template.hpp"

namespace rappel::message {
namespace {

/// A name that texts and phrases may use.
struct Known {
  ValueType type = ValueType::text;
  bool always_there = true;
  std::string base;  ///< the value it comes from; its own name otherwise
};

using Names = std::map<std::string, Known, std::less<>>;

void add(Names& names, const std::string& name, ValueType type, bool always_there) {
  names[name] = {type, always_there, name};
  if (type == ValueType::date)
    names[name + std::string(short_suffix)] = {ValueType::text, always_there, name};
  if (type == ValueType::texts)
    names[name + std::string(count_suffix)] = {ValueType::count, always_there, name};
}

Names names_of(const Template& checked) {
  Names names;
  for (const auto& value : standard_values()) {
    const bool there = value.presence == Presence::always ||
                       (value.presence == Presence::with_due_date && checked.needs_due_date);
    add(names, std::string(value.name), value.type, there);
  }
  for (const auto& placeholder : checked.placeholders) {
    const auto known = names.find(placeholder.name);
    const bool there = known != names.end() && known->second.always_there;
    add(names, placeholder.name, placeholder.type, there || placeholder.always_there());
  }
  return names;
}

std::vector<std::string> words_of(const Names& names, const Template& checked) {
  std::vector<std::string> words;
  for (const auto& entry : names) words.push_back(entry.first);
  for (const auto& entry : checked.phrases) words.push_back(entry.first);
  return words;
}

/// Checks one template; remembers what was used.
class TemplateCheck {
 public:
  TemplateCheck(const Template& checked, std::vector<Problem>& problems)
      : checked_(checked), problems_(problems), names_(names_of(checked)) {}

  void run() {
    check_derived_names();
    for (const auto& [name, phrase] : checked_.phrases) check_phrase(phrase);
    for (const auto& [place, text] : checked_.texts) {
      for (const auto* part : text.parts()) {
        for (const auto& use : part->uses()) check_use(*part, use);
      }
      check_named(place.first, text);
    }
    check_unused();
  }

 private:
  void check_derived_names() {
    for (const auto& placeholder : checked_.placeholders) {
      for (const auto& [suffix, type] :
           {std::pair{short_suffix, ValueType::date}, std::pair{count_suffix, ValueType::texts}}) {
        if (!placeholder.name.ends_with(suffix)) continue;
        const auto stem = placeholder.name.substr(0, placeholder.name.size() - suffix.size());
        const auto found = names_.find(stem);
        if (found != names_.end() && found->second.type == type)
          wrong(placeholder.where, "duplicate_name",
                fmt::format("\"{}\" is made from \"{}\" already", placeholder.name, stem));
      }
    }
  }

  void check_phrase(const Phrase& phrase) {
    for (const auto& argument : phrase.arguments()) {
      const std::string where = phrase.where(argument);
      const auto found = names_.find(argument.name);
      if (found == names_.end()) {
        unknown(where, argument.name);
        continue;
      }
      used_.insert(found->second.base);
      const Known& known = found->second;
      if (argument.kind == ArgumentKind::plural && known.type != ValueType::count)
        wrong(where, "wrong_type", fmt::format("\"{}\" is no count: no plural", argument.name));
      const bool selectable = known.type == ValueType::text || known.type == ValueType::flag;
      if (argument.kind == ArgumentKind::select && !selectable)
        wrong(where, "wrong_type", fmt::format("\"{}\" is no text and no flag", argument.name));
      if (argument.kind == ArgumentKind::plain &&
          (known.type == ValueType::texts || known.type == ValueType::flag))
        wrong(where, "wrong_type",
              fmt::format("\"{}\" is a {}, not a word", argument.name, to_string(known.type)));
      if (!known.always_there) may_be_absent(where, argument.name);
    }
  }

  void check_use(const TextTemplate& text, const Use& use) {
    const std::string where = text.where(use);
    if (use.name == ".") return check_line(where, use);
    if (checked_.phrases.contains(use.name)) {
      used_.insert(use.name);
      if (use.kind != UseKind::variable)
        wrong(where, "wrong_type", fmt::format("the phrase \"{}\" is no section", use.name));
      return;
    }
    const auto found = names_.find(use.name);
    if (found == names_.end()) return unknown(where, use.name);
    used_.insert(found->second.base);
    if (use.kind == UseKind::variable) return check_variable(where, use, found->second);
    check_section(where, use, found->second);
  }

  void check_line(const std::string& where, const Use& use) {
    const auto found = use.inside.empty() ? names_.end() : names_.find(use.inside.back());
    if (found == names_.end() || found->second.type != ValueType::texts)
      wrong(where, "outside_list", "{{.}} stands for a line of the list around it");
  }

  void check_variable(const std::string& where, const Use& use, const Known& known) {
    if (known.type == ValueType::flag)
      return wrong(where, "wrong_type", fmt::format("\"{}\" is a flag, not a word", use.name),
                   fmt::format("choose with {{{{#{0}}}}}…{{{{/{0}}}}}", use.name));
    if (known.type == ValueType::texts)
      return wrong(where, "wrong_type", fmt::format("\"{}\" is a list", use.name),
                   fmt::format("write {{{{#{0}}}}}{{{{.}}}}{{{{/{0}}}}}", use.name));
    const bool guarded =
        std::find(use.inside.begin(), use.inside.end(), known.base) != use.inside.end();
    if (!known.always_there && !guarded) may_be_absent(where, use.name);
  }

  void check_section(const std::string& where, const Use& use, const Known& known) {
    const bool chooses = known.type == ValueType::flag || known.type == ValueType::texts;
    if (use.name != known.base)
      wrong(where, "wrong_type", fmt::format("\"{}\" is no section", use.name),
            fmt::format("ask for \"{}\"", known.base));
    else if (known.always_there && !chooses)
      wrong(where, "always_there", fmt::format("\"{}\" is always there", use.name),
            "remove the section around it");
  }

  /// What nobody may leave out: a way to reach a human, the reason and the law.
  void check_named(Channel channel, const ChannelText& text) {
    std::vector<std::string> needed{"human_phone", "reason", "legal_reference", "rule_name"};
    if (channel == Channel::sms) needed = {"human_phone", "legal_short"};
    for (const auto& name : needed) {
      const auto& uses = text.text.uses();
      const bool named = std::any_of(uses.begin(), uses.end(), [&](const Use& use) {
        return use.name == name && use.kind == UseKind::variable && use.inside.empty();
      });
      if (!named)
        wrong(text.where, "must_name",
              fmt::format("the text of {} never says {{{{{}}}}}", to_string(channel), name),
              "every message names it, outside any section");
    }
  }

  void check_unused() {
    for (const auto& placeholder : checked_.placeholders) {
      if (!used_.contains(placeholder.name))
        wrong(placeholder.where, "unused",
              fmt::format("\"{}\" is declared and never used", placeholder.name));
    }
    for (const auto& [name, phrase] : checked_.phrases) {
      if (!used_.contains(name))
        wrong(phrase.where({}), "unused", fmt::format("the phrase \"{}\" is never used", name));
    }
  }

  void unknown(const std::string& where, const std::string& name) {
    const auto nearest = nearest_name(name, words_of(names_, checked_));
    wrong(where, "unknown_placeholder", fmt::format("\"{}\" is not a value here", name),
          nearest.empty() ? "declare it under placeholders"
                          : fmt::format("did you mean \"{}\"?", nearest));
  }

  void may_be_absent(const std::string& where, const std::string& name) {
    const auto* standard = find_standard_value(names_.find(name)->second.base);
    const bool dated = standard != nullptr && standard->presence == Presence::with_due_date;
    wrong(where, "may_be_absent", fmt::format("\"{}\" may be absent", name),
          dated ? "say needs_due_date: true, or put it inside its own section"
                : "put it inside its own section, or require it");
  }

  void wrong(std::string where, std::string code, std::string detail, std::string mend = {}) {
    problems_.push_back({ProblemKind::invalid, std::move(code), std::move(detail), std::move(where),
                         std::move(mend)});
  }

  const Template& checked_;
  std::vector<Problem>& problems_;
  Names names_;
  std::set<std::string, std::less<>> used_;
};

}  // namespace

void check_template(const Template& checked, std::vector<Problem>& problems) {
  TemplateCheck(checked, problems).run();
}

}  // namespace rappel::message
