"""Which kinds of organisations words name: the funders' readers' own list, and more."""

from __future__ import annotations

import re

from scrapers.applicants import kinds
from service.domain.facts.record import Kind

_UNIVERSITY = (Kind.PUBLIC_UNIVERSITY, Kind.PRIVATE_UNIVERSITY)
MEANING: dict[str, tuple[Kind, ...]] = {
    "municipality": (Kind.MUNICIPALITY,),
    "region": (Kind.REGION,),
    "health care provider": (Kind.CARE,),
    "public body": (Kind.STATE, Kind.REGION, Kind.MUNICIPALITY),
    "local body": (Kind.REGION, Kind.MUNICIPALITY),
    "national body": (Kind.STATE,),
    "company": (Kind.SMALL_COMPANY, Kind.LARGE_COMPANY),
    "small or medium-sized company": (Kind.SMALL_COMPANY,),
    "large company": (Kind.LARGE_COMPANY,),
    "university": _UNIVERSITY,
    "research organisation": (Kind.RESEARCH,),
    "civil society": (Kind.CIVIL_SOCIETY,),
    "individual": (Kind.INDIVIDUAL,),
    "organisation": (Kind.ORGANISATION,),
    "anyone": (Kind.UNRESTRICTED,),
}
"""What the names that funders' readers use for kinds mean."""

