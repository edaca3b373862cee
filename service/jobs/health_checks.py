"""A check for each part of an installation: data folder, database, model, index, rates, mail."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime

from index.embedding import model as models
from index.embedding.onnx import files as onnx_files
from index.embedding.other_models.kept_measures import read_measures
from index.embedding.packed import PackedModel
from index.errors import IndexingError
from index.note import note
from index.store import snapshot
from scrapers.catalogue import funder_faults
from scrapers.plurals import count_noun
from service import ecb_rates as exchange
from service.context import Context
from service.domain.frozen_model import FrozenModel
from service.errors import InputError, StoreError
from service.jobs.left_out import name_left_out
from service.jobs.mail.send_mails import pilots_without_mail
from service.jobs.reindex import AWARDS_JOB, CALLS_JOB
from service.mail_settings import NO_ONE_CLICK_WARNING, MailServer
from service.messages.notes import from_index
from service.messages.render import english
from service.settings import Settings
from service.store.database import connect, find_damage

MIN_FREE_BYTES = 500 * 1024 * 1024
"""Bytes that the disk of the data folder should have free; the model takes most of them."""


class CheckResult(FrozenModel):
    """The result of a check: what it found, or what to do."""

    name: str
    ok: bool
    detail: str


def check_data_folder(settings: Settings) -> CheckResult:
    """Check that the data folder can be written and has room."""
    folder, name = settings.data, "data folder"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(b"fundscout")
        free = shutil.disk_usage(folder).free
    except OSError as error:
        detail = f"{folder} cannot be written ({error.strerror}): mend it or set FUNDSCOUT_DATA."
        return CheckResult(name=name, ok=False, detail=detail)
    left = f"{free / 2**30:,.1f} GiB free"
    if free < MIN_FREE_BYTES:
        detail = f"{folder} has only {left}: make room."
        return CheckResult(name=name, ok=False, detail=detail)
    return CheckResult(name=name, ok=True, detail=f"{folder} can be written, {left}.")


def check_database(settings: Settings) -> tuple[Context | None, CheckResult]:
    """Open and check the database; the context is None when it is damaged."""
    name = "database"
    try:
        engine = connect(settings.database)
        broken = find_damage(engine)
        context = Context(settings, engine)
        calls = 0 if broken else sum(1 for _ in context.calls.iterate())
    except StoreError as error:
        return None, CheckResult(name=name, ok=False, detail=str(error))
    shown = settings.database_without_password
    if broken:
        detail = f"{shown} is damaged ({broken}): move it away or put a backup in its place."
        return None, CheckResult(name=name, ok=False, detail=detail)
    if not calls:
        advice = "run `fundscout collect` or `fundscout load-examples`"
        detail = f"{shown} has no calls yet: {advice}."
        return context, CheckResult(name=name, ok=True, detail=detail)
    return context, CheckResult(
        name=name, ok=True, detail=f"{shown} holds {count_noun(calls, 'call')}."
    )


def check_model(settings: Settings) -> CheckResult:
    """Check that the model is there, undamaged and strong enough, without loading it."""
    name = "model"
    try:
        if settings.model == models.BUNDLED:
            return _check_bundled_model(settings)
        model = models.resolve_model(settings.model, settings.models, settings.adapter)
    except (IndexingError, OSError) as error:
        return CheckResult(name=name, ok=False, detail=str(error))
    state = (
        f"{settings.model} is sound ({model.fingerprint})."
        if model.offline
        else f"{settings.model} is loaded from its hub when it is first needed."
    )
    measures = read_measures(model.fingerprint, settings.models)
    if measures is None:
        detail = f"{state} How strong it is, is measured when it is first loaded."
        return CheckResult(name=name, ok=True, detail=detail)
    weaknesses = tuple(measures.weaknesses())
    notes = (note("uncalibrated"), *weaknesses)
    detail = " ".join([state, *(english(from_index(one)) for one in notes)])
    return CheckResult(name=name, ok=not weaknesses, detail=detail)


def check_index(settings: Settings, context: Context | None) -> CheckResult:
    """Check that the index in use is undamaged, and say whether calls changed since."""
    name = "index"
    current = snapshot.current_snapshot(settings.snapshots)
    if current is None:
        detail = "There is no index yet; `match` and `serve` make it, as does `fundscout reindex`."
        return CheckResult(name=name, ok=True, detail=detail)
    try:
        manifest = snapshot.verify_snapshot(settings.snapshots / current, anew=True)
    except (IndexingError, OSError) as error:
        return CheckResult(name=name, ok=False, detail=f"{error} Run `fundscout reindex`.")
    held = f"The snapshot {current} holds {count_noun(manifest.documents, 'call')}"
    if context is not None and not context.index_is_current():
        detail = f"{held}, which have changed since; `fundscout reindex` brings it up to date."
        return CheckResult(name=name, ok=True, detail=detail)
    return CheckResult(name=name, ok=True, detail=f"{held} and is undamaged.")


def check_left_out(context: Context | None) -> Iterator[CheckResult]:
    """Yield a result for each job whose last run left something out, which it names."""
    if context is None:
        return
    mails = pilots_without_mail(context.runs)
    if mails:
        detail = (
            f"No mail could be made for {name_left_out(mails, 'pilot')}. Mend the pilot, then run "
            "`fundscout digest`."
        )
        yield CheckResult(name="digest", ok=False, detail=detail)
    for job, what in ((CALLS_JOB, "call"), (AWARDS_JOB, "award")):
        last = context.runs.last_good(job, "")
        left_out = last.report.get("left_out", {}) if last else {}
        if left_out:
            detail = (
                f"Left out of the index: {name_left_out(left_out, what)}. All others are in it; "
                "collect it anew or report it, then run `fundscout reindex`."
            )
            yield CheckResult(name=f"{what}s", ok=False, detail=detail)


def check_rates(settings: Settings, now: datetime) -> CheckResult:
    """Check the exchange rates; having none is no fault."""
    name, path = "rates", settings.rates
    if not path.is_file():
        detail = "There are no exchange rates: amounts are shown in their own currency only."
        return CheckResult(name=name, ok=True, detail=detail)
    try:
        rates = exchange.read_rates(path)
    except InputError as error:
        detail = f"{error} Run `fundscout rates --fetch`."
        return CheckResult(name=name, ok=False, detail=detail)
    if not rates.is_current(now):
        detail = f"{path} is of {rates.day}, too old to be used: run `fundscout rates --fetch`."
        return CheckResult(name=name, ok=True, detail=detail)
    return CheckResult(name=name, ok=True, detail=f"{path} has the rates of {rates.day}.")


def check_mail(settings: Settings) -> CheckResult:
    """Check that mails can be sent; sending none is no fault."""
    name, mail = "mail", settings.mail
    if mail.route is None:
        detail = "Nothing is sent: FUNDSCOUT_SMTP_URL is empty."
        return CheckResult(name=name, ok=True, detail=detail)
    if not isinstance(mail.route, MailServer):
        return CheckResult(name=name, ok=True, detail=f"Mails are written to {mail.route}.")
    if mail.sender is None or not mail.public_url_given:
        detail = "Mail over SMTP needs FUNDSCOUT_MAIL_FROM and FUNDSCOUT_PUBLIC_URL: set both."
        return CheckResult(name=name, ok=False, detail=detail)
    if not mail.one_click:
        return CheckResult(name=name, ok=False, detail=NO_ONE_CLICK_WARNING)
    detail = f"Mails leave through {mail.route.without_password}; nothing was sent to try it."
    return CheckResult(name=name, ok=True, detail=detail)


def _check_bundled_model(settings: Settings) -> CheckResult:
    """Check the files made of the bundled model or, before they are made, the one they are of."""
    files = onnx_files.find_files(
        settings.models, models.adapter_path(settings.model, settings.adapter)
    )
    if files is not None:
        facts = onnx_files.read_facts(files)
        detail = f"The bundled model is sound ({facts.fingerprint}) and runs in {facts.precision}."
        return CheckResult(name="model", ok=True, detail=detail)
    PackedModel.open()
    detail = "The bundled model is sound and is unpacked when it is first needed."
    return CheckResult(name="model", ok=True, detail=detail)


def unusable_funders() -> Iterator[CheckResult]:
    """Yield a result for each funder that cannot be used, with the name of its package."""
    for sentence in funder_faults():
        yield CheckResult(name="funders", ok=False, detail=f"{sentence}.")
