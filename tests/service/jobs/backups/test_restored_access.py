"""After a restore nobody comes in whose key, account, link or webhook was ended since."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.context import Context
from service.domain.access.rights import AccountRole, Scope
from service.domain.notifications.feed_link import FeedKind, FeedSubject
from service.domain.notifications.webhook import WebhookEvent
from service.use_cases.access.keys import add_key, list_keys, revoke_key
from service.use_cases.access.pilot_rights import set_private
from service.use_cases.access.users import add_user, list_users, remove_user, set_disabled
from service.use_cases.feeds.links import make_feed_link, revoke_feed_link
from tests.service.jobs.backups.weeks import backed_up, filled, opened, restored
from tests.service.mail.mail_round import PILOTS

pytestmark = pytest.mark.whole

SUBJECT = FeedSubject(FeedKind.AREA, "home_care")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    filled(tmp_path / "data")
    return tmp_path / "data"


def add_hook(context: Context, pilot_id: str) -> str:
    now = datetime.now(UTC)
    events = tuple(WebhookEvent)
    return context.webhooks.add(pilot_id, "https://a.example/hook", events, "sv", now).id


def test_what_was_ended_since_stays_so(data: Path, tmp_path: Path) -> None:
    with opened(data) as context:
        keys = [add_key(context, name, Scope.READ, None).key.id for name in ("kept", "revoked")]
        for name in ("Anna", "Bo", "Cecilia"):
            add_user(context, name, AccountRole.EDITOR, "a long enough password")
        links = [make_feed_link(context, SUBJECT, "sv").feed.id for _ in range(2)]
        hooks = [add_hook(context, PILOTS[0]) for _ in range(2)]
    backup = backed_up(data, tmp_path / "b.tar.gz")
    with opened(data) as context:
        revoke_key(context, keys[1])
        remove_user(context, "Bo")
        set_disabled(context, "Cecilia", disabled=True)
        revoke_feed_link(context, links[1])
        context.webhooks.remove(hooks[1])
        later = add_key(context, "later", Scope.READ, None).key.id
    restored(data, backup)
    with opened(data) as context:
        working = {key.id for key in list_keys(context) if key.revoked_at is None}
        assert working == {keys[0], later}
        active = {user.name for user in list_users(context) if user.disabled_at is None}
        assert active == {"Anna"}
        assert [one.id for one in context.feed_links.all() if one.revoked_at is None] == [links[0]]
        states = {one.id: one.stopped_at is None for one in context.webhooks.all(PILOTS[0])}
        assert states == {hooks[0]: True, hooks[1]: False}


def test_a_backup_of_another_store_keeps_its_own(data: Path, tmp_path: Path) -> None:
    filled(tmp_path / "elsewhere")
    with opened(tmp_path / "elsewhere") as context:
        kept = add_key(context, "kept", Scope.READ, None).key.id
        add_user(context, "Anna", AccountRole.EDITOR, "a long enough password")
    backup = backed_up(tmp_path / "elsewhere", tmp_path / "b.tar.gz")
    with opened(data) as context:
        own = add_key(context, "own", Scope.READ, None).key.id
    restored(data, backup)
    with opened(data) as context:
        assert {key.id for key in list_keys(context) if key.revoked_at is None} == {kept, own}
        assert [user.disabled_at for user in list_users(context)] == [None]


def test_what_was_hidden_stays_so_and_the_last_webhook_stays_removed(
    data: Path, tmp_path: Path
) -> None:
    with opened(data) as context:
        hook = add_hook(context, PILOTS[0])
    backup = backed_up(data, tmp_path / "b.tar.gz")
    with opened(data) as context:
        set_private(context, PILOTS[1], private=True)
        context.webhooks.remove(hook)
    restored(data, backup)
    with opened(data) as context:
        hidden = context.pilots.get(PILOTS[1])
        assert hidden is not None
        assert hidden.private
        assert context.webhooks.all(working=True) == []
