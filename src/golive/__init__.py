"""A contract suite for the APIs of Oracle Health Millennium, and all that an author of suites needs.

Suites import from here and from nothing below. An exchange sends, and a check reads what was answered:

    from golive import Contract, Environment, Exchange, MessagesApi, check, claimed_data, exchange, expect

    @exchange
    def inbox_by_priority(api: MessagesApi, environment: Environment) -> Exchange:
        'The inbox, sorted by priority.'
        patient = claimed_data(environment, "listInboxItems", "patient")
        query = {"patientId": patient, "sortBy": "priority"}
        return api.call("listInboxItems", name="inbox_by_priority", query=query)

    @check("inbox-by-priority-is-json", level="must", basis="documented", source="contract-facts §2.1")
    def test_the_inbox_by_priority_is_json(inbox_by_priority: Exchange, contract: Contract) -> None:
        'The inbox, sorted by priority, is a JSON text of the described form.'
        with expect(inbox_by_priority) as it:
            it.status(200)
            it.media_type()
            it.schema(contract, "messages-20241001/inbox-items")

A check fails by findings alone. What it can't say, it says by an exception:

    raise NotClaimedError("test_data.recipient")  # the environment does not claim it: skipped, with this key
    raise CouldNotTellError("the list is empty")  # the question could not be asked or answered
    raise ThinDataError("the inbox has one priority only")  # the test data shows too little; this is no finding

A chain of requests returns `Steps`, each step by its name:

    @exchange
    def sending(api: MessagesApi, sent_message: Exchange) -> Steps:
        'A message, and the sent items afterwards.'
        listed = api.call("listSentItems", name="sending: listed", query={"patientId": "12790001"})
        return Steps(sent=sent_message, listed=listed)

Values of answers go into findings through `show` only, which hides what may identify a person. `hookimpl` marks what an
API's own folder adds to generated requests and to `golive prove` (see `golive.checks.hooks`).

Each name is imported when it is first asked for, so that `golive --help` does not wait for the libraries.
"""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from golive.checks.authority import by_its_word as by_its_word
    from golive.checks.authority import demand_oracles as demand_oracles
    from golive.checks.authority import issuer_host as issuer_host
    from golive.checks.authority import issuers as issuers
    from golive.checks.expect import Expect as Expect
    from golive.checks.expect import expect as expect
    from golive.checks.findings import Finding as Finding
    from golive.checks.findings import FindingsError as FindingsError
    from golive.checks.hooks import hookimpl as hookimpl
    from golive.checks.requests import Wrong as Wrong
    from golive.checks.requests import cured_by as cured_by
    from golive.contract.catalogue import ErrorCase as ErrorCase
    from golive.contract.catalogue import load as error_cases
    from golive.contract.document import Contract as Contract
    from golive.contract.label import GUESS as GUESS
    from golive.contract.label import Basis as Basis
    from golive.contract.label import inferred as inferred
    from golive.contract.label import standard as standard
    from golive.contract.operations import Operation as Operation
    from golive.contract.outcomes import CouldNotTellError as CouldNotTellError
    from golive.contract.outcomes import NotClaimedError as NotClaimedError
    from golive.contract.outcomes import NotRecordedError as NotRecordedError
    from golive.contract.outcomes import NotSeenError as NotSeenError
    from golive.contract.outcomes import SuiteError as SuiteError
    from golive.contract.outcomes import ThinDataError as ThinDataError
    from golive.contract.spellings import SPELLINGS as SPELLINGS
    from golive.contract.spellings import Spelling as Spelling
    from golive.contract.spellings import is_spread_to as is_spread_to
    from golive.contract.spellings import respelled_operations as respelled_operations
    from golive.contract.spellings import spellings_of as spellings_of
    from golive.diagnosis.preflight import probes as probes
    from golive.environment import Environment as Environment
    from golive.environment import cloud_of as cloud_of
    from golive.environment import real_host as real_host
    from golive.environment import service_root as service_root
    from golive.exchanges.curl import short_url as short_url
    from golive.exchanges.error_body import key_unknown as key_unknown
    from golive.exchanges.error_body import stated_pairs as stated_pairs
    from golive.exchanges.jwt import SIGNATURES as SIGNATURES
    from golive.exchanges.jwt import VERSIONED_CLAIMS as VERSIONED_CLAIMS
    from golive.exchanges.jwt import AccessToken as AccessToken
    from golive.exchanges.jwt import read as read_token
    from golive.exchanges.jwt import verification_problem as verification_problem
    from golive.exchanges.key_sets import PRIVATE_MEMBERS as PRIVATE_MEMBERS
    from golive.exchanges.key_sets import certificate_problem as certificate_problem
    from golive.exchanges.key_sets import import_problem as import_problem
    from golive.exchanges.key_sets import keys_of as keys_of
    from golive.exchanges.key_sets import may_be_unpublished as may_be_unpublished
    from golive.exchanges.model import Exchange as Exchange
    from golive.exchanges.model import Request as Request
    from golive.exchanges.model import Steps as Steps
    from golive.exchanges.model import percentile_95 as percentile_95
    from golive.exchanges.writes import Patience as Patience
    from golive.exchanges.writes import json_of as json_of
    from golive.fuzz import values as kinds
    from golive.fuzz.calls import Raw as Raw
    from golive.fuzz.calls import Repeat as Repeat
    from golive.fuzz.categories import Category as Category
    from golive.fuzz.categories import each_kind as each_kind
    from golive.fuzz.explore import Generated as Generated
    from golive.fuzz.explore import explore as explore
    from golive.fuzz.rules import RULES as RULES
    from golive.fuzz.rules import Broken as Broken
    from golive.fuzz.rules import sequences as sequences
    from golive.fuzz.send import curl as curl
    from golive.fuzz.send import plain_request as plain_request
    from golive.fuzz.send import repeat as repeat
    from golive.kit.files import resources as resources
    from golive.kit.problems import counted as counted
    from golive.kit.wire import http_date as http_date
    from golive.kit.wire import resolved as resolved
    from golive.kit.wire import whole_number as whole_number
    from golive.mutation.judge import Mutant as Mutant
    from golive.mutation.record import Recording as Recording
    from golive.mutation.responses import Mutator as Mutator
    from golive.mutation.responses import RecordedExchange as RecordedExchange
    from golive.mutation.responses import places as places
    from golive.mutation.schema import encoded as encoded
    from golive.pytest_plugin.fixtures import check as check
    from golive.pytest_plugin.fixtures import exchange as exchange
    from golive.pytest_plugin.fixtures import parametrize_rows as parametrize_rows
    from golive.redaction.redactor import MARK as REDACTED
    from golive.redaction.rendering import show as show
    from golive.redaction.rendering import show_url as show_url
    from golive.redaction.rendering import show_word as show_word
    from golive.refusals.access_tokens import by_cookies as by_cookies
    from golive.refusals.challenge import behind_challenges as behind_challenges
    from golive.refusals.challenge import challenge_error as challenge_error
    from golive.refusals.challenge import challenges as challenges
    from golive.refusals.changes import changed as changed
    from golive.refusals.credentials import respelled as respelled
    from golive.refusals.judge import judge as judge_refusal
    from golive.refusals.request_parts import Situation as Situation
    from golive.refusals.request_parts import in_tenant as in_tenant
    from golive.refusals.request_parts import instant as instant
    from golive.refusals.request_parts import pairs_of as pairs_of
    from golive.refusals.request_parts import with_pairs as with_pairs
    from golive.refusals.unwritten import judge_correlation_id
    from golive.transport.api import MessagesApi as MessagesApi
    from golive.transport.credentials import asked_scopes as asked_scopes
    from golive.transport.credentials import is_of_another_server as is_of_another_server
    from golive.transport.credentials import seen_by as seen_by
    from golive.transport.plain import Plain as Plain
    from golive.transport.plain import claimed_data as claimed_data
    from golive.transport.plain import demand_claimed as demand_claimed
    from golive.transport.plain import unsettled_member as unsettled_member
    from golive.transport.token import TokenClient as TokenClient
    from golive.transport.token import access_token_of as access_token_of
    from golive.transport.valid import demand_accepted as demand_accepted
    from golive.transport.valid import guess_to_blame as guess_to_blame
    from golive.transport.valid import is_of_the_body as is_of_the_body
    from golive.transport.valid import own_words as own_words
    from golive.transport.valid import unsettled as unsettled

__version__ = "0.1.0"


@cache
def _homes() -> dict[str, tuple[str, str]]:
    """Return the module, and the name there, of each name that the block above offers; that block is the one list."""
    import ast

    program = ast.parse(Path(__file__).read_text(encoding="utf-8"))
    (offered,) = (node for node in program.body if isinstance(node, ast.If))
    lines = (line for line in offered.body if isinstance(line, ast.ImportFrom))
    return {
        one.asname or one.name: (str(line.module), one.name) for line in lines for one in line.names
    }


def __getattr__(name: str) -> object:
    homes = _homes()
    if name == "__all__":
        return tuple(homes)
    if name not in homes:
        raise AttributeError(f"module 'golive' has no attribute {name!r}")
    module, own = homes[name]
    package = importlib.import_module(module)
    found = getattr(package, own, None) or importlib.import_module(f"{module}.{own}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*_homes(), "__version__"]
