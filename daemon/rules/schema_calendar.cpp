// SPDX-License-Identifier: Apache-2.0
#include "calendar/holidays.hpp"
#include "rules/campaign.hpp"
#include "rules/schema.hpp"
#include "rules/schema_parts.hpp"

namespace rappel::rules::schema {
namespace {

json::object head(std::string_view title, json::object body) {
  json::object page;
  page["$schema"] = draft;
  page["title"] = title;
  for (auto& member : body) page[member.key()] = member.value();
  json::object all;
  add_forms(all);
  json::object definitions;
  for (const char* form : {"date", "month_day", "departement"}) definitions[form] = all[form];
  page["$defs"] = std::move(definitions);
  return page;
}

json::object campaign_zone() {
  Closed zone("Departements that share their dates; both ends are in it.");
  return zone.need("id", text(), "its name, under which each year gives a date")
      .may("from", refer_to("departement"),
           "the first departement; \"20\" stands before both of Corsica; without from and to: everywhere")
      .may("to", refer_to("departement"), "the last departement")
      .rule(when(required({"from"}), required({"to"})))
      .rule(when(required({"to"}), required({"from"})))
      .take();
}

json::object dates_by_zone() {
  json::object schema;
  schema["type"] = "object";
  schema["additionalProperties"] = refer_to("date");
  return schema;
}

json::object campaign_year() {
  Closed year("What was published for one year.");
  return year.may("opens_on", refer_to("date"), "the first day, when it was read")
      .need("due_on", dates_by_zone(), "the last day of each zone, a day of this year")
      .need("source", text(), "where the dates were read")
      .may("url", text(), "the page")
      .may("confidence", one_of(words::confidences), "how well the source was read")
      .need("verified_on", refer_to("date"), "the day on which the source was read")
      .take();
}

json::object years() {
  json::object by_year;
  by_year["^(19[0-9]{2}|2[01][0-9]{2}|2200)$"] = campaign_year();
  json::object schema;
  schema["type"] = "object";
  schema["additionalProperties"] = false;
  schema["patternProperties"] = std::move(by_year);
  return schema;
}

json::object holiday_zone() {
  Closed zone("A part of the country with the same holidays.");
  return zone.need("name", text(), "its name; outside France the country's own: be")
      .may("departements", list_of(text()), "the departements in it, between quotes")
      .take();
}

json::object holiday() {
  constexpr int first = calendar::holiday_year_min;
  constexpr int last = calendar::holiday_year_max;
  Closed day("A day on which nobody works, fixed or counted from Easter.");
  return day.need("fr", text(), "its name in French")
      .need("en", text(), "its name in English")
      .may("on", refer_to("month_day"), "a fixed day of the year, \"05-01\"; never 29 February")
      .may("easter", whole(-calendar::easter_distance_max, calendar::easter_distance_max),
           "days after Easter Sunday, or before it when negative")
      .may("from_year", whole(first, last), "the first year")
      .may("to_year", whole(first, last), "the last year")
      .may("customary", truth(), "true: by custom only; counts for nothing unless asked for")
      .may("zones", list_of(text()), "the zones that have it; all, when left out")
      .may("source", text(), "the text that says so")
      .rule(exactly_one({"on", "easter"}))
      .rule(property("on", json::object{{"not", constant("02-29")}}))
      .take();
}

json::object campaign_page() {
  Closed campaign("Dates that an authority publishes each year; a missing year is not published.");
  campaign.need("zones", list_of_some(campaign_zone()), "the zones, by departement")
      .need("years", years(), "what was published, by year");
  return head("A campaign of Rappel", campaign.take());
}

json::object holidays_page() {
  Closed holidays("The public holidays of a country.");
  holidays.need("zones", list_of_some(holiday_zone()), "the parts of the country")
      .may("holidays", list_of(holiday()), "the days");
  return head("The public holidays of a country, for Rappel", holidays.take());
}

}  // namespace
}  // namespace rappel::rules::schema

std::string rappel::rules::campaign_schema() {
  return schema::print(schema::campaign_page());
}

std::string rappel::rules::holidays_schema() {
  return schema::print(schema::holidays_page());
}
