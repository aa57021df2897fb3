import CausewayGraphTypes
import CausewayJSON

/// A value of another Python type than its property takes. Microsoft's SDK, and authentik with it, leaves such a value out.
struct OddValue: Sendable {
    /// The type's name: `int`.
    let type: String
    /// The line of the mapping that gives it, where the text shows it.
    let line: Int?

    /// Reads them from what a worker says of a result: `{"odd": [[place, type, line], …]}`.
    ///
    /// - Returns: each by its place among the result's values.
    static func all(in said: JSONValue) -> [Int: OddValue] {
        var found: [Int: OddValue] = [:]
        for entry in said["odd"]?.array ?? [] {
            guard let parts = entry.array, parts.count == 3, let place = parts[0].integer, let type = parts[1].string
            else { continue }
            found[Int(place)] = OddValue(type: type, line: parts[2].integer.map(Int.init))
        }
        return found
    }
}

extension PropertyRules {
    /// What is wrong with a value of another type.
    func fault(of odd: OddValue, for own: OwnProperty) -> PropertyFault {
        let (wanted, way) = own.property.pythonType(insteadOf: odd.type)
        return PropertyFault(
            own.property.name,
            rule: "type:\(odd.type)",
            "is of Python's type '\(odd.type)'; Entra ID takes \(wanted).",
            remedy: "Correct the value in the mapping. \(way)"
        )
    }
}

extension MappingProblem {
    /// The warning where the value is left out and the rest arrives.
    var asLeftOut: String {
        let place = line.map { " (line \($0)\(mapping.isEmpty ? "" : " of '\(mapping)'"))" } ?? ""
        return "\(message) It is left out\(place), as authentik leaves it out. \(remedy)"
    }
}

extension GraphProperty {
    /// What it takes, and how to make it of another type.
    fileprivate func pythonType(insteadOf other: String) -> (wanted: String, way: String) {
        if isCollection {
            return ("a list", ["tuple", "set", "frozenset"].contains(other) ? "Write list(…)." : "Write […].")
        }
        return switch type {
        case "Edm.Boolean": ("True or False", "Write bool(…), or a comparison.")
        case "Edm.DateTimeOffset":
            ("a text or a datetime", other == "date" ? "Write ….isoformat()." : "Give a moment in ISO 8601.")
        case "Edm.Int32", "Edm.Int64": ("a whole number", "Write int(…).")
        default: ("a string", "Write str(…).")
        }
    }
}
