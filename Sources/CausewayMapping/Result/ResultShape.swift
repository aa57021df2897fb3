import CausewayJSON

/// The names in a result, with their meanings. Most results of a page have the same names, so they are sent and looked up
/// once.
struct ResultShape: Sendable {
    /// A class, because each value of each result refers to one.
    final class Place: Sendable {
        let name: String
        let role: PropertyRules.Role
        /// The mapping that returned the value last.
        let mapping: String
        /// The line of the mapping that returns it, if the text shows it.
        let line: Int?

        init(name: String, role: PropertyRules.Role, mapping: String, line: Int?) {
            (self.name, self.role, self.mapping, self.line) = (name, role, mapping, line)
        }
    }

    let places: [Place]

    /// Reads `[names, mappings, lines]`; nil if it is not such a list.
    init?(_ json: JSONValue, rules: PropertyRules) {
        guard let parts = json.array, parts.count == 3, let names = parts[0].array, let mappings = parts[1].array,
            let lines = parts[2].array, names.count == mappings.count, names.count == lines.count
        else { return nil }
        var places: [Place] = []
        for (number, (name, mapping)) in zip(names, mappings).enumerated() {
            guard let name = name.string, let mapping = mapping.string else { return nil }
            let line = lines[number].integer.map(Int.init)
            places.append(Place(name: name, role: rules.role(of: name), mapping: mapping, line: line))
        }
        self.places = places
    }
}
