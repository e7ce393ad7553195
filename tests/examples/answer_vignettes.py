#!/usr/bin/env python3
"""Answers vignettes: `answer_vignettes.py VIGNETTES.jsonl > ANSWERS.jsonl`.

Each vignette's structured facts become a case, fact by fact; the case is coded with the profile of its payer; the
answer is written as the examples' own scorer reads it. The vignette's text, tags, expected answer, codes to say no to
and claim checks are never read, and its id is only copied. A fact that is silent (`null`) stays silent; `none` is a
statement. Where a vignette holds a word that has no place here, the word is passed on as it stands, so that the engine
refuses it rather than that it is lost.
"""

from __future__ import annotations

import json
import sys
from typing import Any

Facts = dict[str, Any]

# The vignettes' words for kinds, and what else the word says.
KINDS: dict[str, tuple[str, Facts]] = {
    "lumbar_puncture_diagnostic": ("lumbar_puncture", {"purpose": "diagnostic"}),
    "lumbar_puncture_therapeutic": ("lumbar_puncture", {"purpose": "therapeutic"}),
    "lumbar_puncture_drainage": ("lumbar_puncture", {"purpose": "therapeutic"}),
    "myelogram": ("myelography", {}),
    "ct_spine": ("spinal_ct", {}),
    "facet_joint_injection": ("facet_injection", {}),
    "medial_branch_block": ("facet_injection", {"target": "medial_branch"}),
    "facet_neurolysis": ("facet_denervation", {}),
    "facet_ablation": ("facet_denervation", {}),
    "facet_rf_ablation": ("facet_denervation", {}),
    "kyphoplasty": ("vertebral_augmentation", {}),
    "transforaminal_epidural": ("transforaminal_epidural_injection", {}),
    "interlaminar_epidural": ("epidural_injection", {}),
    "blood_patch": ("epidural_blood_patch", {}),
    "si_joint_injection": ("sacroiliac_injection", {}),
    "si_nerve_block": ("sacroiliac_nerve_block", {}),
    "si_nerve_ablation": ("sacroiliac_denervation", {}),
    "si_joint_fusion": ("sacroiliac_fusion", {}),
    "trigger_point": ("trigger_point_injection", {}),
    "bm_cell_therapy": ("bone_marrow_cell_therapy", {}),
    "genicular_ablation": ("genicular_denervation", {}),
    "scs_lead_percutaneous": ("stimulator_lead_percutaneous", {}),
    "scs_lead_paddle": ("stimulator_lead_paddle", {}),
    "scs_lead_removal": ("stimulator_lead_removal", {}),
    "scs_lead_revision": ("stimulator_lead_revision", {}),
    "scs_generator_insert": ("stimulator_generator_insertion", {}),
    "scs_generator_removal": ("stimulator_generator_removal", {}),
    "neurostimulator_programming": ("stimulator_programming", {}),
    "pump_implant": ("infusion_pump_implantation", {}),
    "pump_removal": ("infusion_pump_removal", {}),
    "pump_analysis": ("infusion_pump_analysis", {}),
    "intrathecal_catheter_implant": ("infusion_catheter_implantation", {}),
    "intrathecal_catheter_removal": ("infusion_catheter_removal", {}),
}

