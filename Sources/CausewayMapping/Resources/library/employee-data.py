# Name: employee data: job, office and address
# Kind: user
# About: Fills job, company, office and address from attributes of the user or of the user's groups. Adapt the table of
#        attributes.
#
# A group's attributes count for all its members, such as a company or an office; the user's own win over them.
# Attributes that are missing or empty are left out, so that existing values in Entra stay.
#
# No application may write employee_hire_date, so it is left out of a mapping's result. Therefore the day goes into one
# of the extension attributes, where dynamic groups and lifecycle tools can read it.

import datetime

# Graph's properties, the attributes that may contain them (the first that does wins), and how many characters Graph accepts.
PROPERTIES = {
    "employee_type": (["employee_type"], None),
    "department": (["department", "ou"], 64),
    "job_title": (["job_title", "title"], 128),
    "company_name": (["company_name", "company", "organization"], 64),
    "office_location": (["office_location", "office"], 128),
    "street_address": (["street_address", "street"], 1024),
    "postal_code": (["postal_code", "zip"], 40),
    "city": (["city", "locality"], 128),
    "state": (["state", "region"], 128),
    "country": (["country"], 128),
}
# An employee id is never shortened, since it would be a different id then.
EMPLOYEE_ID = ["employee_id", "employee_number"]
LONGEST_EMPLOYEE_ID = 16
# The first day, as in 2024-05-01, and which of the extension attributes, 1 to 15, contains it; None for none.
HIRE_DATE = ["hire_date", "employee_hire_date"]
HIRE_DATE_NUMBER = 11

attributes = request.user.group_attributes()
# An address may be an object of its own, as in OpenID Connect.
if isinstance(attributes.get("address"), dict):
    attributes = {**attributes["address"], **attributes}


def text(names):
    """The first of some attributes that is not empty, or None."""
    for name in names:
        value = list_flatten(attributes.get(name))
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return None


properties = {}
for name, (sources, longest) in PROPERTIES.items():
    value = text(sources)
    if value:
        properties[name] = value[:longest].strip()

employee_id = text(EMPLOYEE_ID)
if employee_id and len(employee_id) <= LONGEST_EMPLOYEE_ID:
    properties["employee_id"] = employee_id

# Entra clears the one of the two that is not sent, so one that is unknown here is sent with its value in Entra.
unit = {"cost_center": text(["cost_center"]), "division": text(["division"])}
if any(unit.values()):
    present = (connection.attributes.get("employee_org_data") if connection else None) or {}
    properties["employee_org_data"] = {name: value or present.get(name) for name, value in unit.items()}

try:
    hired = datetime.date.fromisoformat((text(HIRE_DATE) or "")[:10])
except ValueError:
    hired = None
if hired and HIRE_DATE_NUMBER:
    properties["on_premises_extension_attributes"] = {f"extension_attribute{HIRE_DATE_NUMBER}": hired.isoformat()}
return properties
