# Name: usage location: by attribute or group
# Kind: user
# About: Sets usage_location, the country that licences need, from the attribute "country" or from groups such as
#        "Country DE". Adapt the attributes, the beginning of the groups' names and the country of all other users.
#
# Entra refuses licences for users without a usage location, and never clears it. So users without a country
# keep their location in Entra.

# Attributes that may contain a country; the first that does wins.
ATTRIBUTES = ["usage_location", "country"]
# The prefix of the names of groups for a country; two letters follow.
GROUP_PREFIX = "Country "
# The country of all other users, such as "DE"; None for none.
DEFAULT = None
# Frequent mistakes, and the codes that they mean.
ALIASES = {"UK": "GB", "EL": "GR"}

# ISO 3166-1, which Entra uses.
COUNTRIES = set(
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY"
    " BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK"
    " FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR"
    " IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK"
    " ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM"
    " PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF"
    " TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW".split()
)


def country(value):
    """The code that a value means, or None."""
    code = value.strip().upper() if isinstance(value, str) else ""
    code = ALIASES.get(code, code)
    return code if code in COUNTRIES else None


def of_groups():
    """The country of the user's groups. Users in groups of several countries keep the present one, if it is among them."""
    names = [group.name for group in request.user.all_groups()]
    found = {country(name[len(GROUP_PREFIX):]) for name in names if name.startswith(GROUP_PREFIX)} - {None}
    present = connection.attributes.get("usage_location") if connection else None
    return present if present in found else min(found, default=None)


stated = (country(request.user.attributes.get(name)) for name in ATTRIBUTES)
location = next((code for code in stated if code), None) or of_groups() or DEFAULT
return {"usage_location": location} if location else {}
