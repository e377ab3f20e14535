"""Whole runs under a fault: the exit code that the table of verdicts names for it, and no traceback."""

import json
import os
import re
import sys
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import forked
import pytest

from golive.drift import fingerprint
from golive.twin import Twin

from .conftest import FAULTS, forwarded, say, serving, whole

pytestmark = pytest.mark.whole_run

TOKEN_PATH = "hosts/api.cernermillennium.com/protocols/oauth2/profiles/smart-v1/token"
ENVIRONMENT = """\
title: A twin behind a front that misbehaves
tenant: ec2458f2-1e24-41c8-b71b-0e701af7583d
token:
  url: "{front}/authorization.cerner.com/tenants/{{tenant}}/{path}"
  scopes: [oraclehealth:millennium:message]
  credential: {{client_id: "${{GOLIVE_FRONT_ID}}", client_secret: "${{GOLIVE_FRONT_SECRET}}"}}
api:
  base_url: "{api}/api.cernermillennium.com/{{tenant}}/message"
test_data: {{patient: "12700100"}}
claims: {{operations: [listInboxItems, listSentItems, getMessage], generation: new}}
safety: {{rate: 1000, read_timeout: {patience}, connect_timeout: {patience}, retries: 1, longest_wait: 1}}
data: synthetic
"""


# Where time is what runs out, little of it; elsewhere more than a busy machine needs.
PATIENCE = {"black hole": 1, "a byte at a time": 1}


@contextmanager
def fronted(tmp_path, decide, tls=None, bundle=None, patience=10):
    """Start a twin behind a front; `decide(request)` gives a fault, or None to hand it on.

    With `tls`, the API has a front of its own, which speaks TLS as `serving` says; `bundle` is what to trust.
    """
    with Twin() as twin:
        port = urlsplit(twin.address).port

        def answer(connection, request):
            fault = decide(request)
            if fault is None:
                forwarded(connection, request, port)
            else:
                fault(connection)

        with serving(answer) as front, serving(answer, tls) as other:
            account = twin.accounts["system"]
            file = tmp_path / "fronted.yaml"
            api = f"http://127.0.0.1:{front}" if tls is None else f"https://127.0.0.1:{other}"
            trusted = f"{{ca_bundle: {bundle}, " if bundle else "{"
            text = ENVIRONMENT.format(
                front=f"http://127.0.0.1:{front}", api=api, path=TOKEN_PATH, patience=patience
            )
            file.write_text(text.replace("safety: {", f"safety: {trusted}"))
            secrets = {
                "GOLIVE_FRONT_ID": account.client_id,
                "GOLIVE_FRONT_SECRET": account.client_secret,
            }
            # What these runs do in golive's own modules is measured elsewhere.
            kept = {name: one for name, one in os.environ.items() if not name.startswith("COV")}
            yield file, {**kept, **secrets}, account.client_secret


INBOX = ("suites/messages/test_inbox.py",)
LISTS = (*INBOX, "suites/messages/test_sent_items.py")
INBOXES = ("suites/messages", "-k", "inbox")
"""By path: to collect six hundred checks takes longer than what is looked at here."""


