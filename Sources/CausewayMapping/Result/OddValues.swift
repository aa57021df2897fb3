import CausewayGraphTypes
import CausewayJSON
import CausewayModel

/// Values of other Python types than their properties take. Microsoft's SDK leaves them out, and therefore authentik too.
enum OddValues {
    /// Reads them from what a worker reports about a result: `{"odd": [[place, type], …]}`.
    ///
    /// - Returns: the type's name, such as `int`, by the place among the result's values.
    static func types(in said: JSONValue) -> [Int: String] {
        var found: [Int: String] = [:]
        for entry in said["odd"]?.array ?? [] {
            guard let parts = entry.array, parts.count == 2, let place = parts[0].integer, let type = parts[1].string
            else { continue }
            found[Int(place)] = type
        }
        return found
    }
}

extension PropertyRules {
    /// The fault of a value of another type.
    func fault(ofType type: String, for own: OwnProperty) -> PropertyFault {
        let (wanted, way) = own.property.pythonType(insteadOf: type)
        return PropertyFault(
            own.property.name,
            rule: "type:\(type)",
            "is of Python's type '\(type)'; Entra ID takes \(wanted).",
            remedy: "Correct the value in the mapping. \(way)",
            isLeftOut: true
        )
    }
}

extension MappingProblem {
    /// The warning if the value is left out and the rest is sent.
    package var asLeftOut: String {
        let place = line.map { " (line \($0)\(mapping.isEmpty ? "" : " of '\(mapping)'"))" } ?? ""
        return "\(message) It is left out\(place)\(isAboutType ? ", as in authentik" : ""). \(remedy)"
    }

    /// Whether the value is of another type than its property takes.
    private var isAboutType: Bool { rule?.id.hasPrefix("type:") == true }
}

extension GraphProperty {
    /// What it takes, and how to convert to it.
    fileprivate func pythonType(insteadOf other: String) -> (wanted: String, way: String) {
        if isCollection {
            return ("a list", ["tuple", "set", "frozenset"].contains(other) ? "Write list(…)." : "Write […].")
        }
        return switch type {
        case "Edm.Boolean": ("True or False", "Write bool(…), or a comparison.")
        case "Edm.DateTimeOffset":
            ("a text or a datetime", other == "date" ? "Write ….isoformat()." : "Write a moment in ISO 8601.")
        case "Edm.Int32", "Edm.Int64": ("a whole number", "Write int(…).")
        default: ("a string", "Write str(…).")
        }
    }
}
