/// What sort of failure something is, whatever the values that it happened to. Failures of one rule, at one attribute of one kind of
/// object, have one cause: a person puts them right together.
package struct FailureRule: Hashable, Sendable {
    /// The same for as long as the rule is the same, however it is worded: `character:@`, `graph:Request_BadRequest`.
    package let id: String
    /// The failure without the values, in a sentence: `mailNickname contains '@', which Entra ID does not allow.`
    package let title: String

    package init(_ id: String, title: String) {
        self.id = id
        self.title = title
    }

    /// A failure whose words never hold a value.
    package init(title: String) { self.init(title, title: title) }
}
