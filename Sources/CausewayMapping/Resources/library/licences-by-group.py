# Name: licences: mark users for dynamic groups
# Kind: user
# About: Marks users with the licences that their groups stand for, so that dynamic groups in Entra can give them out.
#        Adapt the table of groups and the extension attribute that holds the mark.
#
# No property gives anybody a licence. The list of a user's licences cannot be written; it changes through Graph's
# action assignLicense, which no mapping can call, or through the licences of groups. So there are two ways:
#
# 1. Give the licence to a provisioned group, once, in Entra. No mapping is needed then. Only direct members get it:
#    Entra does not follow groups within groups.
# 2. Where groups here lie within groups, or are not provisioned, let this mapping mark the users and a dynamic group in
#    Entra (a feature of Entra ID P1) collect them, by a rule such as
#        user.extensionAttribute10 -contains ";E3;"
#    and give the licence to that group.
#
# Either way users need a usage location first, or Entra refuses them the licence.

# Groups here, and the mark of the licence that they stand for. Who is in a group within such a group counts too.
LICENCES = {
    "Licence E3": "E3",
    "Licence E5": "E5",
    "Licence Visio": "VISIO",
}
# Marks that make others needless.
INCLUDES = {"E5": {"E3"}}
# Which of the extension attributes, 1 to 15, holds the marks.
NUMBER = 10

marks = {LICENCES[group.name] for group in request.user.all_groups() if group.name in LICENCES}
for mark in sorted(marks):
    marks -= INCLUDES.get(mark, set())
# Semicolons on both sides keep a rule for "E3" from finding "E30". Who has no licence any more loses the mark: this
# attribute is for this mapping alone, so here nothing found means none.
text = ";" + ";".join(sorted(marks)) + ";" if marks else None
return {"on_premises_extension_attributes": {f"extension_attribute{NUMBER}": text}}
