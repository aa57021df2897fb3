import CausewayAPI
import CausewayJSON
import HTTPTypes

/// Property mappings: Python that says what a user or group is in Entra, and a place to try it.
struct MappingPages: Sendable {
    let texts: Texts

    static let address = "/if/admin/property-mappings/"
    private static let collection = "/propertymappings/provider/microsoft_entra/"

    private static let list = ListDefinition(
        key: "property_mappings",
        address: address,
        source: collection,
        columns: [
            .init("name", "name", .name, ordering: "name"), .init("type", "verbose_name"),
            .init("managed", "managed", .code),
        ]
    )

    static let form = FormDefinition(
        key: "mapping",
        groups: [
            FormGroup(
                key: "",
                fields: [FormField(name: "name", kind: .text), FormField(name: "expression", kind: .code)]
            )
        ]
    )

    var routes: [PageRoute] {
        let list = ListView(definition: Self.list, texts: texts)
        let choice = TypePicker(
            place: "property_mappings",
            address: Self.address,
            types: "/propertymappings/all/types/",
            pages: ["ak-property-mapping-provider-microsoft-entra-form": "create/microsoft-entra/"],
            texts: texts
        )
        let forms = FormPages(
            definition: Self.form,
            place: "property_mappings",
            address: Self.address,
            collection: Self.collection,
            creation: "create/microsoft-entra/",
            createWord: "finish",
            trial: MappingTrial(texts: texts).trial,
            texts: texts
        )
        return [
            PageRoute(.get, Self.address) { try await list.page($0) },
            PageRoute(.get, Self.address + "{id}/") { try await show($0, tried: nil, problem: nil) },
            PageRoute(.post, Self.address + "{id}/") { try await test($0) },
        ] + choice.routes + forms.routes
    }

    private func show(_ request: PageRequest, tried: JSONValue?, problem: String?) async throws -> PageResponse {
        let path = "\(Self.collection)\(request.value("id").urlPathPart)/"
        let mapping = try await request.api.send(.get, path).expected()
        let values: [String: JSONValue] = [
            "mapping": mapping, "base": .string(request.address), "person": .string(request.form["person"] ?? ""),
            "result": tried.map(result) ?? .null, "problem": JSONValue(problem),
            "is_managed": .bool(mapping["managed"]?.string != nil),
        ]
        let title = mapping["name"]?.string ?? request.value("id")
        let trail = [(title: texts("places.property_mappings"), address: Self.address)]
        return .page(
            PageContent("mapping", title: title, place: "property_mappings", trail: trail, values),
            status: problem == nil ? 200 : 422
        )
    }

    private func result(_ answer: JSONValue) -> JSONValue {
        let text = answer["result"]?.string ?? ""
        let pretty = (try? JSONValue(parsing: Array(text.utf8)))?.prettyText ?? text
        let isGood = answer["successful"]?.bool ?? false
        return [
            "is_good": .bool(isGood), "graph": .string(pretty),
            "verdict": .string(texts(isGood ? "mapping.result" : "mapping.failed")),
        ]
    }

    /// A preview of the mapping for a user, by user name; nothing is sent or stored.
    private func test(_ request: PageRequest) async throws -> PageResponse {
        let name = request.form["person"] ?? ""
        guard let user = try await request.api.user(named: name) else {
            return try await show(request, tried: nil, problem: texts("forms.no_such_object", ["name": name]))
        }
        let path = "/propertymappings/all/\(request.value("id").urlPathPart)/test/?format_result=true"
        let answer = try await request.api.send(.post, path, ["user": user]).expected()
        return try await show(request, tried: answer, problem: nil)
    }
}