# what the funders' own readers do not name, and longer wordings that hide a shorter one
_MORE = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in {
        "small or medium-sized company": r"(?:små|litet|mindre)(?:[\s,-]+(?:och|eller|till|and|or)?"
        r"[\s-]*medelstor\w*)?(?:\s+svenska)?(?:\s*företag)(?:\s*\(SMF\))?|small(?:,| and| or"
        r"|-)[\s,-]*"
        r"medium(?:-sized)?(?: (?:enterprises|companies|businesses))?(?: \(SMEs?\))?|start-?ups?\b"
        r"|\bsmall[- ]to[- ]medium(?:[- ]sized)? \w+|\bsmall (?:companies|enterprises|businesses)"
        r"|\bmikroföretag\w*"
        r"|\b(?:small,? (?:or|and|and/or) )?micro[- ]?(?:sized )?(?:enterprises|companies"
        r"|businesses)"
        r"|\b(?:aktiebolag|bolag|företag|(?:limited )?companies|businesses)\b[^.]{0,60}?(?:max\w*"
        r"|högst|upp till|färre än|up to|fewer than|less than) 2(?:49|50) (?:anställda|employees)",
        "large company": r"\bstort? (?:företag|bolag)\b|\blarge (?:companies|enterprises)\b",
        "health care provider": r"\bvård(?:-? ?(?:och/eller|och|eller))? ?\w*omsorgsorganisation\w*"
        r"|\bvårdorganisation\w*|\bcare organi[sz]ations?\b|\bNHS\b(?: (?:bod|trust|organi"
        r"|service|provid)\w*)?"
        r"|\bvårdinrättning\w*|\bhospitals?\b|\bsjukhus\w*",
        "civil society": r"\bpatient organi[sz]ations?\b|patientförening\w*|\bNGOs?\b"
        r"|ideella? (?:och ekonomiska )?(?:organisation|förening)\w*|icke-?vinst\w+ (?:organisation"
        r"|aktör|förening)\w*|\bnon-?profit (?:corporations?|compan(?:y|ies)|"
        r"businesses)|\bcommunity(?:-based)? organi[sz]ations?"
        r"|non-?governmental organi[sz]ations?|not-for-profits?(?: organi[sz]ations?)?\b"
        r"|\bthird sector\b",
        "individual": r"\b(?:du|ni) som forskar\b|\bdisputerade?\b|\bprincipal investigators?\b"
        r"|\bpost-?doc\w*|\bnatural persons?\b|\balla som arbetar\b|\bmedarbetare\b"
        r"|\bhomeowners?\b|\bfysiska? person\w*"
        r"|\b(?:ut)?forskaren?\b",
        "research organisation": r"\bresearch[- ](?:institutions?|performing organi[sz]ations?)\b"
        r"|\bpublic sector research (?:establish|organi|instit)\w+|\binstitut(?:en|et)?\b"
        r"|\bresearch and technology organi[sz]ations?\b|\bRTOs?\b",
        "university": r"\bHEIs?\b|\bhigher education establishments?\b"
        r"|\bpost-?secondary (?:educational )?(?:institutions|organi[sz]ations"
        r"|schools)\b|\beducation(?:al)? institutions?\b",
        "organisation": r"\blegal (?:\w+ )?(?:entit(?:y|ies)|persons?)\b|juridiska? person\w*"
        r"|(?:^|,|\bor|\beller|\boch|\band)\W+organi[sz]ations\b(?! (?:and|or)\b)"
        r"|^\W*organisationer\b|\b(?:or|eller) organi[sz]ation\b|^\W*organisation\W*$",
        "anyone": r"^\W*(?:alla|everyone|anyone|anybody)\W*$|\ball (?:types"
        r"|kinds) of (?:organi[sz]ations|legal entities|applicants)\b"
        r"|alla (?:typer|slag) av (?:organisationer|aktörer)|unrestricted",
        "company": r"\b(?:private|commercial) entities\b"
        r"|(?<!non-)(?<!not-)\bfor-profits?\b(?! (?:bus|ent|org))"
        r"|\bfor-profit (?:business(?:es)?|entit\w+"
        r"|organi[sz]ations?)\b"
        r"|\b\w+företag\b|(?<!do )\bbusiness(?:es)?\b(?! (?:development|model|plan|case|led|partner"
        r"|associat"
        r"|activit))"
        r"|\b(?:aktie)?bolag\b|näringsliv\w*|\bfirms?\b|\bindustri(?:n|part\w*)?\b"
        r"|\bindustr(?:y|ies)\b|\bcorporations?\b|\bmanufacturers?\b",
        "public body": r"(?<!-)\bgovernmental(?=,| (?:and|or|organi|entit|agenc))|\bstate(?:,"
        r"| and\b)[^.;]{0,40}? governments?\b"
        r"|\bgovernment(?:al)? (?:entities|agencies|units)\b"
        r"|\bpublic (?:organi[sz]ations?|agenc(?:y|ies)|entities|institutions"
        r"|procurers"
        r"|administrations?)\b",
        "local body": r"\blocal (?:governments?|authorit(?:y|ies))\b",
        "national body": r"\bmyndigheter(?:na)?\b|\b(?:svenska|statliga|nationella"
        r"|centrala) myndigheter\b|\b(?:central"
        r"|national) (?:governments?|authorit(?:y|ies))\b",
        "municipality": r"\bstäder\b|\bcities\b",
        "region": r"\bcounties\b|\bcounty (?:governments?|entit\w+|agenc\w+)\b"
        r"|\bregionalt utvecklingsansvarig\w*",
        # an adjective, an agency by its name, a person's firm, a thing of research: none of these
        "": r"\bK-?12 \w+(?: \w*institutions?)?|\bindividual (?:eligibility"
        r"|organi[sz]ations?|projects?|applicants?|grants?|awards?|companies"
        r"|institutions)\b|\b\w*myndigheten?s?\b|\benskild(?:a)? firm\w+|\bsole (?:traders?"
        r"|proprietors?)\b"
        r"|research(?:er)?s?[ -](?:infrastructur|project|programme)\w*",
    }.items()
)


def stated(text: str) -> tuple[Kind, ...]:
    """Return the kinds of organisations that ``text`` names, in the order of `Kind`."""
    found = [(m.start(), -m.end(), name) for name, p in _MORE for m in p.finditer(text)]
    found += [(first, -stop, name) for name, first, stop in kinds(text)]
    named: set[str] = set()
    reached = 0
    for first, stop, name in sorted(found, key=lambda one: one[:2]):
        if first >= reached:
            named.add(name)
            reached = -stop
    named.discard("")
    meant = {kind for name in named for kind in MEANING[name]}
    return tuple(kind for kind in Kind if kind in meant)
