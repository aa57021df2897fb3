import CausewayJSON

/// The places of the interface, in authentik's order and words.
struct Navigation: Sendable {
    let texts: Texts

    private static let sections: [(key: String, places: [(key: String, address: String)])] = [
        ("overview", [("dashboard", "/if/admin/")]),
        ("applications", [("applications", "/if/admin/applications/"), ("providers", "/if/admin/providers/")]),
        ("directory", [("users", "/if/admin/users/"), ("groups", "/if/admin/groups/")]),
        ("customization", [("property_mappings", "/if/admin/property-mappings/")]),
        ("events", [("events", "/if/admin/events/")]),
        (
            "system",
            [
                ("administrators", "/if/admin/administrators/"), ("tokens", "/if/admin/tokens/"),
                ("system", "/if/admin/system/"),
            ]
        ),
    ]

    func json(place: String?) -> JSONValue {
        .array(
            Self.sections.map { section in
                [
                    "title": .string(texts("navigation.\(section.key)")),
                    "places": .array(
                        section.places.map { entry in
                            [
                                "title": .string(texts("places.\(entry.key)")), "address": .string(entry.address),
                                "is_current": .bool(entry.key == place),
                            ]
                        }
                    ),
                ]
            }
        )
    }
}
