# %% user: extension attributes by number
ORDER = ["cost_center", "department", "team", "on_call"]
own = user.group_attributes()
return {
    "on_premises_extension_attributes": {
        f"extension_attribute{number}": str(own[name]) if own.get(name) is not None else None
        for number, name in enumerate(ORDER, 1)
    }
}

# %% user: a usage location from several hints
CODES = {"+41": "CH", "+33": "FR", "+1": "US", "+81": "JP", "tel:+353": "IE"}
phone = list_flatten(user.attributes.get("phone")) or ""
location = (user.attributes.get("address") or {}).get("country") or next(
    (code for prefix, code in CODES.items() if phone.startswith(prefix)), None
)
if location is None and user.locale() and "-" in user.locale():
    location = user.locale().split("-")[1]
return {"usage_location": location}

# %% user: other addresses, never the first
known = (connection.attributes.get("other_mails") or []) if connection else []
own = [user.email.lower()] if user.email else []
wanted = sorted({address.lower() for address in known + [f"{user.username}@old.example"] if address.isascii()} - set(own))
return {"other_mails": wanted, "added": [address for address in wanted if address not in known]}

# %% user: hire and leave dates at midnight
from datetime import datetime, time, timezone


def midnight(text):
    try:
        return datetime.combine(datetime.strptime(text, "%Y-%m-%d").date(), time.min, timezone.utc)
    except (TypeError, ValueError):
        return None


own = user.attributes
return {"employee_hire_date": midnight(own.get("hired")), "employee_leave_date_time": midnight(own.get("left") or own.get("expires"))}

# %% user: guests keep what they came with
if user.type == "external" and connection:
    return {
        "user_type": connection.attributes.get("user_type"),
        "identities": connection.attributes.get("identities"),
        "account_enabled": user.is_active,
    }
if user.type == "external":
    return {
        "user_type": "Guest",
        "identities": [{"sign_in_type": "federated", "issuer": "mail", "issuer_assigned_id": user.email}],
        "account_enabled": user.is_active,
    }
return {"user_type": "Member"}

# %% user: policies of passwords by kind
policies = ["DisablePasswordExpiration"]
if user.type.endswith("service_account"):
    policies.append("DisableStrongPassword")
return {"password_policies": ", ".join(policies) if user.type != "external" else None, "count": len(policies)}

# %% user: a company by the address
COMPANIES = {"company.com": "Company AG", "example.com": "Example GmbH", "partner.example.org": "Partner OOO"}
domain = user.email.rpartition("@")[2].lower()
return {"company_name": user.attributes.get("company") or COMPANIES.get(domain) or domain or None, "known": domain in COMPANIES}

# %% user: one business telephone and one fax
phones = user.attributes.get("phone") or []
phones = [phones] if isinstance(phones, str) else phones
first, *others = phones or [None]
return {
    "business_phones": [first] if first else [],
    "mobile_phone": user.attributes.get("mobile") or next(iter(others), None),
    "fax_number": None,
}

# %% user: leavers after a time of grace
from datetime import date, timedelta

left = user.attributes.get("left") or (None if user.is_active else user.attributes.get("expires"))
if left is None:
    return {"account_enabled": user.is_active}
if date.fromisoformat(left) + timedelta(days=180) < date(2025, 9, 1):
    raise SkipObject("long gone")
return {"account_enabled": False, "show_in_address_list": False}

# %% group: a Microsoft 365 group for those with an office
from django.utils.text import Truncator

if not group.attributes.get("office"):
    raise SkipObject
return {
    "display_name": group.name,
    "mail_enabled": True,
    "security_enabled": False,
    "group_types": ["Unified"],
    "visibility": "Private" if group.is_superuser else "Public",
    "description": Truncator(f"{group.name}, {group.attributes['office']['city']}, {group.attributes['office']['country']}").chars(
        24
    ),
    "resource_behavior_options": ["WelcomeEmailDisabled"],
}

