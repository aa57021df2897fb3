/// Input that breaks the rules: every field with all that is wrong with it, so that one answer tells everything.
package struct ValidationError: Error, Equatable, CustomStringConvertible {
    /// One complaint: the field by its API name, and a sentence that says what is wrong.
    package struct Problem: Equatable, Sendable {
        package let field: String
        package let message: String
    }

    package private(set) var problems: [Problem] = []

    package init() {}

    /// An error with a single complaint.
    package init(_ field: String, _ message: String) { add(field, message) }

    package mutating func add(_ field: String, _ message: String) {
        problems.append(Problem(field: field, message: message))
    }

    /// Adds the complaint unless the rule holds.
    package mutating func require(_ rule: Bool, _ field: String, _ message: @autoclosure () -> String) {
        if !rule { add(field, message()) }
    }

    /// Ends a validation: throws where there was any complaint.
    package func throwIfAny() throws(ValidationError) {
        if !problems.isEmpty { throw self }
    }

    package var description: String {
        problems.map { "\($0.field): \($0.message)" }.joined(separator: " ")
    }
}
