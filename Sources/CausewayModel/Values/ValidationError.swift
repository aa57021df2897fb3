/// Input that breaks rules: every field with everything that is wrong with it, so that one answer says it all.
package struct ValidationError: Error, Equatable, CustomStringConvertible {
    /// One problem: the field by its API name, and a sentence that says what is wrong.
    package struct Problem: Equatable, Sendable {
        package let field: String
        package let message: String
    }

    package private(set) var problems: [Problem] = []

    package init() {}

    /// An error with a single problem.
    package init(_ field: String, _ message: String) { add(field, message) }

    package mutating func add(_ field: String, _ message: String) {
        problems.append(Problem(field: field, message: message))
    }

    /// Adds the problem unless the rule holds.
    package mutating func require(_ rule: Bool, _ field: String, _ message: @autoclosure () -> String) {
        if !rule { add(field, message()) }
    }

    /// Ends a validation: throws if there was any problem.
    package func throwIfAny() throws(ValidationError) {
        if !problems.isEmpty { throw self }
    }

    package var description: String {
        problems.map { "\($0.field): \($0.message)" }.joined(separator: " ")
    }
}
