"""What may not pass the gate, each with the sentence that refuses it: forged, old, foreign or poorer evidence."""

from __future__ import annotations

import base64
import json
import os
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from golive.evidence.envelope import private_key
from golive.evidence.statement import FILE, FILES, keep_evidence
from golive.kit.json_text import utc

from .conftest import TENANT

pytestmark = [pytest.mark.whole_run, pytest.mark.measured]

GATE = ("gate", "--env", "production", "--tenant", TENANT)


def edited(folder, change, file=FILE):
    """Change a JSON file of a run folder in place; what an envelope holds is changed inside it."""
    path = folder / file
    data = json.loads(path.read_text())
    if "payload" in data:
        statement = json.loads(base64.b64decode(data["payload"]))
        change(statement)
        data["payload"] = base64.b64encode(json.dumps(statement).encode()).decode()
    else:
        change(data)
    path.write_text(json.dumps(data))


def said(**members):
    """A change of golive's own part of a statement."""
    return lambda statement: statement["predicate"]["golive"].update(members)


def unsigned_with(change):
    return lambda live_run, _: edited(live_run(), change)


def unsigned_run(**options):
    return lambda live_run, _: live_run(**options)


def of_summary(change):
    """A run whose summary says something else, with evidence that was made of it afterwards."""
    return unsigned_run(change=change)


def set_in(**members):
    return lambda summary: summary.update(members)


def a_byte_of_the_exchanges(live_run, _):
    file = live_run() / "exchanges.har"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def no_fingerprint(live_run, _):
    (live_run() / "fingerprint.json").unlink()


def another_run_s_summary(live_run, _):
    mine, other = live_run(), live_run(hours=2)
    shutil.copy(other / "summary.json", mine / "summary.json")
    shutil.rmtree(other)


def no_digest_of_the_exchanges(statement):
    statement["subject"] = [one for one in statement["subject"] if one["name"] != "exchanges.har"]


def no_contract(statement):
    configuration = statement["predicate"]["configuration"]
    statement["predicate"]["configuration"] = [
        one for one in configuration if one["name"] != "contract"
    ]


def digest_twice(statement):
    statement["subject"].append(statement["subject"][0] | {"digest": {"sha256": "0" * 64}})


def another_digest_of(name):
    def change(statement):
        for one in statement["predicate"]["configuration"]:
            if one["name"] == name:
                one["digest"]["sha256"] = "0" * 64

    return change


def signed_payload_was_changed(live_run, keys):
    edited(live_run(key=keys / "release.key"), said(verdict="GO "))


def signed_by_another(live_run, keys):
    live_run(key=keys / "another.key")


def hint_of_the_right_key(live_run, keys):
    """Signed by another key, and the envelope says that it was the right one."""
    folder, right = live_run(key=keys / "another.key"), live_run(key=keys / "release.key", hours=2)
    file = folder / FILE
    envelope = json.loads(file.read_text())
    envelope["signatures"][0]["keyid"] = json.loads((right / FILE).read_text())["signatures"][0][
        "keyid"
    ]
    file.write_text(json.dumps(envelope))


def signatures_taken_away(live_run, keys):
    file = live_run(key=keys / "release.key") / FILE
    file.write_text(json.dumps(json.loads(file.read_text()) | {"signatures": []}))


def signature_of_another_type(live_run, keys):
    file = live_run(key=keys / "release.key") / FILE
    file.write_text(json.dumps(json.loads(file.read_text()) | {"payloadType": "text/plain"}))


def older_go_beside_a_later_no_go(live_run, keys):
    live_run(key=keys / "release.key", hours=3)
    change = set_in(verdict="NO-GO", exit_code=1)
    live_run(key=keys / "release.key", hours=1, change=change)


def older_go_beside_a_killed_run(live_run, _):
    live_run(hours=3)
    killed = live_run(hours=1)
    (killed / FILE).unlink()


def at_a_double(summary):
    summary["environment"]["token"]["url"] = "http://127.0.0.1:8700/authorization.cerner.com/token"


def a_failed_check_under_a_go(summary):
    summary["checks"][7]["outcome"] = "failed"


def fewer_checks_and_the_reach_of_all(summary):
    summary["checks"] = summary["checks"][:300]


