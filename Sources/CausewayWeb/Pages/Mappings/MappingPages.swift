import CausewayAPI
import CausewayJSON
import CausewayModel
import HTTPTypes

/// Property mappings: their list, their forms, and a test.
struct MappingPages: Sendable {
    let texts: Texts

    private static let collection = "/propertymappings/provider/microsoft_entra/"
    private static let creation = Address.mappings.create("microsoft-entra")

    private static let list = ListDefinition<MappingView>(
        key: "property_mappings",
        address: .mappings,
        source: "/propertymappings/all/",
        columns: [
            .init("name", .name { $0.name }, ordering: "name"), .init("type", .message { $0.verboseName }),
            .init("managed", .code { $0.managed }),
        ],
        standardFilter: .init(name: "managed__isnull", value: "true")
    )

    static let form = FormDefinition(key: "mapping", groups: [FormGroup("", of: PropertyMapping.self)])

    var routes: [PageRoute] {
        let list = ListView(definition: Self.list, texts: texts)
        let choice = TypePicker(
            place: "property_mappings",
            address: .mappings,
            types: "/propertymappings/all/types/",
            pages: ["ak-property-mapping-provider-microsoft-entra-form": Self.creation],
            texts: texts
        )
        let forms = FormPages(
            definition: Self.form,
            place: "property_mappings",
            address: .mappings,
            collection: Self.collection,
            creation: Self.creation,
            createWord: "finish",
            preview: MappingPreviewPanel(texts: texts).preview,
            texts: texts
        )
        return [
            PageRoute(.get, .mappings) { try await list.page($0) },
            PageRoute(.get, .mapping("{id}")) { try await show($0, tried: nil, problem: nil) },
            PageRoute(.post, .mapping("{id}")) { try await test($0) },
        ] + choice.routes + forms.routes
    }

    private func show(_ request: PageRequest, tried: MappingTestView?, problem: String?) async throws -> PageResponse {
        let path = "\(Self.collection)\(request.value("id").urlPathPart)/"
        let mapping = try await request.api.get(path, as: MappingView.self)
        let page = MappingPage(
            mapping: .init(expression: mapping.expression),
            base: request.address,
            person: request.form["person"] ?? "",
            people: .users,
            result: tried.map(result),
            problem: problem,
            isManaged: mapping.managed != nil,
            copy: Self.creation.query([("copy", mapping.pk)]),
            use: try await use(of: mapping, request.api)
        )
        let trail = [PageLink(title: texts("places.property_mappings"), address: .mappings)]
        let content = PageContent(page, title: mapping.name, place: "property_mappings", trail: trail)
        return .page(content, status: problem == nil ? 200 : 422)
    }

    /// The providers that do not use a mapping which none uses yet.
    private func use(of mapping: MappingView, _ api: APIClient) async throws -> MappingPage.Use? {
        let providers = try await api.providers()
        let isUsed = providers.contains { ($0.propertyMappings + $0.propertyMappingsGroup).contains(mapping.pk) }
        guard !isUsed else { return nil }
        let ofGroups = try await api.rows("/causeway/mappings/?kind=group&page_size=100", as: Named.self)
        let ofUsers = try await api.rows("/causeway/mappings/?kind=user&page_size=100", as: Named.self)
        let isOfGroups = ofGroups.contains { $0.pk == mapping.pk } && !ofUsers.contains { $0.pk == mapping.pk }
        let field = isOfGroups ? "property_mappings_group" : "property_mappings"
        return MappingPage.Use(
            providers: providers.map { provider in
                let form = Address.provider(provider.pk).edit.query([(field, mapping.pk)])
                return MappingPage.Use.Provider(name: provider.name, address: "\(form)#\(field)")
            },
            hasProviders: !providers.isEmpty
        )
    }

    private func result(_ test: MappingTestView) -> MappingPage.Result {
        MappingPage.Result(
            graph: (try? JSONValue(parsing: Array(test.result.utf8)))?.prettyText ?? texts.message(test.result),
            verdict: texts(test.successful ? "mapping.result" : "mapping.failed")
        )
    }

    /// Tests the mapping for a user. The test sends and stores nothing.
    private func test(_ request: PageRequest) async throws -> PageResponse {
        let name = request.form["person"] ?? ""
        guard let user = try await request.api.user(named: name) else {
            return try await show(request, tried: nil, problem: texts("forms.no_such_object", ["name": name]))
        }
        let path = "/propertymappings/all/\(request.value("id").urlPathPart)/test/?format_result=true"
        let answer = await request.api.send(.post, path, ["user": .integer(user)])
        return try await show(request, tried: try answer.expected(as: MappingTestView.self), problem: nil)
    }
}

/// A property mapping, as the API returns it.
struct MappingView: ListRow {
    let pk: String
    let name: String
    let expression: String
    let managed: String?
    let verboseName: Message

    var id: String { pk }
}

/// The result of a mapping test, as the API returns it.
struct MappingTestView: Decodable, Sendable {
    let result: String
    let successful: Bool
}

/// The template `mapping`.
struct MappingPage: PageModel {
    static let template = "mapping"

    let mapping: Source
    let base: String
    /// The entered user name.
    let person: String
    let people: SuggestionSource
    let result: Result?
    let problem: String?
    let isManaged: Bool
    /// The form of a new mapping, filled in with a copy of this one.
    let copy: String
    /// How a provider can use it; nil if one does.
    let use: Use?

    struct Use: TemplateValue {
        let providers: [Provider]
        let hasProviders: Bool

        struct Provider: TemplateValue {
            let name: String
            /// Its form, with the mapping selected.
            let address: String
        }
    }

    struct Source: TemplateValue {
        let expression: String
    }

    struct Result: TemplateValue {
        let graph: String
        let verdict: String
    }
}
