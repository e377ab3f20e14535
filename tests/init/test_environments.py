"""The written environments are those of golive, with the answers put in."""

from __future__ import annotations

import itertools

import pytest
from dotenv import dotenv_values

from golive.environment import PUBLIC_SANDBOX_TENANT, load
from golive.kit.files import resources
from golive.scaffold import DEPLOYMENTS, Answers, plan
from golive.scaffold.texts import environment_text, environment_texts, example, variables_of

KEY = "-----BEGIN PRIVATE KEY-----\nnot one\n-----END PRIVATE KEY-----\n"
GIVEN = {
    "GOLIVE_CLIENT_ID": "an-id",
    "GOLIVE_CLIENT_SECRET": "a-secret-of-some-length",
    "GOLIVE_KEY_ID": "kid-1",
    "GOLIVE_PATIENT_ID": "12700100",
    "GOLIVE_PRODUCTION_TENANT": "customer-1",
    "GOLIVE_PRODUCTION_PATIENT_ID": "998",
}


@pytest.fixture(scope="module")
def private_key():
    from joserfc.jwk import ECKey

    return ECKey.generate_key("P-384").as_pem(private=True).decode()


def every_answer():
    for deployments, tenant, credential, data, pipeline in itertools.product(
        DEPLOYMENTS,
        ("", "4711"),
        ("secret", "key"),
        ("phi", "synthetic"),
        ("github", "gitlab", "none"),
    ):
        yield Answers(deployments, tenant, credential, data, pipeline)


def test_every_answer_gives_files_that_load(tmp_path, private_key):
    variables = {**GIVEN, "GOLIVE_PRIVATE_KEY": private_key}
    for answers in every_answer():
        for name, text in environment_texts(answers).items():
            file = tmp_path / f"{name}.yaml"
            file.write_text(text)
            made = load(file, variables=variables)
            assert made.may_write == (name == "twin")
            if name == "twin":
                continue
            method = "private_key_jwt" if answers.credential == "key" else "client_secret_basic"
            assert made.token.client_authentication == method
            synthetic = name == "sandbox" and answers.data == "synthetic"
            assert made.data == ("synthetic" if synthetic else "phi")


def loaded(tmp_path, answers, name):
    file = tmp_path / f"{name}.yaml"
    file.write_text(environment_texts(answers)[name])
    return load(file, variables=GIVEN)


def test_the_tenant_that_is_given_is_production_s_where_that_is_wanted(tmp_path):
    both = Answers("both", "4711")
    assert loaded(tmp_path, both, "production").tenant == "4711"
    assert loaded(tmp_path, both, "sandbox").tenant == PUBLIC_SANDBOX_TENANT


def test_the_tenant_that_is_given_is_the_sandbox_s_where_that_is_all(tmp_path):
    made = loaded(tmp_path, Answers("sandbox", "4711"), "sandbox")
    assert (made.tenant, made.title) == ("4711", "A developer sandbox")


def test_no_variable_can_lead_a_run_of_the_sandbox_to_production():
    """One `.env` serves both: neither a tenant nor a patient of the one may reach the other."""
    texts = environment_texts(Answers("both"))
    shared = set(variables_of(texts["sandbox"])) & set(variables_of(texts["production"]))
    assert shared == {"GOLIVE_CLIENT_ID", "GOLIVE_CLIENT_SECRET", "HTTPS_PROXY"}


def test_the_first_lines_speak_of_no_variable_and_no_schema_that_is_not_there():
    for answers in every_answer():
        for text in environment_texts(answers).values():
            assert "yaml-language-server" not in text
            comments = [line for line in text.splitlines() if line.lstrip().startswith("#")]
            for line in comments:
                if "GOLIVE_OTHER" not in line:
                    assert "GOLIVE_" not in line, line


def test_the_example_names_each_variable_once_and_gives_no_value():
    for answers in every_answer():
        texts = environment_texts(answers)
        told = example(texts)
        wanted = {name for text in texts.values() for name in variables_of(text)}
        named = [
            line.removeprefix("# ").partition("=")[0]
            for line in told.splitlines()
            if line.rstrip().endswith("=")
        ]
        assert sorted(named) == sorted(wanted)


def test_the_example_is_a_file_of_variables(tmp_path):
    file = tmp_path / ".env"
    file.write_text(plan(Answers("both"))[".env.example"])
    assert dict(dotenv_values(file)) == dict.fromkeys(
        (
            "GOLIVE_CLIENT_ID",
            "GOLIVE_CLIENT_SECRET",
            "GOLIVE_PRODUCTION_TENANT",
            "GOLIVE_PRODUCTION_PATIENT_ID",
        ),
        "",
    )


@pytest.mark.parametrize("name", ["sandbox", "production"])
def test_golive_s_own_file_is_what_the_template_makes_of_it(name):
    """What is changed in the one is to be changed in the other: `templates/environments/NAME.yaml.j2`."""
    own = resources() / "environments" / f"{name}.yaml"
    assert own.read_text(encoding="utf-8") == environment_text(name, Answers(), shipped=True)
