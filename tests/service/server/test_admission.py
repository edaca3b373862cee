"""Every route has a cost, and a request that is not let in is told so."""

from __future__ import annotations

from apiflask import APIFlask
from flask.testing import FlaskClient

from service.http.admission import (
    COSTLY_ENDPOINTS,
    FORM_ENDPOINTS,
    PROBE_ENDPOINTS,
    REFUSED,
    Cost,
    cost_reader,
)

QUICK = {
    "api.add_area",
    "api.change_area",
    "api.get_area",
    "api.list_areas",
    "api.remove_area",
    "web.add_area",
    "web.admin_add_key",
    "web.admin_add_person",
    "web.admin_confirm_removal",
    "web.admin_confirm_revocation",
    "web.admin_end_sessions",
    "web.admin_feeds",
    "web.admin_keep_out",
    "web.admin_keys",
    "web.admin_make_link",
    "web.admin_people",
    "web.admin_people_again",
    "web.admin_remove_person",
    "web.admin_remove_webhook",
    "web.admin_replay_message",
    "web.admin_revoke_feed",
    "web.admin_revoke_key",
    "web.admin_rotate_key",
    "web.admin_set_role",
    "web.admin_settings",
    "web.admin_start_webhook",
    "web.admin_webhook",
    "web.archive_pilot",
    "web.areas",
    "web.ask_recipient",
    "web.change_area",
    "web.edit_area",
    "web.edit_pilot",
    "web.judge_call",
    "web.make_share_link",
    "web.new_pilot",
    "web.remove_area",
    "web.revoke_share_link",
    "web.save_new_pilot",
    "web.save_pilot",
    "web.share_links",
    "api.list_calls",
    "api.get_call",
    "api.get_call_history",
    "api.list_pilots",
    "api.add_pilot",
    "api.delete_pilot",
    "api.set_pilot_private",
    "api.get_pilot",
    "api.list_feedback",
    "api.add_feedback",
    "api.remove_feedback",
    "api.list_recipients",
    "api.add_recipient",
    "api.remove_recipient",
    "api.list_sources",
    "api.report_bounce",
    "api.sheet_of_feedback",
    "api.sheet_of_pilots",
    "api.sheet_of_recipients",
    "api.sheet_of_sources",
    "api.list_feed_links",
    "api.add_feed_link",
    "api.revoke_feed_link",
    "api.list_webhooks",
    "api.remove_webhook",
    "api.start_webhook",
    "api.change_webhook_secret",
    "api.read_webhook_log",
    "api.replay_webhook_message",
    "api.list_searches",
    "api.add_search",
    "api.get_search",
    "api.change_search",
    "api.delete_search",
    "web.searches",
    "web.share_search",
    "web.delete_search",
    "web.feed_links",
    "web.make_feed_link",
    "web.revoke_feed_link",
    "web.calls",
    "web.call",
    "web.docs",
    "web.operation",
    "web.pilots",
    "web.exclude",
    "web.set_private",
    "web.confirm_deletion",
    "web.delete",
    "web.sign_in",
    "web.send_sign_in",
    "web.sign_out_here",
    "web.ask_provider",
    "web.answer_of_provider",
    "api.exclude_for_pilot",
    "web.recipients",
    "web.add_recipient",
    "web.remove_recipient",
    "api.list_opportunities",
    "api.read_opportunity",
    "api.replace_pilot",
    "api.change_pilot",
    "api.archive_pilot",
    "api.unarchive_pilot",
    "openapi.spec",
    "static",
}
"""Routes that read or write the store and search nothing."""


def test_every_route_has_a_cost(app: APIFlask) -> None:
    known = QUICK | COSTLY_ENDPOINTS | FORM_ENDPOINTS | PROBE_ENDPOINTS
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    links = {name for name in endpoints if name.startswith("web.") and is_link(app, name)}
    assert endpoints - links == known


def is_link(app: APIFlask, endpoint: str) -> bool:
    """Whether a route is for the links in mails."""
    return any("<token>" in rule.rule for rule in app.url_map.iter_rules(endpoint))


def test_what_a_request_costs(app: APIFlask) -> None:
    cost = cost_reader(app)
    assert cost("GET", "/healthz", "") is Cost.PROBE
    assert cost("GET", "/", "") is cost("GET", "/calls", "q=heart") is Cost.QUICK
    assert cost("GET", "/", "pilot=heart") is cost("POST", "/", "") is Cost.COSTLY
    assert cost("POST", "/api/v1/match", "") is Cost.COSTLY
    assert cost("OPTIONS", "/api/v1/match", "") is cost("GET", "/api/v1/match", "") is Cost.QUICK
    assert cost("GET", "/api/v1/calls/eu_portal:A/B/pilots", "") is Cost.COSTLY
    assert cost("GET", "/nowhere", "") is cost("GET", "/pilots/", "") is Cost.QUICK


def test_a_refused_request_is_told_when_to_come_again(client: FlaskClient) -> None:
    answer = client.get("/api/v1/pilots", environ_overrides={REFUSED: 1})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "1"
    assert answer.get_json()["detail"] == "Too many requests at once: try again in 1 second."
    page = client.get("/pilots?lang=en", environ_overrides={REFUSED: 7})
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "7"
    assert "try again in 7 seconds" in page.text
