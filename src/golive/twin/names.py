"""The fixed names of the twin's small world: hosts, tenants, scopes, patients and recipients.

Hosts and the developer sandbox's tenant are the real ones (contract-facts §1, §6.1); everything
else is invented. Ids of people are synthetic.
"""

PRODUCTION_CLOUD = "authorization.cerner.com"
SANDBOX_CLOUD = "authorization.sandboxcerner.com"
API_HOST = "api.cernermillennium.com"
SANDBOX_RESOURCE_HOST = "fhir-ehr.sandboxcerner.com"

SANDBOX_TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
CUSTOMER_TENANT = "7c1f5d6e-3b0a-4f5c-9d27-6a2e8b41c903"
SANDBOX_CLOUD_TENANT = "5a9dbc10-7e1f-4c3b-8f26-d0c4e9b71a55"

# Which tenant lives in which cloud. The public developer sandbox is part of the production cloud
# (contract-facts §6.2), which is what surprises people.
TENANTS = {
    PRODUCTION_CLOUD: frozenset({SANDBOX_TENANT, CUSTOMER_TENANT}),
    SANDBOX_CLOUD: frozenset({SANDBOX_CLOUD_TENANT}),
}

MESSAGE_SCOPE = "oraclehealth:millennium:message"
RECIPIENT_SCOPE = "oraclehealth:millennium:recipient"
CODE_SYSTEM_SCOPE = "oraclehealth:millennium:code-system"
NOMENCLATURE_SCOPE = "oraclehealth:millennium:nomenclature"  # of an API that the twin does not play

SCOPES = {"message": MESSAGE_SCOPE, "recipient": RECIPIENT_SCOPE, "codeSystem": CODE_SYSTEM_SCOPE}
"""Namespace -> scope, which grants every action of its service (contract-facts §1); other paths ask for none."""

ORDINARY_PATIENT = "12700100"
EMPTY_PATIENT = "12700200"
CROWDED_PATIENT = "12700300"
WRITING_PATIENT = "12700400"
CUSTOMER_PATIENT = "41000100"

PATIENT_NAMES = {
    ORDINARY_PATIENT: "Testpatient, Orla",
    EMPTY_PATIENT: "Testpatient, Emil",
    CROWDED_PATIENT: "Testpatient, Crispin",
    WRITING_PATIENT: "Testpatient, Willa",
    CUSTOMER_PATIENT: "Testpatient, Carla",
}

# (id, type) -> display of everyone that a message may be addressed to.
RECIPIENTS = {
    ("4463007", "PERSONNEL"): "Twinwell, Nora (synthetic nurse)",
    ("4463008", "PERSONNEL"): "Mockford, Abel (synthetic physician)",
    ("88120", "GROUPINBOX"): "Synthetic Clinic Front Desk",
}
