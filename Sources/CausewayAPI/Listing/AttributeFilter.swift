import CausewayJSON
import Foundation

/// The `attributes` filter: JSON text of names and the values that they must have; `a__b` reaches into objects.
enum AttributeFilter {
    /// - Throws: ``APIError`` where the text is no such JSON.
    static func conditions(_ text: String?) throws -> [(path: [String], value: JSONValue)] {
        guard let text, !text.isEmpty else { return [] }
        guard let members = (try? JSONValue(parsing: text))?.object else {
            throw APIError.invalid("attributes", "Value must be a dictionary, and not have any duplicate keys.")
        }
        return members.sorted { $0.key < $1.key }.map { ($0.key.components(separatedBy: "__"), $0.value) }
    }
}
