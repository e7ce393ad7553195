#!/usr/bin/env python3
"""Answers vignettes: `answer_vignettes.py VIGNETTES.jsonl > ANSWERS.jsonl`.

Each vignette's structured facts become a case, fact by fact; the case is coded with the profile of its payer; the
answer is written as the examples' own scorer reads it. Each claim check's billed lines become a claim with that case,
and its findings become tags by rule id and arguments alone (`TAGS`). The vignette's text, tags, expected answer, codes
to say no to and the checks' own tags are never read, and its id is only copied. A fact that is silent (`null`) stays
silent; `none` is a statement. Where a vignette holds a word that has no place here, the word is passed on as it stands,
so that the engine refuses it rather than that it is lost.
"""

from __future__ import annotations

import json
import re
import sys
from datetime import date, timedelta
from pathlib import Path
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
    "sacral_augmentation": ("sacroplasty", {}),
    "sacral_vertebroplasty": ("sacroplasty", {"device": "none"}),
    "kyphoplasty": ("vertebral_augmentation", {}),
    **dict.fromkeys(
        ("transforaminal_epidural", "transforaminal_esi", "transforaminal_injection", "tfesi"),
        ("transforaminal_epidural_injection", {}),
    ),
    **dict.fromkeys(("selective_nerve_root_block", "snrb"), ("transforaminal_epidural_injection", {})),
    **dict.fromkeys(
        ("interlaminar_epidural", "interlaminar_esi", "epidural_steroid_injection", "esi", "intrathecal_injection"),
        ("epidural_injection", {}),
    ),
    **dict.fromkeys(
        ("caudal_epidural", "caudal_esi", "caudal_injection"), ("epidural_injection", {"approach": "caudal"})
    ),
    **dict.fromkeys(("epidural_catheter", "epidural_infusion"), ("epidural_injection", {})),
    "blood_patch": ("epidural_blood_patch", {}),
    "epidurogram": ("epidurography", {}),
    **dict.fromkeys(("discogram", "provocative_discography", "disc_injection"), ("discography", {})),
    **dict.fromkeys(
        ("cisternal_puncture", "c1_c2_puncture", "cervical_puncture", "lateral_cervical_puncture"),
        ("csf_puncture_cervical", {}),
    ),
    **dict.fromkeys(("adhesiolysis", "epidural_lysis", "lysis_of_adhesions", "racz"), ("epidural_adhesiolysis", {})),
    **dict.fromkeys(
        ("epidural_neurolysis", "epidural_neurolytic", "neurolytic_epidural"),
        ("neuraxial_neurolysis", {"space": "epidural"}),
    ),
    **dict.fromkeys(
        ("intrathecal_neurolysis", "subarachnoid_neurolysis", "intrathecal_neurolytic"),
        ("neuraxial_neurolysis", {"space": "intrathecal"}),
    ),
    **dict.fromkeys(("neurolytic_injection", "neurolytic_block_neuraxial"), ("neuraxial_neurolysis", {})),
    "si_joint_injection": ("sacroiliac_injection", {}),
    "si_arthrogram": ("sacroiliac_injection", {"purpose": "arthrogram"}),
    "si_nerve_block": ("sacroiliac_nerve_block", {}),
    "si_lateral_branch_block": ("sacroiliac_nerve_block", {}),
    "si_nerve_ablation": ("sacroiliac_denervation", {}),
    "si_lateral_branch_ablation": ("sacroiliac_denervation", {}),
    "si_denervation": ("sacroiliac_denervation", {}),
    "si_joint_fusion": ("sacroiliac_fusion", {}),
    "si_fusion": ("sacroiliac_fusion", {}),
    "trigger_point": ("trigger_point_injection", {}),
    **dict.fromkeys(("trigger_points", "tpi", "trigger_point_injections"), ("trigger_point_injection", {})),
    **dict.fromkeys(("needling", "dry_needle", "intramuscular_stimulation"), ("dry_needling", {})),
    **dict.fromkeys(
        ("genicular_nerve_ablation", "genicular_rf_ablation", "genicular_rfa", "genicular_neurolysis"),
        ("genicular_denervation", {}),
    ),
    "genicular_nerve_block": ("genicular_block", {}),
    "stellate_ganglion_block": ("sympathetic_block", {"target": "stellate_ganglion"}),
    "lumbar_sympathetic_block": ("sympathetic_block", {"target": "lumbar_sympathetic"}),
    "celiac_plexus_block": ("sympathetic_block", {"target": "celiac_plexus"}),
    **dict.fromkeys(
        ("hypogastric_block", "hypogastric_plexus_block", "superior_hypogastric_plexus_block"),
        ("sympathetic_block", {"target": "superior_hypogastric_plexus"}),
    ),
    "ganglion_impar_block": ("sympathetic_block", {"target": "ganglion_impar"}),
    "sphenopalatine_block": ("sympathetic_block", {"target": "sphenopalatine_ganglion"}),
    **dict.fromkeys(("sympathetic_ablation", "sympathetic_destruction"), ("sympathetic_neurolysis", {})),
    **dict.fromkeys(
        ("celiac_neurolysis", "celiac_plexus_neurolysis"), ("sympathetic_neurolysis", {"target": "celiac_plexus"})
    ),
    "hypogastric_neurolysis": ("sympathetic_neurolysis", {"target": "superior_hypogastric_plexus"}),
    **dict.fromkeys(("thoracic_paravertebral_block", "pvb"), ("paravertebral_block", {})),
    **dict.fromkeys(("plane_block", "fascial_block"), ("fascial_plane_block", {})),
    "tap_block": ("fascial_plane_block", {"plane": "transversus_abdominis"}),
    **dict.fromkeys(("esp_block", "erector_spinae_block"), ("fascial_plane_block", {"plane": "erector_spinae"})),
    **dict.fromkeys(("nerve_block", "somatic_nerve_block"), ("peripheral_nerve_block", {})),
    "occipital_nerve_block": ("peripheral_nerve_block", {"nerve": "greater_occipital"}),
    **dict.fromkeys(
        ("intercostal_block", "intercostal_nerve_block"), ("peripheral_nerve_block", {"nerve": "intercostal"})
    ),
    **dict.fromkeys(
        ("nerve_ablation", "nerve_destruction", "peripheral_nerve_ablation", "peripheral_nerve_destruction"),
        ("peripheral_neurolysis", {}),
    ),
    **dict.fromkeys(
        ("bursa_injection", "tendon_injection", "arthrocentesis", "soft_tissue_injection"), ("joint_injection", {})
    ),
    "large_joint_injection": ("joint_injection", {"structure": "other_large_joint"}),
    **dict.fromkeys(
        ("medium_joint_injection", "intermediate_joint_injection"),
        ("joint_injection", {"structure": "other_medium_joint"}),
    ),
    "small_joint_injection": ("joint_injection", {"structure": "other_small_joint"}),
    "tendon_sheath_injection": ("joint_injection", {"structure": "tendon_sheath"}),
    "tendon_origin_injection": ("joint_injection", {"structure": "tendon_origin"}),
    "carpal_tunnel_injection": ("joint_injection", {"structure": "carpal_tunnel"}),
    **dict.fromkeys(("sedation", "conscious_sedation"), ("moderate_sedation", {})),
    **dict.fromkeys(("visit", "em_visit", "e_m_visit", "evaluation_and_management"), ("office_visit", {})),
    "office_visit_new": ("office_visit", {"patient": "new"}),
    "office_visit_established": ("office_visit", {"patient": "established"}),
    "bm_cell_therapy": ("bone_marrow_cell_therapy", {}),
    "bone_marrow_aspiration": ("bone_marrow_sampling", {"sample": "aspirate"}),
    "bone_marrow_aspirate": ("bone_marrow_sampling", {"sample": "aspirate"}),
    "bone_marrow_biopsy": ("bone_marrow_sampling", {}),
    "bvn_ablation": ("basivertebral_ablation", {}),
    "basivertebral_nerve_ablation": ("basivertebral_ablation", {}),
    "intradiscal_injection": ("intradiscal_cell_injection", {}),
    "intradiscal_cell": ("intradiscal_cell_injection", {}),
    "allogeneic_disc_injection": ("intradiscal_cell_injection", {}),
    "idet": ("intradiscal_thermal", {"technique": "electrothermal"}),
    "intradiscal_electrothermal_therapy": ("intradiscal_thermal", {"technique": "electrothermal"}),
    "intradiscal_electrothermal_annuloplasty": ("intradiscal_thermal", {"technique": "electrothermal"}),
    "biacuplasty": ("intradiscal_thermal", {"technique": "other_thermal"}),
    "nucleoplasty": ("percutaneous_disc_decompression", {"technique": "needle"}),
    "percutaneous_discectomy": ("percutaneous_disc_decompression", {}),
    "disc_decompression": ("percutaneous_disc_decompression", {}),
    "endoscopic_discectomy": ("percutaneous_disc_decompression", {"technique": "endoscopic"}),
    "endoscopic_decompression": ("percutaneous_disc_decompression", {"technique": "endoscopic"}),
    "endoscopic_disc_decompression": ("percutaneous_disc_decompression", {"technique": "endoscopic"}),
    "chemonucleolysis": ("percutaneous_disc_decompression", {"technique": "enzyme"}),
    "disc_chemonucleolysis": ("percutaneous_disc_decompression", {"technique": "enzyme"}),
    "pild": ("image_guided_laminotomy", {}),
    "mild": ("image_guided_laminotomy", {}),
    "percutaneous_laminotomy": ("image_guided_laminotomy", {}),
    "image_guided_decompression": ("image_guided_laminotomy", {}),
    "image_guided_lumbar_decompression": ("image_guided_laminotomy", {}),
    "percutaneous_image_guided_decompression": ("image_guided_laminotomy", {}),
    "percutaneous_image_guided_lumbar_decompression": ("image_guided_laminotomy", {}),
    "interspinous_spacer": ("interspinous_device", {}),
    "interspinous": ("interspinous_device", {}),
    "vertebral_biopsy": ("bone_biopsy", {}),
    "open_bone_biopsy": ("bone_biopsy", {"approach": "open"}),
    "disc_biopsy": ("disc_aspiration", {}),
    "prp_injection": ("platelet_rich_plasma_injection", {}),
    "genicular_ablation": ("genicular_denervation", {}),
    "scs_trial": ("stimulator_trial", {"target": "spinal"}),
    "scs_lead_percutaneous": ("stimulator_implant", {"component": "percutaneous_lead", "target": "spinal"}),
    "scs_lead_paddle": ("stimulator_implant", {"component": "paddle_lead", "target": "spinal"}),
    "scs_generator_insert": ("stimulator_implant", {"component": "generator", "target": "spinal"}),
    "scs_generator_replacement": (
        "stimulator_revision",
        {"component": "generator", "replaced": True, "target": "spinal"},
    ),
    "scs_integrated_system": ("stimulator_implant", {"component": "integrated_system", "target": "spinal"}),
    "scs_lead_revision": ("stimulator_revision", {"target": "spinal"}),
    "scs_lead_replacement": ("stimulator_revision", {"replaced": True, "target": "spinal"}),
    "scs_generator_revision": ("stimulator_revision", {"component": "generator", "target": "spinal"}),
    "scs_lead_removal": ("stimulator_removal", {"target": "spinal"}),
    "scs_generator_removal": ("stimulator_removal", {"component": "generator", "target": "spinal"}),
    "pns_lead_percutaneous": ("stimulator_implant", {"component": "percutaneous_lead", "target": "peripheral"}),
    "pns_generator_insert": ("stimulator_implant", {"component": "generator", "target": "peripheral"}),
    "pns_integrated_system": ("stimulator_implant", {"component": "integrated_system", "target": "peripheral"}),
    "pns_lead_removal": ("stimulator_removal", {"target": "peripheral"}),
    "neurostimulator_programming": ("stimulator_programming", {}),
    "neurostimulator_analysis": ("stimulator_programming", {}),
    "intrathecal_catheter_implant": ("infusion_catheter", {"action": "implant"}),
    "intrathecal_catheter_revision": ("infusion_catheter", {"action": "revision"}),
    "intrathecal_catheter_removal": ("infusion_catheter", {"action": "removal"}),
    "pump_implant": ("infusion_pump", {"action": "implant"}),
    "pump_replacement": ("infusion_pump", {"action": "replacement"}),
    "pump_removal": ("infusion_pump", {"action": "removal"}),
    "pump_analysis": ("infusion_management", {}),
    "pump_reprogramming": ("infusion_management", {"reprogrammed": True}),
    "pump_refill": ("infusion_management", {"refilled": True}),
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
APPROACHES = {
    "lumbar_puncture": "lumbar",
    "lumbar_injection": "lumbar",
    "c1_c2_puncture": "c1_c2",
    "c1-c2_puncture": "c1_c2",
    "c1-c2": "c1_c2",
    "lateral_c1_c2": "c1_c2",
    "cervical": "c1_c2",
    "cervical_puncture": "c1_c2",
}
# The way into the epidural space; the intrathecal one is coded as the epidural one, but for destruction.
EPIDURAL_WAYS = {
    **dict.fromkeys(("translaminar", "paramedian", "midline", "intralaminar"), "interlaminar"),
    **dict.fromkeys(("sacral_hiatus", "caudal_approach"), "caudal"),
    **dict.fromkeys(("foraminal", "tf"), "transforaminal"),
    **dict.fromkeys(("subarachnoid", "thecal", "spinal"), "intrathecal"),
}
CATHETERS = {
    **dict.fromkeys(("indwelling_multi_day", "multi_day", "left_in_place", "continuous", "infusion"), "indwelling"),
    **dict.fromkeys(
        ("same_day", "single_day", "removed", "pulled", "pulled_same_day", "temporary"), "removed_same_day"
    ),
    **dict.fromkeys((*NONE_WORDS, "needle"), "none"),
}
EPIDURAL_PURPOSES = {
    **dict.fromkeys(("postop_pain", "post_operative_pain", "postoperative_analgesia", "postop"), "postoperative_pain"),
    **dict.fromkeys(("intrathecal_trial", "pump_trial_injection", "implantable_pump_trial"), "pump_trial"),
    **dict.fromkeys(("labour", "labor_analgesia", "obstetric"), "labor"),
}
COURSES = {
    **dict.fromkeys(("one", "single", "single_day", "1_day", "1", "same_day"), "one_day"),
    **dict.fromkeys(("multi_day", "multiple_days", "two_or_more_days", "2_or_more_days"), "several_days"),
}
NEUROLYTIC = ("phenol", "alcohol", "ethanol", "dehydrated_alcohol", "glycerol", "glycerin", "neurolytic", "iced_saline")
# Kinds whose word says that a catheter stays.
STAYING = ("epidural_catheter", "epidural_infusion")
# Parts of words in free descriptions, and what each says; the first that is found holds.
LEADS = {
    "integrated": "integrated_system",
    "generator": "generator",
    "ipg": "generator",
    "receiver": "generator",
    "battery": "generator",
    "paddle": "paddle_lead",
    "plate": "paddle_lead",
    "lamin": "paddle_lead",
    "surgical": "paddle_lead",
    "percutaneous": "percutaneous_lead",
    "cylindrical": "percutaneous_lead",
    "needle": "percutaneous_lead",
}
INCISIONS = {
    "pull": "no",
    "no_incision": "no",
    "without_incision": "no",
    "traction": "no",
    "incision": "yes",
    "surgical": "yes",
    "explant": "yes",
    "open": "yes",
}
COMPLEXITY = {
    "analysis": "check",
    "analysis_only": "check",
    "none": "check",
    "no_programming": "check",
    "interrogation": "check",
    "impedance_check": "check",
}
SI_APPROACHES = {
    "open": "open",
    "direct": "open",
    "percutaneous": "percutaneous",
    "minimally": "percutaneous",
    "mis": "percutaneous",
    "lateral": "percutaneous",
    "posterior": "percutaneous",
}
SI_DEVICES = {
    "no_transfix": "intra_articular",
    "without_transfix": "intra_articular",
    "both": "both",
    "hybrid": "both",
    "transfix": "transfixing",
    "transarticular": "transfixing",
    "cross": "transfixing",
    "screw": "transfixing",
    "triangular": "transfixing",
    "intra": "intra_articular",
    "allograft": "intra_articular",
    "within": "intra_articular",
}
PUMPS = {
    "programmable_pump": "programmable",
    "fixed_rate_pump": "fixed_rate",
    "non_programmable": "fixed_rate",
    "nonprogrammable": "fixed_rate",
    "constant_flow": "fixed_rate",
    "port": "reservoir",
}
REFILLERS = {
    "doctor": "physician",
    "md": "physician",
    "do": "physician",
    "np": "physician",
    "pa": "physician",
    "nurse_practitioner": "physician",
    "physician_assistant": "physician",
    "qhp": "physician",
    "qualified_health_professional": "physician",
    "nurse": "other_staff",
    "rn": "other_staff",
    "staff": "other_staff",
    "clinical_staff": "other_staff",
    "technician": "other_staff",
}
SIDES = {"r": "right", "rt": "right", "l": "left", "lt": "left", "both": "bilateral"}
IMAGED = {"lumbar": "lumbosacral", "sacral": "lumbosacral", "lumbo_sacral": "lumbosacral"}
PURPOSES = {"drainage": "therapeutic", "treatment": "therapeutic", "diagnosis": "diagnostic"}
CT_CONTRAST = {
    "intrathecal_from_myelogram": "intrathecal",
    "intradiscal_from_discogram": "intradiscal",
    "disc": "intradiscal",
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
# Ganglia, planes, nerves, joints and bursae: the vocabulary's words and others for them.
SYMPATHETIC = {
    **dict.fromkeys(("stellate", "cervicothoracic_ganglion"), "stellate_ganglion"),
    **dict.fromkeys(("lumbar", "lumbar_sympathetic_chain", "lumbar_paravertebral_sympathetic"), "lumbar_sympathetic"),
    **dict.fromkeys(("thoracic", "thoracic_sympathetic_chain"), "thoracic_sympathetic"),
    "cervical": "cervical_sympathetic",
    "celiac": "celiac_plexus",
    **dict.fromkeys(("splanchnic_nerves", "splanchnic_nerve"), "splanchnic"),
    **dict.fromkeys(("hypogastric", "superior_hypogastric", "hypogastric_plexus"), "superior_hypogastric_plexus"),
    **dict.fromkeys(("impar", "ganglion_of_impar", "walther"), "ganglion_impar"),
    **dict.fromkeys(("sphenopalatine", "spg", "pterygopalatine_ganglion"), "sphenopalatine_ganglion"),
}
PLANES = {
    **dict.fromkeys(("tap", "transversus_abdominis_plane"), "transversus_abdominis"),
    **dict.fromkeys(("esp", "erector_spinae_plane"), "erector_spinae"),
    **dict.fromkeys(("pecs", "pecs_i", "pecs_ii", "pecs1", "pecs2", "pectoralis", "interpectoral"), "pectoral"),
    **dict.fromkeys(("serratus_anterior", "serratus_anterior_plane", "sap"), "serratus"),
    **dict.fromkeys(("parasternal", "transversus_thoracis", "pifb"), "parasternal_intercostal"),
    **dict.fromkeys(("ql", "quadratus"), "quadratus_lumborum"),
    **dict.fromkeys(("abdominal", "abdominal_wall"), "abdominal_other"),
    **dict.fromkeys(("thoracic", "chest_wall", "thoracic_plane"), "thoracic_other"),
    **dict.fromkeys(("fascia_iliaca_compartment", "fib", "suprainguinal_fascia_iliaca"), "fascia_iliaca"),
    **dict.fromkeys(("lower_extremity", "leg", "peng"), "lower_limb_other"),
}
NERVES = {
    **dict.fromkeys(("gon", "occipital", "greater_occipital_nerve"), "greater_occipital"),
    "lon": "lesser_occipital",
    **dict.fromkeys(("lfcn", "lfc", "lateral_cutaneous_of_thigh"), "lateral_femoral_cutaneous"),
    **dict.fromkeys(("interscalene", "supraclavicular", "infraclavicular", "axillary_plexus"), "brachial_plexus"),
    **dict.fromkeys(("common_peroneal", "deep_peroneal", "superficial_peroneal", "fibular"), "peroneal"),
    "posterior_tibial": "tibial",
    **dict.fromkeys(("superior_cluneal", "middle_cluneal"), "cluneal"),
    **dict.fromkeys(("popliteal_sciatic", "sciatic_popliteal"), "sciatic"),
    "adductor_canal": "femoral",
    **dict.fromkeys(("ophthalmic", "v1"), "trigeminal_ophthalmic"),
    **dict.fromkeys(("maxillary", "v2"), "trigeminal_maxillary"),
    **dict.fromkeys(("mandibular", "v3"), "trigeminal_mandibular"),
    **dict.fromkeys(("plantar_common_digital", "morton_neuroma", "interdigital", "mortons_neuroma"), "plantar_digital"),
    "gasserian_ganglion": "trigeminal_division",
}
STRUCTURES = {
    **dict.fromkeys(("shoulder", "glenohumeral", "glenohumeral_joint"), "shoulder_joint"),
    **dict.fromkeys(("hip", "hip_intra_articular"), "hip_joint"),
    "knee": "knee_joint",
    **dict.fromkeys(("subacromial", "subacromial_space", "subdeltoid_bursa"), "subacromial_bursa"),
    **dict.fromkeys(("trochanteric", "greater_trochanteric_bursa", "greater_trochanter"), "trochanteric_bursa"),
    "prepatellar": "prepatellar_bursa",
    **dict.fromkeys(("pes_anserine", "pes_anserinus", "pes_bursa"), "pes_anserine_bursa"),
    **dict.fromkeys(("ischial", "ischiogluteal_bursa"), "ischial_bursa"),
    "elbow": "elbow_joint",
    "wrist": "wrist_joint",
    "ankle": "ankle_joint",
    **dict.fromkeys(("ac_joint", "acromioclavicular"), "acromioclavicular_joint"),
    "sternoclavicular": "sternoclavicular_joint",
    **dict.fromkeys(("tmj", "temporomandibular"), "temporomandibular_joint"),
    "olecranon": "olecranon_bursa",
    **dict.fromkeys(("finger", "mcp", "pip", "dip", "mcp_joint", "pip_joint", "dip_joint"), "finger_joint"),
    **dict.fromkeys(("thumb", "cmc", "cmc_joint", "thumb_cmc", "first_cmc"), "thumb_joint"),
    **dict.fromkeys(("toe", "mtp", "mtp_joint", "great_toe", "first_mtp"), "toe_joint"),
    **dict.fromkeys(("large", "major", "large_joint", "major_joint"), "other_large_joint"),
    **dict.fromkeys(("medium", "intermediate", "medium_joint", "intermediate_joint"), "other_medium_joint"),
    **dict.fromkeys(("small", "small_joint"), "other_small_joint"),
    **dict.fromkeys(("sheath", "flexor_tendon_sheath"), "tendon_sheath"),
    **dict.fromkeys(("iliolumbar_ligament", "interspinous_ligament", "coracohumeral_ligament"), "ligament"),
    **dict.fromkeys(("plantar_fasciitis", "heel"), "plantar_fascia"),
    **dict.fromkeys(("de_quervain", "first_dorsal_compartment"), "de_quervain_tendon"),
    **dict.fromkeys(("biceps", "biceps_tendon_sheath", "bicipital_groove"), "biceps_tendon"),
    **dict.fromkeys(("tendon_insertion", "enthesis"), "tendon_origin"),
    **dict.fromkeys(("tennis_elbow", "common_extensor_origin", "lateral_epicondylitis"), "lateral_epicondyle"),
    **dict.fromkeys(("golfers_elbow", "common_flexor_origin", "medial_epicondylitis"), "medial_epicondyle"),
    **dict.fromkeys(("carpal", "median_nerve_carpal_tunnel"), "carpal_tunnel"),
}
PATIENTS = {
    "new_patient": "new",
    "established_patient": "established",
    "est": "established",
    "follow_up": "established",
}
ROOT = re.compile(r"[CTLS]\d+", re.IGNORECASE)
# Region words to regions of a site; a word that covers several regions says nothing of where.
REGIONS = {
    "cervical": "cervical",
    "thoracic": "thoracic",
    "lumbar": "lumbar",
    "lumbosacral": "lumbar",
    "sacral": "sacral",
}
CT_REGIONS = REGIONS | {"sacral": "lumbar"}
SACRAL = ("S1", "S2", "S3", "S4", "S5")
DISC_TECHNIQUES = {
    **dict.fromkeys(("needle_based", "percutaneous", "coblation", "nucleoplasty", "laser", "automated"), "needle"),
    **dict.fromkeys(("manual", "radiofrequency", "plasma", "suction", "water_jet", "dekompressor"), "needle"),
    **dict.fromkeys(("endoscope", "endoscopy", "full_endoscopic", "direct_visualization"), "endoscopic"),
    **dict.fromkeys(("chymopapain", "condoliase", "chemonucleolysis", "enzymatic", "chemical"), "enzyme"),
}
DISC_HEAT = {
    **dict.fromkeys(
        ("idet", "electrothermal_annuloplasty", "intradiscal_electrothermal", "resistive_coil"), "electrothermal"
    ),
    **dict.fromkeys(
        ("radiofrequency", "rf", "cooled_radiofrequency", "biacuplasty", "laser", "pirft"), "other_thermal"
    ),
}
HARVESTS = {
    **dict.fromkeys(("complete", "same", "included_in_procedure", "same_session"), "included"),
    **dict.fromkeys(("elsewhere", "other_provider", "another_clinician", "none", "not_included"), "separate"),
    "harvest_only": "only",
}
BIOPSY_WAYS = {
    **dict.fromkeys(("percutaneous", "trocar", "core", "core_needle", "transpedicular", "needle_core"), "needle"),
    **dict.fromkeys(("surgical", "incisional", "excisional"), "open"),
}
SAMPLES = {
    **dict.fromkeys(("aspiration", "aspirates"), "aspirate"),
    **dict.fromkeys(("core", "core_biopsy", "trephine"), "biopsy"),
    **dict.fromkeys(("aspirate_and_biopsy", "aspiration_and_biopsy"), "both"),
}
LEVEL_COUNTED = (
    "facet_injection",
    "facet_denervation",
    "vertebroplasty",
    "vertebral_augmentation",
    "basivertebral_ablation",
    "intradiscal_cell_injection",
    "intradiscal_thermal",
    "percutaneous_disc_decompression",
    "image_guided_laminotomy",
    "interspinous_device",
    "bone_biopsy",
)
# A needle into the epidural space: its level says no more than its region.
EPIDURAL = (
    "epidural_injection",
    "epidurography",
    "neuraxial_neurolysis",
    "epidural_blood_patch",
    "epidural_adhesiolysis",
)
EPIDURAL_REGIONS = REGIONS | {"lumbosacral": "lumbosacral", "caudal": "caudal", "cervicothoracic": "thoracic"}
TRANSFORAMINAL = "transforaminal_epidural_injection"
INTERSPACE = re.compile(r"[CTLS]\d+\s*[-/\u2013]\s*[CTLS]?\d+", re.IGNORECASE)
ONE_VERTEBRA = re.compile(r"([CTLS])\d+", re.IGNORECASE)
LETTERS = {"C": "cervical", "T": "thoracic", "L": "lumbar", "S": "sacral"}
FACET = ("facet_injection", "facet_denervation")
# Where the needle or the tip went is not counted and may be written in many ways.
WITHOUT_LEVELS = ("sacroiliac", "stimulator", "infusion")


def word(value: Any, table: dict[str, str]) -> Any:
    """Give the engine's word for the vignette's; one that is not in the table is passed on."""
    if not isinstance(value, str):
        return value
    key = value.strip().lower().replace(" ", "_")
    return table.get(key, key)


def described(value: Any, table: dict[str, str]) -> Any:
    """Give the engine's word for a free description, by the first part of it that the table knows."""
    if not isinstance(value, str):
        return value
    key = value.strip().lower().replace(" ", "_").replace("-", "_")
    return next((said for part, said in table.items() if part in key), key)


def first(facts: Facts, *names: str) -> Any:
    """Find the first of these facts that is not silent."""
    return next((facts[name] for name in names if facts.get(name) is not None), None)


def clinician(facts: Facts, same: tuple[str, ...], other: tuple[str, ...], by: tuple[str, ...]) -> Any:
    """Tell who did it: from a flag that says the same, a flag that says another, or a word."""
    if (flag := first(facts, *same)) is not None:
        return "same_clinician" if flag else "another_clinician"
    if (flag := first(facts, *other)) is not None:
        return "another_clinician" if flag else "same_clinician"
    return word(first(facts, *by), CLINICIANS)


def technique(facts: Facts, agent: Any) -> Any:
    """Tell how the nerve was destroyed; a named technique says more than the agent."""
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


def outcome(facts: Facts) -> Any:
    """Tell how it ended; whether anaesthesia had begun tells two ways of stopping apart."""
    said = word(first(facts, "outcome"), OUTCOMES)
    begun = first(facts, "anesthesia_started", "anesthesia_given", "anesthesia_induced", "after_anesthesia")
    if said == "discontinued" and begun is not None:
        return f"{said}_{'after' if begun else 'before'}_anesthesia"
    return said


def nerve_name(name: Any) -> Any:
    """Give a nerve's short name: `L5 dorsal ramus` is L5, the third occipital nerve is TON."""
    if not isinstance(name, str):
        return name
    text = name.lower().replace("_", " ")
    if "third occipital" in text or text.strip() == "ton":
        return "TON"
    if "ala" in text.split():
        # Where the L5 dorsal ramus crosses the sacral ala.
        return "L5"
    for said in ("medial branches", "medial branch", "dorsal ramus", "nerve", " mb", " dr"):
        text = text.replace(said, " ")
    return text.strip().upper()


def sides_said(facts: Facts) -> Facts:
    """Gather what is said of single levels' sides: level to side, or side to levels."""
    sides = facts.get("sides") or facts.get("side_by_level") or facts.get("levels_by_side") or {}
    if not sides:
        keys = [(one, key) for one in SIDES.values() for key in (f"{one}_levels", f"levels_{one}")]
        sides = {one: facts[key] for one, key in keys if facts.get(key)}
    return sides


def levels_with_sides(sides: Facts) -> list[tuple[Any, Any]]:
    """Give each level with its side, whichever leads to the other."""
    pairs = [(level, word(one, SIDES)) for level, one in sides.items() if isinstance(one, str)]
    return pairs + [
        (level, word(one, SIDES)) for one, many in sides.items() if isinstance(many, list) for level in many
    ]


def places(kind: str, given: Facts, facts: Facts) -> Facts:
    """Gather levels, nerves and sides."""
    if (own := OWN_PLACES.get(kind)) is not None:
        return own(given, facts)
    found: Facts = {}
    levels = [] if kind.startswith(WITHOUT_LEVELS) else given.get("levels") or []
    nerves = list(dict.fromkeys(nerve_name(nerve) for nerve in facts.get("nerves") or []))
    side = word(given.get("side"), SIDES)
    sides = sides_said(facts)
    if sides and kind in FACET:
        return {"sites": [{"joint": level, "side": one} for level, one in levels_with_sides(sides)]}
    if kind == "sacroplasty":
        # Its bodies are not counted and may be written in many ways.
        levels = [level for level in levels if level in SACRAL]
    if levels:
        found["levels"] = levels
    if nerves and kind in FACET:
        found["nerves"] = nerves
    if kind in LEVEL_COUNTED and not found:
        found = region_site(given, side)
    elif side is not None and kind not in ("lumbar_puncture", "myelography"):
        found["side"] = side
    return found


def region_site(given: Facts, side: Any = None) -> Facts:
    """Give the region where no level is named."""
    region = word(given.get("region"), REGIONS)
    said = {"side": side} if side else {}
    return {"sites": [{"region": region, **said}]} if region in REGIONS.values() else said


def ct_places(given: Facts, facts: Facts) -> Facts:
    """Gather the regions of a CT."""
    region = given.get("region")
    said = facts.get("regions") or facts.get("imaged_regions") or ([region] if region else [])
    regions = [word(part, CT_REGIONS) for part in said]
    known = [part for part in regions if part in CT_REGIONS.values()]
    return {"sites": [{"region": part} for part in known]} if known else {}


def disc_places(given: Facts, _facts: Facts) -> Facts:
    """Gather discs, which have no side."""
    return {"levels": given["levels"]} if given.get("levels") else region_site(given)


def high_places(given: Facts, _facts: Facts) -> Facts:
    """Gather the interspace of a cervical puncture; a cisternal one has none."""
    levels = [str(level) for level in given.get("levels") or []]
    return {"levels": levels} if levels and all(INTERSPACE.fullmatch(level) for level in levels) else {}


def foramina(given: Facts, facts: Facts) -> Facts:
    """Gather foramina, by interspace or root, each with its side where sides differ."""
    side = word(given.get("side"), SIDES)
    side = None if side == "midline" else side
    levels = given.get("levels") or facts.get("roots") or facts.get("nerves") or []
    named = levels_with_sides(sides_said(facts)) or [(level, side) for level in levels]
    found: list[Facts] = []
    for level, one in named:
        text = re.sub(r"(?i)\b(left|right|foramen|neuroforamen|nerve|root|level)\b|_", " ", str(level)).strip()
        place = "interspace" if INTERSPACE.fullmatch(text) else "foramen"
        found.append({place: text, **({"side": one} if one else {})})
    return {"sites": found} if found else region_site(given, side)


def epidural_places(given: Facts, _facts: Facts) -> Facts:
    """Gather the interspaces of a needle into the epidural space; else what its level says of the region."""
    levels = [str(level) for level in given.get("levels") or []]
    spaces = [level for level in levels if INTERSPACE.fullmatch(level)]
    if spaces:
        return {"levels": spaces}
    bodies = [ONE_VERTEBRA.fullmatch(level.strip()) for level in levels]
    regions = [LETTERS[body[1].upper()] for body in bodies if body]
    said = word(given.get("region"), EPIDURAL_REGIONS)
    if not regions and said in EPIDURAL_REGIONS.values():
        regions = [said]
    return {"sites": [{"region": region} for region in dict.fromkeys(regions)]} if regions else {}


def side_alone(given: Facts, _facts: Facts) -> Facts:
    """Gather the side; where such work is done is told by its own word."""
    side = word(given.get("side"), SIDES)
    return {"side": side} if side in ("left", "right", "bilateral") else {}


def roots_named(given: Facts, facts: Facts) -> list[str]:
    """Gather levels written as roots or interspaces, wherever the vignette has them."""
    said = given.get("levels") or first(facts, "nerves", "roots", "intercostal_levels", "levels_blocked") or []
    named = [str(level).upper().strip() for level in said] if isinstance(said, list) else []
    return [level for level in named if ROOT.fullmatch(level) or INTERSPACE.fullmatch(level)]


def nerve_places(given: Facts, facts: Facts) -> Facts:
    """Gather the levels of intercostal work, which are counted, and the side."""
    found = side_alone(given, facts)
    if "intercostal" in (named_nerve(facts), KINDS.get(given["kind"], ("", {}))[1].get("nerve")):
        found |= {"levels": roots} if (roots := roots_named(given, facts)) else {}
    return found


def paravertebral_places(given: Facts, facts: Facts) -> Facts:
    """Gather the sites of a paravertebral block; else its region."""
    side = side_alone(given, facts)
    roots = roots_named(given, facts)
    return {"levels": roots, **side} if roots else region_site(given, side.get("side"))


OWN_PLACES = {
    **dict.fromkeys(EPIDURAL, epidural_places),
    "csf_puncture_cervical": high_places,
    "discography": disc_places,
    "spinal_ct": ct_places,
    TRANSFORAMINAL: foramina,
    "paravertebral_block": paravertebral_places,
    **dict.fromkeys(("peripheral_nerve_block", "peripheral_neurolysis"), nerve_places),
    **dict.fromkeys(
        (
            "dry_needling",
            "fascial_plane_block",
            "genicular_block",
            "genicular_denervation",
            "joint_injection",
            "moderate_sedation",
            "office_visit",
            "sympathetic_block",
            "sympathetic_neurolysis",
            "trigger_point_injection",
        ),
        side_alone,
    ),
}


SAME = ("same_provider", "same_clinician", "same_physician")
OTHER = ("imaging_by_other_provider", "guidance_by_other_provider", "imaging_by_other_clinician")


def guided(facts: Facts) -> Facts:
    """Tell whose the imaging guidance was."""
    return {"guidance_by": clinician(facts, SAME, OTHER, ("guidance_by", "imaging_by"))}


def lumbar_puncture(_given: Facts, facts: Facts) -> Facts:
    """Tell a lumbar puncture's own facts."""
    return {"purpose": word(first(facts, "purpose"), PURPOSES), **guided(facts)}


def myelography(given: Facts, facts: Facts) -> Facts:
    """Tell a myelogram's own facts."""
    imaged = [] if facts.get("ct_only") else facts.get("imaged_regions")
    other = ("read_by_other_provider", "interpreted_by_other_provider", *OTHER)
    by = ("imaging_read_by", "read_by", "interpreted_by", "reader")
    return {
        "approach": word(given.get("approach"), APPROACHES),
        "imaged_regions": None if imaged is None else list(dict.fromkeys(word(region, IMAGED) for region in imaged)),
        "imaging_read_by": clinician(facts, SAME, other, by),
    }


def spinal_ct(given: Facts, _facts: Facts) -> Facts:
    """Tell a CT's own facts: its contrast is a word, where that of other kinds is a flag."""
    return {"contrast": word(given.get("contrast"), CT_CONTRAST)}


def facet_injection(_given: Facts, facts: Facts) -> Facts:
    """Tell a facet injection's own facts."""
    muscles = first(facts, "muscles")
    return {
        "target": word(first(facts, "target"), TARGETS),
        "purpose": word(first(facts, "purpose"), PURPOSES),
        "muscles": len(muscles) if isinstance(muscles, list) else muscles,
        **guided(facts),
    }


def facet_denervation(given: Facts, facts: Facts) -> Facts:
    """Tell a denervation's own facts."""
    temperature = first(facts, "temperature_celsius", "temperature_c", "temperature", "temp_c")
    whole = isinstance(temperature, float) and temperature.is_integer()
    return {
        "technique": technique(facts, given.get("agent")),
        "temperature_celsius": int(temperature) if whole else temperature,
        "purpose": word(first(facts, "purpose"), PURPOSES),
        **guided(facts),
    }


def vertebroplasty(_given: Facts, facts: Facts) -> Facts:
    """Tell a vertebroplasty's own facts."""
    return guided(facts)


def augmentation(_given: Facts, facts: Facts) -> Facts:
    """Tell an augmentation's own facts: the device that made the cavity."""
    device = word(first(facts, "device"), DEVICES)
    if device is None and facts.get("cavity") is not None:
        device = "mechanical" if facts["cavity"] else "none"
    return {"device": device, **guided(facts)}


def imaged_work(_given: Facts, facts: Facts) -> Facts:
    """Tell the facts of work that levels and guidance describe whole."""
    return guided(facts)


def marrow_therapy(_given: Facts, facts: Facts) -> Facts:
    """Tell what was done of harvest and injection."""
    harvest = word(first(facts, "harvest"), HARVESTS)
    if isinstance(harvest, bool):
        harvest = "included" if harvest else "separate"
    if facts.get("harvest_only") or (facts.get("harvest_included") and first(facts, "injection", "injected") is False):
        harvest = "only"
    elif harvest is None and (flag := first(facts, "harvest_included", "includes_harvest")) is not None:
        harvest = "included" if flag else "separate"
    return {"harvest": harvest}


def marrow_sample(_given: Facts, facts: Facts) -> Facts:
    """Tell what was sampled of the marrow."""
    taken = [facts.get("aspirate") or facts.get("aspiration"), facts.get("biopsy") or facts.get("core_biopsy")]
    said = {(True, True): "both", (True, False): "aspirate", (False, True): "biopsy"}
    flags = said.get((bool(taken[0]), bool(taken[1])))
    return {"sample": word(first(facts, "sample", "specimen", "technique"), SAMPLES) or flags, **guided(facts)}


def disc_heat(_given: Facts, facts: Facts) -> Facts:
    """Tell how a disc was heated."""
    return {"technique": word(first(facts, "technique", "method", "device"), DISC_HEAT), **guided(facts)}


def disc_decompression(given: Facts, facts: Facts) -> Facts:
    """Tell how a disc was decompressed."""
    said = word(first(facts, "technique", "method"), DISC_TECHNIQUES)
    if said is None and first(facts, "endoscope", "endoscopic") is not None:
        said = "endoscopic" if first(facts, "endoscope", "endoscopic") else "needle"
    for other in (given.get("approach"), given.get("agent")):
        found = word(other, DISC_TECHNIQUES)
        if said is None and found in DISC_TECHNIQUES.values():
            said = found
    return {"technique": said, **guided(facts)}


def spacer(_given: Facts, facts: Facts) -> Facts:
    """Tell whether the level of a spacer was decompressed openly."""
    said = first(facts, "decompression", "open_decompression", "with_decompression", "laminectomy")
    if isinstance(said, str):
        said = said not in (*NONE_WORDS, "without", "false")
    return {"decompression": said}


def biopsy(given: Facts, facts: Facts) -> Facts:
    """Tell how a bone was biopsied."""
    way = word(first(facts, "approach", "technique", "method"), BIOPSY_WAYS) or word(given.get("approach"), BIOPSY_WAYS)
    if way is None and facts.get("open") is not None:
        way = "open" if facts["open"] else "needle"
    return {"approach": way, "depth": first(facts, "depth"), **guided(facts)}


def epidural_way(given: Facts, facts: Facts) -> Any:
    """Tell the way in: said as such, or by a level named `caudal`."""
    if any(str(level).lower() == "caudal" for level in given.get("levels") or []):
        return "caudal"
    said = first(given, "approach") or first(facts, "approach", "route")
    return "caudal" if said is None and given.get("region") == "caudal" else word(said, EPIDURAL_WAYS)


def known(value: Any, *words: str) -> Any:
    """Give the value where it is one of the words: another says nothing that decides."""
    return value if value in words else None


def epidural_injection(given: Facts, facts: Facts) -> Facts:
    """Tell an epidural injection's own facts."""
    catheter = first(given, "catheter")
    catheter = first(facts, "catheter", "catheter_duration") if catheter is None else catheter
    if isinstance(catheter, bool):
        catheter = None if catheter else "none"
    if catheter is None and given["kind"] in STAYING:
        catheter = "indwelling"
    purpose = word(first(facts, "purpose", "indication"), EPIDURAL_PURPOSES | PURPOSES)
    pressure = first(facts, "pressure_sensing", "pressure_sensor", "live_pressure", "pressure_monitoring")
    return {
        "approach": known(epidural_way(given, facts), "interlaminar", "caudal"),
        "catheter": word(catheter, CATHETERS),
        "purpose": known(purpose, "diagnostic", "therapeutic", "postoperative_pain", "pump_trial", "labor"),
        "pressure_sensing": None if pressure is None else bool(pressure),
        **guided(facts),
    }


def transforaminal(_given: Facts, facts: Facts) -> Facts:
    """Tell a transforaminal injection's own facts."""
    return {"purpose": known(word(first(facts, "purpose"), PURPOSES), "diagnostic", "therapeutic"), **guided(facts)}


def blood_patch(_given: Facts, facts: Facts) -> Facts:
    """Tell a blood patch's own facts."""
    return guided(facts)


def neurolysis(given: Facts, facts: Facts) -> Facts:
    """Tell a neuraxial neurolysis's own facts: its space, and the way in."""
    way = epidural_way(given, facts)
    space = word(first(facts, "space", "compartment", "target"), EPIDURAL_WAYS)
    if space is None and way is not None:
        space = "intrathecal" if way == "intrathecal" else "epidural"
    return {
        "space": known(space, "epidural", "intrathecal"),
        "approach": known(way, "interlaminar", "caudal"),
        **guided(facts),
    }


def adhesiolysis(given: Facts, facts: Facts) -> Facts:
    """Tell an adhesiolysis's own facts: a course of one day or of several."""
    course = first(facts, "course", "days", "course_days", "duration_days", "number_of_days", "duration")
    if isinstance(course, int) and not isinstance(course, bool):
        course = "one_day" if course == 1 else "several_days"
    if course is None and (several := first(facts, "multi_day", "multiple_days")) is not None:
        course = "several_days" if several else "one_day"
    if course is None and (one := first(facts, "single_day", "one_day")) is not None:
        course = "one_day" if one else "several_days"
    course = word(course, COURSES)
    if isinstance(course, str) and (days := re.fullmatch(r"(\d+)_?days?", course)):
        course = "one_day" if days[1] == "1" else "several_days"
    if course is None:
        stayed = {"indwelling": "several_days", "removed_same_day": "one_day"}
        course = stayed.get(word(given.get("catheter"), CATHETERS))
    return {"course": course, **guided(facts)}


def cervical_puncture(given: Facts, facts: Facts) -> Facts:
    """Tell a cervical puncture's own facts: whether anything was injected."""
    injected = first(facts, "injection", "injected", "drug_injected", "medication_injected")
    if injected is None and given.get("agent") is not None:
        injected = given["agent"] not in NONE_WORDS
    if injected is None and given.get("contrast") is not None:
        injected = given["contrast"] not in NONE_WORDS and bool(given["contrast"])
    return {"injection": injected, **guided(facts)}


def contrast_study(given: Facts, facts: Facts) -> Facts:
    """Tell the facts of a contrast study: who read it, and the way in."""
    way = known(epidural_way(given, facts), "interlaminar", "caudal", "transforaminal")
    by = ("imaging_read_by", "read_by", "interpreted_by", "reader")
    reader = clinician(facts, SAME, ("read_by_other_provider", "interpreted_by_other_provider", *OTHER), by)
    return {"imaging_read_by": reader, "approach": way}


def discography(given: Facts, facts: Facts) -> Facts:
    """Tell a discogram's own facts."""
    return {"imaging_read_by": contrast_study(given, facts)["imaging_read_by"]}


def sacroiliac_injection(given: Facts, facts: Facts) -> Facts:
    """Tell a sacroiliac injection's own facts: contrast alone is an arthrogram."""
    purpose = word(first(facts, "purpose"), PURPOSES)
    if purpose is None and given.get("agent") == "contrast":
        purpose = "arthrogram"
    return {"purpose": purpose, **guided(facts)}


def branches(given: Facts, facts: Facts) -> Any:
    """Count the nerves treated on a side."""
    named = first(facts, "nerves", "branches", "nerve_branches", "lateral_branches") or given.get("levels") or None
    return len(set(named)) if isinstance(named, list) else named


def sacroiliac_nerve_block(given: Facts, facts: Facts) -> Facts:
    """Tell a sacroiliac nerve block's own facts."""
    return {"branches": branches(given, facts), **guided(facts)}


def sacroiliac_denervation(given: Facts, facts: Facts) -> Facts:
    """Tell a sacroiliac denervation's own facts."""
    how = technique(facts, given.get("agent"))
    return {"branches": branches(given, facts), "technique": how, **guided(facts)}


def sacroiliac_fusion(given: Facts, facts: Facts) -> Facts:
    """Tell a sacroiliac fusion's own facts."""
    device = described(first(facts, "device", "implant", "device_type", "implant_type"), SI_DEVICES)
    if device is None and (crossing := facts.get("transfixing")) is not None:
        device = "transfixing" if crossing else "intra_articular"
    approach = given.get("approach") or first(facts, "technique")
    return {"approach": described(approach, SI_APPROACHES), "device": device}


def stimulator(given: Facts, facts: Facts) -> Facts:
    """Tell the own facts of a part of a stimulator."""
    how = described(first(facts, "technique", "method"), INCISIONS)
    part = described(first(facts, "component", "lead_type", "lead", "device", "electrode"), LEADS)
    target = first(facts, "target", "nerve")
    incision = first(facts, "incision", "incision_made")
    if incision is None and how in ("yes", "no"):
        incision = how == "yes"
    leads = first(facts, "leads", "lead_count", "arrays")
    replaced = first(facts, "replaced", "replacement")
    told: Facts = {"component": part, "leads": len(leads) if isinstance(leads, list) else leads}
    if target is not None:
        told["target"] = "spinal" if target in ("spinal", "spinal_cord", "epidural") else "peripheral"
    kind = KINDS.get(given["kind"], (given["kind"], {}))[0]
    if kind == "stimulator_removal":
        told |= {"incision": incision, "leads": None}
    if kind == "stimulator_revision":
        told |= {"replaced": replaced, "leads": None}
    return told


def stimulator_programming(_given: Facts, facts: Facts) -> Facts:
    """Tell how a stimulator was programmed."""
    complexity = word(first(facts, "complexity", "programming"), COMPLEXITY)
    if complexity is None and facts.get("reprogrammed") is False:
        complexity = "check"
    return {"complexity": complexity}


def infusion_catheter(_given: Facts, facts: Facts) -> Facts:
    """Tell an infusion catheter's own facts."""
    laminectomy = first(facts, "laminectomy", "laminotomy")
    return {"laminectomy": laminectomy, "action": word(first(facts, "action"), {})}


def infusion_pump(_given: Facts, facts: Facts) -> Facts:
    """Tell an infusion pump's own facts."""
    device = word(first(facts, "device", "device_type", "pump_type"), PUMPS)
    if device is None and facts.get("programmable") is not None:
        device = "programmable" if facts["programmable"] else "fixed_rate"
    action = word(first(facts, "action"), {})
    if action is None and first(facts, "replacement", "replaced"):
        action = "replacement"
    return {"device": device, "action": action}


def infusion_management(_given: Facts, facts: Facts) -> Facts:
    """Tell what was done to a pump at a visit."""
    return {
        "reprogrammed": first(facts, "reprogrammed", "reprogramming"),
        "refilled": first(facts, "refilled", "refill"),
        "refilled_by": word(first(facts, "refill_by", "refilled_by", "performed_by_role", "by"), REFILLERS),
    }


def named(value: Any, table: dict[str, str], *endings: str) -> Any:
    """Give the vocabulary's word, without what the vignette adds to it (`median_nerve_block`)."""
    if not isinstance(value, str):
        return value
    text = value.strip().lower().replace(" ", "_").replace("-", "_").replace("'", "")
    for ending in endings:
        text = text.removesuffix(ending)
    return table.get(text, text)


def named_nerve(facts: Facts) -> Any:
    """Tell the nerve; one that the vocabulary does not name is another peripheral nerve."""
    said = first(facts, "nerve", "nerve_name", "target", "target_nerve")
    return named(said, NERVES, "_block", "_nerves", "_nerve", "_branches", "_branch")


def of_nerves(value: Any, words: tuple[str, ...]) -> Any:
    """Keep a nerve that the vocabulary names; any other is `other`."""
    return value if value is None or value in words else "other"


BLOCKED = (
    *(
        "greater_occipital",
        "lesser_occipital",
        "intercostal",
        "suprascapular",
        "brachial_plexus",
        "axillary",
        "femoral",
    ),
    *("sciatic", "lumbar_plexus", "ilioinguinal_iliohypogastric", "pudendal", "trigeminal_ophthalmic", "popliteal"),
    *("trigeminal_maxillary", "trigeminal_mandibular", "supraorbital", "infraorbital", "mental", "facial", "vagus"),
    *("phrenic", "cervical_plexus", "paracervical", "plantar_digital", "lateral_femoral_cutaneous", "saphenous"),
    *("obturator", "tibial", "peroneal", "sural", "radial", "median", "ulnar", "musculocutaneous", "genitofemoral"),
    "cluneal",
)
DESTROYED = (
    *("greater_occipital", "lesser_occipital", "intercostal", "suprascapular", "trigeminal_division", "supraorbital"),
    *("infraorbital", "mental", "inferior_alveolar", "pudendal", "plantar_digital", "lateral_femoral_cutaneous"),
    *("saphenous", "obturator", "femoral", "tibial", "peroneal", "sural", "ilioinguinal", "iliohypogastric"),
    *("genitofemoral", "cluneal", "axillary", "radial", "median", "ulnar"),
)
GROIN = ("ilioinguinal", "iliohypogastric", "ilioinguinal_and_iliohypogastric", "ilioinguinal/iliohypogastric")


def catheter(given: Facts, facts: Facts) -> Any:
    """Tell whether a catheter stayed for infusion."""
    said = first({**given, **facts}, "catheter", "continuous", "infusion")
    if said is None or isinstance(said, bool):
        return {True: "indwelling", False: "none", None: None}[said]
    staying = ("indwelling", "continuous", "catheter", "infusion", "left_in_place", "multi_day", "indwelling_multi_day")
    return "indwelling" if word(said, {}) in staying else "none"


def counted(facts: Facts, *names: str) -> Any:
    """Count what is given as a number or as a list."""
    said = first(facts, *names)
    return len(said) if isinstance(said, list) else said


def muscles(_given: Facts, facts: Facts) -> Facts:
    """Tell the muscles of trigger points and dry needling."""
    return {"muscles": counted(facts, "muscles", "muscle_count", "muscles_count", "number_of_muscles")}


def sympathetic_block(given: Facts, facts: Facts) -> Facts:
    """Tell a sympathetic block's own facts."""
    said = named(first(facts, "target", "ganglion", "plexus", "nerve"), SYMPATHETIC, "_block", "_neurolysis", "_nerves")
    if said in (None, "sympathetic", "sympathetic_chain", "paravertebral_sympathetic"):
        said = {"lumbar": "lumbar_sympathetic", "thoracic": "thoracic_sympathetic"}.get(str(given.get("region")))
    return {"target": said, **guided(facts)}


def sympathetic_neurolysis(given: Facts, facts: Facts) -> Facts:
    """Tell a sympathetic neurolysis' own facts."""
    return {**sympathetic_block(given, facts), "technique": technique(facts, given.get("agent"))}


def paravertebral_block(given: Facts, facts: Facts) -> Facts:
    """Tell a paravertebral block's own facts."""
    return {"catheter": catheter(given, facts), **guided(facts)}


def fascial_plane_block(given: Facts, facts: Facts) -> Facts:
    """Tell a fascial plane block's own facts."""
    said = first(facts, "plane", "target", "block", "site", "nerve")
    plane = named(said, PLANES, "_plane_block", "_block", "_plane")
    return {"plane": plane, "catheter": catheter(given, facts), **guided(facts)}


def genicular_block(_given: Facts, facts: Facts) -> Facts:
    """Tell a genicular block's own facts."""
    return {"branches": counted(facts, "branches", "nerves", "nerve_branches", "targets"), **guided(facts)}


def genicular_denervation(given: Facts, facts: Facts) -> Facts:
    """Tell a genicular denervation's own facts."""
    return {**genicular_block(given, facts), "technique": technique(facts, given.get("agent"))}


def nerve_block(given: Facts, facts: Facts) -> Facts:
    """Tell a peripheral nerve block's own facts."""
    nerve = named_nerve(facts)
    nerve = "ilioinguinal_iliohypogastric" if nerve in GROIN else nerve
    levels = counted(facts, "nerves", "levels_blocked", "level_count", "number_of_levels")
    told = {"nerve": of_nerves(nerve, BLOCKED), "catheter": catheter(given, facts), **guided(facts)}
    return (
        told
        if roots_named(given, facts)
        else {**told, **({"levels_blocked": levels} if nerve == "intercostal" else {})}
    )


def nerve_destruction(given: Facts, facts: Facts) -> Facts:
    """Tell a peripheral neurolysis' own facts."""
    nerve = of_nerves(named_nerve(facts), DESTROYED)
    told = {"nerve": nerve, "technique": technique(facts, given.get("agent")), **guided(facts)}
    count = first(facts, "nerves_treated", "nerve_count", "number_of_nerves")
    return told if roots_named(given, facts) else {**told, "nerves_treated": count}


def joint_injection(given: Facts, facts: Facts) -> Facts:
    """Tell a joint injection's own facts."""
    said = first(facts, "structure", "joint", "bursa", "tendon", "target", "site", "location", "joint_size")
    said = given.get("region") if said is None else said
    number = first(facts, "joint_count", "number_of_joints", "joints", "tendons")
    told = {"structure": named(said, STRUCTURES, "_injection"), **guided(facts)}
    return {**told, "joints": number if isinstance(number, int) else None}


def sedation(_given: Facts, facts: Facts) -> Facts:
    """Tell a sedation's own facts."""
    by = ("provided_by", "provider", "sedation_by", "by")
    other = ("other_provider", "by_other_provider", "separate_provider")
    return {
        "minutes": first(facts, "minutes", "duration_minutes", "intraservice_minutes", "time_minutes", "duration"),
        "patient_age": first(facts, "patient_age", "age", "age_years"),
        "provided_by": clinician(facts, SAME, other, by),
    }


def visit(_given: Facts, facts: Facts) -> Facts:
    """Tell an office visit's own facts."""
    new = facts.get("new_patient")
    patient = word(first(facts, "patient", "patient_status", "patient_type", "status"), PATIENTS)
    separate = ("separate", "significant_separate", "separately_identifiable", "significant_separately_identifiable")
    return {
        "patient": patient if new is None else ("new" if new else "established"),
        "decision_making": word(first(facts, "decision_making", "mdm", "mdm_level", "medical_decision_making"), {}),
        "minutes": first(facts, "minutes", "time_minutes", "total_minutes", "total_time", "time"),
        "separate": first(facts, *separate),
    }


OWN_FACTS = {
    "basivertebral_ablation": imaged_work,
    "bone_biopsy": biopsy,
    "bone_marrow_cell_therapy": marrow_therapy,
    "bone_marrow_sampling": marrow_sample,
    "disc_aspiration": imaged_work,
    "image_guided_laminotomy": imaged_work,
    "interspinous_device": spacer,
    "intradiscal_cell_injection": imaged_work,
    "intradiscal_thermal": disc_heat,
    "percutaneous_disc_decompression": disc_decompression,
    "platelet_rich_plasma_injection": imaged_work,
    "white_cell_concentrate_injection": imaged_work,
    "csf_puncture_cervical": cervical_puncture,
    "discography": discography,
    "epidural_adhesiolysis": adhesiolysis,
    "epidural_blood_patch": blood_patch,
    "epidural_injection": epidural_injection,
    "epidurography": contrast_study,
    "neuraxial_neurolysis": neurolysis,
    "transforaminal_epidural_injection": transforaminal,
    "lumbar_puncture": lumbar_puncture,
    "myelography": myelography,
    "spinal_ct": spinal_ct,
    "facet_injection": facet_injection,
    "facet_denervation": facet_denervation,
    "vertebroplasty": vertebroplasty,
    "vertebral_augmentation": augmentation,
    "sacroplasty": augmentation,
    "sacroiliac_injection": sacroiliac_injection,
    "sacroiliac_nerve_block": sacroiliac_nerve_block,
    "sacroiliac_denervation": sacroiliac_denervation,
    "sacroiliac_fusion": sacroiliac_fusion,
    "stimulator_trial": stimulator,
    "stimulator_implant": stimulator,
    "stimulator_revision": stimulator,
    "stimulator_removal": stimulator,
    "stimulator_programming": stimulator_programming,
    "infusion_catheter": infusion_catheter,
    "infusion_pump": infusion_pump,
    "infusion_management": infusion_management,
    "sympathetic_block": sympathetic_block,
    "sympathetic_neurolysis": sympathetic_neurolysis,
    "paravertebral_block": paravertebral_block,
    "fascial_plane_block": fascial_plane_block,
    "genicular_block": genicular_block,
    "genicular_denervation": genicular_denervation,
    "peripheral_nerve_block": nerve_block,
    "peripheral_neurolysis": nerve_destruction,
    "trigger_point_injection": muscles,
    "dry_needling": muscles,
    "joint_injection": joint_injection,
    "moderate_sedation": sedation,
    "office_visit": visit,
}


def common(given: Facts, facts: Facts) -> Facts:
    """Tell what is said of every kind."""
    contrast, report = given.get("contrast"), given.get("formal_study_report")
    if contrast is not None and not isinstance(contrast, bool):
        contrast = contrast not in NONE_WORDS
    return {
        "guidance": word(given.get("guidance"), GUIDANCE),
        "contrast": contrast,
        "formal_report": None if report is None else bool(report),
        "outcome": outcome(facts),
        "images_kept": first(facts, "images_kept", "images_saved", "image_saved"),
        "performed_by": first(facts, "performed_by"),
        "encounter": first(facts, "encounter", "session"),
    }


def kind_of(given: Facts) -> tuple[str, Facts]:
    """Tell the kind, and what its word says besides: the way in and the agent may say another kind of injection."""
    kind, said_by_kind = KINDS.get(given["kind"], (given["kind"], {}))
    if kind in ("epidural_injection", TRANSFORAMINAL):
        way = epidural_way(given, given.get("other") or {})
        if given.get("agent") in NEUROLYTIC:
            return "neuraxial_neurolysis", {"space": "intrathecal" if way == "intrathecal" else "epidural"}
        if way == "transforaminal":
            return TRANSFORAMINAL, {}
    return kind, said_by_kind


def each_nerve(given: Facts) -> list[Facts]:
    """Give the named nerves of one block or neurolysis apart; levels and branches are no such names."""
    facts: Facts = given.get("other") or {}
    several = facts.get("nerves")
    apart = kind_of(given)[0] in ("peripheral_nerve_block", "peripheral_neurolysis") and isinstance(several, list)
    if not apart or facts.get("nerve") is not None or not several or roots_named(given, facts):
        return [given]
    rest = {fact: value for fact, value in facts.items() if fact != "nerves"}
    return [given | {"other": {**rest, "nerve": nerve}} for nerve in several]


def split_up(vignette: list[Facts]) -> list[Facts]:
    """Give a study and the injection through its needle apart, where one procedure of the vignette names both."""
    vignette = [one for given in vignette for one in each_nerve(given)]
    kinds = [kind_of(given)[0] for given in vignette]
    injected = any(kind in (*EPIDURAL, TRANSFORAMINAL) and kind != "epidurography" for kind in kinds)
    apart: list[Facts] = []
    for given, kind in zip(vignette, kinds, strict=True):
        apart.append(given)
        contrast = str(given.get("contrast") or "")
        reported = given.get("formal_study_report") and contrast not in ("", *NONE_WORDS) and "locali" not in contrast
        if kind == "epidurography" and not injected:
            # Its contrast at least is injected.
            apart.append(given | {"kind": "epidural_injection", "formal_study_report": None})
        elif (
            kind in ("epidural_injection", TRANSFORAMINAL)
            and (reported or "epidurogra" in contrast)
            and "epidurography" not in kinds
        ):
            apart.append(given | {"kind": "epidurography"})
    return apart


def procedure(given: Facts, at: int, count: int) -> Facts:
    """Make one procedure of a case from one of a vignette."""
    kind, said_by_kind = kind_of(given)
    facts: Facts = given.get("other") or {}
    made: Facts = {"id": f"p{at + 1}", "kind": kind}
    if kind not in OWN_FACTS:
        # Not coded by this engine's families: that it was done is enough for `out_of_scope`.
        return made
    told = {**common(given, facts), **OWN_FACTS[kind](given, facts), **said_by_kind}
    made.update(places(kind, given, facts))
    made.update({fact: value for fact, value in told.items() if value is not None})
    if first(facts, "separate_session", "different_session"):
        made["encounter"] = f"of p{at + 1}"
    if first(facts, "distinct", "distinct_site", "separate_site"):
        made["distinct_from"] = [f"p{other + 1}" for other in range(count) if other != at]
    return made


def case(vignette: Facts) -> Facts:
    """Make the case of a vignette's structured facts."""
    setting = vignette.get("setting") or {}
    procedures = split_up(vignette["procedures"])
    made: Facts = {"date_of_service": vignette["dos"]}
    if setting.get("pos") is not None:
        made["place_of_service"] = str(setting["pos"])
    if setting.get("bill_type") is not None:
        made["setting"] = word(setting["bill_type"], SETTINGS)
    made["procedures"] = [procedure(given, at, len(procedures)) for at, given in enumerate(procedures)]
    return made


def lines(billed: Any) -> list[Facts]:
    """Write billed lines as the scorer reads them."""
    return [
        {"code": str(line.code), "units": line.units, "modifiers": [str(modifier) for modifier in line.modifiers]}
        for line in billed
    ]


# A finding as the tags of the examples: from its rule and its arguments, never from the vignette.
TAGS: dict[str, tuple[str, ...]] = {
    "LIF-001": ("not_yet_effective:{code}",),
    "LIF-002": ("deleted_code:{code}",),
    "LIF-003": ("invalid_code:{code}",),
    "SET-001": ("addon_without_primary:{code}",),
    "SET-002": ("addon_without_primary:{code}",),
    "SET-003": ("units_exceed:{code}",),
    "SET-004": ("level_primary_repeated:{code}", "units_exceed:{code}"),
    "SET-005": ("one_primary_per_session:{code}+{other}",),
    "SET-006": ("imaging_included:{code}/{other}",),
    "SET-007": ("superseded_by:{successors}", "imaging_included:{other}/{code}"),
    "SET-008": ("units_exceed:{code}",),
    "SET-009": ("included_component:{code}/{other}",),
    "SET-010": ("mutually_exclusive:{code}+{other}", "superseded_by:{successors}"),
    "SET-011": ("bilateral_not_applicable:{code}",),
    "SET-012": ("bilateral_not_applicable:{code}",),
    "SET-013": ("bilateral_format:{code}",),
    "SET-014": ("modifier_not_supported:{modifier}",),
    "SET-015": ("modifier_not_supported:{modifier}",),
    "SET-016": ("modifier_missing:25",),
    "DOC-001": ("units_exceed:{code}",),
    "DOC-006": ("imaging_included:{code}/{other}",),
    "DOC-007": ("included_component:{code}/{other}",),
    "DOC-009": ("modifier_not_supported:{modifier}",),
    "DOC-010": ("modifier_missing:{modifier}",),
    "AOC-001": ("addon_without_primary:{code}",),
    "FEE-001": ("bilateral_not_applicable:{code}",),
    "FEE-002": ("bilateral_not_applicable:{code}",),
    "FEE-003": ("bilateral_format:{code}",),
    "FEE-004": ("bilateral_format:{code}",),
    "FEE-009": ("modifier_not_supported:{modifier}",),
    "FEE-010": ("modifier_missing:{modifier}",),
    "FEE-012": ("not_separately_reportable:{code}",),
    "FEE-013": ("site_of_service:{code}", "superseded_by:{successors}"),
    "FEE-015": ("site_of_service:{code}",),
    "COV-009": ("site_of_service:{code}",),
    "MUE-001": ("mue_exceeded:{code}", "units_exceed:{code}"),
    "PTP-001": ("ptp:{other}+{code}",),
    "PTP-002": ("ptp:{other}+{code}",),
}
# Another code reports what was documented: by the aspect in which the two differ.
ASPECTS = {
    "region": "region_mismatch:{code}",
    "guidance": "guidance_mismatch:{code}",
    "catheter": "duration_mismatch:{code}",
    "course": "duration_mismatch:{code}",
    "minutes": "duration_mismatch:{code}",
    "approach": "approach_mismatch:{code}",
    "technique": "technique_mismatch:{code}",
    "device": "technique_mismatch:{code}",
    "agent": "agent_mismatch:{code}",
    "level": "units_exceed:{code}",
    "era": "superseded_by:{successors}",
    "setting": "site_of_service:{code}",
    "procedure": "wrong_code_for_site:{code}",
}
# Families whose codes differ in one of those aspects.
FAMILY_ASPECTS = {
    frozenset(("epidural_injection", "transforaminal_epidural_injection")): "approach",
    frozenset(("epidural_injection", "neuraxial_neurolysis")): "agent",
    frozenset(("transforaminal_epidural_injection", "neuraxial_neurolysis")): "agent",
    frozenset(("facet_injection", "facet_denervation")): "technique",
    frozenset(("vertebroplasty", "vertebral_augmentation")): "technique",
    frozenset(("genicular_block", "genicular_denervation")): "technique",
    frozenset(("sacroiliac_nerve_block", "sacroiliac_denervation")): "technique",
    frozenset(("sympathetic_block", "sympathetic_neurolysis")): "technique",
    frozenset(("peripheral_nerve_block", "peripheral_neurolysis")): "technique",
    frozenset(("lumbar_puncture", "csf_puncture_cervical")): "region",
}
FIELD = re.compile(r"\{(\w+)\}")
# Why the code set keeps a line off.
KEPT_OFF = {
    "not_separate": "not_separately_reportable:{code}",
    "one_per_encounter": "units_exceed:{code}",
    "cap_reached": "units_exceed:{code}",
    "too_few_minutes": "duration_mismatch:{code}",
    "no_code_on_date": "invalid_code:{code}",
}


def tags_of(finding: Facts) -> list[str]:
    """Write one finding as tags."""
    args, rule = finding["args"], finding["rule"]
    patterns = list(TAGS.get(rule, ()))
    if rule == "DOC-004":
        aspects = args.get("aspect", "").split()
        aspects.append(FAMILY_ASPECTS.get(frozenset((args.get("family"), args.get("other_family"))), "procedure"))
        if args.get("family") == args.get("other_family"):
            aspects.pop()
            patterns.append("superseded_by:{successors}")
        patterns += [ASPECTS[aspect] for aspect in aspects if aspect in ASPECTS]
    elif rule == "DOC-008":
        patterns.append(KEPT_OFF.get(args.get("reason", ""), "documentation_missing:{code}"))
    if rule.startswith("COV-"):
        patterns.append("coverage_limit:{limit_name}")
    # Whatever the layer calls them, the code is that of the line that must change.
    known = {"code": finding["lines"][0]["code"], **args}
    named = [pattern for pattern in patterns if set(FIELD.findall(pattern)) <= set(known)]
    return [pattern.format_map(known) for pattern in named]


def claim(vignette: Facts, billed: list[Facts], made: Facts | None) -> Facts:
    """Make a claim of billed lines, with the documented case where there is one."""
    setting = vignette.get("setting") or {}
    sender = word(setting.get("bill_type"), SETTINGS) or "professional"
    place = setting.get("pos")
    written: Facts = {
        "claim_type": "institutional" if sender == "outpatient_hospital" else "professional",
        "payer": vignette.get("payer"),
        "person_id": "one",
        "lines": [
            {"code": line["code"], "units": line["units"], "modifiers": line.get("modifiers", [])}
            | {"date_of_service": vignette["dos"]}
            for line in billed
        ],
    }
    if place is not None:
        written["place_of_service"] = str(place)
    if sender == "outpatient_hospital":
        written["bill_type_code"] = "131"
    if sender == "asc_facility":
        written["specialty"] = "49"
    if made is not None:
        written["case"] = made
    return written


def earlier(vignette: Facts, billed: list[Facts]) -> list[Facts] | None:
    """Tell the sessions of the last twelve months as earlier lines of the first billed code; silence stays silence."""
    said = [first(given.get("other") or {}, "prior_sessions_12m") for given in vignette["procedures"]]
    counts = [count for count in said if isinstance(count, int)]
    if not counts or not billed:
        return None
    day = date.fromisoformat(vignette["dos"])
    apart = timedelta(days=364 // (sum(counts) + 1))
    return [
        {"code": billed[0]["code"], "units": 1, "date_of_service": (day - apart * (nth + 1)).isoformat()}
        for nth in range(sum(counts))
    ]


def claims(vignette: Facts) -> list[Facts]:
    """Make the claims of a vignette's checks."""
    documented = not all(given["kind"] == "claim_only" for given in vignette["procedures"])
    made = case(vignette) if documented else None
    checks = [check["billed"] for check in vignette.get("claim_checks", [])]
    return [claim(vignette, billed, made) | {"history": earlier(vignette, billed)} for billed in checks]


def edited(engine: Any, refused: type[Exception], name: str, written: list[Facts]) -> list[list[Facts]]:
    """Edit claims, each by itself, and give their findings; a refused one has none, and says so."""
    found: list[list[Facts]] = []
    for one in written:
        try:
            found.append(engine.edit(one, alone=True).to_dict()["findings"])
        except refused as fault:
            print(f"{name}: {fault}", file=sys.stderr)
            found.append([])
    return found


def answer(engine: Any, refused: type[Exception], vignette: Facts) -> Facts:
    """Answer one vignette."""
    made: Facts = {"id": vignette["id"], "status": "out_of_scope", "lines": [], "codings": [], "checks": []}
    for report in edited(engine, refused, vignette["id"], claims(vignette)):
        made["checks"].append(sorted({tag for finding in report for tag in tags_of(finding)}))
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
    """Read the vignettes of a file, write the answers to standard output."""
    match argv:
        case [_, file]:
            pass
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    import spinecode as sc

    engine = sc.Engine()
    with Path(file).open(encoding="utf-8") as vignettes:
        for line in vignettes:
            if line.strip():
                print(json.dumps(answer(engine, sc.InputError, json.loads(line))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
