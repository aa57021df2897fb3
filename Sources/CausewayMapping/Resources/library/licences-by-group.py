# Name: licences: mark users for dynamic groups
# Kind: user
# About: Marks users with the licences that their groups stand for, so that dynamic groups in Entra can assign them.
#        Adapt the table of groups and the extension attribute that contains the mark.
#
# A property cannot assign a licence. The list of a user's licences cannot be written; it changes through Graph's
# action assignLicense, which a mapping cannot call, or through the licences of groups. So there are two ways:
#
# 1. Assign the licence to a provisioned group, once, in Entra. Then no mapping is needed. Only direct members get it:
#    Entra does not follow groups within groups.
# 2. If groups are nested or not provisioned, this mapping marks the users, and a dynamic group in
#    Entra (a feature of Entra ID P1) collects them, by a rule such as
#        user.extensionAttribute10 -contains ";E3;"
#    Assign the licence to that group.
#
# Either way users need a usage location first, or Entra refuses the licence.

# Groups, and the mark of their licence. Members of nested groups count too.
LICENCES = {
    "Licence E3": "E3",
    "Licence E5": "E5",
    "Licence Visio": "VISIO",
}
# Marks that include others.
INCLUDES = {"E5": {"E3"}}
# Which of the extension attributes, 1 to 15, contains the marks.
NUMBER = 10

marks = {LICENCES[group.name] for group in request.user.all_groups() if group.name in LICENCES}
for mark in sorted(marks):
    marks -= INCLUDES.get(mark, set())
# Semicolons on both sides keep a rule for "E3" from finding "E30". Users without a licence lose the mark: this
# attribute belongs to this mapping alone, so no match means no mark.
text = ";" + ";".join(sorted(marks)) + ";" if marks else None
return {"on_premises_extension_attributes": {f"extension_attribute{NUMBER}": text}}