def run(file, env, *options):
    """Run golive and return its code, what it printed and its summary."""
    folder = file.parent
    done = forked.run(
        [sys.executable, "-m", "golive", "run", str(file), *(options or ("-m", "not oauth"))],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    summaries = sorted((folder / "reports").glob("*/summary.json"))
    return done.returncode, done.stdout + done.stderr, json.loads(summaries[-1].read_text())


def only_api(fault):
    return lambda request: fault if b"/patientMessages/" in request.split(b"\r\n")[0] else None


def everything(fault):
    return lambda _: fault


LATE = {
    "reset": 6,
    "reset in the body": 6,
    "black hole": 6,
    "a byte at a time": 6,
    "429": 6,
    "502": 6,
    "503": 6,
    "504": 6,
    "login page": 4,
    "truncated": 1,
    "200 MB": 1,
    "gzip bomb": 1,
    "invalid UTF-8": 1,
    "duplicate member": 1,
    "nested": 1,
    "NaN": 1,
    "chunked garbage": 1,
    "no gzip": 1,
    "gzip without its end": 1,
    "no HTTP": 1,
    "a header without a colon": 1,
    "two lengths": 1,
    "redirect loop": 1,
    "redirect elsewhere": 1,
    # More than anybody needs, and nothing is wrong with them; the empty list between them proves nothing.
    "1,000 headers": 5,
}


FROM_THE_FIRST = (
    "reset",
    "black hole",
    "429",
    "503",
    "login page",
    "truncated",
    "200 MB",
    "no HTTP",
    "redirect elsewhere",
    "1,000 headers",
)
"""One fault of each kind that preflight tells apart; in the middle of a run, where all are met, it has ended.

`.ci/run` lets each of the others begin there as well, what the client makes of each is in test_client.py."""


@pytest.mark.parametrize("fault", FROM_THE_FIRST)
def test_an_api_that_misbehaves_ends_with_its_code(fault, tmp_path, counted):
    patience = PATIENCE.get(fault, 10)
    with fronted(tmp_path, only_api(FAULTS[fault]), patience=patience) as (file, env, secret):
        start = time.monotonic()
        code, told, summary = run(
            file, env, *INBOX, "-k", "inbox-is-json or inbox-keeps-its-schema"
        )
    assert "Traceback" not in told
    assert secret not in told
    assert (code, summary["exit_code"]) == (LATE[fault], LATE[fault]), told
    assert f"exit code {code}" in told
    if code == 5:
        assert (summary["counts"]["passed"], summary["counts"]["failed"]) == (2, 0)
    assert time.monotonic() - start < 40  # bounded, whatever the machine does
    counted(f"exit code {code} after {summary['requests']} requests")


# An empty list is no right answer to everything, so many headers around one are left out here.
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(fault, marks=() if fault in FROM_THE_FIRST else pytest.mark.exhaustive)
        for fault in sorted(LATE.keys() - {"1,000 headers"})
    ],
)
def test_an_api_that_misbehaves_in_the_middle_ends_with_its_code(fault, tmp_path, counted):
    """The walk and the first answers were good; what was proven before keeps its verdict."""
    asked = []

    def decide(request):
        if b"/patientMessages/" not in request.split(b"\r\n")[0]:
            return None
        asked.append(request)
        return FAULTS[fault] if len(asked) > 1 else None

    with fronted(tmp_path, decide, patience=PATIENCE.get(fault, 10)) as (file, env, secret):
        code, told, summary = run(file, env, *LISTS)
    assert "Traceback" not in told
    assert secret not in told
    assert (code, summary["exit_code"]) == (LATE[fault], LATE[fault]), told
    assert summary["diagnosis"] is None
    assert summary["counts"]["passed"] >= 5
    if code == 6:
        assert summary["counts"]["failed"] == 0
    if code == 4:
        assert "a proxy or a sign-in page" in " ".join(told.split())
        assert summary["meaning"].startswith(
            "The service became unreachable during the run: a web page"
        )
    if code == 1:  # an answer is an answer, so this is no outage
        assert "not asked" not in told
    if fault == "no HTTP":
        finding = next(c for c in summary["checks"] if c["outcome"] == "failed")["findings"]
        assert [one["actual"] for one in finding] == ["what came back is not HTTP"]
        cause = "No complete HTTP answer came: what came back is not HTTP."
        assert re.search(f"access broken: [a-z-]+: {re.escape(cause)}", " ".join(told.split()))
        seen = fingerprint.read(next(tmp_path.glob("reports/*/fingerprint.json")))
        assert 0 not in {one["status"] for one in seen.situations.values()}
    counted(f"exit code {code}, {summary['counts']['passed']} checks had passed before")


