/// The entries of the navigation, in authentik's order and words.
struct Navigation: Sendable {
    let texts: Texts

    /// The entries below a heading.
    struct Section: TemplateValue {
        let title: String
        let places: [TabLink]
    }

    private static let sections: [(key: String, places: [(key: String, address: Address)])] = [
        ("overview", [("dashboard", .home)]),
        ("applications", [("applications", .applications), ("providers", .providers)]),
        ("directory", [("users", .users), ("groups", .groups)]),
        ("customization", [("property_mappings", .mappings)]),
        ("events", [("events", .events)]),
        ("system", [("administrators", .administrators), ("tokens", .tokens), ("system", .system)]),
    ]

    /// - Parameter place: the key of the current entry.
    func sections(place: String?) -> [Section] {
        Self.sections.map { section in
            Section(
                title: texts("navigation.\(section.key)"),
                places: section.places.map { entry in
                    TabLink(
                        title: texts("places.\(entry.key)"),
                        address: entry.address.text,
                        isCurrent: entry.key == place
                    )
                }
            )
        }
    }
}
