// SPDX-License-Identifier: Apache-2.0
#include "app/ctl/tenants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cstdio>

#include "app/ctl/options.hpp"
#include "app/ctl/templates.hpp"
#include "app/truth.hpp"
#include "base/nearest.hpp"
#include "calendar/zone.hpp"

namespace rappel::app::ctl {
namespace {

constexpr std::size_t slug_bytes_max = 40;
constexpr int phone_digits_min = 3;  // 115
constexpr int phone_digits_max = 15;

void check_slug(const std::string& slug) {
  const bool good = !slug.empty() && slug.size() <= slug_bytes_max &&
                    std::all_of(slug.begin(), slug.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
                    });
  if (!good) throw UsageError("a slug is 1 to 40 lower-case letters, digits and dashes");
}

/// They stand in every message: a person must find somebody by them.
void check_names(const store::Tenant& tenant) {
  if (tenant.name.empty()) throw UsageError("--name is empty: how do citizens know this office?");
  if (tenant.human_name.empty())
    throw UsageError("--human-name is empty: who answers when a citizen asks for help?");
  const auto digits = std::count_if(tenant.human_phone.begin(), tenant.human_phone.end(),
                                    [](char c) { return c >= '0' && c <= '9'; });
  const bool only_phone = tenant.human_phone.find_first_not_of("0123456789 +-.()") == std::string::npos;
  if (!only_phone || digits < phone_digits_min || digits > phone_digits_max)
    throw UsageError(fmt::format("--human-phone \"{}\" is not a number that can be called: {} to {} digits",
                                 tenant.human_phone, phone_digits_min, phone_digits_max));
}

int create_tenant(const Call& call, const Options& options) {
  store::Tenant tenant;
  tenant.id = TenantId::random();
  tenant.slug = options.need("slug");
  check_slug(tenant.slug);
  tenant.name = options.need("name");
  tenant.human_name = options.need("human-name");
  tenant.human_phone = options.need("human-phone");
  check_names(tenant);
  tenant.country = options.find("country").value_or("fr");
  tenant.zone = options.find("zone").value_or("Europe/Paris");
  check_country(*need_library(call.config).rules, tenant.country);
  if (auto zone = calendar::Zone::find(tenant.zone); !zone)
    throw UsageError(to_string(zone.error()));
  Truth truth(call.config);
  if (auto made = truth.store().create_tenant(tenant); !made)
    throw UsageError(to_string(made.error()));
  if (call.json) {
    fmt::print("{}\n", boost::json::serialize(boost::json::object{
                           {"id", tenant.id.to_string()}, {"slug", tenant.slug}}));
  } else {
    fmt::print("tenant {} created\n", tenant.slug);
  }
  return 0;
}

int list_tenants(const Call& call) {
  Truth truth(call.config);
  boost::json::array list;
  for (const auto& tenant : truth.store().tenants()) {
    list.push_back({{"id", tenant.id.to_string()},
                    {"slug", tenant.slug},
                    {"name", tenant.name},
                    {"human_name", tenant.human_name},
                    {"human_phone", tenant.human_phone},
                    {"country", tenant.country},
                    {"zone", tenant.zone}});
    if (!call.json)
      fmt::print("{:<24} {:<32} {} ({})\n", tenant.slug, tenant.name, tenant.human_phone,
                 tenant.human_name);
  }
  if (call.json) fmt::print("{}\n", boost::json::serialize(list));
  return 0;
}

}  // namespace

store::Tenant tenant_of(store::Store& store, const std::string& slug) {
  std::vector<std::string> slugs;
  for (const auto& tenant : store.tenants()) {
    if (tenant.slug == slug) return tenant;
    slugs.push_back(tenant.slug);
  }
  const auto nearest = nearest_name(slug, slugs);
  throw UsageError(fmt::format("there is no tenant \"{}\"{}", slug,
                               nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?"));
}

store::Citizen citizen_of(store::Store& store, const store::Tenant& tenant,
                          const std::string& reference) {
  const auto id = store.find_citizen(tenant.id, reference);
  auto citizen = id ? store.read_citizen(tenant.id, *id) : std::nullopt;
  if (!citizen)
    throw UsageError(fmt::format("{} knows no citizen \"{}\"", tenant.slug, reference));
  return *citizen;
}

int tenant(const Call& call) {
  const Options options(call.words,
                        {"slug", "name", "human-name", "human-phone", "country", "zone"});
  const auto action = action_of(options, {"create", "list"});
  static_cast<void>(options.only("create or list"));
  return action == "create" ? create_tenant(call, options) : list_tenants(call);
}

}  // namespace rappel::app::ctl
