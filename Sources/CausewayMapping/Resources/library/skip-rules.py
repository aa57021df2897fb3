# Name: skip rules: who is not provisioned
# Kind: user
# About: Skips service accounts, users without an address, those whose attribute "entra" says no, those under
#        some paths, and contractors whose contract has ended. Delete the rules that you do not want, adapt the others.
#
# A skipped user is left alone: not created, not changed, and not deleted or suspended either. That is why
# contractors with an account are suspended below instead. To have accounts removed, remove the users from the
# provider's scope.
#
# This mapping returns hardly any properties, so use it together with the default mapping or others.
#
# The name of this mapping must come after the default mapping's, so that a contractor stays suspended whatever that
# returns.

import datetime

SERVICE_TYPES = ["service_account", "internal_service_account"]
# Folders whose users, and those in folders below, are skipped.
PATHS = ["users/test", "goauthentik.io"]
# False, "false", "no", "off" or 0 in this attribute skips a user.
CHOICE = "entra"
# Who is a contractor, and the attribute with the last day, as in 2027-03-31.
CONTRACTOR_TYPES = ["contractor"]
EMPLOYEE_TYPE = "employee_type"
LAST_DAY = "contract_end"
# How many more days an account is kept.
DAYS_OF_GRACE = 0

attributes = request.user.attributes

if request.user.type in SERVICE_TYPES:
    raise SkipObject
if not request.user.email.strip():
    raise SkipObject
if str(attributes.get(CHOICE, "")).strip().lower() in ["false", "no", "off", "0"]:
    raise SkipObject
if any((request.user.path + "/").startswith(path + "/") for path in PATHS):
    raise SkipObject


def last_day():
    """The last day, or None if it is unclear."""
    try:
        return datetime.date.fromisoformat(str(attributes.get(LAST_DAY, "")).strip()[:10])
    except ValueError:
        return None


end = last_day()
is_contractor = str(attributes.get(EMPLOYEE_TYPE, "")).strip().lower() in CONTRACTOR_TYPES
today = datetime.datetime.now(datetime.timezone.utc).date()
if is_contractor and end and (today - end).days > DAYS_OF_GRACE:
    if not connection:
        raise SkipObject
    return {"account_enabled": False}
return {}
