"""Signs in to an emulated tenant with Microsoft's own libraries for Python, as their documentation says, and nothing put in between.

Called with the tenant's endpoints as JSON and a file of JSON: {"certificate": PEM, "key": PEM, "thumbprint": hex digits}. Prints a line for each check that fails,
and their number as JSON at the end. REQUESTS_CA_BUNDLE names the tenant's certificate.
"""

import json
import os
import sys

import jwt
import msal
import requests
from azure.core import PipelineClient
from azure.core.pipeline.policies import BearerTokenCredentialPolicy
from azure.core.rest import HttpRequest
from azure.identity import CertificateCredential, ClientAssertionCredential, ClientSecretCredential
from cryptography import x509

endpoints = json.loads(sys.argv[1])
own = json.load(open(sys.argv[2]))
login, tenant, client = endpoints["login_endpoint"], endpoints["tenant_id"], endpoints["client_id"]
graph, control = endpoints["graph_endpoint"], endpoints["control_endpoint"]
SECRET = "emulated-secret-value"
SCOPE = "https://graph.microsoft.com/.default"
checks = failures = 0


def check(what, is_right):
    global checks, failures
    checks += 1
    if not is_right:
        failures += 1
        print("failed:", what)


def users(token):
    answer = requests.get(f"{graph}/users?$top=1", headers={"Authorization": f"Bearer {token}"}, timeout=30)
    return answer.status_code == 200 and "value" in answer.json()


def verified(token, audience="https://graph.microsoft.com"):
    """What a stranger makes of a token: its key is found in the key set by its id."""
    keys = jwt.PyJWKClient(configuration["jwks_uri"])
    key = keys.get_signing_key_from_jwt(token)
    return jwt.decode(token, key.key, algorithms=["RS256"], audience=audience, issuer=f"https://sts.windows.net/{tenant}/")


# Discovery.
configuration = requests.get(f"{login}/{tenant}/v2.0/.well-known/openid-configuration", timeout=30).json()
check("the issuer is the tenant's", configuration["issuer"] == f"{login}/{tenant}/v2.0")
check("the token endpoint is here", configuration["token_endpoint"] == f"{login}/{tenant}/oauth2/v2.0/token")
for name in ("common", "organizations", "company.com"):
    answer = requests.get(f"{login}/{name}/v2.0/.well-known/openid-configuration", timeout=30)
    check(f"{name} has a configuration", answer.status_code == 200 and answer.json()["jwks_uri"].startswith(login))
unknown = requests.get(f"{login}/nowhere.example/v2.0/.well-known/openid-configuration", timeout=30)
check("an unknown tenant is refused", unknown.status_code == 400 and unknown.json()["error_codes"] == [90002])
version1 = requests.get(f"{login}/{tenant}/.well-known/openid-configuration", timeout=30).json()
check("the issuer of Graph's tokens", version1["issuer"] == f"https://sts.windows.net/{tenant}/")


def instance(host):
    query = {"api-version": "1.1", "authorization_endpoint": f"{host}/common/oauth2/v2.0/authorize"}
    return requests.get(f"{login}/common/discovery/instance", params=query, timeout=30)


for host in (login, "https://login.microsoftonline.com", "https://login.microsoftonline.us"):
    found = instance(host).json()
    check(f"{host} is an instance", "tenant_discovery_endpoint" in found and found["metadata"])
check("a host that is none is refused", instance("https://login.example.com").json()["error"] == "invalid_instance")

# Clients may ask under any of the names that the tenant itself tells (Graph, "National cloud deployments").
certificate = x509.load_pem_x509_certificate(open(os.environ["REQUESTS_CA_BUNDLE"], "rb").read())
held = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(x509.DNSName)
aliases = {alias for entry in instance(login).json()["metadata"] for alias in entry["aliases"] if ":" not in alias}
check(f"the certificate holds {sorted(aliases - set(held))}", {"login.chinacloudapi.cn", "login.windows.net"} <= aliases <= set(held))