NONE_WORDS = ("none", "no", "blind", "landmark", "landmarks", "palpation", "unguided")
GUIDANCE = {
    "fluoro": "fluoroscopy",
    "fluoroscopic": "fluoroscopy",
    "c_arm": "fluoroscopy",
    "ct_fluoro": "ct",
    "ct_fluoroscopy": "ct",
    "cone_beam_ct": "ct",
    "us": "ultrasound",
    "sonography": "ultrasound",
    "mri": "mr",
    **dict.fromkeys(NONE_WORDS, "none"),
}
SETTINGS = {
    "professional": "professional",
    "facility": "outpatient_hospital",
    "hospital": "outpatient_hospital",
    "hospital_outpatient": "outpatient_hospital",
    "outpatient": "outpatient_hospital",
    "asc": "asc_facility",
    "asc_facility": "asc_facility",
    "outpatient_hospital": "outpatient_hospital",
}
TARGETS = {
    "joints": "joint",
    "facet_joint": "joint",
    "intra_articular": "joint",
    "medial_branch_nerves": "medial_branch",
    "medial_branches": "medial_branch",
    "medial_branch_nerve": "medial_branch",
    "nerves": "medial_branch",
    "nerve": "medial_branch",
}
TECHNIQUES = {
    "radiofrequency": "radiofrequency",
    "rf": "radiofrequency",
    "thermal": "radiofrequency",
    "thermal_rf": "radiofrequency",
    "thermal_radiofrequency": "radiofrequency",
    "conventional": "radiofrequency",
    "conventional_radiofrequency": "radiofrequency",
    "continuous_radiofrequency": "radiofrequency",
    "radiofrequency_thermal": "radiofrequency",
    "cooled": "cooled_radiofrequency",
    "cooled_rf": "cooled_radiofrequency",
    "radiofrequency_cooled": "cooled_radiofrequency",
    "pulsed": "pulsed_radiofrequency",
    "pulsed_rf": "pulsed_radiofrequency",
    "radiofrequency_pulsed": "pulsed_radiofrequency",
    "prf": "pulsed_radiofrequency",
    "phenol": "chemical",
    "alcohol": "chemical",
    "ethanol": "chemical",
    "dehydrated_alcohol": "chemical",
    "glycerol": "chemical",
    "glycerin": "chemical",
    "neurolytic": "chemical",
    "neurolytic_agent": "chemical",
    "chemical_neurolysis": "chemical",
    "electric": "electrical",
    "electrocautery": "electrical",
    "cryo": "cryoablation",
    "cryoneurolysis": "cryoablation",
    "cryotherapy": "cryoablation",
    "laser_ablation": "laser",
    "nonthermal": "other_nonthermal",
    "non_thermal": "other_nonthermal",
}
# What is injected for relief says nothing of how a nerve is destroyed.
NOT_DESTRUCTIVE = ("steroid", "anesthetic", "anaesthetic", "local_anesthetic", "cement", "saline", "none")
DEVICES = {
    "balloon_tamp": "balloon",
    "kyphoplasty_balloon": "balloon",
    "implant": "mechanical",
    "mechanical_device": "mechanical",
    "expandable_implant": "mechanical",
    "stent": "mechanical",
    "jack": "mechanical",
    "curette": "mechanical",
    "osteotome": "mechanical",
    "needle": "none",
    "no": "none",
}
OUTCOMES = {
    "stopped": "discontinued",
    "aborted": "discontinued",
    "abandoned": "discontinued",
    "terminated": "discontinued",
    "stopped_before_anesthesia": "discontinued_before_anesthesia",
    "stopped_after_anesthesia": "discontinued_after_anesthesia",
    "partial": "reduced",
    "done": "completed",
}
APPROACHES = {"lumbar_puncture": "lumbar", "lumbar_injection": "lumbar", "c1_c2_puncture": "c1_c2", "c1-c2": "c1_c2", "cervical_puncture": "c1_c2"}
IMAGED = {"lumbar": "lumbosacral", "sacral": "lumbosacral", "lumbo_sacral": "lumbosacral"}
PURPOSES = {"drainage": "therapeutic", "treatment": "therapeutic", "diagnosis": "diagnostic"}
CT_CONTRAST = {
    "intrathecal_from_myelogram": "intrathecal",
    "iv": "intravenous",
    "with": "intravenous",
    "without": "none",
    "without_and_with": "without_then_with",
    "without_with": "without_then_with",
    "with_and_without": "without_then_with",
}
CLINICIANS = {
    "same": "same_clinician",
    "self": "same_clinician",
    "same_provider": "same_clinician",
    "same_physician": "same_clinician",
    "operator": "same_clinician",
    "other": "another_clinician",
    "another": "another_clinician",
    "other_provider": "another_clinician",
    "different_provider": "another_clinician",
    "other_physician": "another_clinician",
    "radiologist": "another_clinician",
}
# Region words to regions of a site; a word that covers several regions says nothing of where.
REGIONS = {"cervical": "cervical", "thoracic": "thoracic", "lumbar": "lumbar", "lumbosacral": "lumbar", "sacral": "sacral"}
CT_REGIONS = REGIONS | {"sacral": "lumbar"}
LEVEL_COUNTED = ("facet_injection", "facet_denervation", "vertebroplasty", "vertebral_augmentation")
AUGMENTING = ("vertebral_augmentation", "sacroplasty")
FACET = ("facet_injection", "facet_denervation")
CODED = ("lumbar_puncture", "myelography", "spinal_ct", "sacroplasty", *LEVEL_COUNTED)


