# Name: phone numbers: in international form
# Kind: user
# About: Writes business_phones and mobile_phone in the form +4930123456. Adapt the attributes, and the prefixes of
#        the country whose numbers are written without one.
#
# Unclear numbers, such as an extension alone, are left out; the value in Entra stays.
#
# Phone numbers are sensitive: those of administrators can only be changed by an application that has a sufficient
# directory role in Entra.

import re
import unicodedata

# Attributes that may contain a number or a list of them; the first clear one wins. business_phones is a list in
# Graph, but Entra accepts a single number, so no other mapping should return one.
BUSINESS = ["phone", "telephone_number", "business_phone"]
MOBILE = ["mobile", "mobile_phone"]

# The country of numbers without a country code.
COUNTRY_CODE = "49"
# The prefix of such numbers, which they lose after the country code: "0" in most of Europe. Empty if they have
# none, as in Denmark and Spain, or if it belongs to the number, as in Italy.
TRUNK_PREFIX = "0"
# The prefix of international calls.
INTERNATIONAL_PREFIX = "00"


def international(value):
    """A number as +, country code and number, or None."""
    text = unicodedata.normalize("NFKC", str(value)).strip().lower()
    text = re.sub(r"^tel:", "", text)
    # The form has no extensions, and "(0)" is dialled only within the country.
    text = re.sub(r"\s*(;ext=|ext\.?|extension|x|#)\s*\d+$", "", text).replace("(0)", "")
    if not re.fullmatch(r"\+?[\d\s()./\u2010-\u2015-]+", text):
        return None
    digits = "".join(str(int(character)) for character in text if character.isdigit())
    if text.startswith("+"):
        number = digits
    elif digits.startswith(INTERNATIONAL_PREFIX):
        number = digits[len(INTERNATIONAL_PREFIX):]
    elif digits.startswith(TRUNK_PREFIX):
        number = COUNTRY_CODE + digits[len(TRUNK_PREFIX):]
    else:
        return None
    return "+" + number if re.fullmatch(r"[1-9]\d{6,14}", number) else None


def first(names):
    for name in names:
        value = request.user.attributes.get(name)
        for each in value if isinstance(value, list) else [value]:
            number = international(each)
            if number:
                return number
    return None


business, mobile = first(BUSINESS), first(MOBILE)
properties = {}
if business:
    properties["business_phones"] = [business]
if mobile:
    properties["mobile_phone"] = mobile
return properties
