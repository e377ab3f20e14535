"""What only looks like a status, a host that was asked, or a scope of this API, and what is one by its form."""

import pytest

from golive.diagnosis.paste import explain

TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
CLOUD = f"https://authorization.cerner.com/tenants/{TENANT}"
TOKEN = f"{CLOUD}/protocols/oauth2/profiles/smart-v1/token"
INBOX = f"https://api.cernermillennium.com/{TENANT}/message/20241001/patientMessages/inboxItems?patientId=1"
FAMILY = "oraclehealth:millennium"


def first(text):
    return explain(text)[0]


IPYTHON = """File ~/site-packages/requests_oauthlib/oauth2_session.py:{at}, in OAuth2Session.fetch_token(...)
    {before} r = hook(r)
--> {at} self._client.parse_request_body_response(r.text, scope=self.scope)

Warning: Scope has changed from "{family}:message {family}:recipient" to "{family}:recipient".
"""


@pytest.mark.parametrize("at", [401, 403, 406, 503])
def test_the_number_of_a_line_in_a_traceback_is_no_status(at):
    text = IPYTHON.format(at=at, before=at - 2, family=FAMILY)
    assert first(text).id == "granted-scope-lacks-one"
    assert f"status {at}" not in str(explain(text))


LINES = {
    "Java": "Exception: no body\n\tat org.acme.Messages.read(Messages.java:503)",
    "Python": '  File "/app/msg.py", line 403, in <module>\nKeyError: items',
    "Python without a file's suffix": 'File "<stdin>", line 401, in <module>\nKeyError: items',
    "C#": "NullReferenceException\n   at Acme.Inbox.Read() in C:\\src\\Inbox.cs:line 404",
    "Rust": "error: failed\n  --> src/main.rs:401:5\n401 |     let r = get();",
    "Ruby": "/app/msg.rb:503:in `get': undefined method (NoMethodError)",
    "PHP": "Error at vendor/CurlFactory.php:409\n    408▕   // why\n  ➜ 409▕   return no($e);",
    "IPython before 8": "~/a.py in get(url)\n    405 \n--> 406     raise_it(url)\n    407 \nKeyError: items",
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_no_language_s_line_numbers_are_statuses(line):
    assert first(f"{line}\ncalled {INBOX}\n").id == "error-unexplained"


MEASURES = ("pid 404 starts", "listening on port 503", "read 401 bytes", "took 409 ms")


@pytest.mark.parametrize("measure", MEASURES)
def test_a_measure_is_no_status(measure):
    assert first(f"GET {INBOX}\n{measure}\n").id == "requests-without-an-answer"


STATUSES = {
    "OkHttp": f"--> GET {INBOX}\n<-- 406 Not Acceptable",
    "an arrow and a reason of its own": f"GET {INBOX}\n--> 406 Not Acceptable",
    "arrows under each other": f"-> POST {TOKEN}\n<- 405\n-> GET {INBOX}\n<- 406",
    "a raised error": f"requests.exceptions.HTTPError: 406 Client Error: Not Acceptable for url: {INBOX}",
    "with a line number": f'File "a.py", line 406, in get\nHTTPError: 406 Client Error: None for url: {INBOX}',
}


@pytest.mark.parametrize("text", STATUSES.values(), ids=STATUSES)
def test_a_status_is_one_by_its_form(text):
    assert "not-acceptable" in {one.id for one in explain(text)}


HELP = "https://curl.haxx.se/libcurl/c/libcurl-errors.html"
LINKS = {
    "Guzzle": f"cURL error 60: SSL certificate problem: certificate is not yet valid (see {HELP}) for {TOKEN}",
    "curl": f"curl: (60) SSL certificate problem: certificate is not yet valid\nMore details here: {HELP}\nfor {TOKEN}",
    "the link last": f"SSL certificate problem: certificate is not yet valid for {TOKEN}. For more info see {HELP}",
}


@pytest.mark.parametrize("text", LINKS.values(), ids=LINKS)
def test_a_link_to_help_is_no_host_that_was_asked(text):
    found = first(text)
    assert found.id == "clock-behind-the-certificate"
    assert "authorization.cerner.com" in found.means
    assert "curl.haxx.se" not in str(found)


def test_a_host_is_one_that_was_asked_though_a_sentence_says_to_see_it():
    text = "SSL certificate problem: certificate is not yet valid, see {}"
    assert "authorization.cerner.com" in first(text.format(TOKEN)).means
    other = "certificate is not yet valid for https://ehr.hospital.example/api"
    assert "ehr.hospital.example" in first(f"SSL certificate problem: {other}").means


def refused(scope, url=TOKEN):
    urn = "urn%3Acerner%3Aerror%3Aauthorization-server%3Aoauth2%3Atoken%3Aempty-scopes"
    uri = f"https://authorization.cerner.com/errors/{urn}/instances/7f3c2b10-4a5d?tenant={TENANT}"
    sent = f"$ curl -s -X POST {url} \\\n> -d 'grant_type=client_credentials&scope={scope}'\n"
    return f'{sent}{{"error":"invalid_scope","error_uri":"{uri}"}}\n'


@pytest.mark.parametrize(
    "scope", ["system/Patient.read", "system/Patient.rs", "user/Observation.rs", "patient/*.read"]
)
def test_refused_scopes_of_fhir_are_no_case_of_messages(scope):
    found = first(refused(scope))
    assert f"{FAMILY}:message" not in str(found)
    named = first(refused("").replace("&scope=", "") + f"scope asked for: {scope}\n")
    assert f"{FAMILY}:message" not in str(named)


def test_where_messages_is_called_its_scope_is_the_cure():
    of_messages = TOKEN.replace("/protocols", "/hosts/api.cernermillennium.com/protocols")
    found = first(refused("system/Patient.read", of_messages))
    assert found.id == "scope-in-smart-v1-syntax"
    assert f"{FAMILY}:message" in found.means