@pytest.mark.parametrize(
    ("fault", "code"),
    [("reset", 6), ("black hole", 6), ("503", 6), ("login page", 4), ("no HTTP", 1)],
)
def test_a_front_that_never_lets_anybody_through_stops_preflight(fault, code, tmp_path, counted):
    patience = PATIENCE.get(fault, 10)
    with fronted(tmp_path, everything(FAULTS[fault]), patience=patience) as (file, env, _):
        found, told, summary = run(file, env, *INBOX)
    assert found == code, told
    assert summary["diagnosis"]["cure"]
    assert "Traceback" not in told


@pytest.mark.parametrize(
    ("origin", "cause"),
    [
        ("https://nowhere.invalid", "name-does-not-resolve"),
        ("http://127.0.0.1:9", "connection-refused"),
    ],
)
def test_an_api_that_is_not_there_stops_preflight_after_a_good_token(
    origin, cause, tmp_path, counted
):
    with fronted(tmp_path, lambda _: None) as (file, env, _):
        text = file.read_text()
        before = text.split('base_url: "')[1].split("/api.")[0]
        file.write_text(text.replace(f'base_url: "{before}', f'base_url: "{origin}'))
        direct = {name: value for name, value in env.items() if "proxy" not in name.lower()}
        direct["GOLIVE_ALLOWED_HOSTS"] = "nowhere.invalid"
        code, told, summary = run(file, direct, *INBOX)
    assert (code, summary["diagnosis"]["id"]) == (6, cause), told
    assert "Traceback" not in told
    counted(f"exit code {code}, {cause}")


CERTIFICATES = {
    "not trusted": ({}, False, 4, "certificate-not-trusted", "not trusted"),
    "for another host": (
        {"name": "other.example"},
        True,
        4,
        "certificate-not-trusted",
        "for another host",
    ),
    "expired": ({"days": -1}, True, 6, "certificate-expired", "has expired"),
}


@pytest.mark.parametrize("fault", CERTIFICATES)
def test_a_wrong_certificate_of_the_api_stops_preflight_after_a_good_token(
    fault, tmp_path, certificate, counted
):
    how, trusted, code, cause, words = CERTIFICATES[fault]
    bundle, context = certificate(**how)
    with fronted(tmp_path, only_api(None), lambda: context, bundle if trusted else None) as (
        file,
        env,
        _,
    ):
        found, told, summary = run(file, env, *INBOX)
    assert (found, summary["diagnosis"]["id"]) == (code, cause), told
    assert words in told
    assert summary["diagnosis"]["cure"]
    assert [stage["ok"] for stage in summary["walk"] if stage["stage"] == "token"] == [True]
    assert "Traceback" not in told
    counted(f"exit code {found}, {cause}")


@pytest.mark.parametrize("fault", CERTIFICATES)
def test_a_certificate_that_is_wrong_in_the_middle_ends_with_its_code(
    fault, tmp_path, certificate, counted
):
    how, trusted, code, _, words = CERTIFICATES[fault]
    wrong_bundle, wrong = certificate(**how)
    bundle, good = certificate()
    if trusted:
        bundle.write_bytes(bundle.read_bytes() + wrong_bundle.read_bytes())
    shown = []

    def tls():
        shown.append(1)
        return wrong if len(shown) > 8 else good

    with fronted(tmp_path, only_api(None), tls, bundle) as (file, env, _):
        found, told, summary = run(file, env, *INBOXES)
    assert (found, summary["diagnosis"]) == (code, None), told
    assert words in told
    assert summary["counts"]["passed"] >= 5
    assert summary["counts"]["failed"] == 0
    assert len(shown) < 30  # nothing is repeated, and after three it is left alone
    assert "Traceback" not in told
    counted(f"exit code {found}, {summary['counts']['passed']} checks had passed before")


def test_an_outage_in_the_middle_leaves_what_was_proven_before(tmp_path):
    served = []

    def decide(request):
        served.append(request)
        return FAULTS["reset"] if len(served) > 8 else None

    with fronted(tmp_path, decide) as (file, env, _):
        code, told, summary = run(file, env, *INBOXES)
    assert code == 6, told
    assert summary["counts"]["passed"] >= 5
    assert summary["counts"]["could not tell"] >= 20
    assert summary["counts"]["failed"] == 0
    assert summary["requests"] < 40  # it stopped asking
    assert "not asked: 3 requests in a row had no answer" in told


