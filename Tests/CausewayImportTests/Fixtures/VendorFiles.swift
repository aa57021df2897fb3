extension VendorFile {
    private static func file(
        _ format: String,
        _ text: String,
        _ people: [String: Bool],
        _ first: (username: String, name: String, email: String, attributes: [String: String])
    ) -> VendorFile { VendorFile(format: format, text: text, people: people, first: first) }

    static let all: [VendorFile] = microsoft + powerShell + others + personnel

    private static let upns = ["mina@company.com": true, "olaf@company.com": false, "pia@company.com": true]

    private static let microsoft: [VendorFile] = [
        file(
            "Microsoft Entra bulk create template",
            """
            version:v1.0
            Name [displayName] Required,User name [userPrincipalName] Required,Initial password [passwordProfile] Required,Block sign in (Yes/No) [accountEnabled] Required,First name [givenName],Last name [surname],Job title [jobTitle],Department [department],Usage location [usageLocation],Street address [streetAddress],State or province [state],Country or region [country],Office [physicalDeliveryOfficeName],City [city],ZIP or postal code [postalCode],Office phone [telephoneNumber],Mobile phone [mobile]
            Mina Okafor,mina@company.com,Geheim-1234,No,Mina,Okafor,Analyst,Finance,NG,1 Road,Lagos,Nigeria,B2,Lagos,100001,555,556
            Olaf Berg,olaf@company.com,Geheim-1234,Yes,Olaf,Berg,,,NO,,,,,,,,
            Pia Sand,pia@company.com,Geheim-1234,No,Pia,Sand,,,DK,,,,,,,,
            """,
            upns,
            (
                "mina@company.com", "Mina Okafor", "mina@company.com",
                [
                    "given_name": "Mina", "job_title": "Analyst", "usage_location": "NG", "office_location": "B2",
                    "state": "Lagos", "postal_code": "100001", "business_phone": "555", "mobile_phone": "556",
                ]
            )
        ),
        file(
            "Microsoft Entra bulk create template",
            """
            version:v1.0
            Name [displayName] Erforderlich,Benutzername [userPrincipalName] Erforderlich,Anfangskennwort [passwordProfile] Erforderlich,Anmeldung (Ja/Nein) [accountEnabled] Erforderlich
            Mina Okafor,mina@company.com,Geheim-1234,Nein
            Olaf Berg,olaf@company.com,Geheim-1234,Ja
            Pia Sand,pia@company.com,Geheim-1234,Nein
            """,
            upns,
            ("mina@company.com", "Mina Okafor", "mina@company.com", [:])
        ),
        file(
            "Microsoft Entra bulk invite template",
            """
            version:v1.0
            Email address to invite [inviteeEmail] Required,Redirection url [inviteRedirectURL] Required,Send invitation message (true or false) [sendEmail],Customized invitation message [customizedMessageBody]
            mina@partner.test,https://myapps.microsoft.com,true,Welcome
            olaf@partner.test,https://myapps.microsoft.com,true,Welcome
            """,
            ["mina@partner.test": true, "olaf@partner.test": true],
            ("mina@partner.test", "", "mina@partner.test", [:])
        ),
        file(
            "Microsoft Entra users, as downloaded",
            """
            userPrincipalName,displayName,surname,mail,givenName,id,userType,jobTitle,department,accountEnabled,usageLocation,streetAddress,state,country,officeLocation,city,postalCode,telephoneNumber,mobilePhone,alternateEmailAddress,ageGroup,consentProvidedForMinor,legalAgeGroupClassification,companyName,creationType,directorySynced,invitationState,identityIssuer,createdDateTime
            mina@company.com,Mina Okafor,Okafor,mina.o@company.com,Mina,1b,Member,Analyst,Finance,True,NG,,,,,,,555,,m@home.test,,,,Company,,,,company.onmicrosoft.com,8/19/2021 1:25:31 PM
            olaf@company.com,Olaf Berg,Berg,,Olaf,2b,Member,,,False,NO,,,,,,,,,,,,,,,,,,
            pia_partner.test#EXT#@company.onmicrosoft.com,Pia Sand,,,,3b,Guest,,,True,,,,,,,,,,pia@partner.test,,,,,Invitation,,Accepted,,
            """,
            [
                "mina@company.com": true, "olaf@company.com": false,
                "pia_partner.test#EXT#@company.onmicrosoft.com": true,
            ],
            (
                "mina@company.com", "Mina Okafor", "mina.o@company.com",
                ["surname": "Okafor", "other_mail": "m@home.test", "business_phone": "555", "company_name": "Company"]
            )
        ),
        file(
            "Microsoft 365 template for adding multiple users",
            """
            Username,First name,Last name,Display name,Job title,Department,Office number,Office phone,Mobile phone,Fax,Alternate email address,Address,City,State or province,ZIP or postal code,Country or region
            mina@company.com,Mina,Okafor,Mina Okafor,Analyst,Finance,12,555,556,,m@home.test,1 Road,Lagos,,100001,Nigeria
            olaf@company.com,Olaf,Berg,Olaf Berg,,,,,,,,,,,,
            """,
            ["mina@company.com": true, "olaf@company.com": true],
            (
                "mina@company.com", "Mina Okafor", "mina@company.com",
                [
                    "street_address": "1 Road", "office_location": "12", "postal_code": "100001",
                    "other_mail": "m@home.test",
                ]
            )
        ),
        file(
            "Microsoft 365 users, as exported from the admin center",
            """
            Block credential,City,Country/Region,Department,DirSyncEnabled,Display name,Fax,First name,Last dirsync time,Last name,Last password change time stamp,License assignment details,Licenses,Mobile Phone,Object Id,Office,Password never expires,Phone number,Postal code,Preferred data location,Preferred language,Proxy addresses,Soft deletion time stamp,State,Street address,Strong password required,Title,Usage location,User principal name,When created
            False,Lagos,Nigeria,Finance,False,Mina Okafor,,Mina,,Okafor,2022-03-18,,Unlicensed,556,1b,B2,False,555,100001,,en,SMTP:mina@company.com,,,1 Road,True,Analyst,NG,mina@company.com,2022-03-18
            True,,,,False,Olaf Berg,,Olaf,,Berg,,,,,2b,,,,,,,,,,,,,,olaf@company.com,
            False,,,,False,Pia Sand,,Pia,,Sand,,,,,3b,,,,,,,,,,,,,,pia@company.com,
            """,
            upns,
            (
                "mina@company.com", "Mina Okafor", "mina@company.com",
                ["job_title": "Analyst", "business_phone": "555", "office_location": "B2", "usage_location": "NG"]
            )
        ),
    ]

    private static let powerShell: [VendorFile] = [
        file(
            "Active Directory users from PowerShell (Get-ADUser)",
            """
            #TYPE Microsoft.ActiveDirectory.Management.ADUser
            "DistinguishedName","Enabled","GivenName","Name","ObjectClass","ObjectGUID","SamAccountName","SID","Surname","UserPrincipalName"
            "CN=Mina Okafor,OU=Staff,DC=corp","True","Mina","Mina Okafor","user","6a…","mokafor","S-1-5","Okafor","mina@company.com"
            "CN=Olaf Berg,OU=Staff,DC=corp","False","Olaf","Olaf Berg","user","7b…","oberg","S-1-6","Berg","olaf@company.com"
            "CN=Pia Sand,OU=Staff,DC=corp","True","Pia","Pia Sand","user","8c…","psand","S-1-7","Sand",""
            """,
            ["mina@company.com": true, "olaf@company.com": false, "psand": true],
            (
                "mina@company.com", "Mina Okafor", "mina@company.com",
                ["samaccountname": "mokafor", "distinguished_name": "CN=Mina Okafor,OU=Staff,DC=corp"]
            )
        ),
        file(
            "Active Directory users from PowerShell (Get-ADUser)",
            """
            "SamAccountName","UserPrincipalName","Enabled","EmailAddress","mail","Title","Office","physicalDeliveryOfficeName","OfficePhone","telephoneNumber","EmployeeID","EmployeeNumber","MemberOf","PasswordLastSet","LockedOut"
            "mokafor","mina@company.com","True","m.o@company.com","m.o@company.com","Analyst","B2","B2","555","555","1001","7","CN=Staff,OU=G,DC=corp;CN=Sales\\, West,OU=G,DC=corp","1/1/2026","False"
            "oberg","olaf@company.com","False","","","","","","","","1002","","Microsoft.ActiveDirectory.Management.ADPropertyValueCollection","","False"
            """,
            ["mina@company.com": true, "olaf@company.com": false],
            (
                "mina@company.com", "", "m.o@company.com",
                ["employee_id": "1001", "employee_number": "7", "office_location": "B2", "business_phone": "555"]
            )
        ),
        file(
            "Active Directory users from csvde",
            """
            DN,objectClass,sn,givenName,displayName,userAccountControl,sAMAccountName,userPrincipalName,mail,objectGUID
            "CN=Mina Okafor,OU=Staff,DC=corp",user,Okafor,Mina,Mina Okafor,512,mokafor,mina@company.com,mina@company.com,X'0a1b'
            "CN=Olaf Berg,OU=Staff,DC=corp",user,Berg,Olaf,Olaf Berg,514,oberg,olaf@company.com,olaf@company.com,X'0a1c'
            "CN=Pia Sand,OU=Staff,DC=corp",user,Sand,Pia,Pia Sand,66048,psand,pia@company.com,pia@company.com,X'0a1d'
            """,
            upns,
            ("mina@company.com", "Mina Okafor", "mina@company.com", ["surname": "Okafor", "samaccountname": "mokafor"])
        ),
        file(
            "Users from Microsoft Graph PowerShell (Get-MgUser)",
            """
            "AboutMe","AccountEnabled","AgeGroup","BusinessPhones","DisplayName","GivenName","Id","JobTitle","Mail","MobilePhone","OfficeLocation","PasswordProfile","Surname","UserPrincipalName","UserType","AdditionalProperties"
            "","True","","System.String[]","Mina Okafor","Mina","1b","Analyst","mina@company.com","556","B2","Microsoft.Graph.PowerShell.Models.MicrosoftGraphPasswordProfile","Okafor","mina@company.com","Member","System.Collections.Generic.Dictionary`2[System.String,System.Object]"
            "","False","","System.String[]","Olaf Berg","Olaf","2b","","","","","","Berg","olaf@company.com","Member",""
            "","True","","","Pia Sand","Pia","3b","","","","","","Sand","pia@company.com","Member",""
            """,
            upns,
            ("mina@company.com", "Mina Okafor", "mina@company.com", ["mobile_phone": "556", "office_location": "B2"])
        ),
        file(
            "Users from AzureAD PowerShell (Get-AzureADUser)",
            """
            #TYPE Microsoft.Open.AzureAD.Model.User
            "ObjectId","ObjectType","AccountEnabled","City","DisplayName","GivenName","ImmutableId","JobTitle","Mail","Mobile","PhysicalDeliveryOfficeName","Surname","TelephoneNumber","UserPrincipalName","UserType"
            "1b","User","True","Lagos","Mina Okafor","Mina","abc==","Analyst","mina@company.com","556","B2","Okafor","555","mina@company.com","Member"
            "2b","User","False","","Olaf Berg","Olaf","","","","","","Berg","","olaf@company.com","Member"
            "3b","User","True","","Pia Sand","Pia","","","","","","Sand","","pia@company.com","Member"
            """,
            upns,
            (
                "mina@company.com", "Mina Okafor", "mina@company.com",
                ["immutable_id": "abc==", "mobile_phone": "556", "business_phone": "555"]
            )
        ),
        file(
            "Users from MSOnline PowerShell (Get-MsolUser)",
            """
            "BlockCredential","City","Department","DisplayName","FirstName","IsLicensed","LastName","ObjectId","PhoneNumber","SignInName","UserPrincipalName"
            "False","Lagos","Finance","Mina Okafor","Mina","True","Okafor","1b","555","mina@company.com","mina@company.com"
            "True","","","Olaf Berg","Olaf","False","Berg","2b","","olaf@company.com","olaf@company.com"
            "False","","","Pia Sand","Pia","False","Sand","3b","","pia@company.com","pia@company.com"
            """,
            upns,
            ("mina@company.com", "Mina Okafor", "mina@company.com", ["business_phone": "555", "department": "Finance"])
        ),
        file(
            "Mailboxes from Exchange PowerShell (Get-Mailbox)",
            """
            "Alias","DisplayName","PrimarySmtpAddress","RecipientTypeDetails","UserPrincipalName","AccountDisabled","EmailAddresses"
            "mina","Mina Okafor","m.o@company.com","UserMailbox","mina@company.com","False","SMTP:m.o@company.com"
            "olaf","Olaf Berg","olaf@company.com","UserMailbox","olaf@company.com","True",""
            "pia","Pia Sand","pia@company.com","UserMailbox","pia@company.com","False",""
            """,
            upns,
            ("mina@company.com", "Mina Okafor", "m.o@company.com", ["alias": "mina"])
        ),
    ]

    private static let others: [VendorFile] = [
        file(
            "Google Workspace users",
            """
            First Name [Required],Last Name [Required],Email Address [Required],Password [Required],Password Hash Function [UPLOAD ONLY],Org Unit Path [Required],New Primary Email [UPLOAD ONLY],Status [READ ONLY],Last Sign In [READ ONLY],PendingActionResolver Email,Home Secondary Email,Work Secondary Email,PendingActionResolver Phone [MUST BE IN THE E.164 FORMAT],Work Phone,Home Phone,Mobile Phone,Work Address,Home Address,Employee ID,Employee Type,Employee Title,Manager Email,Department,Cost Center,2sv Enrolled [READ ONLY],New Status [UPLOAD ONLY]
            Mina,Okafor,mina@company.com,****,,/Staff,,Active,Never,m@home.test,,,,555,,556,1 Road,,1001,,Analyst,olaf@company.com,Finance,42,False,
            Olaf,Berg,olaf@company.com,****,,/Staff,,Suspended,Never,,,,,,,,,,1002,,,,,,False,
            Pia,Sand,pia@company.com,****,,/Staff,,Suspended,Never,,,,,,,,,,1003,,,,,,False,Active
            Quinn,Ott,quinn@company.com,****,,/Staff,,Active,Never,,,,,,,,,,1004,,,,,,False,ARCHIVED
            """,
            upns.merging(["quinn@company.com": false]) { $1 },
            (
                "mina@company.com", "Mina Okafor", "mina@company.com",
                [
                    "employee_id": "1001", "job_title": "Analyst", "manager": "olaf@company.com", "cost_center": "42",
                    "business_phone": "555", "mobile_phone": "556", "org_unit_path": "/Staff",
                ]
            )
        ),
        file(
            "Okta users",
            """
            login,firstName,lastName,middleName,honorificPrefix,honorificSuffix,email,title,displayName,nickName,profileUrl,secondEmail,mobilePhone,primaryPhone,streetAddress,city,state,zipCode,countryCode,postalAddress,preferredLanguage,locale,timezone,userType,employeeNumber,costCenter,organization,division,department,managerId,manager,status
            mina@company.com,Mina,Okafor,,,,mina@company.com,Analyst,Mina Okafor,,,m@home.test,556,555,1 Road,Lagos,,100001,NG,,en,,,Employee,1001,42,Company,Retail,Finance,7,Olaf,ACTIVE
            olaf@company.com,Olaf,Berg,,,,olaf@company.com,,Olaf Berg,,,,,,,,,,,,,,,,,,,,,,,DEPROVISIONED
            pia@company.com,Pia,Sand,,,,pia@company.com,,Pia Sand,,,,,,,,,,,,,,,,,,,,,,,LOCKED_OUT
            quinn@company.com,Quinn,Ott,,,,quinn@company.com,,,,,,,,,,,,,,,,,,,,,,,,,STAGED
            """,
            upns.merging(["quinn@company.com": false]) { $1 },
            (
                "mina@company.com", "Mina Okafor", "mina@company.com",
                [
                    "business_phone": "555", "country": "NG", "employee_id": "1001", "employee_type": "Employee",
                    "company_name": "Company", "division": "Retail", "postal_code": "100001",
                ]
            )
        ),
        file(
            "JumpCloud users",
            """
            username,email,firstname,lastname,displayname,state,suspended,account_locked,activated,jobTitle
            mina,mina@company.com,Mina,Okafor,Mina Okafor,ACTIVATED,false,false,true,Analyst
            olaf,olaf@company.com,Olaf,Berg,Olaf Berg,SUSPENDED,true,false,true,
            pia,pia@company.com,Pia,Sand,Pia Sand,,false,true,true,
            """,
            ["mina": true, "olaf": false, "pia": true],
            ("mina", "Mina Okafor", "mina@company.com", ["job_title": "Analyst"])
        ),
        file(
            "OneLogin users",
            """
            ID,First Name,Last Name,Email,Username,Department,Title,Phone,Status,Last Login,Distinguished Name
            7,Mina,Okafor,mina@company.com,mina,Finance,Analyst,555,1,,
            8,Olaf,Berg,olaf@company.com,olaf,,,,2,,
            9,Pia,Sand,pia@company.com,pia,,,,3,,
            """,
            ["mina": true, "olaf": false, "pia": true],
            ("mina", "Mina Okafor", "mina@company.com", ["job_title": "Analyst", "business_phone": "555"])
        ),
        file(
            "Slack members",
            """
            username,email,status,billing-active,has-2fa,has-sso,userid,fullname,displayname,expiration-timestamp
            mina,mina@company.com,Member,1,1,0,U1,Mina Okafor,mina,
            olaf,olaf@company.com,Deactivated,0,0,0,U2,Olaf Berg,olaf,
            pia,pia@company.com,Workspace Owner,1,0,0,U3,Pia Sand,pia,
            """,
            ["mina": true, "olaf": false, "pia": true],
            ("mina", "Mina Okafor", "mina@company.com", ["display_name": "mina"])
        ),
    ]

    private static let personnel: [VendorFile] = [
        file(
            "SAP SuccessFactors users",
            """
            STATUS,USERID,USERNAME,FIRSTNAME,LASTNAME,MI,GENDER,EMAIL,MANAGER,HR,DEPARTMENT,JOBCODE,DIVISION,LOCATION,TIMEZONE,HIREDATE,EMPID,TITLE
            STATUS,User ID,Username,First Name,Last Name,Middle Name,Gender,Email,Manager,Human Resource,Department,Job Code,Division,Location,Timezone,Hire Date,Employee Id,Title
            active,u1,mina,Mina,Okafor,,F,mina@company.com,u9,u8,Finance,AN,Retail,B2,,01/02/2020,1001,Analyst
            inactive,u2,olaf,Olaf,Berg,,M,olaf@company.com,,,,,,,,,1002,
            active_external_suite,u3,pia,Pia,Sand,,F,pia@company.com,,,,,,,,,1003,
            """,
            ["mina": true, "olaf": false, "pia": true],
            (
                "mina", "Mina Okafor", "mina@company.com",
                ["employee_id": "1001", "user_id": "u1", "job_title": "Analyst", "manager": "u9", "division": "Retail"]
            )
        ),
        file(
            "Workday workers",
            """
            Employee ID,Worker,Legal First Name,Legal Last Name,Primary Work Email,Worker Status,Worker Type,Business Title,Supervisory Organization,Hire Date,Termination Date,Manager
            1001,Mina Okafor,Mina,Okafor,mina@company.com,Active,Employee,Analyst,Finance (Olaf),2020-01-02,,Olaf Berg
            1002,Olaf Berg,Olaf,Berg,olaf@company.com,Terminated,Employee,,,2019-01-02,2026-01-31,
            1003,Pia Sand,Pia,Sand,pia@company.com,On Leave,Contingent Worker,,,,,
            """,
            upns,
            (
                "mina@company.com", "Mina Okafor", "mina@company.com",
                [
                    "employee_id": "1001", "job_title": "Analyst", "organization": "Finance (Olaf)",
                    "employee_type": "Employee",
                ]
            )
        ),
        file(
            "HR employees (BambooHR)",
            """
            Employee #,First Name,Last Name,Status,Employment Status,Work Email,Job Title,Department,Division,Location,Reporting to,Hire Date,Termination Date
            1001,Mina,Okafor,Active,Full-Time,mina@company.com,Analyst,Finance,Retail,Lagos,Olaf Berg,2020-01-02,
            1002,Olaf,Berg,Inactive,Terminated,olaf@company.com,,,,,,2019-01-02,2026-01-31
            1003,Pia,Sand,Active,Part-Time,pia@company.com,,,,,,,
            """,
            upns,
            (
                "mina@company.com", "Mina Okafor", "mina@company.com",
                [
                    "employee_id": "1001", "employment_status": "Full-Time", "manager": "Olaf Berg",
                    "office_location": "Lagos",
                ]
            )
        ),
        file(
            "ADP employees",
            """
            Associate ID,File Number,Payroll Name,Legal First Name,Legal Last Name,Position Status,Job Title Description,Home Department Description,Work Contact: Work Email,Reports To Name,Hire Date,Termination Date
            A1,000001,"Okafor, Mina",Mina,Okafor,Active,Analyst,Finance,mina@company.com,"Berg, Olaf",01/02/2020,
            A2,000002,"Berg, Olaf",Olaf,Berg,Terminated,,,olaf@company.com,,,01/31/2026
            A3,000003,"Sand, Pia",Pia,Sand,Leave,,,pia@company.com,,,
            """,
            upns,
            (
                "mina@company.com", "Mina Okafor", "mina@company.com",
                ["employee_id": "A1", "file_number": "000001", "department": "Finance", "payroll_name": "Okafor, Mina"]
            )
        ),
        file(
            "HR employees (Personio)",
            """
            ID,First name,Last name,Email,Status,Position,Department,Office,Supervisor,Hire date,Termination date
            1001,Mina,Okafor,mina@company.com,Active,Analyst,Finance,Lagos,Olaf Berg,2020-01-02,
            1002,Olaf,Berg,olaf@company.com,Inactive,,,,,2019-01-02,2026-01-31
            1003,Pia,Sand,pia@company.com,Leave,,,,,,
            """,
            upns,
            (
                "mina@company.com", "Mina Okafor", "mina@company.com",
                ["employee_id": "1001", "job_title": "Analyst", "office_location": "Lagos", "manager": "Olaf Berg"]
            )
        ),
    ]
}
