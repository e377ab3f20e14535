import shlex

import pytest

from golive.twin.server import announcement


@pytest.fixture(scope="module")
def page(caller):
    return announcement(caller.twin)


def curl(http, line):
    """Send what a curl command line says; knows the options that the announcement uses."""
    words = iter(shlex.split(line)[1:])
    request = {"method": "GET", "headers": {}}
    form = []
    for word in words:
        if word == "-u":
            request["auth"] = tuple(next(words).split(":"))
        elif word == "-d":
            form.append(next(words))
        elif word == "-H":
            name, _, value = next(words).partition(": ")
            request["headers"][name] = value
        elif word != "-s":
            request["url"] = word
    if form:
        request["method"] = "POST"
        request["content"] = "&".join(form)
        request["headers"]["Content-Type"] = "application/x-www-form-urlencoded"
    return http.request(**request)


def test_it_names_accounts_tenants_and_patients(caller, page):
    for account in caller.twin.accounts.values():
        assert account.client_id in page
        assert account.tenant in page
        if account.client_secret:
            assert account.client_secret in page
        else:
            assert account.key_id in page
            assert "    " + account.private_key_pem.splitlines()[1] in page
    for patient in caller.twin.patients.values():
        assert patient in page
    assert caller.twin.address in page


def test_its_two_curl_commands_work_as_printed(caller, page):
    first, second = (line for line in page.splitlines() if line.startswith("  curl "))
    granted = curl(caller.http, first)
    assert granted.status_code == 200, granted.text
    listed = curl(caller.http, second.replace("$TOKEN", granted.json()["access_token"]))
    assert len(listed.json()["items"]) == 25
