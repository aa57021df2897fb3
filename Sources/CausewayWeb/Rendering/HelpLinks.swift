/// A place in the documentation that the program serves: a page, or a heading or row of a page.
struct HelpPlace: TemplateValue, Equatable, ExpressibleByStringLiteral {
    /// The page as its file is named: `register-in-entra`.
    let page: String
    let anchor: String

    /// - Parameter text: `page`, or `page#anchor`.
    init(_ text: String) {
        let parts = text.split(separator: "#", maxSplits: 1)
        (page, anchor) = (String(parts.first ?? ""), parts.count > 1 ? String(parts[1]) : "")
    }

    init(stringLiteral text: String) { self.init(text) }

    var text: String { (page.isEmpty ? Address.help : Address.help(page)).text + (anchor.isEmpty ? "" : "#\(anchor)") }

    func templateValue(for viewer: Viewer) -> any Sendable { text }
}

/// Which place of the documentation belongs to each page, to each group of a form, and to each field.
enum HelpLinks {
    /// By place in the navigation and template, by template, or by place; the first that is here counts.
    static let pages: [String: HelpPlace] = [
        "dashboard": "admin#what-is-where", "applications": "admin#from-nothing-to-a-synced-tenant",
        "applications/form": "fields#applications", "providers": "admin#what-is-where",
        "providers/type-choice": "register-in-entra", "providers/form": "provider-settings",
        "providers/confirm": "register-in-entra#remove-causeway-again", "provider": "states",
        "provider-check": "register-in-entra#9-check-the-connection", "provider-failures": "failures",
        "provider-failing": "failures", "provider-drift": "engine#drift", "provider-schedule": "schedule",
        "provider-runs": "plans", "run": "plans#the-life-of-a-plan", "link": "identity", "users": "admin#what-is-where",
        "users/form": "fields#users", "import": "import", "service-account": "api#signing-in",
        "groups": "admin#what-is-where", "groups/form": "fields#groups", "property_mappings": "mappings",
        "mapping": "mappings#test-a-mapping", "property_mappings/form": "mappings#names",
        "events": "events", "tokens": "api#signing-in", "tokens/form": "fields#tokens",
        "administrators": "api#roles", "system": "operations", "account": "admin#what-is-where",
        "sign-in": "operations#troubleshooting", "setup": "operations#run-it-as-a-service",
    ]

    /// By form and group.
    static let groups: [String: HelpPlace] = [
        "provider.protocol": "register-in-entra", "provider.filtering": "engine#scope", "provider.mapping": "mappings",
        "provider.sync": "provider-settings", "provider.cloud": "register-in-entra#6-national-clouds",
        "provider.credential": "register-in-entra#4-add-a-credential",
        "application.ui": "fields#applications",
    ]

    /// By form and field, if the field is not in the table of its record.
    static let fields: [String: HelpPlace] = [
        "provider.client_id": "register-in-entra#1-register-the-app",
        "provider.tenant_id": "register-in-entra#1-register-the-app",
        "provider.client_secret": "register-in-entra#client-secret",
        "provider.credential_kind": "register-in-entra#4-add-a-credential",
        "provider.certificate": "register-in-entra#certificate",
        "provider.federated_token_file": "register-in-entra#federated-credential",
        "provider.guard_max_count": "plans#the-guard", "provider.guard_max_percent": "plans#the-guard",
        "provider.review_first_sync": "plans#the-first-sync-is-shown-first", "provider.drift_policy": "engine#drift",
        "provider.comparison_interval": "engine#what-a-full-sync-evaluates",
        "provider.http_proxy": "graph-client#proxies", "provider.filter_group": "engine#scope",
        "application.provider": "admin#from-nothing-to-a-synced-tenant",
        "application.backchannel_providers": "admin#from-nothing-to-a-synced-tenant", "group.parents": "import#groups",
        "token.causeway_role": "api#roles", "token.expires": "fields#tokens",
        "schedule.crontab": "schedule#the-schedule",
        "schedule.paused": "schedule#the-schedule",
    ]

    /// The table that has the fields of a form's record, each in a row.
    private static let tables: [String: String] = [
        "provider": "provider-settings#", "user": "fields#users-", "group": "fields#groups-",
        "application": "fields#applications-", "mapping": "fields#property-mappings-", "token": "fields#tokens-",
    ]

    static func page(_ place: String?, _ template: String) -> HelpPlace? {
        let keys = place.map { ["\($0)/\(template)", template, $0] } ?? [template]
        return keys.lazy.compactMap { pages[$0] }.first
    }

    static func group(_ group: String, of form: String) -> HelpPlace? { groups["\(form).\(group)"] }

    static func field(_ field: String, of form: String) -> HelpPlace? {
        fields["\(form).\(field)"] ?? tables[form].map { HelpPlace("\($0)\(field)") }
    }
}
