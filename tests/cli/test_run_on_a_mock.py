"""`golive run` against a mock made from the contract's own document: the run says so."""

from __future__ import annotations

import json

import forked
import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from golive.contract.document import Contract
from golive.contract.publishing import self_contained
from golive.kit.files import resources
from golive.twin import Twin
from golive.twin.names import SANDBOX_TENANT
from golive.twin.serving import Serving, loopback_listener

from .conftest import ROOT, command, environment

pytestmark = pytest.mark.whole_run

READ = ("listInboxItems", "listSentItems", "getMessage")
BELOW = "/api.cernermillennium.com/{tenant}/message"


def application(document):
    """Serve the document's examples: a success, or the refusal of a request without a token."""
    answers = document["components"]["responses"]

    def route(path, method, operation):
        async def answer(request):
            status = "200" if "Authorization" in request.headers else "401"
            said = operation["responses"][status]
            said = answers[said["$ref"].rpartition("/")[2]] if "$ref" in said else said
            named = {"opc-request-id": "example"}
            if status == "401":
                named["WWW-Authenticate"] = "Bearer"
            if "content" not in said:
                return Response(status_code=int(status), headers=named)
            body = said["content"]["application/json"]["example"]
            return JSONResponse(body, int(status), named)

        return Route(BELOW + path, answer, methods=[method.upper()])

    return Starlette(
        routes=[
            route(path, method, operation)
            for path, item in document["paths"].items()
            for method, operation in item.items()
        ]
    )


@pytest.fixture
def mock():
    """The origin of a mock on this machine."""
    document = self_contained(Contract(resources() / "schemas"), "messages-20241001")
    listener = loopback_listener(0)
    serving = Serving(application(document), listener)
    yield f"127.0.0.1:{listener.getsockname()[1]}"
    serving.stop()


def test_a_run_says_that_a_mock_answered_and_not_the_service(folder, mock):
    with Twin() as twin:
        text = (ROOT / "environments" / "sandbox.yaml").read_text("utf-8")
        text = text.replace("https://authorization", f"{twin.address}/authorization")
        text = text.replace("https://api", f"http://{mock}/api").replace("../schemas", "schemas")
        (folder / "mock.yaml").write_text(text, encoding="utf-8")
        account = twin.accounts["system"]
        variables = {
            "GOLIVE_CLIENT_ID": account.client_id,
            "GOLIVE_CLIENT_SECRET": account.client_secret,
            "GOLIVE_PATIENT_ID": "12790001",
        }
        assert account.tenant == SANDBOX_TENANT
        done = forked.run(
            command("run", "mock.yaml", "suites/messages", "-k", "inbox-status or message-status"),
            cwd=folder,
            env={**environment(), **variables},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    summary = json.loads((folder / "reports" / "latest" / "summary.json").read_text("utf-8"))
    assert done.returncode == summary["exit_code"] != 3
    told = " ".join(done.stdout.split())
    named = "mock (its answer to {} holds only the contract's examples) on this machine"
    assert any(named.format(operation) in told for operation in READ)
    assert summary["double"].endswith(f"and {mock})")