# msal. Its own look for other clouds goes to Microsoft, as it does for every name that it does not know.
for scope in (SCOPE, "https://graph.microsoft.com//.default"):
    app = msal.ConfidentialClientApplication(
        client, authority=f"{login}/{tenant}", client_credential=SECRET, instance_discovery=False
    )
    result = app.acquire_token_for_client([scope])
    check(f"msal, secret, {scope}: {result.get('error_description')}", "access_token" in result)
    audience = scope[: -len("/.default")]
    check("a stranger verifies the token", verified(result["access_token"], audience)["appid"] == client)
    check("Graph takes it", users(result["access_token"]))
    again = app.acquire_token_for_client([scope])
    check("the second comes from msal's cache", again.get("token_source") == "cache")

certificates = {
    "PS256 with the chain": {"private_key": own["key"], "public_certificate": own["certificate"]},
    "RS256 by thumbprint": {"private_key": own["key"], "thumbprint": own["thumbprint"]},
}
for name, credential in certificates.items():
    app = msal.ConfidentialClientApplication(
        client, authority=f"{login}/company.com", client_credential=credential, instance_discovery=False
    )
    result = app.acquire_token_for_client([SCOPE])
    check(f"msal, {name}: {result.get('error_description')}", "access_token" in result)
wrong = msal.ConfidentialClientApplication(
    client, authority=f"{login}/{tenant}", client_credential="wrong", instance_discovery=False
).acquire_token_for_client([SCOPE])
check("msal tells a wrong secret", wrong["error"] == "invalid_client" and 7000215 in wrong["error_codes"])
try:
    msal.ConfidentialClientApplication(
        client, authority=f"{login}/nowhere.example", client_credential=SECRET, instance_discovery=False
    )
    check("msal tells an unknown tenant", False)
except ValueError as error:
    check(f"msal tells an unknown tenant: {error}", "nowhere.example" in str(error))

# azure-identity.
host = login.removeprefix("https://")
common = {"authority": host, "disable_instance_discovery": True}
credentials = {
    "secret": ClientSecretCredential(tenant, client, SECRET, **common),
    "certificate": CertificateCredential(tenant, client, certificate_data=(own["key"] + own["certificate"]).encode(), **common),
    "certificate with its chain": CertificateCredential(
        tenant, client, certificate_data=(own["key"] + own["certificate"]).encode(), send_certificate_chain=True, **common
    ),
}
for name, credential in credentials.items():
    token = credential.get_token(SCOPE).token
    check(f"azure-identity, {name}", users(token))
    check(f"azure-identity, {name}: a stranger verifies the token", verified(token)["tid"] == tenant)
    capable = verified(credential.get_token(SCOPE, enable_cae=True).token)
    check(f"azure-identity, {name}: continuous access evaluation", capable.get("xms_cc") == ["CP1"])
    check(f"azure-identity, {name}: without it", "xms_cc" not in verified(token))

# A token that is ended before its time: azure-core reads the challenge, and gets another one.
policy = BearerTokenCredentialPolicy(credentials["secret"], SCOPE, enable_cae=True)
pipeline = PipelineClient(graph, policies=[policy])
check("azure-core calls Graph", pipeline.send_request(HttpRequest("GET", f"{graph}/users?$top=1")).status_code == 200)
requests.post(f"{control}/revoke-tokens", timeout=30).raise_for_status()
again = pipeline.send_request(HttpRequest("GET", f"{graph}/users?$top=1"))
check(f"azure-core goes on after its token was revoked: {again.status_code}", again.status_code == 200)

# Links of answers lead back here.
token = credentials["secret"].get_token(SCOPE, claims=json.dumps({"access_token": {"nbf": {"value": "0"}}})).token
for number in range(3):
    requests.post(
        f"{graph}/groups",
        headers={"Authorization": f"Bearer {token}"},
        json={"displayName": f"G{number}", "mailEnabled": False, "securityEnabled": True, "mailNickname": f"g{number}"},
        timeout=30,
    ).raise_for_status()
page = requests.get(f"{graph}/groups?$top=2", headers={"Authorization": f"Bearer {token}"}, timeout=30).json()
check("a link leads to the next page", page["@odata.nextLink"].startswith(graph))
rest = requests.get(page["@odata.nextLink"], headers={"Authorization": f"Bearer {token}"}, timeout=30).json()
check("which holds the rest", len(rest["value"]) == 1)

print(json.dumps({"checks": checks, "failures": failures}))
sys.exit(1 if failures else 0)
