/// Exports of Active Directory and Exchange by PowerShell and other tools.
extension FileFormat {
    static let activeDirectory: [FileFormat] = [
        FileFormat(
            "Mailboxes from Exchange PowerShell (Get-Mailbox)",
            all: "PrimarySmtpAddress,RecipientTypeDetails",
            hasPrincipalNames: true,
            [
                (.username, "UserPrincipalName,WindowsLiveID,PrimarySmtpAddress,WindowsEmailAddress"),
                (.email, "PrimarySmtpAddress,WindowsEmailAddress"), (.name, "DisplayName,Name"),
                (.isBlocked, "AccountDisabled"),
                (
                    .ignored,
                    "Guid,ExchangeGuid,Identity,Id,DistinguishedName,OrganizationId,ObjectCategory,ObjectClass,WhenChanged,"
                        + "WhenCreated,WhenChangedUTC,WhenCreatedUTC,IsValid,ObjectState,EmailAddresses,EmailAddressPolicyEnabled"
                ),
            ]
        ),
        FileFormat(
            "Active Directory users from csvde",
            all: "DN,sAMAccountName",
            note: names,
            directory
        ),
        FileFormat(
            "Active Directory users from PowerShell (Get-ADUser)",
            all: "SamAccountName",
            anyOf: "DistinguishedName,UserPrincipalName,ObjectGUID,SID,Enabled,ObjectClass",
            note: names,
            directory
        ),
    ]

    private static let names =
        "The user name is UserPrincipalName, with which people sign in to Entra, or SamAccountName if that is "
        + "empty; --map 'SamAccountName=username' changes that."

    private static let directory: [(ColumnTarget, String)] = [
        (.username, "UserPrincipalName,SamAccountName"), (.email, "EmailAddress,mail"),
        (.name, "DisplayName,Name,CN"), (.firstName, "GivenName"), (.lastName, "Surname,sn"), (.groups, "MemberOf"),
        (.isActive, "Enabled"), (.accountControl, "userAccountControl"),
        (.attribute("employee_id"), "EmployeeID"), (.attribute("employee_number"), "EmployeeNumber"),
        (.attribute("employee_type"), "EmployeeType"), (.attribute("job_title"), "Title"),
        (.attribute("office_location"), "Office,physicalDeliveryOfficeName"),
        (.attribute("business_phone"), "OfficePhone,telephoneNumber"),
        (.attribute("mobile_phone"), "MobilePhone,mobile"),
        (.attribute("fax_number"), "Fax,facsimileTelephoneNumber"),
        (.attribute("street_address"), "StreetAddress,street"),
        (.attribute("city"), "City,l"), (.attribute("state"), "State,st"), (.attribute("country"), "Country,c"),
        (.attribute("country_name"), "co"), (.attribute("company_name"), "Company"),
        (.attribute("manager_dn"), "Manager"), (.attribute("distinguished_name"), "DistinguishedName,DN"),
        (
            .ignored,
            "ObjectClass,ObjectCategory,SID,objectSid,SIDHistory,PropertyNames,AddedProperties,RemovedProperties,"
                + "ModifiedProperties,PropertyCount,nTSecurityDescriptor,CannotChangePassword,LockedOut,lockoutTime,badPwdCount,"
                + "BadLogonCount,badPasswordTime,LastBadPasswordAttempt,logonCount,lastLogon,lastLogoff,LastLogonDate,"
                + "lastLogonTimestamp,pwdLastSet,PasswordLastSet,PasswordExpired,PasswordNeverExpires,PasswordNotRequired,"
                + "Created,createTimeStamp,Modified,modifyTimeStamp,whenCreated,whenChanged,uSNChanged,uSNCreated,"
                + "dSCorePropagationData,instanceType,isCriticalSystemObject,isDeleted,Deleted,sDRightsEffective,codePage,"
                + "countryCode,PrimaryGroup,primaryGroupID,PrimaryGroupSID,sAMAccountType,AccountLockoutTime,AllowReversiblePasswordEncryption,"
                + "TrustedForDelegation,TrustedToAuthForDelegation,UseDESKeyOnly,DoesNotRequirePreAuth,SmartcardLogonRequired,"
                + "AccountNotDelegated,HomedirRequired,MNSLogonAccount,ProtectedFromAccidentalDeletion,Certificates,userCertificate,"
                + "CompoundIdentitySupported,PrincipalsAllowedToDelegateToAccount,AuthenticationPolicy,AuthenticationPolicySilo,"
                + "KerberosEncryptionType,ServicePrincipalNames,LastKnownParent,userSMIMECertificate,msExchMailboxSecurityDescriptor"
        ),
    ]
}