def reach_of_a_part(summary):
    fewer_checks_and_the_reach_of_all(summary)
    summary["reach"] |= {"percent": 30, "reached": 700}


def without_the_newest_first(summary):
    summary["checks"] = [one for one in summary["checks"] if one["id"] != "inbox-newest-first"]


def deviating(number, until):
    def change(summary):
        for one in summary["checks"][:number]:
            one["outcome"] = "known deviation"
        summary["known_deviations"] = [
            {"check": one["id"], "reason": "r", "ticket": "T-1", "until": until, "state": "live"}
            for one in summary["checks"][:number]
        ]

    return change


SOON = f"{datetime.now(UTC) + timedelta(days=20):%Y-%m-%d}"

FORGERIES = {
    "a byte of a file changed": (
        a_byte_of_the_exchanges,
        (),
        "exchanges.har is not the file that the run wrote",
    ),
    "a file taken away": (no_fingerprint, (), "fingerprint.json is missing beside it."),
    "the summary of another run": (
        another_run_s_summary,
        (),
        "summary.json is not the file that the run wrote",
    ),
    "a verdict written in": (
        lambda live_run, _: edited(
            live_run(change=set_in(verdict="NO-GO", exit_code=1)), said(verdict="GO", exit_code=0)
        ),
        (),
        "Its verdict is not what summary.json says: GO there, NO-GO here.",
    ),
    "a verdict beside its code": (
        unsigned_with(said(exit_code=6)),
        (),
        "Its verdict GO does not go with its exit code 6.",
    ),
    "a digest taken away": (
        unsigned_with(no_digest_of_the_exchanges),
        (),
        "It has no digest of exchanges.har, which a run writes.",
    ),
    "a digest given twice": (
        unsigned_with(digest_twice),
        (),
        "It names a file or a part of the configuration twice.",
    ),
    "no contract": (
        unsigned_with(no_contract),
        (),
        "It has no digest of the contract that the run was made with.",
    ),
    "another contract": (
        unsigned_with(another_digest_of("contract")),
        (),
        "It was made with another contract (schemas) than this golive has.",
    ),
    "other checks": (
        unsigned_with(another_digest_of("suites")),
        (),
        "It was made with other checks (suites) than this golive has.",
    ),
    "another environment behind the name": (
        unsigned_with(another_digest_of("environment")),
        (),
        "The environment in summary.json is not the one that the run was made with.",
    ),
    "of another type": (
        unsigned_with(
            lambda statement: statement.update(predicateType="https://slsa.dev/provenance/v1")
        ),
        (),
        "its predicateType is not https://in-toto.io/attestation/test-result/v0.1.",
    ),
    "larger than any evidence": (
        lambda live_run, _: os.truncate(live_run() / FILE, 30_000_000),
        (),
        "evidence.json can't be read: the file is larger than",
    ),
    "no JSON": (
        lambda live_run, _: (live_run() / FILE).write_text("{"),
        (),
        "It is not JSON that can be read",
    ),
    "a member of another kind": (
        unsigned_with(said(reach="100")),
        (),
        "/predicate/golive/reach breaks `type`.",
    ),
    "old": (unsigned_run(hours=30), (), "It is 30 hours old; 24 hours are allowed."),
    "from the future": (unsigned_run(hours=-2), (), "It ends in the future"),
    "made younger": (
        lambda live_run, _: edited(live_run(hours=30), said(ended=utc(datetime.now(UTC)))),
        (),
        "Its ended is not what summary.json says",
    ),
    "another tenant": (
        unsigned_run(tenant="other"),
        (),
        "There is no evidence of production for this tenant, only for other.",
    ),
    "another environment": (
        unsigned_run(name="sandbox"),
        (),
        "There is no evidence of production for this tenant, only of sandbox.",
    ),
    "another tenant's under this name": (
        lambda live_run, _: edited(live_run(tenant="other"), said(tenant=TENANT)),
        (),
        f"Its tenant is not what summary.json says: {TENANT} there, other here.",
    ),
    "the twin's": (
        of_summary(set_in(twin=True, double="the embedded twin")),
        (),
        "Not the service answered, but the embedded twin.",
    ),
    "the twin's, and it says that it is not": (
        of_summary(at_a_double),
        (),
        "Its URLs lead to a double on the machine of the run (127.0.0.1:8700).",
    ),
    "of a recording": (
        of_summary(set_in(recorded=True)),
        (),
        "A recording was judged; the service was not asked.",
    ),
    "a part of the checks": (
        of_summary(set_in(part="12 of 633 checks.")),
        (),
        "Not every check was made: 12 of 633 checks.",
    ),
    "less reach than demanded": (
        of_summary(reach_of_a_part),
        ("--min-reach", "85%"),
        "Its reach is 30 % of the known faults; 85 % are demanded.",
    ),
    "a reach that its checks don't have": (
        of_summary(fewer_checks_and_the_reach_of_all),
        (),
        "summary.json says a reach of 100 %; its checks come to",
    ),
    "a failed check under a GO": (
        of_summary(a_failed_check_under_a_go),
        (),
        "summary.json says GO, though",
    ),
    "NO-GO": (
        of_summary(set_in(verdict="NO-GO", exit_code=1)),
        (),
        "The run ended with NO-GO: The contract is broken.",
    ),
    "could not tell": (
        of_summary(set_in(verdict="COULD NOT TELL", exit_code=6)),
        (),
        "The run ended with COULD NOT TELL: The service was unreachable",
    ),
    "more deviations than allowed": (
        of_summary(deviating(2, SOON)),
        ("--max-deviations", "1"),
        "It tolerates 2 known deviations",
    ),
    "a deviation whose day is past": (
        of_summary(deviating(1, "2026-01-02")),
        (),
        "was tolerated until 2026-01-02, which is past.",
    ),
    "deviations left out": (
        lambda live_run, _: edited(live_run(change=deviating(1, SOON)), said(known_deviations=[])),
        (),
        "Its known_deviations is not what summary.json says.",
    ),
    "without a check that is demanded": (
        of_summary(without_the_newest_first),
        ("--require", "inbox-newest-first"),
        "The check inbox-newest-first did not pass: it was not made.",
    ),
    "without an operation that is demanded": (
        of_summary(set_in(proofs=[])),
        ("--require", "sendMessage"),
        "sendMessage was not proven against a real success.",
    ),
    "unsigned": (unsigned_run(), ("--key", "release.pub"), "It is not signed."),
    "signed by another": (
        signed_by_another,
        ("--key", "release.pub"),
        "It is signed by another key",
    ),
    "signed, then changed": (
        signed_payload_was_changed,
        ("--key", "release.pub"),
        "Its signature does not fit: it is not what was signed.",
    ),
    "signed by another in the right one's name": (
        hint_of_the_right_key,
        ("--key", "release.pub"),
        "Its signature does not fit",
    ),
    "signatures taken away": (
        signatures_taken_away,
        ("--key", "release.pub"),
        "It is an envelope without a signature.",
    ),
    "signed as something else": (
        signature_of_another_type,
        ("--key", "release.pub"),
        "Its payloadType is not application/vnd.in-toto+json.",
    ),
    "an older GO beside a later NO-GO": (
        older_go_beside_a_later_no_go,
        ("--key", "release.pub"),
        "The run ended with NO-GO",
    ),
    "an older GO beside a later run that was killed": (
        older_go_beside_a_killed_run,
        (),
        "has no evidence: it was stopped, or still goes on.",
    ),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forgery_is_refused_with_its_own_sentence(live_run, keys, golive, here, forgery):
    forge, options, sentence = FORGERIES[forgery]
    shutil.copy(keys / "release.pub", here)
    forge(live_run, keys)
    code, out = golive(*GATE, *options)
    assert (code, out.count("may NOT go live")) == (1, 1), out
    assert sentence in out


def test_the_sentences_differ():
    sentences = [sentence for _, _, sentence in FORGERIES.values()]
    assert len(set(sentences)) >= 38


def test_what_none_of_it_was_done_to_passes(live_run, keys, golive):
    live_run(key=keys / "release.key")
    demands = ("--min-reach", "85%", "--max-deviations", "0", "--require", "sendMessage")
    code, out = golive(*GATE, "--key", keys / "release.pub", *demands)
    assert code == 0, out
    assert f"production, tenant {TENANT}: may go live GO, 60 minutes old, reach 100 %" in out


def test_unsigned_evidence_passes_where_no_key_is_demanded_and_says_what_it_is_worth(
    live_run, golive
):
    live_run()
    code, out = golive(*GATE)
    assert code == 0, out
    assert "It is not signed: anybody who can write its folder can make it." in out


def test_a_refused_run_later_on_decides_nothing(live_run, golive):
    live_run(hours=3)
    refused = live_run(hours=1, change=set_in(exit_code=4, requests=0))
    (refused / FILE).unlink()
    assert golive(*GATE)[0] == 0


def test_signed_evidence_can_be_carried_away_without_its_run(live_run, keys, golive, here):
    shutil.move(live_run(key=keys / "release.key") / FILE, here / "carried.json")
    shutil.rmtree(here / "reports")
    code, out = golive(*GATE, "--key", keys / "release.pub", "carried.json")
    assert code == 0, out
    code, out = golive(*GATE, "carried.json")
    assert code == 1
    assert "summary.json is missing beside it." in out


def test_a_list_of_tenants_is_answered_tenant_by_tenant(live_run, golive, here):
    for number in range(3):
        live_run(tenant=f"tenant-{number}", hours=1 + number, stem=f"production-{number}")
    (here / "tenants.txt").write_text("# ours\ntenant-0\ntenant-1  # pilot\n\ntenant-9\n")
    code, out = golive("gate", "--env", "production", "--tenants", "tenants.txt")
    assert code == 1
    assert "production, tenant tenant-0: may go live" in out
    assert "production, tenant tenant-9: may NOT go live" in out
    assert "2 of 3 tenants may go live." in out
    code, out = golive("gate", "--env", "production", "--tenant", "tenant-2", "--json")
    [row] = json.loads(out)
    assert (code, row["may_go_live"], row["reasons"]) == (0, True, [])


def test_every_byte_of_a_signed_file_counts(live_run, keys, golive):
    folder = live_run(key=keys / "release.key")
    for name in FILES:
        file = folder / name
        kept = file.read_bytes()
        for place in (0, len(kept) // 3, len(kept) - 1):
            file.write_bytes(kept[:place] + bytes([kept[place] ^ 1]) + kept[place + 1 :])
            assert golive("verify", folder, "--key", keys / "release.pub")[0] == 1, (name, place)
        file.write_bytes(kept)
    assert golive("verify", folder, "--key", keys / "release.pub")[0] == 0


def test_every_change_of_a_claim_is_found_without_a_signature(live_run, golive):
    """Each member of golive's part that the summary decides, changed alone."""
    folder = live_run()
    whole = (folder / FILE).read_text()
    members = json.loads(whole)["predicate"]["golive"]
    other = {str: "2026-01-01T00:00:00Z", int: 3, bool: True, list: ["x"], dict: {"x": 1}}
    for member, value in members.items():
        if member in ("schema_version", "not_tested", "known_deviations"):
            continue
        edited(folder, said(**{member: other[type(value)]}))
        assert golive("verify", folder)[0] == 1, member
        (folder / FILE).write_text(whole)


def test_evidence_that_was_signed_by_two_is_signed_by_each(live_run, keys, golive):
    folder = live_run(key=keys / "release.key")
    first = json.loads((folder / FILE).read_text())
    assert keep_evidence(folder, private_key(keys / "another.key")) == ""
    second = json.loads((folder / FILE).read_text())
    assert first["payload"] == second["payload"]
    first["signatures"] += second["signatures"]
    (folder / FILE).write_text(json.dumps(first))
    for name in ("release.pub", "another.pub"):
        assert golive("verify", folder, "--key", keys / name)[0] == 0


def test_tenants_of_a_file_of_tenants_are_asked_for_by_their_ids(live_run, golive, here):
    live_run(tenant="tenant-0", name="production@river")
    live_run(tenant="tenant-1", name="sandbox@hill")
    rows = ["name,tenant,environment", "river,tenant-0,production", "hill,tenant-1,sandbox"]
    (here / "tenants.csv").write_text("\n".join(rows))
    code, out = golive("gate", "--env", "production", "--tenants", "tenants.csv")
    assert code == 0, out
    assert "production, tenant tenant-0: may go live" in out
    assert "tenant-1" not in out
    (here / "tenants.csv").write_text("\n".join([*rows, "lake,${GOLIVE_LAKE},production"]))
    code, out = golive("gate", "--env", "production", "--tenants", "tenants.csv")
    assert code == 4
    assert "tenants.csv:4: the id of lake is a variable's" in out
