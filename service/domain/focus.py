"""Focus areas of medical technology: a small table, matched by meaning like any other text."""

from __future__ import annotations

from enum import StrEnum

from service.domain.change import Sentence
from service.domain.frozen_model import FrozenModel


class Area(StrEnum):
    """The key of a focus area."""

    HOME_CARE = "home_care"
    DIAGNOSTICS = "diagnostics"
    IMAGING = "imaging"
    REHABILITATION = "rehabilitation"
    MENTAL_HEALTH = "mental_health"
    OLDER_PEOPLE = "older_people"
    HEART_AND_VESSELS = "heart_and_vessels"
    CANCER = "cancer"
    CHRONIC_DISEASE = "chronic_disease"
    DECISION_SUPPORT = "decision_support"
    HEALTH_DATA = "health_data"
    MEDICAL_DEVICES = "medical_devices"
    INFECTION = "infection"
    PREVENTION = "prevention"
    CHILDREN_AND_WOMEN = "children_and_women"


class Focus(FrozenModel):
    """An area with its name, and the words that calls and projects are compared with."""

    key: Area
    name: Sentence
    words: str


def _focus(key: Area, en: str, sv: str, words: str) -> Focus:
    return Focus(key=key, name=Sentence(en=en, sv=sv), words=words)


AREAS: dict[Area, Focus] = {
    one.key: one
    for one in (
        _focus(
            Area.HOME_CARE,
            "Care at home and at a distance",
            "Vård hemma och på distans",
            "Remote monitoring and care of patients in their own homes. Vård i hemmet på distans, "
            "egenmonitorering och hemsjukvård.",
        ),
        _focus(
            Area.DIAGNOSTICS,
            "Diagnostics",
            "Diagnostik",
            "Diagnostic tests and biomarkers close to the patient. Diagnostik, patientnära tester "
            "och biomarkörer.",
        ),
        _focus(
            Area.IMAGING,
            "Medical imaging",
            "Medicinsk avbildning",
            "Medical imaging: radiology, ultrasound, magnetic resonance, pathology slides. "
            "Medicinsk avbildning, radiologi och bildanalys.",
        ),
        _focus(
            Area.REHABILITATION,
            "Rehabilitation and assistive technology",
            "Rehabilitering och hjälpmedel",
            "Rehabilitation after stroke or injury, assistive devices, prostheses. Rehabilitering, "
            "träning och hjälpmedel.",
        ),
        _focus(
            Area.MENTAL_HEALTH,
            "Mental health",
            "Psykisk hälsa",
            "Mental health, depression, anxiety, digital therapy. Psykisk hälsa, psykiatri och "
            "suicidprevention.",
        ),
        _focus(
            Area.OLDER_PEOPLE,
            "Ageing and welfare technology",
            "Åldrande och välfärdsteknik",
            "Healthy ageing, falls, dementia, welfare technology in elderly care. Äldre, "
            "äldreomsorg, fall, demens och välfärdsteknik.",
        ),
        _focus(
            Area.HEART_AND_VESSELS,
            "Heart, vessels and stroke",
            "Hjärta, kärl och stroke",
            "Heart failure, cardiovascular disease, stroke. Hjärtsvikt, hjärt-kärlsjukdom, stroke.",
        ),
        _focus(
            Area.CANCER,
            "Cancer",
            "Cancer",
            "Cancer screening, early detection, treatment and follow-up. Cancer, screening, "
            "behandling och uppföljning.",
        ),
        _focus(
            Area.CHRONIC_DISEASE,
            "Diabetes and chronic disease",
            "Diabetes och kronisk sjukdom",
            "Diabetes, obesity, lung and kidney disease, self-management of chronic disease. "
            "Diabetes, KOL, njursjukdom och egenvård.",
        ),
        _focus(
            Area.DECISION_SUPPORT,
            "AI and decision support in care",
            "AI och beslutsstöd i vården",
            "Artificial intelligence and clinical decision support in health care. AI, "
            "maskininlärning och kliniskt beslutsstöd i vården.",
        ),
        _focus(
            Area.HEALTH_DATA,
            "Health data and records",
            "Hälsodata och journaler",
            "Sharing and secondary use of health data, electronic health records, "
            "interoperability. Hälsodata, journalsystem och informationsutbyte.",
        ),
        _focus(
            Area.MEDICAL_DEVICES,
            "Medical devices, sensors and robotics",
            "Medicinteknik, sensorer och robotik",
            "Medical devices, wearable sensors, implants, surgical robots. Medicintekniska "
            "produkter, sensorer, implantat och kirurgiska robotar.",
        ),
        _focus(
            Area.INFECTION,
            "Infection and antibiotic resistance",
            "Infektion och antibiotikaresistens",
            "Infections, sepsis, antimicrobial resistance, pandemic preparedness. Infektioner, "
            "sepsis, antibiotikaresistens och smittskydd.",
        ),
        _focus(
            Area.PREVENTION,
            "Prevention and public health",
            "Prevention och folkhälsa",
            "Prevention, healthy living, health promotion and equal health. Prevention, "
            "levnadsvanor, folkhälsa och jämlik hälsa.",
        ),
        _focus(
            Area.CHILDREN_AND_WOMEN,
            "Children's and women's health",
            "Barns och kvinnors hälsa",
            "Maternal and newborn health, children's health, women's health. Förlossning, "
            "nyfödda, barns hälsa och kvinnors hälsa.",
        ),
    )
}
