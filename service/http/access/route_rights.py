"""The right that each route needs. A route that is not here is refused to everybody.

A new route is a row: its endpoint and the right. `tests/service/http/test_route_rights.py` tries
every route of the application against this table.
"""

from __future__ import annotations

from typing import Final

from service.domain.access.rights import Right

ROUTE_RIGHTS: Final[dict[str, Right]] = {
    # files, and what says how to ask
    "static": Right.OPEN,
    "openapi.spec": Right.OPEN,
    "web.docs": Right.OPEN,
    "web.operation": Right.OPEN,
    "api.healthz": Right.OPEN,
    # how sources and jobs fare, for whoever watches this machine
    "api.readyz": Right.LOCAL,
    "watch.metrics": Right.LOCAL,
    # signing in and out
    "web.sign_in": Right.OPEN,
    "web.send_sign_in": Right.OPEN,
    "web.sign_out_here": Right.OPEN,
    "web.ask_provider": Right.OPEN,
    "web.answer_of_provider": Right.OPEN,
    # links in mails, which are signed, and the webhook of bounces, which has a secret
    "web.show_confirm": Right.LINK,
    "web.confirm": Right.LINK,
    "web.show_stop": Right.LINK,
    "web.stop": Right.LINK,
    "web.show_vote": Right.LINK,
    "web.vote": Right.LINK,
    "web.sent_mail": Right.LINK,
    "api.report_bounce": Right.LINK,
    # feeds, which open by a token of their own
    "web.pilot_feed": Right.LINK,
    "web.deadline_feed": Right.LINK,
    "web.funder_feed": Right.LINK,
    "web.area_feed": Right.LINK,
    "web.search_feed": Right.LINK,
    # calls and searches
    "api.match_text": Right.PUBLIC,
    "api.read_file": Right.PUBLIC,
    "api.match_file": Right.PUBLIC,
    "api.list_calls": Right.PUBLIC,
    "api.get_call": Right.PUBLIC,
    "api.get_call_history": Right.PUBLIC,
    "api.list_sources": Right.PUBLIC,
    "api.list_actors": Right.PUBLIC,
    "api.list_opportunities": Right.PUBLIC,
    "api.read_opportunity": Right.PUBLIC,
    "api.search_opportunities": Right.PUBLIC,
    "api.sheet_of_calls": Right.PUBLIC,
    "api.sheet_of_actors": Right.PUBLIC,
    "api.sheet_of_sources": Right.PUBLIC,
    "web.search": Right.PUBLIC,
    "web.calls": Right.PUBLIC,
    "web.call": Right.PUBLIC,
    "web.actors": Right.PUBLIC,
    # pilots, and what belongs to them
    "api.list_pilots": Right.READ,
    "api.get_pilot": Right.READ,
    "api.match_pilot": Right.READ,
    "api.explain_call_for_pilot": Right.READ,
    "api.preview_digest": Right.READ,
    "api.list_feedback": Right.READ,
    "api.list_recipients": Right.READ,
    "api.list_pilots_for_call": Right.READ,
    "api.sheet_of_shortlist": Right.READ,
    "api.sheet_of_pilots": Right.READ,
    "api.sheet_of_pilots_calls": Right.READ,
    "api.sheet_of_matches": Right.READ,
    "api.sheet_of_feedback": Right.READ,
    "api.sheet_of_recipients": Right.READ,
    "api.list_feed_links": Right.READ,
    "api.list_webhooks": Right.READ,
    "api.read_webhook_log": Right.READ,
    "web.feed_links": Right.READ,
    "web.pilots": Right.READ,
    "web.pilot": Right.READ,
    "web.call_explanation": Right.READ,
    "web.digest": Right.READ,
    "web.recipients": Right.READ,
    "web.shortlist": Right.READ,
    # what changes them
    "api.add_pilot": Right.WRITE,
    "api.add_pilot_from_file": Right.WRITE,
    "api.replace_pilot": Right.WRITE,
    "api.change_pilot": Right.WRITE,
    "api.archive_pilot": Right.WRITE,
    "api.unarchive_pilot": Right.WRITE,
    "api.delete_pilot": Right.WRITE,
    "api.exclude_for_pilot": Right.WRITE,
    "api.set_pilot_private": Right.WRITE,
    "api.add_feedback": Right.WRITE,
    "api.remove_feedback": Right.WRITE,
    "api.add_recipient": Right.WRITE,
    "api.remove_recipient": Right.WRITE,
    "api.add_feed_link": Right.WRITE,
    "api.revoke_feed_link": Right.WRITE,
    "api.add_webhook": Right.WRITE,
    "api.remove_webhook": Right.WRITE,
    "api.start_webhook": Right.WRITE,
    "api.change_webhook_secret": Right.WRITE,
    "api.replay_webhook_message": Right.WRITE,
    "web.make_feed_link": Right.WRITE,
    "web.revoke_feed_link": Right.WRITE,
    "web.judge": Right.WRITE,
    "web.exclude": Right.WRITE,
    "web.set_private": Right.WRITE,
    "web.confirm_deletion": Right.WRITE,
    "web.delete": Right.WRITE,
    "web.add_recipient": Right.WRITE,
    "web.remove_recipient": Right.WRITE,
}
"""The right that each endpoint needs, by its name."""
