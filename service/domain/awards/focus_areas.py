"""Focus areas of medical technology: texts that are matched by meaning like any other."""

from __future__ import annotations

from enum import StrEnum

from service.domain.frozen_model import FrozenModel
from service.messages.message import message
from service.messages.sentence import Sentence


class FocusAreaKey(StrEnum):
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


class FocusArea(FrozenModel):
    """An area with its name, and the words that calls and projects are compared with."""

    key: FocusAreaKey
    name: Sentence
    words: str


def _make_area(key: FocusAreaKey, words: str) -> FocusArea:
    return FocusArea(key=key, name=Sentence.of(message(f"area.{key}")), words=words)


FOCUS_AREAS: dict[FocusAreaKey, FocusArea] = {
    one.key: one
    for one in (
        _make_area(
            FocusAreaKey.HOME_CARE,
            "Remote monitoring and care of patients in their own homes. Vård i hemmet på distans, "
            "egenmonitorering och hemsjukvård.",
        ),
        _make_area(
            FocusAreaKey.DIAGNOSTICS,
            "Diagnostic tests and biomarkers close to the patient. Diagnostik, patientnära tester "
            "och biomarkörer.",
        ),
        _make_area(
            FocusAreaKey.IMAGING,
            "Medical imaging: radiology, ultrasound, magnetic resonance, pathology slides. "
            "Medicinsk avbildning, radiologi och bildanalys.",
        ),
        _make_area(
            FocusAreaKey.REHABILITATION,
            "Rehabilitation after stroke or injury, assistive devices, prostheses. Rehabilitering, "
            "träning och hjälpmedel.",
        ),
        _make_area(
            FocusAreaKey.MENTAL_HEALTH,
            "Mental health, depression, anxiety, digital therapy. Psykisk hälsa, psykiatri och "
            "suicidprevention.",
        ),
        _make_area(
            FocusAreaKey.OLDER_PEOPLE,
            "Healthy ageing, falls, dementia, welfare technology in elderly care. Äldre, "
            "äldreomsorg, fall, demens och välfärdsteknik.",
        ),
        _make_area(
            FocusAreaKey.HEART_AND_VESSELS,
            "Heart failure, cardiovascular disease, stroke. Hjärtsvikt, hjärt-kärlsjukdom, stroke.",
        ),
        _make_area(
            FocusAreaKey.CANCER,
            "Cancer screening, early detection, treatment and follow-up. Cancer, screening, "
            "behandling och uppföljning.",
        ),
        _make_area(
            FocusAreaKey.CHRONIC_DISEASE,
            "Diabetes, obesity, lung and kidney disease, self-management of chronic disease. "
            "Diabetes, KOL, njursjukdom och egenvård.",
        ),
        _make_area(
            FocusAreaKey.DECISION_SUPPORT,
            "Artificial intelligence and clinical decision support in health care. AI, "
            "maskininlärning och kliniskt beslutsstöd i vården.",
        ),
        _make_area(
            FocusAreaKey.HEALTH_DATA,
            "Sharing and secondary use of health data, electronic health records, "
            "interoperability. Hälsodata, journalsystem och informationsutbyte.",
        ),
        _make_area(
            FocusAreaKey.MEDICAL_DEVICES,
            "Medical devices, wearable sensors, implants, surgical robots. Medicintekniska "
            "produkter, sensorer, implantat och kirurgiska robotar.",
        ),
        _make_area(
            FocusAreaKey.INFECTION,
            "Infections, sepsis, antimicrobial resistance, pandemic preparedness. Infektioner, "
            "sepsis, antibiotikaresistens och smittskydd.",
        ),
        _make_area(
            FocusAreaKey.PREVENTION,
            "Prevention, healthy living, health promotion and equal health. Prevention, "
            "levnadsvanor, folkhälsa och jämlik hälsa.",
        ),
        _make_area(
            FocusAreaKey.CHILDREN_AND_WOMEN,
            "Maternal and newborn health, children's health, women's health. Förlossning, "
            "nyfödda, barns hälsa och kvinnors hälsa.",
        ),
    )
}
