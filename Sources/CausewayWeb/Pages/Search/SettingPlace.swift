import CausewayAPI

/// A field of a form, as a search finds it.
struct SettingPlace: Sendable {
    let form: String
    let field: String
    let group: String
    let label: String
    /// The heading of its group; empty for none.
    let heading: String

    /// What a query must be part of: its label, its name in the API, and its heading.
    var words: String { "\(label) \(field) \(heading)".lowercased() }

    /// The fields of every form for settings. Fields of users and groups are left out: a search for a person's name must not find them.
    static func all(_ texts: Texts) -> [SettingPlace] {
        [ProviderForm.definition, ApplicationPages.form, SchedulePage.form].flatMap { form in
            form.groups.flatMap { group in
                group.fields.map { field in
                    SettingPlace(
                        form: form.key,
                        field: field.name,
                        group: group.key,
                        label: texts("\(form.section(of: field)).label"),
                        heading: group.key.isEmpty ? "" : texts("\(form.section).groups.\(group.key)")
                    )
                }
            }
        }
    }

    /// The places where it is set: the forms of the first providers, or the form of a new object.
    func hits(_ providers: [ProviderView], _ texts: Texts) -> [SearchPage.Hit] {
        let places: [(detail: String, address: Address)]
        switch form {
        case "provider" where providers.isEmpty:
            places = [(texts("forms.provider.new"), Address.providers.create("microsoft-entra"))]
        case "provider": places = providers.prefix(3).map { ($0.name, Address.provider($0.pk).edit) }
        case "schedule": places = providers.prefix(3).map { ($0.name, Address.provider($0.pk, .schedule)) }
        default: places = [(texts("forms.application.new"), Address.applications.create)]
        }
        return places.map { place in
            let address = group.isEmpty ? place.address.text : place.address.query([("open", group)])
            return SearchPage.Hit(
                name: label,
                address: "\(address)#\(field)",
                detail: heading.isEmpty ? place.detail : "\(place.detail): \(heading)",
                kind: texts("search.kinds.setting.one")
            )
        }
    }
}

/// The words of a query: each once, and no more than a person enters.
struct WordList: Sendable {
    private let words: Set<String>

    private static let most = 10

    init(_ query: String) { words = Set(query.lowercased().split(separator: " ").prefix(Self.most).map(String.init)) }

    /// - Parameter text: in small letters.
    func areAll(in text: String) -> Bool { words.allSatisfy { text.contains($0) } }
}
