// SPDX-License-Identifier: Apache-2.0
// The words of events.
#include "profile/words.hpp"

namespace rappel::profile {
namespace {

using words::Words;

constexpr std::array<Words, 14> document_kinds{
    "cni",          "passeport",       "permis_conduire", "visite_medicale_permis",
    "titre_sejour", "vls_ts",          "cmi",             "carte_stationnement",
    "carte_invalidite", "carte_priorite", "ceam",         "cheque_energie",
    "carte_vitale", "attestation_assurance"};
constexpr std::array<Words, 2> document_formats{"card_2021", "card_1995"};
constexpr std::array<Words, 6> document_categories{"leger",        "lourd",        "rose",
                                                   "liste_r431_2", "resident_ue", "autre"};
constexpr std::array<Words, 17> declarations{
    "income_tax",       "birth",           "death",          "family_change", "property_occupancy",
    "works_completion", "inheritance",     "rsa_ppa",        "france_travail", "micro_ca",
    "pajemploi",        "school_proof",    "pregnancy",      "loss",           "sick_leave",
    "tax_payment",      "electoral_roll"};
constexpr std::array<Words, 15> benefit_kinds{"rsa", "ppa", "aah", "aeeh", "c2s", "ame", "apa", "apl",
                                              "als", "alf", "ars", "cmg", "aspa", "asi", "are"};
constexpr std::array<Words, 2> silences{"accord", "rejet"};
constexpr std::array<Words, 4> places{"metropole", "outre_mer", "guyane_eloignee", "etranger"};
constexpr std::array<Words, 3> vehicle_categories{"M1", "N1", "L"};
constexpr std::array<Words, 7> progress_steps{"contacted", "appointment_booked", "filed", "incomplete",
                                              "in_progress", "ready", "refused"};

constexpr Field id_field{.name = "id", .doc = "yours; made of type and day when left out", .max = 80};
constexpr Field on_field{
    .name = "on", .type = FieldType::date, .doc = "else the day of the event"};
constexpr Field label_field{.name = "label", .doc = "how a letter calls it"};
constexpr Field place_field{.name = "place", .type = FieldType::choice, .choices = places};
constexpr Field online_field{
    .name = "online", .type = FieldType::boolean, .doc = "through a teleservice"};

constexpr Field kind_field(std::span<const Words> choices, bool required = false) {
  return {.name = "kind", .type = FieldType::choice, .required = required, .choices = choices};
}

// --- documents, vehicles, benefits ----------------------------------------------------------------

constexpr std::array document_fields{
    Field{.name = "id", .doc = "made of kind and date when left out", .max = 80},
    kind_field(document_kinds, true),
    Field{.name = "issued_on", .type = FieldType::date, .required = true},
    Field{.name = "expires_on", .type = FieldType::date, .doc = "as printed"},
    Field{.name = "format", .type = FieldType::choice, .choices = document_formats},
    Field{.name = "category",
          .type = FieldType::choice,
          .doc = "of a licence: leger, lourd, rose; of a permit: liste_r431_2, resident_ue, autre",
          .choices = document_categories},
    Field{.name = "permanent", .type = FieldType::boolean, .doc = "given for good"},
};
constexpr Shape document_shape{"identity_document.issued", document_fields};
constexpr Shape any_document_shape{"document.issued", document_fields};

constexpr std::array vehicle_fields{
    Field{.name = "id", .doc = "yours: never the plate", .required = true, .max = 80},
    Field{.name = "category",
          .type = FieldType::choice,
          .doc = "J.1 of the certificate; L for two and three wheels and quadricycles",
          .required = true,
          .choices = vehicle_categories},
    Field{.name = "first_registered_on", .type = FieldType::date, .required = true},
    Field{.name = "last_test_on", .type = FieldType::date},
    Field{.name = "collection", .type = FieldType::boolean},
};
constexpr Shape vehicle_shape{"vehicle.registered", vehicle_fields};

constexpr std::array vehicle_event_fields{
    Field{.name = "id", .doc = "of the vehicle", .required = true, .max = 80},
    on_field,
};
constexpr Shape inspected_shape{"vehicle.inspected", vehicle_event_fields};
constexpr Shape bought_shape{"vehicle.bought", vehicle_event_fields};
constexpr Shape sold_shape{"vehicle.sold", vehicle_event_fields};

constexpr std::array benefit_fields{
    Field{.name = "id", .doc = "the kind when left out", .max = 80},
    kind_field(benefit_kinds, true),
    Field{.name = "opened_on", .type = FieldType::date},
    Field{.name = "ends_on", .type = FieldType::date, .doc = "last day of the right"},
    Field{.name = "review_on", .type = FieldType::date, .doc = "as notified"},
    Field{.name = "next_statement_on",
          .type = FieldType::date,
          .doc = "when the next periodic statement opens"},
    Field{.name = "permanent", .type = FieldType::boolean, .doc = "without limit of time"},
};
constexpr Shape benefit_shape{"benefit.granted", benefit_fields};

constexpr std::array benefit_event_fields{
    Field{.name = "id", .doc = "the kind when it was granted without id", .required = true, .max = 80},
    on_field,
};
constexpr Shape renewal_shape{"benefit.renewal_filed", benefit_event_fields};
constexpr Shape ended_shape{"benefit.ended", benefit_event_fields};

// --- declarations and claims ----------------------------------------------------------------------

constexpr std::array declaration_fields{
    kind_field(declarations, true),
    Field{.name = "year",
          .type = FieldType::integer,
          .doc = "of the campaign: 2026 declares the income of 2025",
          .min = 2000,
          .max = 2100},
    on_field,
};
constexpr Shape declaration_shape{"declaration.filed", declaration_fields};

constexpr Field claim_field{
    .name = "claim", .doc = "your reference of the file", .required = true, .max = 80};

constexpr std::array claim_fields{
    claim_field,
    Field{.name = "kind", .type = FieldType::topic, .doc = "a lower-case word: logement_social", .max = 40},
    label_field,
    Field{.name = "made_on", .type = FieldType::date},
    Field{.name = "silence",
          .type = FieldType::choice,
          .doc = "what the administration's silence means for this claim",
          .choices = silences},
    Field{.name = "decision_delay",
          .type = FieldType::period,
          .doc = "when a decree gives another than the two months of the law"},
};
constexpr Shape claim_shape{"claim.made", claim_fields};

constexpr std::array claim_event_fields{claim_field, on_field};
constexpr Shape renewed_shape{"claim.renewed", claim_event_fields};
constexpr Shape decided_shape{"claim.decided", claim_event_fields};

constexpr std::array requested_fields{
    claim_field,
    Field{.name = "label", .doc = "how the letter calls it", .required = true},
    Field{.name = "documents", .doc = "what is missing", .required = true, .list = true},
    Field{.name = "due_on",
          .type = FieldType::date,
          .doc = "the limit, when the letter gives a date"},
    Field{.name = "delay",
          .type = FieldType::period,
          .doc = "the limit, when the letter gives a delay"},
    Field{.name = "received_on",
          .type = FieldType::date,
          .doc = "when the letter was received: the delay starts there; else the day of the event"},
};
constexpr Shape requested_shape{"document.requested", requested_fields};

constexpr std::array received_fields{
    Field{.name = "claim", .required = true, .max = 80},
    Field{.name = "documents", .doc = "those that came; all when left out", .list = true},
};
constexpr Shape received_shape{"document.received", received_fields};

constexpr std::array grant_fields{
    claim_field,
    Field{.name = "label", .doc = "how letters call it"},
    Field{.name = "made_on", .type = FieldType::date},
};
constexpr Shape grant_shape{"school_grant.requested", grant_fields};

// --- the person -----------------------------------------------------------------------------------

constexpr std::array child_fields{
    Field{.name = "id", .doc = "made of the birthdate and name when left out", .max = 80},
    Field{.name = "given_name", .max = 100},
    Field{.name = "birthdate", .type = FieldType::date, .required = true},
    place_field,
    Field{.name = "handicap", .type = FieldType::boolean},
};
constexpr Shape child_shape{"child.born", child_fields};

constexpr std::array activity_fields{
    Field{.name = "activite",
          .type = FieldType::choice,
          .required = true,
          .choices = words::activites},
    on_field,
};
constexpr Shape activity_shape{"activity.changed", activity_fields};

constexpr std::array failed_fields{
    Field{.name = "channel",
          .type = FieldType::choice,
          .required = true,
          .choices = words::channels},
    Field{.name = "address", .doc = "all of the channel when left out", .max = 254},
};
constexpr Shape failed_shape{"contact.failed", failed_fields};

constexpr std::array done_fields{
    Field{.name = "rule", .required = true, .max = 100},
    Field{.name = "subject", .max = 80},
    Field{.name = "occurrence", .max = 40},
};
constexpr Shape done_shape{"deadline.done", done_fields};

constexpr std::array progress_fields{
    Field{.name = "rule", .required = true, .max = 100},
    Field{.name = "subject", .max = 80},
    Field{.name = "step", .type = FieldType::choice, .required = true, .choices = progress_steps},
    on_field,
};
constexpr Shape progress_shape{"procedure.advanced", progress_fields};

// --- life events ----------------------------------------------------------------------------------

constexpr std::array<Words, 4> relations{"conjoint", "parent", "enfant", "autre"};
constexpr std::array<Words, 5> job_ends{"licenciement", "demission", "fin_contrat",
                                        "rupture_conventionnelle", "autre"};
constexpr std::array<Words, 4> losses{"vol", "catastrophe_naturelle", "betail", "autre"};
constexpr std::array<Words, 2> entries{"vls_ts", "autre"};
constexpr std::array<Words, 5> decisions{"administrative", "caf", "cpam", "mdph", "fiscale"};
constexpr std::array<Words, 2> titles{"cni", "passeport"};
constexpr std::array<Words, 2> taxes{"impot_local", "impot_revenu"};
constexpr std::array<Words, 2> trips{"europe", "autre"};

constexpr std::array plain_fields{id_field, on_field, label_field};
constexpr std::array online_fields{id_field, on_field, label_field, online_field};
constexpr std::array died_fields{
    id_field, on_field, kind_field(relations, true), place_field,
    Field{.name = "heir", .type = FieldType::boolean, .doc = "the citizen inherits"}};
constexpr std::array job_end_fields{id_field, on_field, kind_field(job_ends), label_field};
constexpr std::array loss_fields{id_field, on_field, kind_field(losses, true), label_field};
constexpr std::array entry_fields{id_field, on_field, kind_field(entries, true)};
constexpr std::array decision_fields{id_field,    on_field,    kind_field(decisions, true),
                                     place_field, label_field, online_field};
constexpr std::array title_fields{id_field, on_field, kind_field(titles, true)};
constexpr std::array assessed_fields{id_field, on_field, kind_field(taxes, true), label_field};
constexpr std::array trip_fields{id_field, on_field, kind_field(trips, true)};

constexpr Shape plain_shape{"a life event", plain_fields};
constexpr Shape online_shape{"a life event", online_fields};
constexpr Shape died_shape{"person.died", died_fields};
constexpr Shape job_end_shape{"job.ended", job_end_fields};
constexpr Shape loss_shape{"loss.occurred", loss_fields};
constexpr Shape entry_shape{"country.entered", entry_fields};
constexpr Shape decision_shape{"decision.notified", decision_fields};
constexpr Shape title_shape{"title.available", title_fields};
constexpr Shape assessed_shape{"tax.assessed", assessed_fields};
constexpr Shape trip_shape{"trip.planned", trip_fields};

// --- pauses -----------------------------------------------------------------------------------------

constexpr std::array<Words, 2> pausers{"citizen", "caseworker"};
constexpr Field topic_field{.name = "topic",
                            .type = FieldType::topic,
                            .doc = "of a rule or of a caseworker's message; every topic when left out",
                            .max = 40};
constexpr Field by_field{.name = "by",
                         .type = FieldType::choice,
                         .doc = "who asked for it; the citizen when left out",
                         .choices = pausers};
constexpr std::array paused_fields{
    topic_field,
    Field{.name = "until",
          .type = FieldType::date,
          .doc = "the first day with messages again",
          .required = true},
    by_field,
    Field{.name = "reason", .doc = "in words; a caseworker gives one"},
};
constexpr std::array resumed_fields{topic_field, by_field};
constexpr Shape paused_shape{"messages.paused", paused_fields};
constexpr Shape resumed_shape{"messages.resumed", resumed_fields};

constexpr Shape outcome_shape{"an outcome", {}};

constexpr EventType life_event(std::string_view name, const Shape* shape, std::string_view doc) {
  return {.name = name, .data = shape, .doc = doc, .ours = false, .life = true};
}
constexpr EventType ours(std::string_view name, std::string_view doc) {
  return {.name = name, .data = &outcome_shape, .doc = doc, .ours = true};
}

constexpr std::array types{
    EventType{"citizen.updated", &words::citizen_record, "facts of a person, as PUT /v1/citizens/{ref} takes them"},
    EventType{"identity_document.issued", &document_shape, "a card, passport, licence or permit"},
    EventType{"document.issued", &any_document_shape, "the same, of any kind"},
    EventType{"vehicle.registered", &vehicle_shape, "a vehicle of the citizen"},
    EventType{"vehicle.inspected", &inspected_shape, "a roadworthiness test was passed"},
    EventType{"benefit.granted", &benefit_shape, "a right was opened or renewed"},
    EventType{"benefit.renewal_filed", &renewal_shape, "its renewal has been asked for"},
    EventType{"benefit.ended", &ended_shape, "it is not received any more"},
    EventType{"declaration.filed", &declaration_shape, "a declaration has been made"},
    EventType{"claim.made", &claim_shape, "a request received by an administration"},
    EventType{"claim.renewed", &renewed_shape, "it has been renewed"},
    EventType{"claim.decided", &decided_shape, "it has been answered"},
    EventType{"document.requested", &requested_shape, "a letter asks for missing documents"},
    EventType{"document.received", &received_shape, "missing documents have come"},
    EventType{"contact.failed", &failed_shape, "an address turned out to be bad"},
    EventType{"deadline.done", &done_shape, "a citizen or a caseworker says that it is done"},
    EventType{"procedure.advanced", &progress_shape, "a step of the procedure behind a deadline"},
    EventType{"activity.changed", &activity_shape, "a new situation at work"},
    EventType{"school_grant.requested", &grant_shape, "a school grant has been asked for"},
    EventType{"messages.paused", &paused_shape, "no messages for a while, but for those that the law makes us send"},
    EventType{"messages.resumed", &resumed_shape, "such a pause ends before its day"},
    life_event("child.born", &child_shape, "a child of the citizen"),
    life_event("address.changed", &words::address_shape, "a move: the whole new address"),
    life_event("vehicle.bought", &bought_shape, "a used vehicle was bought"),
    life_event("vehicle.sold", &sold_shape, "a vehicle was sold or given"),
    life_event("person.died", &died_shape, "somebody close has died"),
    life_event("marriage.celebrated", &plain_shape, "the citizen married"),
    life_event("pacs.signed", &plain_shape, "the citizen signed a Pacs"),
    life_event("pacs.dissolved", &plain_shape, "their Pacs ended"),
    life_event("divorce.pronounced", &plain_shape, "their divorce was pronounced"),
    life_event("separation.declared", &plain_shape, "a couple lives apart"),
    life_event("job.ended", &job_end_shape, "a contract of work ended"),
    life_event("job.started", &plain_shape, "a new work began"),
    life_event("training.started", &plain_shape, "a training began"),
    life_event("sick_leave.prescribed", &online_shape, "a doctor has prescribed a sick leave"),
    life_event("retirement.planned", &plain_shape, "the citizen means to retire"),
    life_event("pregnancy.began", &plain_shape, "on: the presumed beginning"),
    life_event("nationality.acquired", &plain_shape, "the citizen became French"),
    life_event("country.entered", &entry_shape, "the first entry under a visa"),
    life_event("loss.occurred", &loss_shape, "on: the day the insured knew of it"),
    life_event("fine.notified", &online_shape, "a fixed fine; on: the day it was sent"),
    life_event("works.completed", &plain_shape, "a building or an extension is completed"),
    life_event("dwelling.occupancy_changed", &plain_shape, "other people live in a dwelling owned"),
    life_event("decision.notified", &decision_shape, "a decision that can be appealed"),
    life_event("implicit_refusal.arose", &plain_shape, "silence has become a refusal"),
    life_event("document_access.refused", &plain_shape, "an administration kept a document"),
    life_event("online_document.available", &plain_shape, "notified through a teleservice"),
    life_event("title.available", &title_shape, "a card or passport waits at the town hall"),
    life_event("title.collected", &title_shape, "it was collected"),
    life_event("tax.assessed", &assessed_shape, "on: the mise en recouvrement"),
    life_event("election.called", &plain_shape, "on: the first round"),
    life_event("trip.planned", &trip_shape, "on: the departure"),
    life_event("home_schooling.planned", &plain_shape, "on: the first day of the school year"),
    life_event("situation.changed", &plain_shape, "another change that services must know of"),
    ours("reminder.sent", "a provider took a message"),
    ours("reminder.delivered", "a receipt says that it arrived"),
    ours("reminder.failed", "it could not be delivered"),
    ours("reminder.suppressed", "it was deliberately not sent"),
};

}  // namespace

std::span<const EventType> event_types() {
  return types;
}

}  // namespace rappel::profile
