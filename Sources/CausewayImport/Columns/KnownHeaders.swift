/// The column names that administrators have: Microsoft 365's and Entra's bulk templates and exports, and common HR systems, in
/// English and German. Letter case, blanks and punctuation do not count.
enum KnownHeaders {
    /// What a header means; a header that nobody knows becomes an attribute of its own name.
    static func target(of header: String) -> ColumnTarget {
        // Entra's templates put the property in brackets: `User name [userPrincipalName] Required`.
        if let opening = header.firstIndex(of: "["), let closing = header[opening...].firstIndex(of: "]") {
            let property = String(header[header.index(after: opening)..<closing])
            if let target = known[folded(property)] { return target }
        }
        // As exports name attributes.
        if header.hasPrefix("attributes."), let target = ColumnTarget(header) { return target }
        let key = folded(header)
        if let target = known[key] { return target }
        if key.contains("password") || key.contains("passwort") || key.contains("secret") { return .secret }
        return key.isEmpty ? .ignored : .attribute(attributeName(header))
    }

    static func folded(_ header: String) -> String { header.lowercased().filter { $0.isLetter || $0.isNumber } }

    /// `Cost Centre (EU)` becomes `cost_centre_eu`.
    static func attributeName(_ header: String) -> String {
        header.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "_")
    }

    private static let known: [String: ColumnTarget] = {
        var known: [String: ColumnTarget] = [:]
        for (target, headers) in table {
            for header in headers.split(separator: ",") { known[folded(String(header))] = target }
        }
        return known
    }()

    private static let table: [(ColumnTarget, String)] = [
        (
            .username,
            "username,user name,user principal name,userprincipalname,upn,login,login name,user id,userid,account,"
                + "account name,samaccountname,benutzername,anmeldename,benutzerkennung"
        ),
        (
            .email,
            "email,e-mail,mail,email address,e-mail address,work email,business email,primary email,company email,"
                + "primary work email,email primary work,contact email,e-mail-adresse,emailadresse,dienstliche e-mail"
        ),
        (
            .name,
            "name,display name,displayname,full name,fullname,employee name,legal name,preferred full name,anzeigename,"
                + "vollständiger name,worker"
        ),
        (
            .firstName,
            "first name,firstname,given name,givenname,preferred first name,legal first name,forename,vorname,rufname"
        ),
        (.lastName, "last name,lastname,surname,family name,legal last name,preferred last name,nachname,familienname"),
        (
            .isActive,
            "is active,isactive,active,enabled,account enabled,accountenabled,status,employment status,employee status,"
                + "worker status,account status,active status,aktiv,beschäftigungsstatus,mitarbeiterstatus"
        ),
        (
            .isBlocked,
            "block sign in,block sign in yes no,block credential,blocked,sign in blocked,disabled,terminated,gesperrt"
        ),
        (.type, "type,user type kind,account type,kontotyp"),
        (.path, "path"),
        (.groups, "groups,group,member of,memberof,group memberships,gruppen,teams"),
        (.attribute("given_name"), "givenname attribute"),
        (
            .attribute("job_title"),
            "job title,jobtitle,title,position,business title,job profile,stelle,position titel,funktion"
        ),
        (
            .attribute("department"),
            "department,department name,dept,org unit,organizational unit,division name,abteilung"
        ),
        (.attribute("company_name"), "company,company name,companyname,legal entity,firma,unternehmen"),
        (
            .attribute("employee_id"),
            "employee id,employeeid,employee number,employeenumber,worker id,personnel number,file number,"
                + "associate id,person id,personalnummer,mitarbeiternummer"
        ),
        (
            .attribute("employee_type"),
            "employee type,employeetype,worker type,employment type,contract type,vertragsart"
        ),
        (
            .attribute("office_location"),
            "office,office location,officelocation,office number,physicaldeliveryofficename,work location,"
                + "location,standort,büro"
        ),
        (
            .attribute("business_phone"),
            "office phone,business phone,business phones,telephone number,telephonenumber,work phone,phone,"
                + "phone number,telefon,telefon geschäftlich"
        ),
        (.attribute("mobile_phone"), "mobile phone,mobilephone,mobile,mobile number,cell phone,mobiltelefon,handy"),
        (.attribute("fax_number"), "fax,fax number"),
        (
            .attribute("other_mail"),
            "alternate email address,alternate email,alternateemailaddress,personal email,home email,"
                + "private e-mail"
        ),
        (.attribute("street_address"), "address,street address,streetaddress,street,adresse,straße,strasse"),
        (.attribute("city"), "city,town,work city,ort,stadt"),
        (.attribute("state"), "state,state or province,province,region,bundesland"),
        (.attribute("postal_code"), "zip or postal code,zip,zip code,postal code,postalcode,postcode,plz,postleitzahl"),
        (.attribute("country"), "country,country or region,countryorregion,work country,land"),
        (.attribute("usage_location"), "usage location,usagelocation"),
        (.attribute("preferred_language"), "preferred language,preferredlanguage,language,sprache"),
        (
            .attribute("manager"),
            "manager,manager email,manager username,supervisor,supervisor email,reports to,vorgesetzter"
        ),
        (.attribute("cost_center"), "cost center,cost centre,costcenter,kostenstelle"),
        (.attribute("hire_date"), "hire date,start date,original hire date,employee hire date,eintrittsdatum"),
        (.attribute("termination_date"), "termination date,leave date,end date,last day of work,austrittsdatum"),
        (.secret, "initial password,password,passwordprofile,temporary password,passwort"),
        (
            .ignored,
            "licenses,license assignment details,object id,when created,last password change time stamp,"
                + "password never expires,strong password required,proxy addresses,dirsync enabled,soft deletion time stamp"
        ),
    ]
}
