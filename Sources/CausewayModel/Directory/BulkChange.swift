package import Foundation

/// One change of many users or groups, and how far it is.
package struct BulkChange: Hashable, Sendable {
    /// An object that could not be changed.
    package struct Failure: Hashable, Sendable {
        package let name: String
        package let message: String

        package init(name: String, message: String) { (self.name, self.message) = (name, message) }
    }

    package let id: UUID
    package let kind: ObjectKind
    /// The API's word for what is done to each object, such as `deactivate`.
    package let action: String
    /// How many objects it is about.
    package let total: Int
    package private(set) var done: Int
    package private(set) var failed: Int
    /// The first of those that could not be changed.
    package private(set) var failures: [Failure]
    /// Why it ended before its last object; empty if it did not.
    package var message: String
    package let started: Timestamp
    /// Nil until it has ended.
    package var ended: Timestamp?

    /// How long no sign of life may come from the process that makes it. Every piece of the change gives one.
    package static let patience: Duration = .seconds(60)

    /// How many failures are kept.
    private static let mostFailures = 100

    package init(
        id: UUID = UUID(),
        kind: ObjectKind,
        action: String,
        total: Int,
        done: Int = 0,
        failed: Int = 0,
        failures: [Failure] = [],
        message: String = "",
        started: Timestamp,
        ended: Timestamp? = nil
    ) {
        (self.id, self.kind, self.action, self.total) = (id, kind, action, total)
        (self.done, self.failed, self.failures) = (done, failed, failures)
        (self.message, self.started, self.ended) = (message, started, ended)
    }

    /// Counts what happened to some of the objects: nil for each that was changed.
    package mutating func count(_ outcomes: [Failure?]) {
        let failures = outcomes.compactMap(\.self)
        done += outcomes.count - failures.count
        failed += failures.count
        self.failures += failures.prefix(max(0, Self.mostFailures - self.failures.count))
    }

    /// Whether every object has had its turn.
    package var isComplete: Bool { done + failed >= total }
}