def word(value: Any, table: dict[str, str]) -> Any:
    """The engine's word for the vignette's; one that is not in the table is passed on."""
    if not isinstance(value, str):
        return value
    key = value.strip().lower().replace(" ", "_")
    return table.get(key, key)


def first(facts: Facts, *names: str) -> Any:
    """The first of these facts that is not silent."""
    return next((facts[name] for name in names if facts.get(name) is not None), None)


def clinician(facts: Facts, same: tuple[str, ...], other: tuple[str, ...], by: tuple[str, ...]) -> Any:
    """Who did it: from a flag that says the same, a flag that says another, or a word."""
    if (flag := first(facts, *same)) is not None:
        return "same_clinician" if flag else "another_clinician"
    if (flag := first(facts, *other)) is not None:
        return "another_clinician" if flag else "same_clinician"
    return word(first(facts, *by), CLINICIANS)


def technique(facts: Facts, agent: Any) -> Any:
    """How the nerve was destroyed; a named technique says more than the agent."""
    if facts.get("pulsed"):
        return "pulsed_radiofrequency"
    if facts.get("cooled"):
        return "cooled_radiofrequency"
    said = first(facts, "technique", "modality", "method", "energy", "mode")
    said = agent if said is None else said
    if said in NOT_DESTRUCTIVE:
        return None
    if facts.get("thermal") is False and word(said, TECHNIQUES) == "radiofrequency":
        return "other_nonthermal"
    return word(said, TECHNIQUES)


def nerve_name(name: Any) -> Any:
    """A nerve's short name: `L5 dorsal ramus` is L5, the third occipital nerve is TON."""
    if not isinstance(name, str):
        return name
    text = name.lower().replace("_", " ")
    if "third occipital" in text or text.strip() == "ton":
        return "TON"
    for said in ("medial branches", "medial branch", "dorsal ramus", "nerve", " mb", " dr"):
        text = text.replace(said, " ")
    return text.strip().upper()


def places(kind: str, given: Facts, facts: Facts) -> Facts:
    """Levels, nerves and sides."""
    found: Facts = {}
    levels = given.get("levels") or []
    nerves = [nerve_name(nerve) for nerve in facts.get("nerves") or []]
    sides = facts.get("sides") or facts.get("side_by_level") or facts.get("levels_by_side") or {}
    if not sides:
        sides = {side: facts[key] for side in ("left", "right", "bilateral") for key in (f"{side}_levels", f"levels_{side}") if facts.get(key)}
    if sides and kind in FACET:
        # Either level to side, or side to levels.
        pairs = [(level, side) for level, side in sides.items() if isinstance(side, str)]
        pairs += [(level, side) for side, many in sides.items() if isinstance(many, list) for level in many]
        found["sites"] = [{"joint": level, "side": side} for level, side in pairs]
        return found
    if levels and kind != "spinal_ct":
        found["levels"] = levels
    if nerves and kind in FACET:
        found["nerves"] = nerves
    region = given.get("region")
    if kind == "spinal_ct":
        regions = [word(part, CT_REGIONS) for part in facts.get("regions") or ([region] if region else [])]
        known = [part for part in regions if part in CT_REGIONS.values()]
        if known:
            found["sites"] = [{"region": part} for part in known]
    elif kind in LEVEL_COUNTED and not found and word(region, REGIONS) in REGIONS.values():
        found["sites"] = [{"region": word(region, REGIONS), **({"side": given["side"]} if given.get("side") else {})}]
        return found
    if given.get("side") is not None and kind not in ("lumbar_puncture", "myelography", "spinal_ct"):
        found["side"] = given["side"]
    return found


