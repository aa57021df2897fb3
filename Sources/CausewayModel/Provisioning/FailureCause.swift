/// Objects of a provider that fail for the same reason: of one kind, at one attribute, by one rule.
package struct FailureCause: Sendable {
    /// What the objects have in common; its text stays the same as long as the cause does.
    package struct Key: Hashable, Sendable {
        package let kind: ObjectKind
        /// The Graph property at fault, if one is.
        package let attribute: String?
        /// ``FailureRule/id``.
        package let rule: String

        package init(kind: ObjectKind, attribute: String?, rule: String) {
            self.kind = kind
            self.attribute = attribute
            self.rule = rule
        }

        /// Reads a key's text; nil if it is not one.
        package init?(text: String) {
            let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 3, let kind = ObjectKind(rawValue: parts[0]), !parts[2].isEmpty else { return nil }
            self.init(kind: kind, attribute: parts[1].isEmpty ? nil : parts[1], rule: parts[2])
        }

        /// `user:mailNickname:character:@`.
        package var text: String { "\(kind.rawValue):\(attribute ?? ""):\(rule)" }
    }

    /// An object that fails.
    package struct Object: Hashable, Sendable {
        package let kind: ObjectKind
        /// Nil for an object that was deleted here.
        package let object: ObjectReference?
        package let name: String
        /// What happened to this object, with its values.
        package let message: String
        /// When it failed last.
        package let seen: Timestamp

        package init(kind: ObjectKind, object: ObjectReference?, name: String, message: String, seen: Timestamp) {
            self.kind = kind
            self.object = object
            self.name = name
            self.message = message
            self.seen = seen
        }
    }

    package let key: Key
    /// What happened, without the values; with them if they are the same for all.
    package let message: String
    package let remedy: String
    /// Whether it is retried automatically.
    package let isPassing: Bool
    /// How many objects there are.
    package let count: Int
    package let first: Timestamp
    package let last: Timestamp
    /// When the first of them is tried again by itself; nil if that is left to the next full sync.
    package let nextAttempt: Timestamp?
    /// The first of them by name.
    package var examples: [Object] = []

    package init(
        key: Key,
        message: String,
        remedy: String,
        isPassing: Bool,
        count: Int,
        first: Timestamp,
        last: Timestamp,
        nextAttempt: Timestamp? = nil
    ) {
        self.key = key
        self.message = message
        self.remedy = remedy
        self.isPassing = isPassing
        self.count = count
        self.first = first
        self.last = last
        self.nextAttempt = nextAttempt
    }
}
