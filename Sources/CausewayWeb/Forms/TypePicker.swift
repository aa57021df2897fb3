import CausewayAPI
import CausewayJSON
import HTTPTypes

/// The first step of making something of which there are several types.
struct TypePicker: Sendable {
    let place: String
    /// The list's address.
    let address: String
    /// Where the API names the types.
    let types: String
    /// The form of each type, below the list's address, by authentik's name of its component.
    let pages: [String: String]
    let texts: Texts

    var routes: [PageRoute] {
        [PageRoute(.get, address + "create/") { try await show($0) }]
    }

    private func show(_ request: PageRequest) async throws -> PageResponse {
        try request.requireAdministrator()
        if let page = request.query["type"].flatMap({ pages[$0] }) { return .redirect(address + page) }
        let types = try await request.api.send(.get, types).expected().array ?? []
        let options = types.compactMap { type -> JSONValue? in
            guard let component = type["component"]?.string, pages[component] != nil else { return nil }
            return [
                "value": .string(component), "id": .string("type-\(component)"), "label": type["name"] ?? .null,
                "hint": type["description"] ?? .null, "is_chosen": .bool(pages.count == 1),
            ]
        }
        let title = texts("type_choice.\(place).title")
        let values: [String: JSONValue] = [
            "options": .array(options), "legend": .string(texts("type_choice.\(place).legend")),
            "cancel": .string(address), "action": .string(request.address),
        ]
        let trail = [(title: texts("places.\(place)"), address: address)]
        return .page(PageContent("type-choice", title: title, place: place, trail: trail, values))
    }
}
