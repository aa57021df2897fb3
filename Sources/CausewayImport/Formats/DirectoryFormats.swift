/// Exports of other directories and sign-in services.
extension FileFormat {
    static let directories: [FileFormat] = [
        // https://support.google.com/a/answer/40057
        FileFormat(
            "Google Workspace users",
            all: "First Name,Last Name,Email Address,Org Unit Path",
            note: "The address is the user name. A new status takes precedence over the present one.",
            states: ["archived": false],
            [
                (.email, "Email Address"), (.firstName, "First Name"), (.lastName, "Last Name"),
                (.isActive, "New Status,Status"), (.attribute("org_unit_path"), "Org Unit Path"),
                (.attribute("employee_id"), "Employee ID"), (.attribute("employee_type"), "Employee Type"),
                (.attribute("job_title"), "Employee Title"), (.attribute("manager"), "Manager Email"),
                (.attribute("business_phone"), "Work Phone"), (.attribute("mobile_phone"), "Mobile Phone"),
                (.attribute("street_address"), "Work Address"), (.attribute("other_mail"), "Work Secondary Email"),
                (.attribute("office_location"), "Building ID"), (.secret, "Password"),
                (
                    .ignored,
                    "Password Hash Function,New Primary Email,Last Sign In,Recovery Email,Recovery Phone,Home Secondary Email,"
                        + "Home Phone,Home Address,Change Password at Next Sign-In,2sv Enrolled,2sv Enforced,Email Usage,"
                        + "Drive Usage,Photos Usage,Total Storage,Storage limit,Storage Used,Licenses,New Licenses,"
                        + "Advanced Protection Program enrollment,Floor Name,Floor Section"
                ),
            ]
        ),
        // https://help.okta.com/oie/en-us/content/topics/users-groups-profiles/usgp-import-csv.htm
        FileFormat(
            "Okta users",
            all: "login,firstName,lastName,email",
            anyOf:
                "honorificPrefix,primaryPhone,secondEmail,countryCode,mobilePhone,nickName,profileUrl,employeeNumber,costCenter",
            states: [
                "staged": false, "deprovisioned": false, "suspended": false, "active": true, "provisioned": true,
                "recovery": true, "passwordexpired": true, "passwordreset": true, "lockedout": true,
                "pendinguseraction": true,
            ],
            [
                (.username, "login"), (.email, "email"), (.name, "displayName"), (.firstName, "firstName"),
                (.lastName, "lastName"), (.isActive, "status"), (.attribute("job_title"), "title"),
                (.attribute("business_phone"), "primaryPhone"), (.attribute("mobile_phone"), "mobilePhone"),
                (.attribute("other_mail"), "secondEmail"), (.attribute("street_address"), "streetAddress"),
                (.attribute("postal_code"), "zipCode"), (.attribute("country"), "countryCode"),
                (.attribute("employee_type"), "userType"), (.attribute("employee_id"), "employeeNumber"),
                (.attribute("company_name"), "organization"), (.attribute("division"), "division"),
                (.attribute("manager"), "manager"), (.attribute("manager_id"), "managerId"), (.secret, "password"),
                (.ignored, "user_id,created,activated,statusChanged,lastLogin,lastUpdated,passwordChanged,profileUrl"),
            ]
        ),
        // https://jumpcloud.com/support/import-users-from-csv
        FileFormat(
            "JumpCloud users",
            all: "username,email,firstname,lastname",
            anyOf: "account_locked,activated,ldap_binding_user,enable_user_portal_multifactor,managedAppleId,"
                + "password_never_expires,jumpcloud id",
            states: ["staged": false, "activated": true],
            [
                (.username, "username"), (.email, "email"), (.name, "displayname"), (.isActive, "state"),
                (.isBlocked, "suspended"), (.attribute("job_title"), "jobTitle"),
                (.attribute("employee_id"), "employeeIdentifier"), (.attribute("cost_center"), "costCenter"),
                (.attribute("company_name"), "company"), (.secret, "password"),
                (
                    .ignored,
                    "id,jumpcloud id,activated,account_locked,ldap_binding_user,enable_user_portal_multifactor,"
                        + "password_never_expires,passwordless_sudo,sudo,unix_uid,unix_guid,allow_public_key,totp_enabled"
                ),
            ]
        ),
        FileFormat(
            "OneLogin users",
            all: "Email,First Name,Last Name,Username",
            anyOf: "OpenID Name,External ID,Last Login,Invitation Sent,Distinguished Name,Member Of,Custom Attribute",
            states: [
                "unactivated": false, "0": false, "1": true, "2": false, "3": true, "4": true, "5": true, "7": true,
                "8": false,
                "locked": true, "passwordexpired": true, "passwordpending": true, "awaitingpasswordreset": true,
            ],
            [
                (.username, "Username"), (.email, "Email"), (.isActive, "Status"), (.groups, "Member Of"),
                (.attribute("distinguished_name"), "Distinguished Name"), (.ignored, "ID,Last Login,Invitation Sent"),
            ]
        ),
        FileFormat(
            "Slack members",
            all: "username,email,status,billing-active",
            states: [
                "member": true, "admin": true, "owner": true, "primaryowner": true, "workspaceadmin": true,
                "workspaceowner": true, "workspaceprimaryowner": true, "multichannelguest": true,
                "singlechannelguest": true,
                "deactivated": false, "bot": false, "invited": true,
            ],
            [
                (.username, "username"), (.email, "email"), (.name, "fullname"), (.isActive, "status"),
                (.attribute("display_name"), "displayname"),
                (.ignored, "billing-active,has-2fa,has-sso,userid,expiration-timestamp"),
            ]
        ),
    ]
}