# %% group: names with a prefix of their kind
kinds = [
    ("role", group.is_superuser),
    ("team", "team" in group.attributes),
    ("dept", "department" in group.attributes),
    ("grp", True),
]
prefix = next(name for name, applies in kinds if applies)
return {
    "display_name": f"{prefix}: {group.name}",
    "mail_nickname": f"{prefix}-{slugify(group.name) or group.num_pk}"[:64],
    "is_assignable_to_role": prefix == "role" or None,
}

# %% group: rules of dynamic groups by attributes
rules = [
    f'(user.{name} -eq "{group.attributes[key]}")'
    for key, name in (("department", "department"), ("cost_center", "extensionAttribute1"), ("region", "usageLocation"))
    if isinstance(group.attributes.get(key), str)
]
return {
    "membership_rule": " -and ".join(rules) or None,
    "membership_rule_processing_state": "On" if rules else None,
    "group_types": ["DynamicMembership"] * bool(rules),
}

# %% group: owners as links
owners = [
    ak_user_by(username=name)
    for name in (group.attributes.get("owner"), *group.users.order_by("username").values_list("username", flat=True)[:1])
    if name
]
return {
    "owners@odata.bind": [f"https://graph.microsoft.com/v1.0/users/{owner.email}" for owner in owners if owner and owner.email],
    "count": len(owners),
}

# %% user: licences with plans switched off
SKUS = {"E3": "05e9a617-0261-4cee-bb44-138d3ef5d965", "E5": "06ebc4ee-1bb5-47dd-8120-11324bc54e06"}
codes = {
    code
    for found in user.all_groups()
    for code in (
        [found.attributes.get("licenses")]
        if isinstance(found.attributes.get("licenses"), str)
        else found.attributes.get("licenses") or []
    )
}
best = max(codes & set(SKUS), default=None)
return {
    "assigned_licenses": [{"sku_id": SKUS[best], "disabled_plans": ["yammer"] if user.type == "external" else []}] if best else [],
    "ignored": sorted(codes - set(SKUS)),
}

# %% user: initials and a name in brackets
words = [word for word in user.name.replace(",", " ").split() if word[0].isalpha()]
kind = {"internal": "", "external": " (External)"}.get(user.type, " (Service)")
return {"display_name": (user.name.strip() or user.username) + kind, "initials": "".join(word[0] for word in words)[:6].upper()}

# %% user: an office by the nearest group
for found in [*user.groups.all(), *user.all_groups().order_by("-name")]:
    office = found.attributes.get("office")
    if office:
        return {
            "office_location": f"{office['city']} ({office['country']})"
            + (f", floor {office['floor']}" if "floor" in office else ""),
            "by": str(found),
        }
return {"office_location": list_flatten(user.attributes.get("offices"))}

# %% user: data that only new accounts get
defaults = {"usage_location": "CH", "preferred_language": user.locale() or "en-US", "company_name": str(provider).rpartition(" ")[2]}
if connection is None:
    return defaults
return {name: value for name, value in defaults.items() if connection.attributes.get(name) is None}

# %% user: a photo's address or nothing
return {
    "my_site": user.avatar if user.avatar.startswith("https://") else None,
    "about_me": f"{user} <{user.email}>" if user.email else str(user),
}

# %% user: the custom security attributes of a person
sets = {
    "HR": {"band": user.attributes.get("salary_band"), "site": list_flatten(user.attributes.get("offices"))},
    "IT": {"vpn": "vpn" in (user.attributes.get("tags") or [])},
}
return {
    "custom_security_attributes": {
        name: {
            "@odata.type": "#Microsoft.DirectoryServices.CustomSecurityAttributeValue",
            **{key: value for key, value in values.items() if value is not None},
        }
        for name, values in sets.items()
        if any(value is not None for value in values.values())
    }
}
# %% and
return {"custom_security_attributes": {"IT": {"oncall": user.all_groups().filter(attributes__on_call=True).exists()}}}
