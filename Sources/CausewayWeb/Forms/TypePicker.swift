import CausewayAPI
import HTTPTypes

/// The first step of creating an object that has several types.
struct TypePicker: Sendable {
    let place: String
    /// The list's address.
    let address: Address
    /// Where the API lists the types.
    let types: String
    /// The form of each type, by authentik's component name.
    let pages: [String: Address]
    let texts: Texts

    var routes: [PageRoute] {
        [PageRoute(.get, address.create) { try await show($0) }]
    }

    /// A type, as the API returns it.
    private struct TypeView: Decodable {
        let component: String
        let name: Message
        let description: Message
    }

    private func show(_ request: PageRequest) async throws -> PageResponse {
        try request.requireAdministrator()
        if let page = request.query["type"].flatMap({ pages[$0] }) { return .redirect(to: page) }
        let types = try await request.api.get(types, as: [TypeView].self).filter { pages[$0.component] != nil }
        let page = TypeChoicePage(
            options: types.map { type in
                ChoiceOption(
                    value: type.component,
                    label: texts.message(type.name),
                    isChosen: pages.count == 1,
                    id: "type-\(type.component)",
                    hint: texts.message(type.description)
                )
            },
            legend: texts("type_choice.\(place).legend"),
            cancel: address,
            action: request.address
        )
        let trail = [PageLink(title: texts("places.\(place)"), address: address)]
        return .page(PageContent(page, title: texts("type_choice.\(place).title"), place: place, trail: trail))
    }
}

/// The template `type-choice`.
private struct TypeChoicePage: PageModel {
    static let template = "type-choice"

    let options: [ChoiceOption]
    let legend: String
    let cancel: Address
    let action: String
}
