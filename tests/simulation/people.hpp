// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/program.hpp"
#include "simulation/clients.hpp"

namespace rappel::simulation {

/// The citizens, and what happens in their lives at random instants: the situations of the shipped
/// rules' own examples, moves, other wishes, things done at the very moment of their reminder, and
/// messages that a caseworker plans, also for 02:30 of a night that has it twice.
class People {
 public:
  People(Timeline& timeline, Clients& clients, Witness& witness, FaultyStore& store,
         const app::Library& library, TenantId tenant, std::vector<std::string> references,
         Instant until, std::uint64_t seed);

  void begin();
  /// A storm comes: much is to happen in it.
  void hurry(Instant from, Instant until);
  [[nodiscard]] std::uint64_t fold_notes() const { return fold_notes_; }

 private:
  void live_on(std::size_t who);
  void act(std::size_t who);
  void tell(std::size_t who, std::string type, boost::json::object data);
  void update(std::size_t who, boost::json::object body);
  void live_an_example(std::size_t who);
  void move(std::size_t who);
  void wish(std::size_t who);
  void finish_something(std::size_t who);
  void finish_at_the_last_instant(std::size_t who);
  void take_back(std::size_t who);
  void plan_note(std::size_t who, Instant at);
  void plan_note_for_a_night(std::size_t who);
  [[nodiscard]] boost::json::object somebody(std::size_t who);
  [[nodiscard]] boost::json::array contacts(std::size_t who);
  [[nodiscard]] boost::json::object preferences();

  Timeline& timeline_;
  Clients& clients_;
  Witness& witness_;
  FaultyStore& store_;
  TenantId tenant_;
  std::vector<std::string> references_;
  Instant until_;
  Chance chance_;
  std::vector<const rules::Example*> examples_;
  std::uint64_t notes_ = 0, fold_notes_ = 0;
};

}  // namespace rappel::simulation
