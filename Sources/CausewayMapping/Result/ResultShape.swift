import CausewayJSON

/// The names in a result, with what each stands for. Most results of a page have the same names, so they come and are looked up
/// once.
struct ResultShape: Sendable {
    struct Place: Sendable {
        let name: String
        let role: PropertyRules.Role
        /// The mapping that gave the value last.
        let mapping: String
    }

    let places: [Place]

    /// Reads `[names, mappings]`; nil where it is no such thing.
    init?(_ json: JSONValue, rules: PropertyRules) {
        guard let parts = json.array, parts.count == 2, let names = parts[0].array, let mappings = parts[1].array,
            names.count == mappings.count
        else { return nil }
        var places: [Place] = []
        for (name, mapping) in zip(names, mappings) {
            guard let name = name.string, let mapping = mapping.string else { return nil }
            places.append(Place(name: name, role: rules.role(of: name), mapping: mapping))
        }
        self.places = places
    }
}