def test_a_passing_failure_is_healed_counted_and_reported(tmp_path):
    served = []

    refused = set()

    def decide(request):
        served.append(request)
        asked = request.split(b"\r\n")[0]
        # Never the repetition of one that was refused: every request gets through in the end.
        if len(served) % 5 or asked in refused:
            return None
        refused.add(asked)
        return FAULTS["503"]

    with fronted(tmp_path, decide) as (file, env, _):
        code, told, summary = run(file, env, *LISTS, "suites/messages/test_one_message.py")
    assert code == 0, told
    assert summary["repeated_requests"] >= 2
    assert f"{summary['repeated_requests']} of them repeated" in told


def test_nothing_is_retried_into_a_pass(tmp_path):
    broken = FAULTS["truncated"]
    first = []

    def decide(request):
        if b"/inboxItems?patientId=12700100 " in request and not first:
            first.append(request)
            return broken
        return None

    with fronted(tmp_path, decide) as (file, env, _):
        code, told, _ = run(file, env, *INBOX)
    assert code == 1, told


@pytest.mark.parametrize("afterwards", ["reset", "503"])
def test_a_server_that_stops_within_an_answer_breaks_no_contract(afterwards, tmp_path, counted):
    """Its last answer is cut off, and then nobody is there, or a load balancer says so."""
    stopped = []

    def decide(request):
        if stopped:
            return FAULTS[afterwards]
        if b"/inboxItems?patientId=12700100 " not in request:
            return None
        stopped.append(request)
        return FAULTS["truncated"]

    with fronted(tmp_path, decide) as (file, env, _):
        code, told, summary = run(file, env, *INBOX)
    assert code == 6, told
    assert summary["counts"]["failed"] == 0
    counted(f"exit code {code} after {summary['requests']} requests")


def test_a_service_that_is_throttled_in_the_middle_is_left_alone(tmp_path, counted):
    busy = say(whole(b"{}", status=b"503 Service Unavailable", more=b"Retry-After: 1\r\n"))
    served = []

    def decide(request):
        served.append(request)
        return busy if len(served) > 8 else None

    with fronted(tmp_path, decide) as (file, env, _):
        code, told, summary = run(file, env, *INBOXES)
    assert code == 6, told
    assert summary["counts"]["passed"] >= 5
    assert summary["counts"]["failed"] == 0
    assert summary["requests"] < 50
    assert "3 requests of the kind in a row were answered with 502, 503 or 504" in " ".join(
        told.split()
    )
    counted(f"exit code {code} after {summary['requests']} requests")


def test_a_run_ends_when_its_time_is_spent_and_keeps_what_it_learnt(tmp_path):
    served = []

    def decide(request):
        served.append(request)
        return FAULTS["black hole"] if len(served) > 8 else None

    with fronted(tmp_path, decide, patience=60) as (file, env, _):
        code, told, summary = run(file, env, "--time-limit", "4", *INBOXES)
    assert code == 6, told
    assert "the run's time limit is spent" in " ".join(told.split())
    assert summary["counts"]["passed"] >= 5
    assert summary["counts"]["failed"] == 0
    assert summary["environment"]["safety"]["time_limit"] == 4


def test_the_file_can_say_the_time_limit_as_well(tmp_path):
    with fronted(tmp_path, lambda _: None) as (file, env, _):
        file.write_text(file.read_text().replace("retries: 1", "retries: 1, time_limit: 4"))
        _, _, summary = run(file, env, *INBOX, "-k", "inbox-is-json")
    assert summary["environment"]["safety"]["time_limit"] == 4


@pytest.mark.parametrize("limit", ["0", "-1", "nan", "1e9", "soon"])
def test_a_time_limit_that_is_none_is_refused(limit, tmp_path):
    done = forked.run(
        [sys.executable, "-m", "golive", "run", "twin", f"--time-limit={limit}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 4
    assert "--time-limit" in done.stdout + done.stderr
