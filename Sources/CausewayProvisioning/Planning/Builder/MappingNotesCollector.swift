import CausewayJSON
import CausewayMapping
import CausewayModel
import Logging

/// What the mappings reported while a plan was made: lines and warnings go into the log, events are kept until the plan is applied.
struct MappingNotesCollector {
    /// The events to record, in order.
    private(set) var events: [MappingEvent] = []
    private let provider: EntraProvider
    private let logger: Logger
    private var warned: Set<String> = []

    /// How many events of one plan are kept, so that a mapping cannot flood the log of events.
    private static let mostEvents = 1000

    init(provider: EntraProvider, logger: Logger) { (self.provider, self.logger) = (provider, logger) }

    /// Logs the values that are left out, each kind of note once.
    mutating func log(_ leftAlone: [String]) {
        for note in leftAlone where warned.insert(note).inserted {
            logger.notice("value left out", metadata: ["provider": "\(provider.name)", "reason": "\(note)"])
        }
    }

    /// Adds what the mappings reported for an object.
    mutating func take(_ object: PlannedObject) {
        let notes = object.result.notes
        let warnings = object.result.warnings
        guard !notes.isEmpty || !warnings.isEmpty else { return }
        let title: Logger.MetadataValue = "\(object.reference.kind.rawValue) \(object.name)"
        for line in notes.lines {
            logger.debug("mapping log", metadata: ["object": title, "level": "\(line.level)", "text": "\(line.text)"])
        }
        // The same mistake is made for every object; it is logged once.
        for warning in warnings where warned.insert(warning).inserted {
            logger.warning(
                "mapping value corrected",
                metadata: ["provider": "\(provider.name)", "object": title, "reason": "\(warning)"]
            )
        }
        for event in notes.events where events.count < Self.mostEvents {
            events.append(MappingEvent(action: event.action, context: context(of: event, object)))
        }
    }

    private func context(of event: MappingNotes.RecordedEvent, _ object: PlannedObject) -> [String: JSONValue] {
        [
            "provider": provider.inEvents,
            "object": [
                "kind": .string(object.reference.kind.rawValue), "pk": .string(object.reference.id),
                "name": .string(object.name),
            ],
            "details": event.context,
        ]
    }
}
