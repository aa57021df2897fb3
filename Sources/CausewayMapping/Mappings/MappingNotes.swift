package import CausewayJSON

/// What mappings reported about an object in addition to its properties.
package struct MappingNotes: Hashable, Sendable {
    /// What they logged (`ak_logger`) or printed, in order.
    package var lines: [LogLine] = []
    /// What they recorded with `ak_create_event`.
    package var events: [RecordedEvent] = []
    /// What Causeway corrected, as warnings.
    package var warnings: [String] = []
    /// What the result depends on in addition to the object itself. It is nothing that a person is told.
    package var dependences: Set<Dependence> = []

    package init() {}

    package var isEmpty: Bool { lines.isEmpty && events.isEmpty && warnings.isEmpty }

    /// What a result depends on in addition to its object.
    package enum Dependence: String, Sendable {
        /// Groups that were looked up, without their users.
        case groups
        /// Users or memberships that were looked up.
        case users
        /// The time, chance or the process.
        case always
    }

    /// A line that a mapping logged.
    package struct LogLine: Hashable, Sendable {
        /// The method of the logger, such as `warning`, or `print`.
        package let level: String
        package let text: String

        package init(level: String, text: String) { (self.level, self.text) = (level, text) }
    }

    /// An event that a mapping recorded.
    package struct RecordedEvent: Hashable, Sendable {
        /// Begins with `custom_` (authentik).
        package let action: String
        package let context: JSONValue
    }
}

/// What the mappings return for an object, and what they reported.
package struct MappingResult: Sendable {
    package let outcome: MappingOutcome
    package let notes: MappingNotes

    package init(_ outcome: MappingOutcome, _ notes: MappingNotes = MappingNotes()) {
        (self.outcome, self.notes) = (outcome, notes)
    }

    /// What is not sent as the mappings return it: what was left out, and what was corrected.
    package var warnings: [String] {
        guard case .desired(let made) = outcome else { return notes.warnings }
        return made.leftOut.map(\.asLeftOut) + notes.warnings
    }
}
