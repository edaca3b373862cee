"""What a section of a text is."""

from __future__ import annotations

from enum import StrEnum


class SectionKind(StrEnum):
    """What a section is: the project, or something that stands around it."""

    PROJECT = "project"
    ABOUT = "about"
    MAIL = "mail"
    NOTICE = "notice"
    GREETING = "greeting"
    SIGNATURE = "signature"
    DRAFT = "draft"
    CONTENTS = "contents"
    BUDGET = "budget"
    REFERENCES = "references"
    AGENDA = "agenda"
    FORM = "form"


KINDS = tuple(SectionKind)
