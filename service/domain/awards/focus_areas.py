"""Focus areas: texts that are matched by meaning like any other.

Fifteen of medical technology are shipped; staff make and change their own beside them.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from service.domain.frozen_model import FrozenModel
from service.messages.message import message, verbatim
from service.messages.sentence import Sentence

MOST_OWN_AREAS = 200
"""Own areas at most: all of them are listed on one page."""

LONGEST_NAME, LONGEST_WORDS = 80, 2000
"""Characters of an own area's name, and of its words."""


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


OwnAreaKey = Annotated[str, StringConstraints(pattern=r"^own-[a-z0-9-]{1,80}$")]
"""The key of an area that staff made."""

AreaKey = FocusAreaKey | OwnAreaKey
"""The key of any focus area."""

_ANY_KEY: TypeAdapter[FocusAreaKey | str] = TypeAdapter(AreaKey)


def _with_a_letter(text: str) -> str:
    """Refuse a text without a letter; what a letter is, patterns of JSON Schema disagree on."""
    if not any(character.isalpha() for character in text):
        raise ValueError("write at least one letter")
    return text


AreaName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NAME),
    AfterValidator(_with_a_letter),
]
AreaWords = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_WORDS),
    AfterValidator(_with_a_letter),
]


class FocusArea(FrozenModel):
    """An area with its name, and the words that calls and projects are compared with."""

    key: AreaKey
    name: Sentence
    words: str
    own: bool = Field(default=False, description="Made here, and not shipped with the program.")


class OwnAreaDraft(FrozenModel):
    """What staff write of an area of their own."""

    name: AreaName = Field(description="What the area is called, the same in every language.")
    words: AreaWords = Field(
        description="What it is about, in a sentence or a few words: calls and projects are "
        "compared with it by meaning. Swedish and English together find the most."
    )


class OwnFocusArea(OwnAreaDraft):
    """An area that staff made, with who changed it last and when."""

    key: OwnAreaKey
    by: str = Field(description="Who changed it last; empty where nobody signs in.")
    created_at: AwareDatetime
    modified_at: AwareDatetime

    @property
    def area(self) -> FocusArea:
        """The area as others are."""
        name = Sentence.of(verbatim(self.name))
        return FocusArea(key=self.key, name=name, words=self.words, own=True)

    @property
    def etag(self) -> str:
        """What tells this state of the area from every other that it had or will have."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:32]


def make_area_key(name: str, at: datetime) -> str:
    """Return a key for a new area: of its name, and of the instant, so that it is the only one."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].rstrip("-") or "area"
    digest = hashlib.sha256(f"{name}\0{at.isoformat()}".encode()).hexdigest()[:6]
    return f"own-{slug}-{digest}"


def read_area_key(text: str) -> FocusAreaKey | str | None:
    """Return the key that ``text`` is; None when no area can have it."""
    try:
        return _ANY_KEY.validate_python(text)
    except ValidationError:
        return None


def _make_area(key: FocusAreaKey, words: str) -> FocusArea:
    return FocusArea(key=key, name=Sentence.of(message(f"area.{key}")), words=words)


FOCUS_AREAS: dict[FocusAreaKey, FocusArea] = {
    FocusAreaKey(one.key): one
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
