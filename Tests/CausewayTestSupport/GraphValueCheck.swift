import CausewayGraphTypes
import CausewayJSON
import Foundation

/// Whether a value in a request or an answer is one that its property can have.
struct GraphValueCheck: Sendable {
    let types: GraphTypes

    /// - Parameter place: the property's name, for the report.
    func problems(of value: JSONValue, _ property: GraphProperty, at place: String) -> [String] {
        if value.isNull { return [] }
        guard property.isCollection else {
            return element(value, property.type, at: place) + length(value, property.maxLength, at: place)
        }
        guard let values = value.array else { return ["'\(place)' is no list"] }
        let isTooMany = values.count > property.maxItems ?? .max
        return (isTooMany ? ["'\(place)' has \(values.count) values"] : [])
            + values.flatMap { element($0, property.type, at: place) + length($0, property.itemMaxLength, at: place) }
    }

    private func length(_ value: JSONValue, _ limit: Int?, at place: String) -> [String] {
        guard let text = value.string, let limit, text.utf16.count > limit else { return [] }
        return ["'\(place)' is longer than \(limit)"]
    }

    private func element(_ value: JSONValue, _ type: String, at place: String) -> [String] {
        guard isRight(value, type) else { return ["'\(place)' is no \(type): \(value.text)"] }
        guard let members = value.object else { return [] }
        let properties = types.properties(of: type)
        return members.flatMap { name, value -> [String] in
            guard !name.hasPrefix("@") else { return [] }
            guard let property = properties[name] else { return ["\(type) has no '\(name)'"] }
            return problems(of: value, property, at: "\(place).\(name)")
        }
    }

    private func isRight(_ value: JSONValue, _ type: String) -> Bool {
        switch type {
        case "Edm.Boolean": value.bool != nil
        case "Edm.Int16", "Edm.Int32", "Edm.Int64": value.integer != nil
        case let type where type.hasPrefix("Edm."): value.string.map { isRight(text: $0, type) } ?? false
        default: isRight(value, types.types[type])
        }
    }

    private func isRight(_ value: JSONValue, _ type: GraphType?) -> Bool {
        guard type?.kind == .enumeration else { return value.object != nil }
        return value.string.map { type?.members.contains($0) ?? false } ?? false
    }

    private func isRight(text: String, _ type: String) -> Bool {
        let date = "[0-9]{4}-(0[1-9]|1[0-2])-([0-2][0-9]|3[01])"
        let time = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?"
        let pattern: String? =
            switch type {
            case "Edm.DateTimeOffset": "\(date)T\(time)(Z|[+-][0-9]{2}:[0-9]{2})"
            case "Edm.Date": date
            case "Edm.TimeOfDay": time
            case "Edm.Guid": "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
            default: nil
            }
        guard let pattern else { return !text.isEmpty }
        return text.range(of: "^\(pattern)$", options: .regularExpression) != nil
    }
}
