// SPDX-License-Identifier: Apache-2.0
#include <boost/json.hpp>
#include <exception>
#include <rappel/plugin.hpp>
#include <stdexcept>
#include <string>

#include "config_schema.inc"
#include "eml.hpp"
#include "files.hpp"
#include "mail_text.hpp"

namespace {

namespace plugin = rappel::plugin;
namespace file_notifier = rappel::file_notifier;

struct Settings {
  std::string directory;
  bool is_maildir = true;
  std::string domain = "rappel.invalid";
};

Settings read_settings(const plugin::Setup& setup) {
  const auto config = boost::json::parse(
      boost::json::string_view(setup.config_json.data(), setup.config_json.size()));
  Settings settings;
  settings.directory = config.at("directory").as_string().c_str();
  settings.is_maildir = setup.channel == "email";
  const auto& keys = config.as_object();
  if (const auto* format = keys.if_contains("format"))
    settings.is_maildir = format->as_string() == "maildir";
  if (const auto* domain = keys.if_contains("domain"))
    settings.domain = domain->as_string().c_str();
  if (settings.directory.empty() || settings.directory.front() != '/')
    throw std::runtime_error("`directory` must be an absolute path");
  return settings;
}

/// Every message becomes a file: for a first day without a provider, for demonstrations and tests.
/// The name is the idempotency key and the attempt: a repetition overwrites nothing and is seen.
class FileNotifier final : public plugin::Notifier {
 public:
  explicit FileNotifier(const plugin::Setup& setup) : settings_(read_settings(setup)) {
    file_notifier::prepare(settings_.directory);
  }

  void send(std::vector<plugin::Job> jobs) override {
    for (auto& job : jobs) job.ticket.finish(store(*job.message));
  }

 private:
  plugin::Result store(const rappel_message& message) const {
    if (rappel::mail::breaks_a_header(message.to) || *message.to == '\0')
      return {plugin::ResultClass::bad_address,
              "the address is empty or holds a control character"};
    const std::string name =
        file_notifier::safe_name(message.idempotency_key) + "." + std::to_string(message.attempt);
    try {
      const auto content = settings_.is_maildir ? file_notifier::eml(message, settings_.domain)
                                                : file_notifier::plain(message);
      const char* suffix = settings_.is_maildir ? ".eml" : ".txt";
      const auto used = file_notifier::deliver(settings_.directory, name, suffix, content);
      return {plugin::ResultClass::delivered, {}, used};
    } catch (const std::invalid_argument& refused) {
      return {plugin::ResultClass::rejected, refused.what()};
    } catch (const std::exception& failure) {  // nothing was published: safe to try again
      return {plugin::ResultClass::provider_down, failure.what()};
    }
  }

  Settings settings_;
};

}  // namespace

RAPPEL_NOTIFIER(FileNotifier, "file", RAPPEL_NOTIFIER_VERSION, "email sms inapp push letter call",
                config_schema)
