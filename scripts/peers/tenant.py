"""What the peers share: the directory that they bring into the tenant, and a client of Microsoft's SDK for Python."""

import asyncio
import hashlib
import json
import sys
import time
import urllib.parse
import urllib.request

from azure.core.credentials import AccessToken, TokenCredential
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models.group import Group
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.password_profile import PasswordProfile
from msgraph.generated.models.reference_create import ReferenceCreate
from msgraph.generated.models.user import User


class ClientSecretCredential(TokenCredential):
    """Signs in with client credentials, over plain HTTP too, which azure-identity refuses."""

    def __init__(self, endpoints):
        self.url = f"{endpoints['login_endpoint']}/{endpoints['tenant_id']}/oauth2/v2.0/token"
        self.form = {
            "grant_type": "client_credentials", "client_id": endpoints["client_id"], "client_secret": "emulated-secret-value",
        }
        self.token = AccessToken("", 0)

    def get_token(self, *scopes, **options):
        if self.token.expires_on < time.time() + 60:
            body = urllib.parse.urlencode({**self.form, "scope": " ".join(scopes)}).encode()
            with urllib.request.urlopen(urllib.request.Request(self.url, body), timeout=30) as answer:
                token = json.load(answer)
            self.token = AccessToken(token["access_token"], int(time.time()) + token["expires_in"])
        return self.token


def connect(endpoints):
    """The client, and the base of its addresses."""
    credential = ClientSecretCredential(endpoints)
    scopes = ["https://graph.microsoft.com/.default"]
    adapter = GraphRequestAdapter(AzureIdentityAuthenticationProvider(credential, scopes=scopes))
    adapter.base_url = endpoints["graph_endpoint"]
    return GraphServiceClient(request_adapter=adapter), adapter.base_url


def account(person, **further):
    """The account of a person of the directory, as Causeway's default mapping makes it."""
    names = {"display_name": person["name"], "mail_nickname": person["username"], "user_principal_name": person["email"]}
    return User(**names, account_enabled=True, **further)


def new_account(person):
    """The same with what a new account has in addition."""
    immutable_id = hashlib.sha256(person["username"].encode()).hexdigest()
    return account(person, on_premises_immutable_id=immutable_id, password_profile=PasswordProfile(password=f"Aa1!{immutable_id[:24]}"))


def security_group(name):
    return Group(display_name=name, mail_nickname=name.lower().replace(" ", "-"), mail_enabled=False, security_enabled=True)


def reference(base, key):
    return ReferenceCreate(odata_id=f"{base}/directoryObjects/{key}")


async def in_turn(work, width):
    """Awaits coroutines, so many at once."""
    gate = asyncio.Semaphore(width)

    async def one(job):
        async with gate:
            return await job

    return await asyncio.gather(*map(one, work))


def is_there_already(error):
    """Whether an error says that an object or a member exists."""
    text = f"{getattr(error.error, 'code', '')} {getattr(error.error, 'message', '')}"
    return error.response_status_code == 400 and ("already exist" in text or "ObjectConflict" in text)


def started():
    """The tenant's endpoints, the directory, and further arguments of a peer."""
    endpoints, directory, *rest = sys.argv[1:]
    with open(directory) as file:
        return json.loads(endpoints), json.load(file), rest
