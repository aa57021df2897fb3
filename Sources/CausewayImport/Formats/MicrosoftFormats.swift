import CausewayModel

/// Templates and exports of Entra and Microsoft 365.
///
/// https://learn.microsoft.com/entra/identity/users/users-bulk-add and its neighbors;
/// https://learn.microsoft.com/microsoft-365/enterprise/add-several-users-at-the-same-time
extension FileFormat {
    static let microsoft: [FileFormat] = [
        FileFormat(
            "Microsoft Entra bulk create template",
            all: "[userPrincipalName],[accountEnabled]",
            note: "In 'Block sign in', No means that the person may sign in.",
            hasPrincipalNames: true,
            [
                (.username, "[userPrincipalName]"), (.name, "[displayName]"), (.secret, "[passwordProfile]"),
                // Despite its name, the column says whether to block.
                (.isBlocked, "[accountEnabled]"), (.firstName, "[givenName]"), (.lastName, "[surname]"),
            ]
        ),
        FileFormat(
            "Microsoft Entra bulk invite template",
            all: "[inviteeEmail]",
            note: "All users in it are guests, so their type is 'external'.",
            type: .external,
            [(.email, "[inviteeEmail]"), (.ignored, "[inviteRedirectURL],[sendEmail],[customizedMessageBody]")]
        ),
        FileFormat(
            "Microsoft Entra bulk delete template",
            all: "[userPrincipalName]",
            isComplete: true,
            refusal:
                "This is Entra's template for deleting users; an import would create them. If you want that, give the column a meaning "
                + "with --map."
        ),
        FileFormat(
            "Microsoft Entra template for members of a group",
            all: "[memberObjectIdOrUpn]",
            refusal:
                "This is Entra's template for the members of a group, and names no group. Add a column 'group', and import "
                + "it as a file of groups."
        ),
        FileFormat(
            "Users from Microsoft Graph PowerShell (Get-MgUser)",
            all: "UserPrincipalName",
            anyOf: "BusinessPhones,AboutMe,OnPremisesImmutableId,OnPremisesSyncEnabled,OnPremisesSamAccountName",
            hasPrincipalNames: true,
            graph
        ),
        FileFormat(
            "Users from AzureAD PowerShell (Get-AzureADUser)",
            all: "UserPrincipalName,AccountEnabled,ObjectId,ObjectType",
            hasPrincipalNames: true,
            graph
        ),
        FileFormat(
            "Microsoft Entra users, as downloaded",
            all: "userPrincipalName,displayName,accountEnabled,userType",
            anyOf:
                "creationType,invitationState,directorySynced,legalAgeGroupClassification,identityIssuer,alternateEmailAddress",
            hasPrincipalNames: true,
            graph
        ),
        FileFormat(
            "Users from MSOnline PowerShell (Get-MsolUser)",
            all: "UserPrincipalName,BlockCredential",
            anyOf: "IsLicensed,SignInName,ValidationStatus,ImmutableId,LiveId",
            hasPrincipalNames: true,
            [
                (.username, "UserPrincipalName,SignInName"), (.isBlocked, "BlockCredential"), (.type, "UserType"),
                (.attribute("other_mail"), "AlternateEmailAddresses"),
                (.ignored, "ObjectId,LiveId,StsRefreshTokensValidFrom"),
            ]
        ),
        FileFormat(
            "Microsoft 365 users, as exported from the admin center",
            all: "User principal name,Block credential",
            hasPrincipalNames: true,
            [
                (.username, "User principal name"), (.isBlocked, "Block credential"), (.name, "Display name"),
                (.attribute("job_title"), "Title"), (.attribute("business_phone"), "Phone number"),
                (
                    .ignored,
                    "Object Id,Licenses,When created,Soft deletion time stamp,Last dirsync time,DirSyncEnabled,Proxy addresses,"
                        + "Password never expires,Strong password required,Last password change time stamp,OathTokenMetadata,"
                        + "License assignment details,Usage location details"
                ),
            ]
        ),
        FileFormat(
            "Microsoft 365 template for adding multiple users",
            all: "Username,First name,Last name,Display name,Office number",
            hasPrincipalNames: true,
            [
                (.username, "Username"), (.name, "Display name"), (.attribute("street_address"), "Address"),
                (.attribute("office_location"), "Office number"), (.attribute("business_phone"), "Office phone"),
            ]
        ),
    ]

    /// Graph's own names, which Entra's downloads and PowerShell share.
    private static let graph: [(ColumnTarget, String)] = [
        (.username, "userPrincipalName"), (.name, "displayName"), (.email, "mail"), (.isActive, "accountEnabled"),
        (.type, "userType"), (.firstName, "givenName"), (.lastName, "surname"),
        (.attribute("other_mail"), "alternateEmailAddress,otherMails"),
        (.attribute("business_phone"), "telephoneNumber,businessPhones"),
        (.attribute("mobile_phone"), "mobilePhone,mobile"),
        (.attribute("office_location"), "officeLocation,physicalDeliveryOfficeName"),
        (.attribute("immutable_id"), "onPremisesImmutableId,immutableId"),
        (.secret, "passwordProfile"),
        (
            .ignored,
            "id,objectId,objectType,creationType,directorySynced,dirSyncEnabled,invitationState,identityIssuer,createdDateTime,"
                + "deletedDateTime,deletionTimestamp,ageGroup,consentProvidedForMinor,legalAgeGroupClassification,"
                + "authenticationPhoneNumber,authenticationAlternativePhoneNumber,authenticationEmail,passwordPolicies,"
                + "refreshTokensValidFromDateTime,signInSessionsValidFromDateTime,lastPasswordChangeDateTime,proxyAddresses,"
                + "additionalProperties,provisionedPlans,assignedPlans,assignedLicenses,extensionProperty,userState,"
                + "userStateChangedOn,securityIdentifier,onPremisesSyncEnabled,onPremisesLastSyncDateTime"
        ),
    ]
}
