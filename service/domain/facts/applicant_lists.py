"""Where in a sentence the applicants are listed: by its verb, by its heading, by its place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from service.domain.facts.kinds import stated
from service.domain.facts.text import LABEL, NEGATION, TITLE, Sentence

_SUBJECT = (
    r"(?:(?:main |lead |principal )?applicants?|contestants?|the coordinator|coordinators?"
    r"|sökande(?: part| organisation)?|(?:huvud|projekt)?sökanden?|medelsförvaltare|koordinatorn?"
    r"|huvudsökande organisation|projektägare|(?:project|lead) (?:owner|partner|organi[sz]ation)"
    r"|administrating organi[sz]ation|host (?:organi[sz]ation|institution)|grant holder"
    r"|project leader|principal investigator)"
)
_LIST_AFTER = re.compile(
    r"(?:rikta[rts]* (?:sig|stödet|bidraget)?(?P<main1> (?:främst|i första hand|enbart))? ?"
    r"(?:\w+ )?till(?! att)"
    r"|vänder sig(?P<main2> (?:främst|i första hand))? till|är öppen för|är öppet för"
    r"|(?:is|are) (?P<main3>(?:primarily|mainly) )?(?:open (?:only )?to|aimed at|directed (?:to|at)"
    r"|addressed to|intended for|targeted (?:to|at)|designed for)"
    r"|(?:grants?|awards?|scheme|fellowships?|programme) (?:is|are) for"
    r"|(?:organi[sz]ations|parties|partners) must (?:be|come) (?:involved )?from"
    r"|provides? (?:funding|support|grants) (?:for|to)(?! (?:projects|research\b|the|a\b|new))"
    r"|eligible (?:applicants?|entities|organi[sz]ations)\b[^.:]{0,60}?(?:\bare|\bis|\binclude"
    r"|:)|(?:is"
    r"|are) (?:strictly )?(?:limited|restricted) to"
    rf"|{_SUBJECT} "
    r"(?:must|should|may|can|shall|ska(?:ll)?|måste|kan|får|är)(?: (?:only|endast|also))?(?: |:\s*)"
    r"(?:be|vara|endast)"
    rf"|{_SUBJECT} (?:\([^()]{{1,40}}\) )?(?:is|är) (?=an? |en |ett )"
    r"|\b(?:project|consortium|application)\b[^.]{0,30}? (?:is|be) (?:led|coordinated) by"
    r"|(?:konsorti\w+|consorti\w+) (?:beståe?nde av|som består av"
    r"|(?:is |are )?(?:composed|made up) of|consisting of)"
    r"|(?:award|provide|offer)s? (?:[\w%-]+ ){0,6}?(?:grants?(?: funds)?|assistance|funding|funds"
    r"|support|payments?|loans?) (?:\([^()]{1,40}\) )?to(?! (?:assist|help|support)\b)"
    r"|(?:program(?:me)?|grants?|assistance)\b[^.]{0,120}? to assist(?! (?:with|in)\b)"
    r"|(?:grants?|payments?|funds?|assistance)\b[^.]{0,40}? to (?=eligible \w)|application by"
    r"|awards? (?:seeks? to )?(?:recogni[sz]e|honou?r)s?"
    r"|stöd(?:et)? (?:lämnas|ges|beviljas|utgår) till|you must be|du måste vara"
    r"|(?:an)?sök(?:as|s) av|sökas? endast av"
    r"|(?:administered|managed) by|förvaltas av"
    r"|behörig(?:a)?(?: sökande)?(?: att (?:an)?söka)?(?: \w+)? är|sökande av [\w-]+ är)(?!\w)",
    re.IGNORECASE,
)
_JOINS = re.compile(
    r"\b(?:can|may) (?:also )?(?:participate|take part)\b"
    r"|\bare welcome to (?:participate|take part|join)|\bkan (?:också |även )?(?:delta|medverka)\b",
    re.IGNORECASE,
)
_LIST_BEFORE = re.compile(
    r"\bhar (?:nu )?möjlighet att (?:få|an?söka)\b|"
    r"\b(?:kan|får|kunna) (?:du |ni |också |även |inte |ej )*(?:an)?söka\b(?! sig\b)"
    r"|(?:är|bjuds) (?:varmt )?(?:välkom(?:men|na)|inbjudna|behöriga) (?:att|med att) "
    r"(?:(?:an)?söka|delta|anmäla)"
    r"|\bska vara (?:koordinator|huvudsökande|sökande)"
    r"|(?:may|can|cannot|must not|could) (?:not |also |only )*apply\b(?! (?:the|this|these)\b)"
    r"|(?:is|are|were) (?:also |not |only )*(?:eligible(?! for funding (?:at|under))|ineligible)\b"
    r"|\beligible to apply\b|are (?:all )?(?:invited|welcome) to (?:apply|submit"
    r"|actively participate)"
    r"|\bacting as co-?ordinators?\b",
    re.IGNORECASE,
)
_TITLED = re.compile(
    r"\b(?:\w*möjlighet\w*|stöd|\w*bidrag|\w*anslag|\w*stipendi\w*|program\w*|medel|satsning\w*"
    r"|support|grants?|funding|awards?|fellowships?"
    r"|opportunit\w+)\b[^.]{0,60}?\b(?:för|till|for)\s+(?P<who>[^.]{3,60})"
    r"|\b(?:stötta|stödja|hjälpa) (?P<helped>(?:svenska|små|stora|nya)? ?[\wåäö-]+)\b"
    r"|\b(?:support|help|assist)(?:ing)? (?P<backed>(?:small|non-?profit|civil|local|public|young"
    r"|early)\b[^.]{3,60})"
    r"|\b(?:actions?|projects?|grants?) by (?P<by>[^.]{3,80})",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"\b(?:som (?!helst|arbetar|exempelvis|till exempel|t\.\s?ex|är utsedda|är regionalt)|that"
    r"|which"
    r"|who\b|where|whose"
    r"|authori[sz]ed|when|in order to"
    r"|to the extent|located"
    r"|established|not already|för att|to (?:assist|help|develop|create|support|carry|explore"
    r"|build|improve"
    r"|design|implement)\b"
    r"|och kan ta fram).*",
    re.IGNORECASE | re.DOTALL,
)
_INCLUDING = re.compile(
    r"\b(?:that|which|who)\b[^.;]{0,120}?\b(?:including|such as)\b", re.IGNORECASE
)
_HERE = re.compile(r"^\W*(?:in|under|inom|i) (?:this|den här|denna)\b[^,]{0,40},", re.IGNORECASE)
_TAKES_PART = re.compile(
    r"\b(?:kan|får|ska(?:ll)?|måste|may|can|must|should) (?:[\wåäö]+ ){0,3}?(?:inkludera"
    r"|bestå av|include"
    r"|consist of|involve)\b",
    re.IGNORECASE,
)
# those whom a project passes money on to, and what else applicants may be
_OTHERS = re.compile(
    r"\bthird part(?:y|ies)\b|\b(?:may|consorti\w+|beneficiar\w+|projects?) (?:\w+ ){0,3}?provide\b"
    r"|\b(?:may|can) be (?:asked|required|requested|invited)\b",
    re.IGNORECASE,
)
_NOBODY = re.compile(r"\s*(?:no|inga|ingen|neither)\b", re.IGNORECASE)
_DENIED = re.compile(rf"{NEGATION.pattern}|ineligible", re.IGNORECASE)
_ON_TERMS = re.compile(
    r"\b(?:if|unless|until|om inte|såvida|currently|already|redan|previously|tidigare)\b",
    re.IGNORECASE,
)
_PROJECTS = re.compile(
    r"\s*(?:all )?(?:proposals|projects?|applications|ansökningar|projekt)\b(?! (?:from|by"
    r"|från)\b)",
    re.IGNORECASE,
)
# not the call but what projects do is open to somebody
_WHAT = re.compile(
    r"\b(?:activities|events?|services|training|workshops?|platforms?|measures|results|tools"
    r"|aktiviteter|insatser(?:na)?|tjänster(?:na)?)\W+(?:that )?$",
    re.IGNORECASE,
)
_IS_HEADING = re.compile(r"[?:]\s*$")
_EARLY = 100
# sentences under "eligibility" that tell what somebody does rather than who may apply
_DOES = re.compile(
    r"\b(?:may(?! be)|can(?! be)|shall|agree|projects?|funds?|funding|loans?|will|works?|used"
    r"|applications?|activities|should"
    r"|must"
    r"|ska|måste|projekt\w*)\b",
    re.IGNORECASE,
)
MODIFIER = re.compile(
    r"\b(?:som|that|which|who|with|from|in|i|inom|med|of|established|etablera\w*|verksam\w*|vid|at"
    r"|whose|for(?!-)|för|such|see|kan|can|may|och kan)\b.*",
    re.IGNORECASE | re.DOTALL,
)
# "organisations with small firms as their target group": the head alone applies
# what one party must be says nothing of who else may apply
_ONE_OF_THEM = re.compile(r"\b(?:minst|at least) (?:en|ett|one)\b", re.IGNORECASE)
_VAGUE_HEAD = re.compile(
    r"(?P<head>\W*(?:andra |other )?(?:organisationer|organi[sz]ations))\s+"
    r"(?:med|with|som|that|which|who)\b",
    re.IGNORECASE,
)
_TOGETHER = re.compile(
    r"^\W*(?:\w+ )?(?:consorti\w+|\w*konsorti\w+|\w*[ck]onstellation\w*|teams?|grupp\w*"
    r"|partnerships?|partnerskap|samverkan)\b",
    re.IGNORECASE,
)
_BULLET = re.compile(
    r"^\W*(?:be|vara) (?:an? |based (?:at|in) |ett? |employed (?:by|at) )?", re.IGNORECASE
)
_MUST = re.compile(
    r"(?:you|organi[sz]ation|institution|company|business|du|ni) (?:must|måste|ska)\W*$"
    r"|lead (?:a|your) project|to be eligible",
    re.IGNORECASE,
)
_WANTED = r"(?:lämna|an?söka|söka|delta|anmäla)"
_ADDRESSED = re.compile(
    rf"\bbjuder (?:[\wåäö-]+ ){{0,3}}?in (?P<asked>[^.]{{3,120}}?) att {_WANTED}"
    rf"|\b[Ii]nbjuder (?P<called>[^.]{{3,120}}?) att {_WANTED}"
    rf"|\b[Vv]älkomnar (?:vi )?(?P<whom>[^.]{{3,120}}?)(?: med [^.]{{3,90}})? att {_WANTED}"
    r"|\bÄr (?:du|ni) (?P<you>[^.?]{3,60})|(?:[Pp]lanerar|[Hh]ar) (?:ditt"
    r"|ert) (?P<firm>företag)\b"
    r"|\b[Ff]år (?P<gets>[^.]{3,90}?) (?:stöd|hjälp|möjlighet) att"
    r"|\bmöjlighet(?:er)? för (?P<chance>[^.]{3,90}?) att (?:delta|an?söka|få|anmäla)"
    r"|\b(?:skräddarsy\w+|utforma\w+|tailored|designed) (?:för att|to) (?:stötta|stödja|hjälpa"
    r"|support|help) (?P<served>"
    r"(?:svenska|små|unga|nya|Swedish|small|young) [^.]{3,60})"
    r"|\bfinansiering till (?P<financed>[^.]{3,90}?) som vill\b"
    r"|\b(?:funding|support) (?:for|to) (?P<funded>[^.]{3,90}?) (?:who|that|which) want\b"
)
_INVERTED = re.compile(r"\bkan (?P<who>(?:[\wåäö,-]+ ){1,6}?)(?:an)?söka\b", re.IGNORECASE)
_AS_WHO = re.compile(
    r"\b(?:du|ni) som (?:representerar|är|företräder)\b|^som\b"
    r"|(?:\b(?:du|ni) som|\b(?-i:Som)) (?=(?:svensk|offentlig|privat|litet|stort|mindre|företag"
    r"|kommun|region|organisation|ideell|forskare))",
    re.IGNORECASE,
)
_RESEARCHES = re.compile(r"\b(?:du|ni) som forskar\b", re.IGNORECASE)
_WISH = re.compile(
    r"\b(?:som vill|vill (?:du|ni)|who want|for projects|för projekt|för att|that aim)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Listed:
    """The words of a sentence that list applicants; ``denied``: those may not apply."""

    text: str
    denied: bool = False


def listed(sentence: Sentence, plain: str) -> Listed | None:
    """Return the part of a sentence that lists applicants: by its verb, else by its place.

    ``plain`` is the sentence with what stands in brackets blanked out.
    """
    if _OTHERS.search(plain):
        return None
    if plain.rstrip().endswith("?"):
        return _by_place(sentence, plain)
    if found := _LIST_AFTER.search(plain):
        return _after(plain, found)
    if (found := _INVERTED.search(plain)) and stated(found["who"]):
        return Listed(found["who"])
    joins = _JOINS.search(plain) if sentence.about_applicants else None
    verb = _LIST_BEFORE.search(plain) or joins
    return _before(plain, verb) if verb else _by_place(sentence, plain)


def _after(plain: str, verb: re.Match[str]) -> Listed | None:
    """Return the object of words such as "is open to"."""
    rest = plain[verb.end() :]
    if _WHAT.search(plain[: verb.start()]) or _PROJECTS.match(rest):
        return None
    return Listed(
        _whole(rest), bool(NEGATION.search(plain[max(0, verb.start() - 15) : verb.end()]))
    )


def _whole(rest: str) -> str:
    """Return a list without what is told of those in it; "those that …, including" go on."""
    return _CLAUSE.sub("", _INCLUDING.sub(", ", rest))


def _before(plain: str, verb: re.Match[str]) -> Listed | None:
    """Return the subject of a verb of applying."""
    before = _HERE.sub("", plain[: verb.start()])
    if researches := _RESEARCHES.search(before):
        return Listed(researches.group())
    asked = _AS_WHO.search(before)
    wish = None if asked else _WISH.search(before)
    if wish and not stated(before[: wish.start()]):
        return None
    subject = _CLAUSE.sub("", before[asked.end() :] if asked else before)
    denied = bool(_DENIED.search(verb.group()) or _NOBODY.match(before))
    # "those that already have a grant may not": a rule on some of them, not on the kind
    some = denied and (_ON_TERMS.search(plain) or MODIFIER.search(before))
    return None if some else Listed(subject, denied)


def _by_place(sentence: Sentence, plain: str) -> Listed | None:
    """Return a list that stands in a title or under a heading, without a verb of applying."""
    if found := _ADDRESSED.search(plain):
        return Listed(MODIFIER.sub("", next(filter(None, found.groups()))))
    if sentence.field == TITLE and (found := _TITLED.search(plain)):
        return Listed(MODIFIER.sub("", next(filter(None, found.groups()))))
    if not sentence.about_applicants or NEGATION.search(plain) or _IS_HEADING.search(plain):
        return None
    if found := _TAKES_PART.search(plain):
        return Listed(_CLAUSE.sub("", plain[found.end() :]))
    return _under_heading(sentence, plain)


def _under_heading(sentence: Sentence, plain: str) -> Listed | None:
    label = LABEL.match(plain)
    body = plain[label.end("label") + 1 :] if label else plain
    if _MUST.search(sentence.heading):
        bullet = _BULLET.match(body)
        return Listed(_CLAUSE.sub("", body[bullet.end() :])) if bullet else None
    if _ONE_OF_THEM.search(_CLAUSE.sub("", body)):
        return None
    if vague := _VAGUE_HEAD.match(body):
        return Listed(vague["head"])
    head = body if _TOGETHER.match(body) else _CLAUSE.sub("", body)
    early = head if _TOGETHER.match(body) else head[:_EARLY]
    return Listed(head) if stated(early) and not _DOES.search(head) else None
