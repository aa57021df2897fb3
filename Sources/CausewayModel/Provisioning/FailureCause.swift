/// Objects of a provider that fail for the same reason.
package struct FailureCause: Sendable {
    /// An object among them.
    package struct Example: Sendable {
        package let kind: ObjectKind
        /// nil for one that was deleted here.
        package let object: ObjectReference?
        package let name: String

        package init(kind: ObjectKind, object: ObjectReference?, name: String) {
            (self.kind, self.object, self.name) = (kind, object, name)
        }
    }

    package let message: String
    package let remedy: String
    package let attribute: String?
    /// Whether it is tried again by itself.
    package let isPassing: Bool
    /// How many objects there are.
    package let count: Int
    package let first: Timestamp
    package let last: Timestamp
    package var examples: [Example] = []

    package init(
        message: String,
        remedy: String,
        attribute: String?,
        isPassing: Bool,
        count: Int,
        first: Timestamp,
        last: Timestamp
    ) {
        self.message = message
        self.remedy = remedy
        self.attribute = attribute
        self.isPassing = isPassing
        self.count = count
        self.first = first
        self.last = last
    }
}
