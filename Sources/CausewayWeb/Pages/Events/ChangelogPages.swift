import CausewayAPI
import HTTPTypes

/// The changelogs of users, groups, applications and mappings: who changed which field, and what it was before.
struct ChangelogPages: Sendable {
    let texts: Texts

    private struct NamedView: Decodable {
        let name: String
    }

    private struct UserNameView: Decodable {
        let username: String
    }

    private struct ApplicationKeyView: Decodable {
        let pk: String
        let name: String
    }

    var routes: [PageRoute] {
        [
            PageRoute(.get, Address.user("{id}").changelog) { request in
                let user = try await object(UserNameView.self, "/core/users/", request)
                return try await page(request, "user", .users, "users", request.value("id"), user.username)
            },
            PageRoute(.get, Address.group("{id}").changelog) { request in
                let group = try await object(NamedView.self, "/core/groups/", request)
                return try await page(request, "group", .groups, "groups", request.value("id"), group.name)
            },
            PageRoute(.get, Address.mapping("{id}").changelog) { request in
                let path = "/propertymappings/provider/microsoft_entra/"
                let mapping = try await object(NamedView.self, path, request)
                let type = "microsoftentraprovidermapping"
                return try await page(
                    request,
                    type,
                    .mappings,
                    "property_mappings",
                    request.value("id"),
                    mapping.name
                )
            },
            PageRoute(.get, Address.application("{id}").changelog) { request in
                let application = try await object(ApplicationKeyView.self, "/core/applications/", request)
                return try await page(
                    request,
                    "application",
                    .applications,
                    "applications",
                    application.pk,
                    application.name
                )
            },
        ]
    }

    private func object<View: Decodable>(_ view: View.Type, _ collection: String, _ request: PageRequest) async throws
        -> View
    {
        try await request.api.get("\(collection)\(request.value("id").urlPathPart)/", as: view)
    }

    private func page(
        _ request: PageRequest,
        _ type: String,
        _ list: Address,
        _ place: String,
        _ key: String,
        _ name: String
    ) async throws -> PageResponse {
        let changelog = try await Changelog.read([("object_type", type), ("object", key)], request, texts)
        let trail = [
            PageLink(title: texts("places.\(place)"), address: list),
            PageLink(title: name, address: list(request.value("id"))),
        ]
        let title = texts("event.changelog_of", ["name": name])
        return .page(PageContent(ChangelogPage(changelog: changelog), title: title, place: place, trail: trail))
    }
}

/// The changes of an object, the newest first. The template is `changelog-rows`.
struct Changelog: TemplatePart {
    let events: [ShownEvent]
    let isEmpty: Bool
    let newest: String?
    let older: String?
    /// The log with all events about the object.
    let log: String

    private static let pageSize = 25

    /// The place in the log before which events are asked for.
    static func before(_ query: FormFields) -> [(name: String, value: String)] {
        query["before"].flatMap { Int64($0) }.map { [(name: "before", value: "\($0)")] } ?? []
    }

    /// - Parameter subject: the filter for the object.
    static func read(_ subject: [(name: String, value: String)], _ request: PageRequest, _ texts: Texts) async throws
        -> Changelog
    {
        let before = Self.before(request.query)
        let limits = [(name: "area", value: "changes"), (name: "limit", value: "\(pageSize)")]
        let items = subject + limits + before
        let found = try await request.api.get("/causeway/events/".adding(items), as: EventEntryPage.self)
        let words = EventWords(texts: texts)
        return Changelog(
            events: found.results.map { ShownEvent($0, words, limit: 100) },
            isEmpty: found.results.isEmpty,
            newest: before.isEmpty ? nil : request.address,
            older: found.next.map { request.address.adding([("before", "\($0)")]) },
            log: Address.events.query(subject)
        )
    }
}

/// The template `changelog`.
struct ChangelogPage: PageModel {
    static let template = "changelog"

    let changelog: Changelog
}

/// The template `provider-changelog`.
struct ProviderChangelogPage: PageModel {
    static let template = "provider-changelog"

    let frame: ProviderFrame
    let changelog: Changelog
}
