"""The envelope by DSSE's own text and example, and key files: what is none gets a clear error."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from golive.evidence.envelope import is_signed_by, pae, signed
from golive.kit.problems import ConfigurationProblem

from .conftest import write_pair

PEM, PKCS8, SPKI = Encoding.PEM, PrivateFormat.PKCS8, PublicFormat.SubjectPublicKeyInfo


def test_what_is_signed_is_the_encoding_of_dsse_s_example():
    assert pae("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


def test_lengths_are_those_of_bytes():
    assert pae("é", b"") == b"DSSEv1 2 \xc3\xa9 0 "


def test_a_signature_is_one_by_ed25519_over_that_encoding():
    key = Ed25519PrivateKey.generate()
    envelope = signed(b'{"a": 1}', key)
    assert set(envelope) == {"payloadType", "payload", "signatures"}
    assert base64.b64decode(envelope["payload"]) == b'{"a": 1}'
    signature = base64.b64decode(envelope["signatures"][0]["sig"])
    message = b'DSSEv1 28 application/vnd.in-toto+json 8 {"a": 1}'
    key.public_key().verify(signature, message)
    assert is_signed_by(envelope, key.public_key())


def test_both_alphabets_of_base64_are_read():
    key = Ed25519PrivateKey.generate()
    payload = json.dumps({"a": "ÿþ?>" * 9}, ensure_ascii=False).encode("utf-8")
    envelope = signed(payload, key)
    envelope["payload"] = base64.urlsafe_b64encode(payload).decode().rstrip("=")
    signature = base64.b64decode(envelope["signatures"][0]["sig"])
    envelope["signatures"][0]["sig"] = base64.urlsafe_b64encode(signature).decode()
    assert is_signed_by(envelope, key.public_key())


def test_any_other_payload_type_payload_or_key_is_not_signed():
    key = Ed25519PrivateKey.generate()
    envelope = signed(b"{}", key)
    other = envelope | {"payload": base64.b64encode(b"{ }").decode()}
    assert not is_signed_by(other, key.public_key())
    assert not is_signed_by(envelope, Ed25519PrivateKey.generate().public_key())


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")
def test_the_commands_that_the_help_names_make_keys_that_sign_and_verify(tmp_path):
    from golive.evidence.envelope import private_key, public_key

    for words in (
        ["genpkey", "-algorithm", "ed25519", "-out", "FILE.key"],
        ["pkey", "-in", "FILE.key", "-pubout", "-out", "FILE.pub"],
    ):
        subprocess.run(["openssl", *words], cwd=tmp_path, check=True, capture_output=True)
    envelope = signed(b"{}", private_key(tmp_path / "FILE.key"))
    assert is_signed_by(envelope, public_key(tmp_path / "FILE.pub"))


def _ec(private):
    key = ec.generate_private_key(ec.SECP256R1())
    if private:
        return key.private_bytes(PEM, PKCS8, NoEncryption())
    return key.public_key().public_bytes(PEM, SPKI)


def _locked():
    return Ed25519PrivateKey.generate().private_bytes(PEM, PKCS8, BestAvailableEncryption(b"x"))


def _cut():
    whole = Ed25519PrivateKey.generate().private_bytes(PEM, PKCS8, NoEncryption())
    return whole[:60]


WRONG = {
    "elliptic": ("private", _ec(private=True), "this key is not an Ed25519 key."),
    "elliptic, public": ("public", _ec(private=False), "this key is not an Ed25519 key."),
    "locked": ("private", _locked(), "the key has a passphrase, which golive does not ask for."),
    "cut": ("private", _cut(), "this is not a private key in PEM."),
    "empty": ("private", b"", "this is not a private key in PEM."),
    "text": ("public", b"ssh-ed25519 AAAA me", "this is not a public key in PEM."),
    "bytes": ("public", b"\xff\xfe\x00", "this line is not UTF-8 text."),
    "long": ("public", b"x" * 20_000, "the file is larger than"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_is_no_such_key_gets_a_clear_error_without_a_byte_of_it(tmp_path, name):
    from golive.evidence import envelope

    kind, content, sentence = WRONG[name]
    file = tmp_path / "some.pem"
    file.write_bytes(content)
    read = envelope.private_key if kind == "private" else envelope.public_key
    with pytest.raises(ConfigurationProblem) as problem:
        read(file)
    assert f"some.pem: {sentence}" in str(problem.value).replace(":1: ", ": ")
    lines = [line for line in content.splitlines() if len(line) > 12 and b"---" not in line]
    assert not any(line.decode("latin-1") in str(problem.value) for line in lines)


def test_the_wrong_one_of_a_pair_is_named(tmp_path):
    from golive.evidence.envelope import private_key, public_key

    key = write_pair(tmp_path, "pair")
    with pytest.raises(ConfigurationProblem, match="this is a public key; the private one signs"):
        private_key(key.with_suffix(".pub"))
    with pytest.raises(ConfigurationProblem, match="has no place where evidence is verified"):
        public_key(key)


def test_what_is_no_file_is_named(tmp_path):
    from golive.evidence.envelope import public_key

    os.mkfifo(tmp_path / "pipe")
    for name, sentence in {
        "nothing": "there is no such file",
        ".": "this is a folder",
        "pipe": "this is not a regular file",
    }.items():
        with pytest.raises(ConfigurationProblem, match=sentence):
            public_key(tmp_path / name)
