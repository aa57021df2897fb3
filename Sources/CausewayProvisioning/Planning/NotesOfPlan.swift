import CausewayJSON
import CausewayMapping
import CausewayModel
import Logging

/// What the mappings said while a plan was made: lines and warnings go into the log, events are kept until the plan is carried out.
struct NotesOfPlan {
    /// What to record, by action, in order.
    private(set) var events: [(action: String, context: [String: JSONValue])] = []
    /// Of the object that was looked at last.
    private(set) var latest = MappingNotes()
    private let provider: EntraProvider
    private let logger: Logger
    private var warned: Set<String> = []

    /// So many events of one plan are kept; a mapping that records more for a whole directory floods nothing.
    private static let mostEvents = 1000

    init(provider: EntraProvider, logger: Logger) { (self.provider, self.logger) = (provider, logger) }

    /// Tells what is left as it is, each sort of it once.
    mutating func log(_ leftAlone: [String]) {
        for note in leftAlone where warned.insert(note).inserted {
            logger.notice("left as it is in Entra ID: \(note)", metadata: ["provider": "\(provider.name)"])
        }
    }

    mutating func take(_ result: MappingResult, of candidate: Candidate) {
        let (notes, warnings) = (result.notes, result.warnings)
        latest = notes
        guard !notes.isEmpty || !warnings.isEmpty else { return }
        let object: Logger.MetadataValue = "\(candidate.object.kind.rawValue) \(candidate.name)"
        for line in notes.lines {
            logger.debug("a mapping says: \(line.text)", metadata: ["object": object, "level": "\(line.level)"])
        }
        // The same mistake is made for every object; it is told once.
        for warning in warnings where warned.insert(warning).inserted {
            logger.warning(
                "a mapping's result is not sent as it is: \(warning)",
                metadata: ["provider": "\(provider.name)", "object": object]
            )
        }
        for event in notes.events where events.count < Self.mostEvents {
            events.append(
                (
                    event.action,
                    [
                        "provider": ["pk": .integer(provider.id.rawValue), "name": .string(provider.name)],
                        "object": [
                            "kind": .string(candidate.object.kind.rawValue), "pk": .string(candidate.object.id),
                            "name": .string(candidate.name),
                        ],
                        "details": event.context,
                    ]
                )
            )
        }
    }
}
