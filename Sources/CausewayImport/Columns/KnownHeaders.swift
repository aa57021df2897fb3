/// The column names that administrators use, in English and German, for files of no known format. Letter case, blanks and
/// punctuation do not count.
enum KnownHeaders {
    /// What a column means by its name alone, and its rank among columns of the same meaning; an unknown one becomes an
    /// attribute of its own name.
    static func target(of header: ColumnHeader) -> (target: ColumnTarget, rank: Int) {
        // As exports name attributes.
        if header.text.hasPrefix("attributes."), let target = ColumnTarget(header.text) { return (target, 0) }
        switch SignInWords.polarity(of: header.label) {
        case .active: return (.isActive, 0)
        case .blocked: return (.isBlocked, 0)
        case .either: return (.state, 0)
        case nil: break
        }
        if let property = header.property, let found = known[property] {
            // Microsoft gives this name to a column that asks the opposite.
            return found.target == .isActive ? (.state, found.rank) : found
        }
        if let found = known[header.label] { return found }
        if let target = passwordTarget(header.label) { return (target, 0) }
        return (header.attributeName.isEmpty ? .ignored : .attribute(header.attributeName), 0)
    }

    /// Of columns about passwords, those that contain one are secret, and the others are of no use.
    private static func passwordTarget(_ label: String) -> ColumnTarget? {
        guard label.contains("password") || label.contains("passwort") || label.contains("secret") else { return nil }
        let about = [
            "expire", "last", "change", "never", "require", "policies", "policy", "set", "hashfunction", "reset",
        ]
        return about.contains(where: label.contains) ? .ignored : .secret
    }

    private static let known: [String: (target: ColumnTarget, rank: Int)] = {
        var known: [String: (target: ColumnTarget, rank: Int)] = [:]
        for (target, headers) in table {
            for header in headers.split(separator: ",") {
                known[ColumnHeader.folded(String(header))] = (target, known.count)
            }
        }
        return known
    }()

    /// The attributes that have known names, sorted.
    static let attributes: [String] = Set(
        table.compactMap { target, _ -> String? in
            guard case .attribute(let key) = target else { return nil }
            return key
        }
    ).sorted()

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
            "first name,firstname,given name,givenname,name.givenname,preferred first name,legal first name,forename,vorname,rufname"
        ),
        (
            .lastName,
            "last name,lastname,surname,family name,name.familyname,sn,legal last name,preferred last name,nachname,familienname"
        ),
        (
            .isActive,
            "account enabled,status,employment status,employee status,worker status,account status,position status,"
                + "beschäftigungsstatus,mitarbeiterstatus"
        ),
        (.accountControl, "useraccountcontrol"),
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
                + "associate id,person id,employee no,staff id,staff number,personalnummer,mitarbeiternummer"
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
        (.attribute("country"), "country,country or region,country/region,countryorregion,work country,land"),
        (.attribute("usage_location"), "usage location,usagelocation"),
        (.attribute("immutable_id"), "immutable id,onpremisesimmutableid,on premises immutable id,source anchor"),
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
            "licenses,license assignment details,object id,when created,proxy addresses,dirsync enabled,"
                + "soft deletion time stamp"
        ),
    ]
}
