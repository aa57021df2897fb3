# %% user: regex_match anywhere
return {"company": regex_match(user.email, r"(?i)@company\.com$"), "word": regex_match(user.name, "an"),
        "start": regex_match(user.username, "^[a-k]"), "empty": regex_match("", "x")}

# %% user: regex_match without text
return {"match": regex_match(user.attributes.get("employee_id"), r"^E")}

# %% user: regex_match with a broken pattern
return {"match": regex_match(user.name, "(")}

# %% user: regex_replace of everything
return {"digits": regex_replace(str(user.attributes.get("phone")), r"\D", ""),
        "swap": regex_replace(user.email, r"^(.*)@(.*)$", r"\2!\1"), "none": regex_replace(user.name, "q", "x")}

# %% user: list_flatten
return {
    "list": list_flatten(user.attributes.get("offices")), "phone": list_flatten(user.attributes.get("phone")),
    "empty": list_flatten([]), "text": list_flatten("abc"), "none": list_flatten(None), "dict": list_flatten({"a": 1}),
    "nested": list_flatten([[1, 2], 3]), "tuple": list_flatten((1, 2)),
}

# %% user: slugify names
return {"mail_nickname": slugify(user.name), "path": slugify(user.path), "mail": slugify(user.email)}

# %% user: slugify corners
samples = ["  Hello   World  ", "a--b---c", "-_edge_-", "Crème Brûlée!", "a_b c", "x.y/z", "\tTab\nLine", "É", "100%", "ﬁne ①"]
return {"slugs": [slugify(sample) for sample in samples]}

# %% group: slugify group names
return {"mail_nickname": slugify(group.name) or "unnamed"}

# %% user: manager by username
manager = ak_user_by(username=user.attributes.get("manager"))
return {"manager": manager.email if manager else None}

# %% user: manager by employee id
manager = ak_user_by(attributes__employee_id=user.attributes.get("manager_employee_id", "none"))
return {"manager": manager.username if manager else None, "manager_pk": manager}

# %% user: chain of managers
chain, current = [], user
while current := ak_user_by(username=current.attributes.get("manager") or ""):
    if current.username in chain:
        break
    chain.append(current.username)
return {"chain": chain}

# %% user: look-up by an unknown field
return {"found": ak_user_by(shoe_size=42)}

# %% user: look-up by several conditions
found = ak_user_by(is_active=True, groups__name="Engineering")
return {"found": found.username if found else None, "me": ak_user_by(pk=user.pk) == user, "mail": ak_user_by(email__iexact=user.email.upper()) is not None}

# %% user: the first of many by key
return {"first": ak_user_by(type="internal").username, "empty": ak_user_by(email="").username}

# %% user: membership with an unknown field
return {"member": ak_is_group_member(user, colour="red")}

# %% group: the blank user belongs nowhere
return {"superuser": request.user.is_superuser, "member": ak_is_group_member(request.user, name=group.name)}

# %% user: authenticators
return {"any": ak_user_has_authenticator(user), "totp": ak_user_has_authenticator(user, "totp"), "named": ak_user_has_authenticator(user, device_type="webauthn")}

# %% user: events are accepted
return {"event": ak_create_event("mapped", user=user.username, reason={"nested": [1]})}

# %% user: no token without a request
return {"token": ak_create_jwt(user, provider, ["openid"], validity="minutes=5")}

# %% user: policies are out of reach
return {"passing": ak_call_policy("default-policy").passing}

# %% user: policies are out of reach, and that can be caught
try:
    passing = ak_call_policy("default-policy", user=user).passing
except NotImplementedError:
    passing = None
return {"passing": passing}

# %% user: raw tokens are out of reach
return {"token": ak_create_jwt_raw(provider, sub=user.uid)}

# %% user: mail is out of reach
return {"sent": ak_send_email(user.email, "Welcome", body="Hello")}

# %% user: names cannot be resolved
addresses = []
for attempt in (lambda: resolve_dns("example.com"), lambda: reverse_dns("192.0.2.1"), lambda: requests.get("https://example.com")):
    try:
        addresses.append(attempt())
    except NotImplementedError as error:
        addresses.append(type(error).__name__)
return {"outcomes": addresses}

# %% user: requests cannot be used
response = requests.get("https://example.com/users/" + user.username)
return {"job_title": response.json()["title"]}

# %% user: a session cannot be made
session = requests.Session()
return {"job_title": "never"}

# %% user: logging at every level
for level in ("debug", "info", "warning", "error", "critical", "exception"):
    getattr(ak_logger, level)("mapping", user=user.username, level=level)
log = ak_logger.bind(provider=provider.name)
return {"value": log.info("bound", key=1), "again": log.bind(more=2).warning("twice")}

# %% user: addresses and networks
text = user.attributes.get("ip")
if not text:
    return {"inside": None}
address = ip_address(text)
return {"inside": address in ip_network("10.0.0.0/8"), "version": address.version, "private": address.is_private,
        "address": address, "text": str(address)}

# %% user: networks of the groups
networks = [ip_network(text) for found in user.all_groups() for text in found.attributes.get("vpn", {}).get("networks", [])]
try:
    address = ip_address(user.attributes["ip"])
except (KeyError, ValueError):
    address = None
return {"networks": [str(network) for network in networks], "allowed": any(address in network for network in networks if address)}

# %% user: helpers are ordinary values
table = {"slug": slugify, "flat": list_flatten}
return {key: function("A B") for key, function in table.items()}