def procedure(given: Facts, at: int, count: int) -> Facts:
    """One procedure of a case from one of a vignette."""
    kind, facts_of_kind = KINDS.get(given["kind"], (given["kind"], {}))
    facts: Facts = given.get("other") or {}
    made: Facts = {"id": f"p{at + 1}", "kind": kind, **facts_of_kind}
    if kind not in CODED:
        # Not coded by this engine's families: only where it was done is said, which is enough for `out_of_scope`.
        return made

    def say(fact: str, value: Any) -> None:
        if value is not None:
            made[fact] = value

    made.update(places(kind, given, facts))
    say("guidance", word(given.get("guidance"), GUIDANCE))
    if given.get("formal_study_report") is not None:
        made["formal_report"] = bool(given["formal_study_report"])
    say("outcome", word(first(facts, "outcome"), OUTCOMES))
    say("images_kept", first(facts, "images_kept", "images_saved", "image_saved"))
    say("performed_by", first(facts, "performed_by"))
    say("encounter", first(facts, "encounter", "session"))
    if first(facts, "separate_session", "different_session"):
        made["encounter"] = f"of p{at + 1}"
    if first(facts, "distinct", "distinct_site", "separate_site"):
        made["distinct_from"] = [f"p{other + 1}" for other in range(count) if other != at]

    contrast = given.get("contrast")
    if kind == "spinal_ct":
        say("contrast", word(contrast, CT_CONTRAST))
    elif contrast is not None:
        made["contrast"] = contrast if isinstance(contrast, bool) else contrast not in NONE_WORDS

    same = ("same_provider", "same_clinician", "same_physician")
    other = ("imaging_by_other_provider", "guidance_by_other_provider", "imaging_by_other_clinician")
    if kind == "myelography":
        say("approach", word(given.get("approach"), APPROACHES))
        imaged = facts.get("imaged_regions")
        if facts.get("ct_only"):
            imaged = []
        if imaged is not None:
            made["imaged_regions"] = list(dict.fromkeys(word(region, IMAGED) for region in imaged))
        reader = clinician(facts, same, ("read_by_other_provider", "interpreted_by_other_provider", *other), ("imaging_read_by", "read_by", "interpreted_by", "reader"))
        say("imaging_read_by", reader)
    elif kind != "spinal_ct":
        say("guidance_by", clinician(facts, same, other, ("guidance_by", "imaging_by")))

    if kind == "lumbar_puncture":
        say("purpose", word(first(facts, "purpose"), PURPOSES) or made.get("purpose"))
    if kind == "facet_injection":
        say("target", word(first(facts, "target"), TARGETS))
        say("purpose", word(first(facts, "purpose"), PURPOSES))
        muscles = first(facts, "muscles")
        say("muscles", len(muscles) if isinstance(muscles, list) else muscles)
    if kind == "facet_denervation":
        say("technique", technique(facts, given.get("agent")))
        say("temperature_celsius", first(facts, "temperature_celsius", "temperature_c", "temperature", "temp_c"))
    if kind in AUGMENTING:
        device = word(first(facts, "device"), DEVICES)
        if device is None and facts.get("cavity") is not None:
            device = "mechanical" if facts["cavity"] else "none"
        say("device", device)
    return made


def case(vignette: Facts) -> Facts:
    """The case of a vignette's structured facts."""
    setting = vignette.get("setting") or {}
    procedures = vignette["procedures"]
    made: Facts = {"date_of_service": vignette["dos"]}
    if setting.get("pos") is not None:
        made["place_of_service"] = str(setting["pos"])
    if setting.get("bill_type") is not None:
        made["setting"] = word(setting["bill_type"], SETTINGS)
    made["procedures"] = [procedure(given, at, len(procedures)) for at, given in enumerate(procedures)]
    return made


def lines(billed: Any) -> list[Facts]:
    """Billed lines as the scorer reads them."""
    return [{"code": str(line.code), "units": line.units, "modifiers": [str(modifier) for modifier in line.modifiers]} for line in billed]


def answer(engine: Any, refused: type[Exception], vignette: Facts) -> Facts:
    """The answer to one vignette."""
    made: Facts = {"id": vignette["id"], "status": "out_of_scope", "lines": [], "codings": [], "checks": []}
    if all(given["kind"] == "claim_only" for given in vignette["procedures"]):
        return made
    try:
        coded = engine.code(case(vignette), payer=vignette.get("payer"))
    except refused as fault:
        print(f"{vignette['id']}: {fault}", file=sys.stderr)
        return made
    made["status"] = str(coded.status)
    made["lines"] = lines(coded.billed)
    made["codings"] = [lines(coding.billed) for coding in coded.codings]
    return made


def main(argv: list[str]) -> int:
    """Reads the vignettes of a file, writes the answers to standard output."""
    if len(argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    import spinecode as sc

    engine = sc.Engine()
    refused = getattr(sc, "InputError", sc.SpinecodeError if hasattr(sc, "SpinecodeError") else Exception)
    with open(argv[1], encoding="utf-8") as vignettes:
        for line in vignettes:
            if line.strip():
                print(json.dumps(answer(engine, refused, json.loads(line))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
