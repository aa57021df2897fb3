import CausewayAPI
import CausewayJSON
import HTTPTypes

/// Applications: what people know a tenant as, and which providers sync it.
struct ApplicationPages: Sendable {
    let texts: Texts

    static let address = "/if/admin/applications/"

    private static let list = ListDefinition(
        key: "applications",
        address: address,
        source: "/core/applications/?superuser_full_list=true",
        columns: [
            .init("name", "name", .name, ordering: "name"), .init("slug", "slug", .code, ordering: "slug"),
            .init("group", "group", ordering: "group"),
        ],
        id: "slug"
    )

    private static let providers = ObjectSource(
        list: "/providers/all/?ordering=name",
        object: "/providers/all/",
        isNumeric: true
    )

    static let form = FormDefinition(
        key: "application",
        groups: [
            FormGroup(
                key: "",
                fields: [
                    FormField(name: "name", kind: .text),
                    FormField(name: "slug", kind: .text, derivedFrom: "name"),
                    FormField(name: "group", kind: .text, isOptional: true),
                    FormField(name: "provider", kind: .objects(providers, isMultiple: false), isOptional: true),
                    FormField(
                        name: "backchannel_providers",
                        kind: .objects(providers, isMultiple: true),
                        isOptional: true
                    ),
                ]
            ),
            FormGroup(
                key: "ui",
                isFolded: true,
                fields: [
                    FormField(name: "meta_launch_url", kind: .text, isOptional: true),
                    FormField(name: "open_in_new_tab", kind: .flag),
                    FormField(name: "meta_icon", kind: .text, isOptional: true),
                    FormField(name: "meta_publisher", kind: .text, isOptional: true),
                    FormField(name: "meta_description", kind: .longText, isOptional: true),
                ]
            ),
        ]
    )

    var routes: [PageRoute] {
        let list = ListView(definition: Self.list, texts: texts)
        let forms = FormPages(
            definition: Self.form,
            place: "applications",
            address: Self.address,
            collection: "/core/applications/",
            id: "slug",
            texts: texts
        )
        return [
            PageRoute(.get, Self.address) { try await list.page($0) },
            PageRoute(.get, Self.address + "{id}/") { try await show($0) },
        ] + forms.routes
    }

    private func show(_ request: PageRequest) async throws -> PageResponse {
        let path = "/core/applications/\(request.value("id").urlPathPart)/"
        let application = try await request.api.send(.get, path).expected()
        let providers = (application["backchannel_providers_obj"]?.array ?? []).map { provider -> JSONValue in
            [
                "name": provider["name"] ?? .null,
                "address": .string("\(ProviderPages.address)\(provider["pk"].map(ListView.plain) ?? "")/"),
            ]
        }
        let values: [String: JSONValue] = [
            "application": application, "providers": .array(providers), "has_providers": .bool(!providers.isEmpty),
            "base": .string(request.address),
        ]
        let title = application["name"]?.string ?? request.value("id")
        let trail = [(title: texts("places.applications"), address: Self.address)]
        return .page(PageContent("application", title: title, place: "applications", trail: trail, values))
    }
}
