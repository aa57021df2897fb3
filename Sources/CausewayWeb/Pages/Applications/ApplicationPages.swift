import CausewayAPI
import CausewayModel
import HTTPTypes

/// Applications: their list and forms, and the providers that are assigned to them.
struct ApplicationPages: Sendable {
    let texts: Texts

    private static let list = ListDefinition<ApplicationView>(
        key: "applications",
        address: .applications,
        source: "/core/applications/?superuser_full_list=true",
        columns: [
            .init("name", .name { $0.name }, ordering: "name"), .init("slug", .code { $0.slug }, ordering: "slug"),
            .init("group", .text { $0.group }, ordering: "group"),
        ]
    )

    private static let providers = ObjectSource(
        list: "/providers/all/?ordering=name",
        object: "/providers/all/",
        isNumeric: true
    )

    private static let provider = FormField(
        name: "provider",
        kind: .objects(providers, isMultiple: false),
        isOptional: true
    )

    private static let backchannelProviders = FormField(
        name: "backchannel_providers",
        kind: .objects(providers, isMultiple: true),
        isOptional: true
    )

    static let form = FormDefinition(
        key: "application",
        groups: [
            FormGroup("", of: Application.self, adding: ["group": provider, "provider": backchannelProviders]),
            FormGroup("ui", of: Application.self, isFolded: true),
        ]
    )

    var routes: [PageRoute] {
        let list = ListView(definition: Self.list, texts: texts)
        let forms = FormPages(
            definition: Self.form,
            place: "applications",
            address: .applications,
            collection: "/core/applications/",
            id: "slug",
            created: "application_created",
            consequences: { try await AssignmentNotes(texts: texts).notes($0.api) },
            check: { state in
                guard !state.text("provider").isEmpty else { return }
                state.errors["provider"] = texts("forms.application.mistaken")
            },
            texts: texts
        )
        return [
            PageRoute(.get, .applications) { try await list.page($0) },
            PageRoute(.get, .application("{id}")) { try await show($0) },
        ] + forms.routes
    }

    private func show(_ request: PageRequest) async throws -> PageResponse {
        let path = "/core/applications/\(request.value("id").urlPathPart)/"
        let application = try await request.api.get(path, as: ApplicationView.self)
        var providers: [ApplicationPage.Provider] = []
        for provider in application.backchannelProvidersObj {
            let answer = await request.api.send(.get, "/causeway/providers/\(provider.pk)/state/")
            // Providers of other kinds have no state.
            let state = answer.status == 200 ? try answer.expected(as: ProviderStateView.self).state : nil
            providers.append(
                ApplicationPage.Provider(
                    name: provider.name,
                    address: .provider(provider.pk),
                    state: state ?? "none",
                    stateWords: state.map { texts("states.\($0)") } ?? "–"
                )
            )
        }
        let page = ApplicationPage(
            application: .init(slug: application.slug, group: application.group),
            providers: providers,
            hasProviders: !providers.isEmpty,
            base: request.address,
            mistaken: application.providerObj.map { texts("application.mistaken", ["name": $0.name]) }
        )
        let trail = [PageLink(title: texts("places.applications"), address: .applications)]
        return .page(PageContent(page, title: application.name, place: "applications", trail: trail))
    }
}

/// An application, as the API returns it.
struct ApplicationView: ListRow {
    let name: String
    let slug: String
    let group: String
    /// The provider in the place where it is not synced.
    let providerObj: Provider?
    let backchannelProvidersObj: [Provider]

    struct Provider: Decodable, Sendable {
        let pk: Int64
        let name: String
    }

    var id: String { slug }
}

/// The template `application`.
struct ApplicationPage: PageModel {
    static let template = "application"

    let application: Facts
    let providers: [Provider]
    let hasProviders: Bool
    let base: String
    /// A sentence about a provider in the wrong place.
    let mistaken: String?

    /// A provider that is synced for the application.
    struct Provider: TemplateValue {
        let name: String
        let address: Address
        let state: String
        let stateWords: String
    }

    struct Facts: TemplateValue {
        let slug: String
        let group: String
    }
}
