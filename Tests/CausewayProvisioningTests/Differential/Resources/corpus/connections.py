# %% user: created or known
return {"known": connection is not None, "truth": bool(connection)}

# %% user: the id in Entra
return {"id": connection.microsoft_id if connection else None}

# %% user: immutable id kept
if connection:
    return {"on_premises_immutable_id": connection.attributes.get("on_premises_immutable_id")}
return {"on_premises_immutable_id": user.uid}

# %% user: the principal name is chosen once
if connection:
    return {"user_principal_name": connection.attributes["user_principal_name"]}
return {"user_principal_name": user.email or f"{user.username}@company.com"}

# %% user: a property that may not be known
return {"mail_nickname": connection.attributes["mail_nickname"] if connection else user.username}

# %% user: attributes without looking first
return {"display_name": connection.attributes["display_name"]}

# %% user: keys are in snake case
if connection is None:
    return None
return {"keys": sorted(connection.attributes), "camel": [key for key in connection.attributes if key != key.lower()]}

# %% user: only what differs
wanted = {"display_name": user.name, "account_enabled": user.is_active}
known = connection.attributes if connection else {}
return {key: value for key, value in wanted.items() if known.get(key) != value}

# %% user: telephones added to those known
known = (connection.attributes.get("business_phones") or []) if connection else []
own = user.attributes.get("mobile")
return {"business_phones": known + [own] if own and own not in known else known}

# %% user: a name changed in Entra wins
known = connection.attributes.get("display_name") if connection else None
return {"display_name": known if known and known != user.name else user.name, "renamed": bool(known and known != user.name)}

# %% user: guests are recognised
kind = connection.attributes.get("user_type", "Member") if connection else None
return {"user_type": kind or ("Guest" if user.type == "external" else "Member")}

# %% user: nested values of what is known
if not connection:
    raise SkipObject
return {"data": connection.attributes.get("employee_org_data"), "identities": len(connection.attributes.get("identities", []))}

# %% user: leavers stay disabled
if connection and not user.is_active:
    return {"account_enabled": False, "department": None, "manager_note": f"left, was {connection.attributes['display_name']}"}
return {"account_enabled": user.is_active}

# %% user: the context has the same connection
found = request.context["connection"]
return {"same": found is connection, "id": getattr(found, "microsoft_id", None)}

# %% group: what is known of a group
if connection is None:
    return {"known": False}
return {"known": True, "display_name": connection.attributes["display_name"], "id": connection.microsoft_id,
        "unified": "Unified" in connection.attributes.get("group_types", [])}

# %% group: nickname kept
return {"mail_nickname": connection.attributes["mail_nickname"] if connection else slugify(group.name) or "group"}

# %% group: description only when there is none
result = {"display_name": group.name}
if not (connection and connection.attributes.get("description")):
    result["description"] = f"{group.name}, {group.users.count()} members"
return result

# %% group: primary address
addresses = connection.attributes.get("proxy_addresses", []) if connection else []
return {"primary": next((address[5:] for address in addresses if address.startswith("SMTP:")), None),
        "others": [address[5:] for address in addresses if address.startswith("smtp:")]}
