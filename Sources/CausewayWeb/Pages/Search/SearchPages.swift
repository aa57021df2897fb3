import CausewayAPI
import CausewayHelp
import HTTPTypes

/// The search over everything: objects, settings by the labels of their fields, and the documentation. The field in the header leads
/// here, and its suggestions are read from this page.
struct SearchPages: Sendable {
    let texts: Texts
    let shelf: ManualShelf

    private static let objects = 8
    private static let sections = 6
    private static let settings = 8

    var routes: [PageRoute] { [PageRoute(.get, .search) { try await show($0) }] }

    private func show(_ request: PageRequest) async throws -> PageResponse {
        let query = FormReading.trimmed(request.query["q"] ?? "")
        var groups: [SearchPage.Group] = []
        if !query.isEmpty {
            groups = try await objectGroups(query, request.api)
            if request.session?.isAdministrator == true { groups += try await settingGroups(query, request.api) }
            groups += try helpGroups(query)
        }
        let page = SearchPage(searched: query, groups: groups)
        let title = query.isEmpty ? texts("search.title") : texts("search.results", ["query": query])
        return .page(PageContent(page, title: title))
    }

    // MARK: Objects

    private func objectGroups(_ query: String, _ api: APIClient) async throws -> [SearchPage.Group] {
        let path = "/causeway/search/".adding([("q", query), ("limit", "\(Self.objects)")])
        let hits = try await api.get(path, as: [SearchHitView].self)
        return SearchHitView.kinds.compactMap { kind in
            let own = hits.filter { $0.kind == kind.word }
            guard !own.isEmpty else { return nil }
            return SearchPage.Group(
                title: texts("search.kinds.\(kind.word).other"),
                hits: own.map { hit in
                    SearchPage.Hit(
                        name: hit.name,
                        address: hit.address.text,
                        detail: hit.detail,
                        kind: texts("search.kinds.\(kind.word).one")
                    )
                },
                all: own.count == Self.objects ? kind.list?.query([("search", query)]) : nil
            )
        }
    }

    // MARK: Settings

    private func settingGroups(_ query: String, _ api: APIClient) async throws -> [SearchPage.Group] {
        let words = WordList(query)
        let found = SettingPlace.all(texts).filter { words.areAll(in: $0.words) }
        guard !found.isEmpty else { return [] }
        let providers = try await api.providers()
        let hits = found.flatMap { $0.hits(providers, texts) }.prefix(Self.settings)
        return [SearchPage.Group(title: texts("search.kinds.setting.other"), hits: Array(hits), all: nil)]
    }

    // MARK: Documentation

    private func helpGroups(_ query: String) throws -> [SearchPage.Group] {
        let hits = try shelf.manual().search(query, limit: Self.sections)
        guard !hits.isEmpty else { return [] }
        return [
            SearchPage.Group(
                title: texts("search.kinds.help.other"),
                hits: hits.map { hit in
                    SearchPage.Hit(
                        name: hit.section.title,
                        address: hit.address,
                        detail: hit.page.title,
                        kind: texts("search.kinds.help.one")
                    )
                },
                all: Address.help("search").query([("q", query)])
            )
        ]
    }
}

/// The template `search`.
struct SearchPage: PageModel {
    static let template = "search"

    /// What was searched; the field in the header shows it.
    let searched: String
    let groups: [Group]

    struct Group: TemplateValue {
        let title: String
        let hits: [Hit]
        /// The list of all results of this kind.
        let all: String?
    }

    struct Hit: TemplateValue {
        let name: String
        let address: String
        let detail: String
        /// What it is, in one word.
        let kind: String
    }
}

/// An object that the API has found.
struct SearchHitView: Decodable, Sendable {
    let kind: String
    let pk: String
    let name: String
    let detail: String
    let provider: Int64?
    let objectKind: DirectoryKind?

    /// The kinds in the order of the page, with the lists that can be searched.
    static let kinds: [(word: String, list: Address?)] = [
        ("link", nil), ("run", nil), ("provider", nil), ("application", nil), ("user", .users), ("group", .groups),
        ("property_mapping", .mappings),
    ]

    var address: Address {
        switch kind {
        case "user": .user(pk)
        case "group": .group(pk)
        case "provider": .provider(pk)
        case "application": .application(pk)
        case "run": .run(pk)
        case "link": .link(pk, objectKind ?? .user, provider: provider ?? 0)
        default: .mapping(pk)
        }
    }
}
