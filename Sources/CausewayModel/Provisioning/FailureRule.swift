/// The kind of a failure, whatever its values. Failures by one rule, at one attribute of one kind of
/// object, have one cause: a person corrects them together.
package struct FailureRule: Hashable, Sendable {
    /// Stays the same as long as the rule does, however it is worded: `character:@`, `graph:Request_BadRequest`.
    package let id: String
    /// The failure without the values, in a sentence: `mailNickname contains '@', which Entra ID does not allow.`
    package let title: String

    package init(_ id: String, title: String) {
        self.id = id
        self.title = title
    }

    /// A failure whose message never contains a value.
    package init(title: String) { self.init(title, title: title) }
}
