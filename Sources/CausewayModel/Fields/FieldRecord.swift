/// A record with a table of the properties that people set.
package protocol FieldRecord: Hashable, Sendable {
    static var fields: [Field<Self>] { get }
    /// A record with defaults only.
    static var blank: Self { get }

    /// Checks every rule that does not need the database.
    ///
    /// - Throws: ``ValidationError`` with every field that breaks one.
    func validate() throws(ValidationError)
}

extension FieldRecord {
    /// The fields that break the rule of their line.
    package var fieldProblems: ValidationError {
        var error = ValidationError()
        for field in Self.fields {
            if let violation = field.violation(self) { error.add(field.name, violation) }
        }
        return error
    }

    package func validate() throws(ValidationError) { try fieldProblems.throwIfAny() }
}
