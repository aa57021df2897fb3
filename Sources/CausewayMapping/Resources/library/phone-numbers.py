# Name: phone numbers: in international form
# Kind: user
# About: Writes business_phones and mobile_phone in the form +4930123456. Adapt the attributes, and the prefixes of
#        the country whose numbers are written without one.
#
# Numbers that cannot be told, such as an extension alone, are left out; what Entra holds stays.
#
# Phone numbers are sensitive: those of administrators can only be changed by an application that has a sufficient
# directory role in Entra.

import re
import unicodedata

# Attributes that may hold a number or a list of them; the first that can be told wins. business_phones is a list in
# Graph, but Entra takes a single number, so no other mapping should give one.
BUSINESS = ["phone", "telephone_number", "business_phone"]
MOBILE = ["mobile", "mobile_phone"]

# The country of numbers without a country code.
COUNTRY_CODE = "49"
# What such numbers begin with, and lose behind the country code: "0" in most of Europe. Empty where they begin with
# nothing, as in Denmark and Spain, or with what belongs to the number, as in Italy.
TRUNK_PREFIX = "0"
# What is dialled to leave the country.
INTERNATIONAL_PREFIX = "00"


def international(value):
    """A number as +, country code and number, or None."""
    text = unicodedata.normalize("NFKC", str(value)).strip().lower()
    text = re.sub(r"^tel:", "", text)
    # The form has no place for extensions, and "(0)" is only dialled within the country.
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
