import CausewayJSON
import CausewayModel
import CausewayStore

/// The filter of a request about the log of events. Lists, exports, charts and saved views have the same parameters.
enum EventLogRequest {
    /// The parameters that a saved view can have.
    static let parameters: Set<String> = [
        "action", "area", "user", "object_type", "object", "object_name", "provider", "period", "from", "until",
        "search",
    ]

    /// - Throws: ``APIError`` for a parameter that cannot be read.
    static func filter(_ query: APIValues, at now: Timestamp) throws -> EventLogFilter {
        var filter = EventLogFilter()
        filter.action = query.text("action")
        filter.area = query.text("area").flatMap(EventKind.Area.init)
        filter.actor = query.text("user")
        (filter.objectType, filter.objectName) = (query.text("object_type"), query.text("object_name"))
        if let key = query.text("object") {
            guard let type = filter.objectType else {
                throw APIError.invalid("object_type", "Name the type of the object too.")
            }
            filter.references.append(EventReference(type, key))
            // Its log has what other objects did to it, too.
            filter.objectType = nil
        }
        if let provider = query.integer("provider") { filter.references.append(.provider(ProviderID(provider))) }
        (filter.from, filter.until) = (query.time("from"), query.time("until"))
        if let period = try query.text("period").map(duration) {
            filter.from = [filter.from, now - period].compactMap(\.self).max()
        }
        filter.terms = ListRequest.terms(of: query)
        return filter
    }

    private static func duration(_ text: String) throws -> Duration {
        guard let duration = DurationText(text)?.duration else {
            throw APIError.invalid("period", "'\(text)' is not a duration; write it like 'days=7'.")
        }
        return duration
    }
}
