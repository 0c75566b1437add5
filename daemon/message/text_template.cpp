// SPDX-License-Identifier: Apache-2.0
#include "message/text_template.hpp"

#include <kainjow/mustache.hpp>
#include <sstream>
#include <stdexcept>

#include "base/ensure.hpp"

namespace rappel::message {
namespace {

namespace mustache = kainjow::mustache;

mustache::data data_of(const Field& field) {
  if (const auto* text = std::get_if<std::string>(&field)) return mustache::data(*text);
  if (const auto* flag = std::get_if<bool>(&field)) return mustache::data(*flag);
  mustache::data list{mustache::data::type::list};
  for (const auto& line : std::get<std::vector<std::string>>(field))
    list.push_back(mustache::data(line));
  return list;
}

/// The engine renders an unknown name as nothing; here it is remembered and refused. Fields become
/// the engine's data when they are first asked for: most texts use few of them.
class StrictContext final : public mustache::basic_context<std::string> {
 public:
  explicit StrictContext(const Fields& fields) : fields_(fields) {}
  void push(const mustache::data* data) override { around_.push_back(data); }
  void pop() override { around_.pop_back(); }
  [[nodiscard]] const mustache::data* get(const std::string& name) const override {
    if (name == "." && !around_.empty()) return around_.back();
    if (const auto known = data_.find(name); known != data_.end()) return &known->second;
    const auto field = fields_.find(name);
    if (field != fields_.end()) return &data_.emplace(name, data_of(field->second)).first->second;
    missing_ = name;
    return nullptr;
  }
  [[nodiscard]] const mustache::data* get_partial(const std::string&) const override {
    return nullptr;
  }
  [[nodiscard]] const std::string& missing() const { return missing_; }

 private:
  const Fields& fields_;
  std::vector<const mustache::data*> around_;
  // The engine's interface is const; a context lives for one render on one thread.
  mutable std::map<std::string, mustache::data> data_;
  mutable std::string missing_;
};

}  // namespace

struct TextTemplate::Parsed {
  Parsed(std::string text, SourcePosition place, std::vector<Use> tags)
      : source(std::move(text)), position(std::move(place)), uses(std::move(tags)), engine(source) {
    engine.set_custom_escape([](const std::string& value) { return value; });
  }

  std::string source;
  SourcePosition position;
  std::vector<Use> uses;
  // render() is not const in the engine's interface, yet it only writes when a partial or a lambda
  // fails, and neither can be here: threads may render at the same time.
  mutable mustache::mustache engine;
};

TextTemplate::TextTemplate()
    : parsed_(std::make_shared<Parsed>(std::string(), SourcePosition(), std::vector<Use>())) {}

TextTemplate TextTemplate::compile(std::string source, const SourcePosition& position,
                                   std::vector<Problem>& problems) {
  const auto before = problems.size();
  auto uses = scan_tags(source, position, problems);
  if (problems.size() != before) {
    source.clear();
    uses.clear();
  }
  TextTemplate made;
  made.parsed_ = std::make_shared<Parsed>(std::move(source), position, std::move(uses));
  ensure(made.parsed_->engine.is_valid(), "a text that passed the scan of its tags parses");
  return made;
}

bool TextTemplate::empty() const {
  return parsed_->source.empty();
}
const std::vector<Use>& TextTemplate::uses() const {
  return parsed_->uses;
}

std::string TextTemplate::where(const Use& use) const {
  return parsed_->position.where(parsed_->source, use.offset);
}

std::string TextTemplate::render(const Fields& fields) const {
  if (empty()) return {};
  StrictContext context(fields);
  std::ostringstream out;
  parsed_->engine.render(context, out);
  if (!context.missing().empty())
    throw std::logic_error("a template asked for a value nobody gave: " + context.missing());
  return out.str();
}

}  // namespace rappel::message
