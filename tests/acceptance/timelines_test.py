#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What the whole catalogue says of the quickstart's three people on one day, page by page in both
languages, is what was read and found right: tests/golden/timelines. RAPPEL_GOLDEN_UPDATE=1 writes it
anew: read the difference against the law before you commit it."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
GOLDEN = SOURCE / "tests" / "golden" / "timelines"
RAPPELCTL = pathlib.Path(os.environ["RAPPEL_BIN"]) / "rappelctl"
TODAY = "2026-11-26"
PEOPLE = ("madeleine", "karim", "odette")

# Active rules of France of which none of the three hears anything, and why. A new rule finds its person
# among the three or its place here.
NOBODY = {
    "fr.benefits.aah_renouvellement": "Karim works and his son is not grown up yet",
    "fr.benefits.demande_retraite": "Madeleine and Odette are retired, Karim is 45",
    "fr.benefits.demande_retraite_carriere": "the same",
    "fr.civil.declaration_naissance": "nobody has a child in these days",
    "fr.civil.recensement_citoyen": "nobody is 16",
    "fr.civil.recensement_nouveau_francais": "all three were born French",
    "fr.health.declaration_grossesse": "nobody is pregnant",
    "fr.identity.cni_mineur": "their cards were issued when they were of age",
    "fr.identity.passeport_mineur": "the same",
    "fr.school.dse_bourse": "nobody studies",
    "fr.school.instruction_famille": "Lina goes to school",
    "fr.school.parcoursup_confirmation": "nobody studies",
    "fr.school.parcoursup_voeux": "nobody studies",
    "fr.stay.titre_sejour_18ans": "all three are French",
    "fr.stay.titre_sejour_autre": "the same",
    "fr.stay.titre_sejour_teleservice": "the same",
    "fr.stay.vls_ts_validation": "the same",
    "fr.work.micro_ca_trimestriel": "Karim declares each month",
}
# Rules that speak by a note: their dates of the year are not known.
BY_NOTE = {
    "fr.benefits.cheque_energie_demande",
    "fr.tax.declaration_revenus",
    "fr.tax.taxe_fonciere_paiement",
}


def timeline(folder, person, language):
    """The deadlines of a person on that day, each with its page, and what the rules say beside them."""
    command = [str(RAPPELCTL), "simulate", f"{folder}/{person}.citizen.json",
               f"{folder}/{person}.events.json", "--from", TODAY, "--months", "0",
               "--explain", language]
    config = pathlib.Path(folder) / "rappel.yaml"
    config.write_text(f"templates_directory: {SOURCE}/templates\nstate_directory: {folder}/state\n")
    command[1:1] = ["--config", str(config)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return told.split("\nMessages\n")[0]


class Timelines(unittest.TestCase):
    maxDiff = None

    def test_pages(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([SOURCE / "packaging/demo/people", folder, TODAY], check=True)
            for person in PEOPLE:
                for language in ("fr", "en"):
                    with self.subTest(person=person, language=language):
                        self.compare(GOLDEN / f"{person}.{language}.txt",
                                     timeline(folder, person, language))

    def test_whole_catalogue(self):
        told = "".join((GOLDEN / f"{person}.fr.txt").read_text() for person in PEOPLE)
        met = set(re.findall(r"^(fr\.[a-z_.0-9]+), version", told, re.MULTILINE)) | BY_NOTE
        command = [str(RAPPELCTL), "--json", "rules", "list", "--templates", f"{SOURCE}/templates"]
        rules = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        active = {rule["rule"] for rule in rules
                  if rule["status"] == "active" and rule["rule"].startswith("fr.")}  # fmt: skip
        self.assertEqual(active - met, set(NOBODY))

    def compare(self, path, told):
        if os.environ.get("RAPPEL_GOLDEN_UPDATE") == "1":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(told)
        self.assertEqual(path.read_text(), told)


if __name__ == "__main__":
    unittest.main()
